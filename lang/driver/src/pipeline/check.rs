//! `forgec check`: checks names and types of modules, and then evaluates and validates each that needs no further inputs.

use forge_base::{Code, Diag, FileId, Severity, stack};
use forge_check::{Checked, ImportTarget, ModuleId, NameTarget, Program};
use forge_kube::Version;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Loaded;
use crate::evaluate::{BuildOutput, EvalContext};
use crate::input::{InputSource, needs_inputs, read_for_modules};
use crate::load::sort_diags;
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;

/// How much is checked.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum CheckScope {
    /// What a build of each module checks.
    #[default]
    Everything,
    /// Names and types.
    Types,
}

/// Options of `forgec check`.
#[derive(Clone, Default, Debug)]
pub struct CheckOptions {
    /// A file, folder or module path; by default the package that contains the working directory.
    pub target: Option<String>,
    /// How much is checked.
    pub scope: CheckScope,
    /// Inputs of the modules that declare them.
    pub inputs: Vec<InputSource>,
    /// Limits of the evaluation of each module.
    pub limits: Limits,
}

/// What was checked, for the closing line.
#[derive(Default)]
struct Tally {
    modules: usize,
    resources: usize,
    /// The modules that were not evaluated because an input has no value.
    without_inputs: usize,
}

/// Checks modules: what a build of any of them would report, this reports too.
pub fn check(session: &mut Session, options: &CheckOptions) -> Outcome {
    let modules = match session.find_modules(options.target.as_deref()) {
        Ok(modules) => modules,
        Err(diag) => return Outcome::failed(session.files().clone(), *diag),
    };
    let loaded = session.load(&modules);
    let checked = loaded.check();
    let mut tally = Tally { modules: modules.len(), ..Tally::default() };
    let mut diags = checked.diags.clone();
    if options.scope == CheckScope::Everything {
        diags.extend(evaluate(session, &loaded, &checked, &modules, options, &mut tally));
        sort_diags(&mut diags);
    }
    session.deny(&mut diags);
    let summary = Some(tally.describe(options.scope, &diags));
    Outcome { files: loaded.files, diags, summary, ..Outcome::default() }
}

/// The diagnostics of a build of each module that has neither errors nor inputs without a value.
fn evaluate(
    session: &Session,
    loaded: &Loaded,
    checked: &Checked,
    modules: &[ModuleId],
    options: &CheckOptions,
    tally: &mut Tally,
) -> Vec<Diag> {
    let program = &checked.program;
    let (inputs, mut diags) = match read_for_modules(session, program, modules, &options.inputs) {
        Ok(inputs) => (inputs, Vec::new()),
        Err(diags) => return diags,
    };
    let valid = modules_without_errors(loaded, &checked.diags, modules);
    let (ready, waiting): (Vec<ModuleId>, Vec<ModuleId>) =
        valid.into_iter().filter(|&id| is_checked(program, id)).partition(|&id| !needs_inputs(program, id, &inputs));
    tally.without_inputs = waiting.len();
    let jobs = if ready.len() == 1 { options.limits.jobs } else { 1 };
    let limits = Limits { jobs, ..options.limits.clone() };
    let cx = EvalContext::new(program, loaded, session.world(), &inputs, &limits);
    diags.extend(cx.check_inputs());
    if !diags.is_empty() {
        return diags;
    }
    let targets: Vec<(ModuleId, Version)> = ready.into_iter().map(|id| (id, session.kubernetes(id))).collect();
    for built in build_each(&cx, &targets, options.limits.jobs) {
        tally.resources += built.resources;
        diags.extend(built.diags);
    }
    diags
}

fn is_checked(program: &Program, module: ModuleId) -> bool {
    program.modules.get(module.0 as usize).is_some_and(Option::is_some)
}

/// Builds modules side by side, and keeps the diagnostics. A module without any output is a library, whose fields need not be output.
fn build_each(cx: &EvalContext, targets: &[(ModuleId, Version)], jobs: usize) -> Vec<BuildOutput> {
    let build = |&(module, kubernetes): &(ModuleId, Version)| {
        let mut built = cx.build(module, kubernetes);
        built.parts.clear();
        if built.units == 0 {
            built.diags.retain(|diag| diag.code != Code::NOT_EMITTABLE);
        }
        built
    };
    match targets {
        [_, _, ..] if jobs != 1 => stack::with_thread_pool(jobs, || targets.par_iter().map(build).collect()),
        _ => targets.iter().map(build).collect(),
    }
}

/// The modules that have no errors and reach none through imports.
fn modules_without_errors(loaded: &Loaded, diags: &[Diag], modules: &[ModuleId]) -> Vec<ModuleId> {
    let files: FxHashMap<FileId, ModuleId> = loaded.sources.iter().map(|source| (source.file, source.id)).collect();
    let mut invalid = FxHashSet::default();
    for diag in diags.iter().filter(|diag| diag.is_error()) {
        match diag.span().and_then(|span| files.get(&span.file)) {
            Some(&id) => _ = invalid.insert(id),
            // An error of a package or of a file that cannot be read: it is unknown which modules depend on it.
            None => return Vec::new(),
        }
    }
    if invalid.is_empty() {
        return modules.to_vec();
    }
    let mut importers: FxHashMap<ModuleId, Vec<ModuleId>> = FxHashMap::default();
    for source in &loaded.sources {
        let imported = source.imports.iter().flat_map(imported_modules);
        imported.for_each(|id| importers.entry(id).or_default().push(source.id));
    }
    let mut open: Vec<ModuleId> = invalid.iter().copied().collect();
    while let Some(id) = open.pop() {
        let users = importers.get(&id).map_or(&[][..], Vec::as_slice);
        open.extend(users.iter().copied().filter(|&user| invalid.insert(user)));
    }
    modules.iter().copied().filter(|id| !invalid.contains(id)).collect()
}

fn imported_modules(import: &ImportTarget) -> Vec<ModuleId> {
    match import {
        ImportTarget::Module(id) => vec![*id],
        ImportTarget::Names(names) => {
            let module = |name: &NameTarget| match name {
                NameTarget::Module(id) | NameTarget::Member(id) => Some(*id),
                NameTarget::Unresolved => None,
            };
            names.iter().filter_map(module).collect()
        }
        ImportTarget::Unresolved => Vec::new(),
    }
}

impl Tally {
    /// `checked 12 modules, 83 resources: 2 errors, 1 warning`.
    fn describe(&self, scope: CheckScope, diags: &[Diag]) -> String {
        let of = |severity: Severity| diags.iter().filter(|diag| diag.severity == severity).count();
        let problems = format!("{}, {}", count(of(Severity::Error), "error"), count(of(Severity::Warning), "warning"));
        let modules = count(self.modules, "module");
        let mut text = match scope {
            CheckScope::Everything => format!("checked {modules}, {}: {problems}", count(self.resources, "resource")),
            CheckScope::Types => format!("checked the types of {modules}: {problems}"),
        };
        if self.without_inputs > 0 {
            let modules = count(self.without_inputs, "module");
            text.push_str(&format!("; not evaluated for lack of inputs: {modules}"));
        }
        text
    }
}

/// A number with a noun: `1 module`, `2 modules`.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::MemoryWorld;

    fn options(target: Option<&str>) -> CheckOptions {
        CheckOptions { target: target.map(str::to_owned), ..CheckOptions::default() }
    }

    fn messages(world: MemoryWorld, target: Option<&str>) -> Vec<String> {
        let mut session = Session::new(Arc::new(world), "/w");
        let outcome = check(&mut session, &options(target));
        let location = |diag: &forge_base::Diag| match diag.span() {
            Some(span) => outcome.files.location(span),
            None => String::from("-"),
        };
        outcome.diags.iter().map(|diag| format!("{} {}: {}", location(diag), diag.code, diag.headline)).collect()
    }

    fn package(name: &str) -> String {
        format!("[package]\nname = \"{name}\"\nedition = \"2026\"\n")
    }

    #[test]
    fn a_similar_target_is_suggested() {
        let world = MemoryWorld::new().with("/w/web.forge", "");
        assert_eq!(messages(world, Some("wbe.forge")), ["- F0807: there is no file, folder or module `wbe.forge`"]);
    }

    #[test]
    fn cyclic_dependencies_between_packages_are_reported() {
        let world = MemoryWorld::new()
            .with("/w/forge.toml", package("a") + "[dependencies]\nb = { path = \"b\" }\n")
            .with("/w/b/forge.toml", package("b") + "[dependencies]\na = { path = \"..\" }\n")
            .with("/w/b/x.forge", "")
            .with("/w/main.forge", "import b.x\n");
        let found = messages(world, None);
        assert!(found.contains(&"b/forge.toml:5:1 F0802: cyclic dependency between packages".into()), "{found:?}");
    }

    #[test]
    fn a_missing_dependency_is_shown_in_the_manifest() {
        let world = MemoryWorld::new()
            .with("/w/forge.toml", package("a") + "[dependencies]\nb = { path = \"../b\" }\n")
            .with("/w/main.forge", "");
        assert_eq!(messages(world, None), ["forge.toml:5:1 F0803: dependency `b` does not exist"]);
    }

    #[test]
    fn unknown_modules_are_reported_at_the_import() {
        let world = MemoryWorld::new()
            .with("/w/forge.toml", package("shop"))
            .with("/w/shared/net.forge", "")
            .with("/w/main.forge", "import shop.shared.nte\nimport other.x\nimport ..y\n");
        let found = messages(world, Some("main.forge"));
        assert_eq!(
            found,
            [
                "main.forge:1:8 F0302: there is no module `shop.shared.nte`",
                "main.forge:2:8 F0302: there is no package `other`",
                "main.forge:3:10 F0302: the import leaves the package",
            ]
        );
    }

    #[test]
    fn a_module_with_two_files_is_an_error() {
        let world =
            MemoryWorld::new().with("/w/a.forge", "").with("/w/a/main.forge", "").with("/w/main.forge", "import .a\n");
        let found = messages(world, Some("main.forge"));
        assert!(found.contains(&"main.forge:1:9 F0308: module `a` has two files".into()), "{found:?}");
    }

    #[test]
    fn a_module_with_two_files_is_found_without_an_import() {
        let world = MemoryWorld::new().with("/w/a.forge", "").with("/w/a/main.forge", "");
        assert_eq!(messages(world.clone(), None), ["a/main.forge:1:1 F0308: module `a` has two files"]);
        assert_eq!(messages(world, Some("a.forge")), ["a.forge:1:1 F0308: module `a` has two files"]);
    }

    const RESOURCES: &str = "open schema R { apiVersion: String, kind: String }\n\
                             a = R { apiVersion = \"v1\", kind = \"ConfigMap\", metadata = { name = \"A\" } }\n";

    #[test]
    fn each_module_is_evaluated_and_its_resources_are_validated() {
        let world = MemoryWorld::new().with("/w/main.forge", RESOURCES).with("/w/lib.forge", "n = 1\n");
        let found = ["main.forge:2:61 F0710: `A` is not a valid `ConfigMap` name"];
        assert_eq!(messages(world.clone(), Some("main.forge")), found);
        assert_eq!(messages(world, None), found);
        let world = MemoryWorld::new().with("/w/main.forge", format!("input x: Int\n{RESOURCES}"));
        assert_eq!(messages(world, None), [""; 0]);
    }

    #[test]
    fn a_field_without_output_is_an_error_only_in_a_module_with_output() {
        let world = MemoryWorld::new().with("/w/main.forge", format!("n = 1\n{}", RESOURCES.replace("\"A\"", "\"a\"")));
        assert_eq!(messages(world, None), ["main.forge:1:1 F0701: `n` contains nothing that a build writes"]);
    }

    #[test]
    fn errors_in_one_module_do_not_hide_those_of_modules_that_do_not_import_it() {
        let world = MemoryWorld::new()
            .with("/w/a.forge", "x: Int = \"a\"\n")
            .with("/w/b.forge", "import .a\ny = a.x + 1 / 0\n")
            .with("/w/c.forge", "z = 1 / 0\n");
        let found = messages(world, None);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("a.forge:1:10 F0401") && found[1].starts_with("c.forge:1:5 F0603"), "{found:?}");
    }

    #[test]
    fn a_failure_in_a_shared_module_is_reported_once() {
        let world = MemoryWorld::new()
            .with("/w/lib.forge", "x = 1 / 0\n")
            .with("/w/a.forge", "import .lib\ny = lib.x\n")
            .with("/w/b.forge", "import .lib\ny = lib.x\n");
        let found = messages(world, None);
        assert_eq!(found.iter().filter(|message| message.contains("F0603")).count(), 1, "{found:?}");
    }

    #[test]
    fn the_closing_line_counts_modules_resources_and_problems() {
        let world = MemoryWorld::new()
            .with("/w/main.forge", RESOURCES)
            .with("/w/lib.forge", "import std.text\n")
            .with("/w/in.forge", "input zone: String\n");
        let summary = |options: &CheckOptions| {
            let mut session = Session::new(Arc::new(world.clone()), "/w");
            check(&mut session, options).summary.unwrap()
        };
        let everything = summary(&options(None));
        let expected = "checked 3 modules, 1 resource: 1 error, 1 warning; not evaluated for lack of inputs: 1 module";
        assert_eq!(everything, expected);
        let types = CheckOptions { scope: CheckScope::Types, ..options(None) };
        assert_eq!(summary(&types), "checked the types of 3 modules: 0 errors, 1 warning");
        let inputs = vec![InputSource::Value(String::from("zone"), String::from("eu"))];
        let given = summary(&CheckOptions { inputs, ..options(None) });
        assert_eq!(given, "checked 3 modules, 1 resource: 1 error, 1 warning");
    }

    #[test]
    fn a_broken_manifest_is_the_only_message() {
        let world = MemoryWorld::new()
            .with("/w/forge.toml", package("shop") + "[dependencies]\nlib = { git = \"https://example.org/lib\" }\n")
            .with("/w/main.forge", "import lib.web.{Web}\nimport shop.nothing\nimport .other\nw = Web {}\n");
        let found = messages(world, None);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("forge.toml:5:"), "{found:?}");
        let world = MemoryWorld::new()
            .with("/w/forge.toml", "[package]\nedition = 3\n")
            .with("/w/main.forge", "import shop.lib\nimport lib.web\nx = lib.y\n");
        let found = messages(world, None);
        assert!(!found.is_empty() && found.iter().all(|message| message.starts_with("forge.toml")), "{found:?}");
    }

    #[test]
    fn folders_of_modules_and_members_can_be_imported_by_name() {
        let world = MemoryWorld::new()
            .with("/w/forge.toml", package("shop"))
            .with("/w/shared/net.forge", "x = 1")
            .with("/w/shared/main.forge", "y = 1")
            .with("/w/main.forge", "import shop.shared.{net, y}\nimport .shared.net as n\nz = n.x + net.x + y\n");
        assert_eq!(messages(world, Some("main.forge")), [""; 0]);
    }
}
