//! `forgec check`: checks names and types of a package; a single module is also evaluated and validated.

use forge_base::{Code, Diag};
use forge_check::{Checked, ModuleId};

use crate::Loaded;
use crate::evaluate::EvalContext;
use crate::input::Inputs;
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;

/// Options of `forgec check`.
#[derive(Clone, Default, Debug)]
pub struct CheckOptions {
    /// A file, folder or module path; by default the package that contains the working directory.
    pub target: Option<String>,
}

/// Checks modules. If the target is a single module, it is evaluated as well and its output is validated.
pub fn check(session: &mut Session, options: &CheckOptions) -> Outcome {
    let modules = match session.find_modules(options.target.as_deref()) {
        Ok(modules) => modules,
        Err(diag) => return Outcome::failed(session.files().clone(), *diag),
    };
    let loaded = session.load(&modules);
    let mut checked = loaded.check();
    if let (Some(_), [module]) = (&options.target, &modules[..]) {
        let more = evaluate(session, &loaded, &checked, *module);
        checked.diags.extend(more);
    }
    Outcome { files: loaded.files, diags: checked.diags, ..Outcome::default() }
}

/// The diagnostics of a build of the module, unless it has errors or inputs without a value. A module without output is not reported.
fn evaluate(session: &Session, loaded: &Loaded, checked: &Checked, module: ModuleId) -> Vec<Diag> {
    let has_errors = checked.diags.iter().any(Diag::is_error);
    let Some(Some(code)) = checked.program.modules.get(module.0 as usize) else { return Vec::new() };
    if has_errors || code.globals.iter().any(|global| global.value.is_none()) {
        return Vec::new();
    }
    let cx = EvalContext::new(&checked.program, loaded, session.world(), &Inputs::default(), &Limits::default());
    let mut diags = cx.build(session.kubernetes(module)).diags;
    diags.retain(|diag| diag.code != Code::NOT_EMITTABLE);
    diags
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::MemoryWorld;

    fn messages(world: MemoryWorld, target: Option<&str>) -> Vec<String> {
        let mut session = Session::new(Arc::new(world), "/w");
        let outcome = check(&mut session, &CheckOptions { target: target.map(str::to_owned) });
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

    #[test]
    fn a_single_module_is_evaluated_and_its_resources_are_validated() {
        let text = "open schema R { apiVersion: String, kind: String }\nn = 1\n\
                    a = R { apiVersion = \"v1\", kind = \"ConfigMap\", metadata = { name = \"A\" } }\n";
        let world = MemoryWorld::new().with("/w/main.forge", text);
        let found = ["main.forge:3:61 F0710: `A` is not a valid `ConfigMap` name"];
        assert_eq!(messages(world.clone(), Some("main.forge")), found);
        assert_eq!(messages(world, None), [""; 0]);
        let world = MemoryWorld::new().with("/w/main.forge", format!("input x: Int\n{text}"));
        assert_eq!(messages(world, Some("main.forge")), [""; 0]);
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
