//! Parses `overlay/patches.txt`: hand-written kinds and fields, in a small subset of Forge:
//!
//! ```text
//! module crds.cilium.v2 cilium.io v2
//! kind CiliumIdentity ciliumidentities cluster
//!   /// Docs.
//!   field: [Type]?
//! schema Name
//! extend Known
//! ```
//!
//! `@Name` refers to the struct of that name in the sources; in an extension, `@spec` is the type of the field `spec`.

use crate::model::{ALL_VERSIONS, Decl, DeclKind, Field, META, ResourceKind, Scope, Ty};

/// All patches.
pub(crate) struct Patches {
    modules: Vec<ModulePatch>,
}

/// The additions to one module.
#[derive(Default)]
pub(crate) struct ModulePatch {
    pub(crate) path: String,
    group: String,
    version: String,
    pub(crate) decls: Vec<Decl>,
    /// Fields added to existing declarations.
    pub(crate) extended: Vec<(String, Vec<Field>)>,
}

impl Patches {
    /// The patch of the module at `path`.
    pub(crate) fn module(&self, path: &str) -> Option<&ModulePatch> {
        self.modules.iter().find(|module| module.path == path)
    }

    /// The patches of modules that are not in `known`.
    pub(crate) fn others(&self, known: &[crate::model::Module]) -> Vec<&ModulePatch> {
        self.modules.iter().filter(|module| known.iter().all(|known| known.path != module.path)).collect()
    }
}

pub(crate) fn parse(text: &str) -> Result<Patches, String> {
    let mut patches = Patches { modules: Vec::new() };
    let mut doc: Vec<&str> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(text) = line.trim_start().strip_prefix("///") {
            doc.push(text.trim());
            continue;
        }
        let doc = std::mem::take(&mut doc).join("\n");
        read_line(&mut patches, line, doc).ok_or_else(|| format!("overlay/patches.txt: {line}"))?;
    }
    Ok(patches)
}

fn read_line(patches: &mut Patches, line: &str, doc: String) -> Option<()> {
    let words: Vec<&str> = line.split(' ').collect();
    if let ["module", path, group, version] = words[..] {
        let [path, group, version] = [path, group, version].map(str::to_owned);
        patches.modules.push(ModulePatch { path, group, version, ..ModulePatch::default() });
        return Some(());
    }
    let module = patches.modules.last_mut()?;
    match words[..] {
        ["kind", name, plural, scope] => {
            let scope = match scope {
                "cluster" => Scope::Cluster,
                "namespaced" => Scope::Namespaced,
                "local" => Scope::Local,
                _ => return None,
            };
            let (group, version) = (module.group.clone(), module.version.clone());
            let kind = ResourceKind { group, version, plural: plural.to_owned(), scope };
            let meta = Ty::Ref(META.to_owned(), "ObjectMeta".to_owned());
            let metadata = Field { required: true, ..optional_field("metadata".to_owned(), String::new(), meta) };
            module.decls.push(decl(name, doc, DeclKind::Resource(kind, vec![metadata])));
        }
        ["schema", name] => module.decls.push(decl(name, doc, DeclKind::Schema(Vec::new()))),
        ["extend", name] => module.extended.push((name.to_owned(), Vec::new())),
        _ => {
            let (name, ty) = line.strip_prefix("  ")?.split_once(": ")?;
            let (ty, rest) = parse_type(ty)?;
            let field = Field { required: rest != "?", ..optional_field(name.to_owned(), doc, ty) };
            add_field(module, field)?;
        }
    }
    Some(())
}

/// Adds a field to the current extension, or to the last declaration if there is none.
fn add_field(module: &mut ModulePatch, field: Field) -> Option<()> {
    if let Some((_, fields)) = module.extended.last_mut() {
        fields.push(field);
        return Some(());
    }
    match &mut module.decls.last_mut()?.kind {
        DeclKind::Schema(fields) | DeclKind::Resource(_, fields) => fields.push(field),
        _ => return None,
    }
    Some(())
}

fn decl(name: &str, doc: String, kind: DeclKind) -> Decl {
    Decl { name: name.to_owned(), doc, versions: ALL_VERSIONS, deprecated: None, kind }
}

fn optional_field(name: String, doc: String, ty: Ty) -> Field {
    Field { name, doc, ty, required: false, versions: ALL_VERSIONS, deprecated: None }
}

/// Parses a type; returns it with the rest of the line.
fn parse_type(text: &str) -> Option<(Ty, &str)> {
    if let Some(inner) = text.strip_prefix('[') {
        let (item, rest) = parse_type(inner)?;
        let (keys, rest) = rest.split_once(']')?;
        return Some(match keys.strip_prefix(" by ") {
            Some(keys) => (Ty::Keyed(Box::new(item), keys.split(", ").map(str::to_owned).collect()), rest),
            None => (item.list(), rest),
        });
    }
    if let Some(inner) = text.strip_prefix("{String: ") {
        let (value, rest) = parse_type(inner)?;
        return Some((value.map(), rest.strip_prefix('}')?));
    }
    if text.starts_with('(') || text.starts_with('"') {
        return parse_values(text);
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '@' | '.' | '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let ty = match name {
        "" => return None,
        "String" | "Int" | "Float" | "Bool" | "Any" | "Quantity" => Ty::prelude(name),
        _ => {
            let (module, name) = name.rsplit_once('.').unwrap_or(("", name));
            Ty::Ref(module.to_owned(), name.to_owned())
        }
    };
    Some((ty, rest))
}

/// Parses a closed set `("a" | "b")` or an open set `("a" | String)`.
fn parse_values(text: &str) -> Option<(Ty, &str)> {
    let (inside, rest) = text.strip_prefix('(')?.split_once(')')?;
    let members: Vec<&str> = inside.split(" | ").collect();
    let values = members.iter().filter_map(|member| Some(member.strip_prefix('"')?.strip_suffix('"')?.to_owned()));
    let values: Vec<String> = values.collect();
    match members.len() - values.len() {
        0 => Some((Ty::Closed(values), rest)),
        1 if members.last() == Some(&"String") => Some((Ty::Known(values), rest)),
        _ => None,
    }
}
