//! Selects what to render: the declarations, and for each field the variant for the target version.

use crate::scope::Scope;
use crate::table::{self, DeclId, DeclKind, Deprecation, ModuleId, TypeId, VersionSet};
use crate::version::Version;

/// The part of a module to render.
pub enum Selection<'a> {
    /// The whole module, with documentation.
    Whole,
    /// Only what is named, without documentation.
    Pruned {
        /// Whether to include a declaration.
        declaration: &'a dyn Fn(&str) -> bool,
        /// Whether to include an optional field of a name. Fields that must be set or that have a default are always included.
        field: &'a dyn Fn(&str) -> bool,
    },
}

/// A selected declaration.
pub(super) struct SelectedDecl {
    pub(super) id: DeclId,
    pub(super) name: &'static str,
    pub(super) deprecated: Option<Deprecation>,
    /// The versions that have it, if the target version does not.
    pub(super) unavailable: Option<VersionSet>,
    pub(super) kind: DeclKind,
    pub(super) fields: Vec<SelectedField>,
    /// The number of documentation records of its fields.
    pub(super) docs: usize,
}

/// The default of a field.
#[derive(Clone, Copy)]
pub(super) enum FieldDefault {
    /// A string.
    Text(&'static str),
    /// An instance without any field.
    Empty,
}

/// A selected field.
pub(super) struct SelectedField {
    pub(super) name: &'static str,
    pub(super) ty: TypeId,
    pub(super) required: bool,
    pub(super) default: Option<FieldDefault>,
    pub(super) deprecated: Option<Deprecation>,
    pub(super) unavailable: Option<VersionSet>,
    /// The index of its documentation among that of the declaration.
    pub(super) doc: usize,
}

/// The selected declarations of a module, with their selected fields.
pub(super) fn select(module: ModuleId, target: Version, selection: &Selection<'_>) -> Vec<SelectedDecl> {
    let is_selected = |id: &DeclId| match selection {
        Selection::Whole => true,
        Selection::Pruned { declaration, .. } => declaration(id.name()),
    };
    module.decls().filter(is_selected).map(|id| select_decl(id, target, selection)).collect()
}

fn select_decl(id: DeclId, target: Version, selection: &Selection<'_>) -> SelectedDecl {
    let decl = id.read();
    let version = nearest(decl.versions, target);
    let mut variants: Vec<table::Field> = Vec::new();
    let mut fields = Vec::new();
    let mut docs = 0;
    for field in decl.fields {
        if variants.last().is_some_and(|last| last.name != field.name) {
            fields.extend(select_field(&variants, docs, version, selection));
            variants.clear();
        }
        variants.push(field);
        docs += 1;
    }
    fields.extend(select_field(&variants, docs, version, selection));
    if matches!(&decl.kind, DeclKind::Resource(kind) if kind.scope == Scope::Local) {
        // Tools do not require that a file has metadata.
        let metadata = fields.iter_mut().find(|field: &&mut SelectedField| field.name == "metadata");
        metadata.into_iter().for_each(|field| field.default = Some(FieldDefault::Empty));
    }
    SelectedDecl {
        id,
        name: decl.name,
        deprecated: decl.deprecated.filter(|old| old.versions.contains(version)),
        unavailable: (!decl.versions.contains(target)).then_some(decl.versions),
        kind: decl.kind,
        fields,
        docs,
    }
}

/// Selects among the variants of one field. `last_doc` is the documentation index of the last variant.
fn select_field(
    variants: &[table::Field],
    last_doc: usize,
    target: Version,
    selection: &Selection<'_>,
) -> Option<SelectedField> {
    let versions = VersionSet(variants.iter().fold(0, |all, variant| all | variant.versions.0));
    let version = nearest(versions, target);
    let at = variants.iter().position(|variant| variant.versions.contains(version))?;
    let variant = variants[at];
    let unavailable = (!versions.contains(target)).then_some(versions);
    let required = variant.required && unavailable.is_none();
    let is_selected = match selection {
        Selection::Whole => true,
        Selection::Pruned { field, .. } => variant.is_decisive() || field(variant.name),
    };
    is_selected.then(|| SelectedField {
        name: variant.name,
        ty: variant.ty,
        required,
        default: variant.default.filter(|_| unavailable.is_none()).map(FieldDefault::Text),
        deprecated: variant.deprecated.filter(|old| old.versions.contains(version)),
        unavailable,
        doc: last_doc + 1 - variants.len() + at,
    })
}

/// The version in `versions` that is nearest to `target`; the older one if there are two.
fn nearest(versions: VersionSet, target: Version) -> Version {
    let distance = |version: &Version| version.index().abs_diff(target.index());
    versions.iter().min_by_key(distance).unwrap_or(target)
}

/// Describes a set of versions.
pub(super) fn availability(versions: VersionSet) -> String {
    let versions: Vec<Version> = versions.iter().collect();
    let (Some(&first), Some(&last)) = (versions.first(), versions.last()) else { return "never".to_owned() };
    if last == Version::NEWEST && versions.len() == last.index() - first.index() + 1 {
        format!("since Kubernetes {first}")
    } else if first == Version::OLDEST && versions.len() == last.index() + 1 {
        format!("until Kubernetes {last}")
    } else {
        let names: Vec<String> = versions.iter().map(ToString::to_string).collect();
        format!("only in Kubernetes {}", names.join(", "))
    }
}
