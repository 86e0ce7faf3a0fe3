//! Pruned loading: only those declarations of the standard library that a program can mean.
//!
//! Startup must not include parsing two hundred signatures of which a program calls five, or building a thousand types of which it
//! uses ten. Loading therefore collects the names that the program's files mention, and leaves out declarations and fields with other
//! names. It leaves out only what can change neither the verdict on the program nor a byte of its output: an optional field that is not
//! mentioned is null, while a field that must be set, or has a default, is loaded even if nothing mentions it. Where data comes from
//! files or structured inputs or is converted to a schema, all fields are loaded. If the program has errors, it is loaded in full and
//! checked again, so that messages know all names. `tests/loading.rs` compares both ways of loading.

use std::sync::Arc;

use forge_base::Name;
use forge_check::ModuleId;
use forge_kube::{Selection, Version};
use forge_syntax::ast::{self, ItemKind, TypeExpr, TypeKind};
use forge_syntax::visit::{self, Visitor};
use forge_syntax::{TokenKind, Tokens};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::embedded;
use crate::library;
use crate::load::Reached;
use crate::package::STD;
use crate::session::{ModuleState, Parsed, Session};

/// What a partial module was made from.
pub(crate) enum PrunedSource {
    /// This source.
    Source(Arc<str>),
    /// A tree that was built for the program.
    Tree,
}

/// Which fields of Kubernetes types are loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fields {
    /// Every field.
    All,
    /// Fields that must be set, have a default or are keys of lists, and fields whose names are mentioned.
    Mentioned,
}

/// The names that the files of a program mention. Depends on these files only, never on what the process did before.
#[derive(Default)]
pub(crate) struct MentionedNames(FxHashSet<Name>);

impl MentionedNames {
    /// Adds the names of a module.
    pub(crate) fn extend(&mut self, parsed: &Parsed) {
        self.0.extend(parsed.names().iter().copied());
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        Name::get(text).is_some_and(|name| self.0.contains(&name))
    }
}

/// The longest string that can be the name of a field.
const MAX_NAME_LENGTH: usize = 64;

/// The names that a source mentions: its identifiers, and its strings, since a field may be named by a string. The keyword `as` counts
/// where it converts a value, and not in an import.
pub(crate) fn names_in(source: &str, tokens: &Tokens) -> FxHashSet<Name> {
    let mut is_import = false;
    let mut is_line_start = true;
    let names = tokens.list.iter().filter_map(|token| {
        let text = token.text(source);
        if is_line_start && token.kind != TokenKind::Newline {
            is_import = matches!(text, "import" | "export");
        }
        is_line_start = token.kind == TokenKind::Newline;
        match token.kind {
            TokenKind::Ident if is_import && text == "as" => None,
            TokenKind::Ident => Some(text),
            TokenKind::Quoted => Some(text.trim_matches('`')),
            TokenKind::StrText if text.len() <= MAX_NAME_LENGTH && !text.contains(char::is_whitespace) => Some(text),
            _ => None,
        }
    });
    names.map(Name::new).collect()
}

/// The names that a tree mentions outside of strings.
pub(crate) fn names_in_tree(module: &ast::Module) -> FxHashSet<Name> {
    struct Collector(FxHashSet<Name>);
    impl Visitor for Collector {
        fn visit_ident(&mut self, ident: &ast::Ident) {
            self.0.insert(ident.name);
        }
        fn visit_type(&mut self, ty: &TypeExpr) {
            if let TypeKind::Name(path) = &ty.kind {
                self.0.extend(path.iter().map(|ident| ident.name));
            }
            visit::walk_type(self, ty);
        }
    }
    let mut collector = Collector(FxHashSet::default());
    visit::walk_module(&mut collector, module);
    collector.0
}

impl Session {
    pub(crate) fn is_pruned(&self, id: ModuleId) -> bool {
        self.pruned.contains_key(&id)
    }

    /// Forgets all partial modules, so that they are loaded again when they are next needed.
    pub(crate) fn forget_pruned(&mut self) {
        for id in std::mem::take(&mut self.pruned).into_keys() {
            self.forget(id);
        }
    }

    /// All modules of the prelude.
    pub(crate) fn prelude(&mut self) -> Vec<ModuleId> {
        embedded::prelude().map(|(path, _)| self.intern(STD, path.to_owned())).collect()
    }

    /// Prunes the prelude to the declarations that `names` contains, and returns the modules that changed by that.
    pub(crate) fn prune_prelude(&mut self, names: &MentionedNames) -> Vec<ModuleId> {
        let mut changed = Vec::new();
        for (path, declarations) in embedded::prelude() {
            let Some(source) = mentioned(declarations, names) else { continue };
            let id = self.intern(STD, path.to_owned());
            if matches!(self.pruned.get(&id), Some(PrunedSource::Source(known)) if **known == *source) {
                continue;
            }
            self.pruned.insert(id, PrunedSource::Source(source.into()));
            self.forget(id);
            changed.push(id);
        }
        changed
    }

    /// Selects the Kubernetes version that the targets are written for.
    pub(crate) fn choose_kubernetes(&mut self, targets: &[ModuleId]) {
        self.set_kubernetes(targets.first().map_or(Version::DEFAULT, |&id| self.kubernetes(id)));
    }

    /// Selects the Kubernetes version whose modules are loaded.
    pub(crate) fn set_kubernetes(&mut self, version: Version) {
        if version != self.kubernetes {
            self.kubernetes = version;
            let ids = (0..self.modules.len() as u32).map(ModuleId);
            let stale: Vec<ModuleId> = ids.filter(|&id| self.is_kubernetes(id)).collect();
            stale.into_iter().for_each(|id| self.forget(id));
        }
    }

    /// Builds the part of the imported Kubernetes modules that a program with these names can reach, adds the names that it mentions
    /// itself, and returns all modules that it consists of.
    pub(crate) fn prune_kubernetes(
        &mut self,
        imported: &[ModuleId],
        names: &mut MentionedNames,
        fields: Fields,
    ) -> Vec<ModuleId> {
        let is_wanted_field = |name: &str| fields == Fields::All || names.contains(name);
        let paths: Vec<String> = imported.iter().filter_map(|&id| self.kubernetes_path(id)).collect();
        let roots = paths.iter().flat_map(|path| {
            let declarations = forge_kube::declarations(path).filter(|name| names.contains(name));
            declarations.map(move |name| (path.as_str(), name))
        });
        let mut reached: FxHashMap<&str, FxHashSet<&str>> =
            paths.iter().map(|path| (path.as_str(), FxHashSet::default())).collect();
        for (path, name) in forge_kube::reachable(roots, &is_wanted_field) {
            reached.entry(path).or_default().insert(name);
        }
        let mut reached: Vec<_> = reached.into_iter().collect();
        reached.sort_by_key(|(path, _)| *path);
        let mut modules = Vec::with_capacity(reached.len());
        for (path, declarations) in reached {
            let id = self.intern(STD, library::source_path(path));
            let is_wanted = |name: &str| declarations.contains(name);
            let parsed = self.render(id, path, Selection::Pruned { declaration: &is_wanted, field: &is_wanted_field });
            self.modules[id.0 as usize].state = ModuleState::Fresh(Arc::new(parsed));
            self.pruned.insert(id, PrunedSource::Tree);
            modules.push(id);
        }
        modules.iter().filter_map(|&id| self.parsed(id)).for_each(|parsed| names.extend(parsed));
        modules
    }

    /// Whether an input may provide fields that no source mentions.
    pub(crate) fn takes_structured_inputs(&self, reached: &Reached) -> bool {
        let parsed = reached.imports.keys().filter_map(|&id| self.parsed(id));
        let mut items = parsed.flat_map(|parsed| &parsed.ast.items);
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

/// The source of those declarations of a module that are mentioned, if any.
fn mentioned(declarations: &[(&str, &str)], names: &MentionedNames) -> Option<String> {
    let mentioned: Vec<&str> =
        declarations.iter().filter(|(name, _)| names.contains(name)).map(|(_, source)| *source).collect();
    (!mentioned.is_empty()).then(|| mentioned.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Loaded, MemoryWorld};

    const PROGRAM: &str = "import std.k8s.core.v1.{ConfigMap}\nimport std.text\n\
                           config = ConfigMap { metadata { name = \"web\" }, data = { size = \"\\([1, 2].length)\" } }\n\
                           title = text.kebabCase(\"A b\")\n";

    /// Mentions every declaration of the prelude, and fields of Kubernetes that [`PROGRAM`] does not use.
    fn unrelated() -> String {
        let names: Vec<&str> =
            embedded::prelude().flat_map(|(_, declarations)| declarations.iter().map(|(name, _)| *name)).collect();
        format!("a = binaryData.annotations.{}\n\"immutable\" = readYaml(Pod, Volume)\n", names.join("."))
    }

    fn load(text: &str) -> Loaded {
        let mut session = Session::new(Arc::new(MemoryWorld::new().with("/w/main.forge", text)), "/w");
        let main = session.find_module("main.forge").unwrap();
        session.load_pruned(&[main])
    }

    fn sources(loaded: &Loaded) -> Vec<(Name, Arc<str>)> {
        loaded.sources.iter().map(|source| (source.path, source.text.clone())).collect()
    }

    #[test]
    fn what_is_loaded_does_not_depend_on_what_the_process_did_before() {
        let before = load(PROGRAM);
        assert_eq!(before.check().diags, []);
        load(&unrelated());
        let mut full =
            Session::new(Arc::new(MemoryWorld::new().with("/w/main.forge", "import std.k8s.core.v1\n")), "/w");
        let main = full.find_module("main.forge").unwrap();
        full.load(&[main]).check();
        let after = load(PROGRAM);
        assert_eq!(sources(&after), sources(&before));
        assert_eq!(after.check().diags, []);
    }

    #[test]
    fn a_session_prunes_each_program_by_its_own_names() {
        let alone = load(PROGRAM);
        let world = MemoryWorld::new().with("/w/main.forge", PROGRAM).with("/w/other.forge", unrelated());
        let mut session = Session::new(Arc::new(world), "/w");
        let [other, main] = ["other.forge", "main.forge"].map(|path| session.find_module(path).unwrap());
        session.load_pruned(&[other]);
        let mut together = sources(&session.load_pruned(&[main]));
        let mut alone = sources(&alone);
        together.sort();
        alone.sort();
        assert_eq!(together, alone);
    }

    #[test]
    fn declarations_and_fields_that_are_not_mentioned_are_left_out() {
        let loaded = load(PROGRAM);
        let text: String = loaded.sources.iter().filter(|source| source.is_std()).map(|source| &*source.text).collect();
        for mentioned in ["schema ConfigMap", "data:", "fn length", "fn kebabCase"] {
            assert!(text.contains(mentioned), "{mentioned}");
        }
        for other in ["schema Pod", "binaryData", "fn fold", "type PortNumber"] {
            assert!(!text.contains(other), "{other}");
        }
    }

    #[test]
    fn names_are_found_in_identifiers_quoted_names_and_strings() {
        let source = "import g as h\na.b = `c-d`\n\"e\" = \"two words\" // f\ni as j\n";
        let parsed = forge_syntax::parse(forge_base::FileId(0), source);
        let mut names: Vec<&str> = names_in(source, &parsed.tokens).into_iter().map(Name::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["a", "as", "b", "c-d", "e", "g", "h", "i", "import", "j"]);
    }

    #[test]
    fn the_table_holds_every_declaration_of_the_prelude() {
        for (path, declarations) in embedded::prelude() {
            let (_, source) = embedded::std_file(&format!("std/{path}")).unwrap();
            let file = forge_base::FileId(0);
            let items = forge_syntax::parse(file, source).module.items.len();
            let joined: String = declarations.iter().map(|(_, source)| *source).collect();
            assert_eq!(forge_syntax::parse(file, &joined).module.items.len(), items, "{path}");
            assert_eq!(declarations.len(), items, "{path}");
        }
    }
}
