//! What of a module is written: declarations, and of each field the form that the target version has.

use super::Wanted;
use crate::table::{self, DeclId, Deprecated, Mask, ModuleId, Sort, TypeId};
use crate::version::Version;

/// A declaration that is written.
pub(super) struct Picked {
    pub(super) id: DeclId,
    pub(super) name: &'static str,
    pub(super) deprecated: Option<Deprecated>,
    /// The versions that have it, if the target is not one of them.
    pub(super) missing: Option<Mask>,
    pub(super) sort: Sort,
    pub(super) fields: Vec<Field>,
    /// How many docs its fields have.
    pub(super) docs: usize,
}

/// A field that is written.
pub(super) struct Field {
    pub(super) name: &'static str,
    /// `None` for one that is only there because it is required.
    pub(super) ty: Option<TypeId>,
    pub(super) required: bool,
    pub(super) default: Option<&'static str>,
    pub(super) deprecated: Option<Deprecated>,
    pub(super) missing: Option<Mask>,
    /// The place of its docs among those of the declaration.
    pub(super) doc: usize,
}

/// The declarations of a module that are wanted, with their wanted fields.
pub(super) fn pick(module: ModuleId, target: Version, wanted: &Wanted<'_>) -> Vec<Picked> {
    let is_wanted = |id: &DeclId| match wanted {
        Wanted::Whole => true,
        Wanted::Lean { declaration, .. } => declaration(id.name()),
    };
    module.decls().filter(is_wanted).map(|id| pick_decl(id, target, wanted)).collect()
}

fn pick_decl(id: DeclId, target: Version, wanted: &Wanted<'_>) -> Picked {
    let decl = id.read();
    let seen = nearest(decl.mask, target);
    let mut variants: Vec<table::Field> = Vec::new();
    let mut fields = Vec::new();
    let mut docs = 0;
    for field in decl.fields {
        if variants.last().is_some_and(|last| last.name != field.name) {
            fields.extend(pick_field(&variants, docs, seen, wanted));
            variants.clear();
        }
        variants.push(field);
        docs += 1;
    }
    fields.extend(pick_field(&variants, docs, seen, wanted));
    Picked {
        id,
        name: decl.name,
        deprecated: decl.deprecated.filter(|old| old.mask.has(seen)),
        missing: (!decl.mask.has(target)).then_some(decl.mask),
        sort: decl.sort,
        fields,
        docs,
    }
}

/// Picks among the forms of one field. `behind` is the place of the docs of the last of them.
fn pick_field(variants: &[table::Field], behind: usize, seen: Version, wanted: &Wanted<'_>) -> Option<Field> {
    let mask = Mask(variants.iter().fold(0, |all, variant| all | variant.mask.0));
    let version = nearest(mask, seen);
    let at = variants.iter().position(|variant| variant.mask.has(version))?;
    let variant = variants[at];
    let missing = (!mask.has(seen)).then_some(mask);
    let required = variant.required && missing.is_none();
    let named = variant.key
        || match wanted {
            Wanted::Whole => true,
            Wanted::Lean { field, .. } => field(variant.name),
        };
    (named || required).then(|| Field {
        name: variant.name,
        ty: named.then_some(variant.ty),
        required,
        default: variant.default.filter(|_| missing.is_none()),
        deprecated: variant.deprecated.filter(|old| old.mask.has(version)),
        missing,
        doc: behind + 1 - variants.len() + at,
    })
}

/// The version in `mask` that is nearest to `target`, the older of two.
fn nearest(mask: Mask, target: Version) -> Version {
    let distance = |version: &Version| version.index().abs_diff(target.index());
    mask.versions().min_by_key(distance).unwrap_or(target)
}

/// Which versions have something, in words.
pub(super) fn availability(mask: Mask) -> String {
    let versions: Vec<Version> = mask.versions().collect();
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
