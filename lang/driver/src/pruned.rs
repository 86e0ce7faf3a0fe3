//! The standard library cut down to what a program may use.
//!
//! A start of the compiler should not cost the parsing of two hundred signatures of which a program names five, or the building of a
//! thousand types of which it fills in ten. Each name that any text so far holds is interned, so a declaration or field whose name is
//! not interned cannot be meant, and is left out. Optional fields that nobody names change nothing: they are null.

use std::sync::Arc;

use forge_base::Name;
use forge_check::ModuleId;
use forge_kube::{Selection, Version};
use forge_syntax::ast::{ItemKind, TypeKind};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::embedded;
use crate::library;
use crate::package::STD;
use crate::session::{ModuleState, Session};

/// What stands for a module of which only a part is loaded.
pub(crate) enum PrunedSource {
    /// This text.
    Text(Arc<str>),
    /// A tree that was made for the program.
    Tree,
}

impl Session {
    pub(crate) fn is_pruned(&self, id: ModuleId) -> bool {
        self.pruned.contains_key(&id)
    }

    /// Lets everything be loaded whole.
    pub(crate) fn forget_pruned(&mut self) {
        for id in std::mem::take(&mut self.pruned).into_keys() {
            self.forget(id);
        }
    }

    /// All modules of the prelude.
    pub(crate) fn prelude(&mut self) -> Vec<ModuleId> {
        embedded::prelude().map(|(place, _)| self.intern(STD, place.to_owned())).collect()
    }

    /// The modules of the prelude of which more is needed than has been parsed, now that more names are known.
    pub(crate) fn prune_prelude(&mut self) -> Vec<ModuleId> {
        let mut more = Vec::new();
        for (place, declarations) in embedded::prelude() {
            let Some(text) = needed(declarations) else { continue };
            let id = self.intern(STD, place.to_owned());
            // Names are only ever added, so that a text of the same length is the same.
            let same = matches!(self.pruned.get(&id), Some(PrunedSource::Text(known)) if known.len() == text.len());
            if same && self.parsed(id).is_some() {
                continue;
            }
            self.pruned.insert(id, PrunedSource::Text(text.into()));
            self.forget(id);
            more.push(id);
        }
        more
    }

    /// Takes the version of Kubernetes that the targets are written for.
    pub(crate) fn choose_kubernetes(&mut self, targets: &[ModuleId]) {
        self.set_kubernetes(targets.first().map_or(Version::DEFAULT, |&id| self.kubernetes(id)));
    }

    /// Lets the modules of Kubernetes be those of this version.
    pub(crate) fn set_kubernetes(&mut self, version: Version) {
        if version != self.kubernetes {
            self.kubernetes = version;
            let ids = (0..self.modules.len() as u32).map(ModuleId);
            let stale: Vec<ModuleId> = ids.filter(|&id| self.is_kubernetes(id)).collect();
            stale.into_iter().for_each(|id| self.forget(id));
        }
    }

    /// Builds what the program can reach of the Kubernetes modules that it imports, and gives all modules that this takes. Every other
    /// module of the program is parsed by now.
    pub(crate) fn prune_kubernetes(&mut self, imported: &[ModuleId]) -> Vec<ModuleId> {
        if imported.is_empty() {
            return Vec::new();
        }
        let mark = Name::count();
        let everything = library::takes_data() || self.takes_structured_inputs();
        let is_named = |name: &str| everything || Name::is_among_first(name, mark);
        let paths: Vec<String> = imported.iter().filter_map(|&id| self.kubernetes_path(id)).collect();
        let roots = paths.iter().flat_map(|path| {
            let names = forge_kube::declarations(path).filter(|name| Name::is_among_first(name, mark));
            names.map(move |name| (path.as_str(), name))
        });
        let mut reached: FxHashMap<&str, FxHashSet<&str>> =
            paths.iter().map(|path| (path.as_str(), FxHashSet::default())).collect();
        for (path, name) in forge_kube::reachable(roots, &is_named) {
            reached.entry(path).or_default().insert(name);
        }
        let mut reached: Vec<_> = reached.into_iter().collect();
        reached.sort_by_key(|(path, _)| *path);
        let render = |(path, names): (&str, FxHashSet<&str>)| {
            let id = self.intern(STD, library::place(path));
            let declaration = |name: &str| names.contains(name);
            let parsed = self.render(id, path, Selection::Pruned { declaration: &declaration, field: &is_named });
            self.modules[id.0 as usize].state = ModuleState::Fresh(Arc::new(parsed));
            self.pruned.insert(id, PrunedSource::Tree);
            id
        };
        reached.into_iter().map(render).collect()
    }

    /// Whether an input may bring fields that no text names.
    fn takes_structured_inputs(&self) -> bool {
        let ids = (0..self.modules.len() as u32).map(ModuleId);
        let mut items = ids.filter_map(|id| self.parsed(id)).flat_map(|parsed| &parsed.ast.items);
        items.any(|item| match &item.kind {
            ItemKind::Input(input) => {
                !matches!(&input.ty.kind, TypeKind::Name(path) if path.len() == 1 && is_scalar(path[0].name))
            }
            _ => false,
        })
    }
}

fn is_scalar(name: Name) -> bool {
    matches!(name.as_str(), "Bool" | "Int" | "Float" | "String" | "Quantity" | "Duration")
}

/// The text of those declarations of a module that may be meant, if any.
fn needed(declarations: &[(&str, &str)]) -> Option<String> {
    let wanted: Vec<&str> =
        declarations.iter().filter(|(name, _)| Name::is_known(name)).map(|(_, text)| *text).collect();
    (!wanted.is_empty()).then(|| wanted.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_some_text_names_is_left() {
        let declarations =
            [("unheardOf", "fn unheardOf(self: Int): Int\n\n"), ("leanName", "fn leanName(self: Int): Int\n\n")];
        assert_eq!(needed(&declarations), None);
        let _ = Name::new("leanName");
        assert_eq!(needed(&declarations), Some(String::from("fn leanName(self: Int): Int\n\n")));
    }

    #[test]
    fn the_table_holds_every_declaration_of_the_prelude() {
        for (place, declarations) in embedded::prelude() {
            let (path, whole) = embedded::std_file(&format!("std/{place}")).unwrap();
            let file = forge_base::Files::default().add(path, whole);
            let items = forge_syntax::parse(file, whole).module.items.len();
            let apart: String = declarations.iter().map(|(_, text)| *text).collect();
            assert_eq!(forge_syntax::parse(file, &apart).module.items.len(), items, "{place}");
            assert_eq!(declarations.len(), items, "{place}");
        }
    }
}
