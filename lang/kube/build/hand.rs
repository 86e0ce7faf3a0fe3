//! Reads the kinds and fields that are written by hand, in a small form of the language itself:
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
//! `@Name` is the struct of that name in the sources, `@spec` in an extension the type of the field `spec`.

use crate::core::META;
use crate::model::{ALL, Body, Decl, Field, Kind, Scope, Ty};

/// All that is written by hand.
pub(crate) struct Hand {
    modules: Vec<Module>,
}

/// What is added to one module.
#[derive(Default)]
pub(crate) struct Module {
    pub(crate) path: String,
    group: String,
    version: String,
    pub(crate) decls: Vec<Decl>,
    /// Fields for declarations that are there already.
    pub(crate) extended: Vec<(String, Vec<Field>)>,
}

impl Hand {
    /// What is added to the module of a path.
    pub(crate) fn module(&self, path: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.path == path)
    }

    /// The modules that are wholly written by hand.
    pub(crate) fn others(&self, known: &[crate::model::Module]) -> Vec<&Module> {
        self.modules.iter().filter(|module| known.iter().all(|known| known.path != module.path)).collect()
    }
}

pub(crate) fn parse(text: &str) -> Result<Hand, String> {
    let mut hand = Hand { modules: Vec::new() };
    let mut doc: Vec<&str> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(text) = line.trim_start().strip_prefix("///") {
            doc.push(text.trim());
            continue;
        }
        let doc = std::mem::take(&mut doc).join("\n");
        read_line(&mut hand, line, doc).ok_or_else(|| format!("overlay/hand.txt: {line}"))?;
    }
    Ok(hand)
}

fn read_line(hand: &mut Hand, line: &str, doc: String) -> Option<()> {
    let words: Vec<&str> = line.split(' ').collect();
    if let ["module", path, group, version] = words[..] {
        let [path, group, version] = [path, group, version].map(str::to_owned);
        hand.modules.push(Module { path, group, version, ..Module::default() });
        return Some(());
    }
    let module = hand.modules.last_mut()?;
    match words[..] {
        ["kind", name, plural, scope] => {
            let scope = match scope {
                "cluster" => Scope::Cluster,
                "namespaced" => Scope::Namespaced,
                "local" => Scope::Local,
                _ => return None,
            };
            let (group, version) = (module.group.clone(), module.version.clone());
            let kind = Kind { group, version, plural: plural.to_owned(), scope };
            let meta = Ty::Ref(META.to_owned(), "ObjectMeta".to_owned());
            let metadata = field("metadata".to_owned(), String::new(), meta, scope != Scope::Local);
            module.decls.push(decl(name, doc, Body::Kind(kind, vec![metadata])));
        }
        ["schema", name] => module.decls.push(decl(name, doc, Body::Schema(Vec::new()))),
        ["extend", name] => module.extended.push((name.to_owned(), Vec::new())),
        _ => {
            let (name, ty) = line.strip_prefix("  ")?.split_once(": ")?;
            let (ty, rest) = parse_type(ty)?;
            let field = field(name.to_owned(), doc, ty, rest != "?");
            add_field(module, field)?;
        }
    }
    Some(())
}

/// Adds a field to what was begun last: an extension, if there is one behind the last declaration.
fn add_field(module: &mut Module, field: Field) -> Option<()> {
    if let Some((_, fields)) = module.extended.last_mut() {
        fields.push(field);
        return Some(());
    }
    match &mut module.decls.last_mut()?.body {
        Body::Schema(fields) | Body::Kind(_, fields) => fields.push(field),
        _ => return None,
    }
    Some(())
}

fn decl(name: &str, doc: String, body: Body) -> Decl {
    Decl { name: name.to_owned(), doc, mask: ALL, deprecated: None, body }
}

fn field(name: String, doc: String, ty: Ty, required: bool) -> Field {
    Field { name, doc, ty, required, mask: ALL, deprecated: None }
}

/// A type and what follows it.
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

/// `("a" | "b")`, closed, or `("a" | String)`, open.
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
