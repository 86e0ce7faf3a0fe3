//! Uses of what is marked `@deprecated`, `@unavailable` or `@internal`.

use forge_base::{Code, Diag, Name, Span};

use super::{Target, Uses};
use crate::decl::{Decls, Def, Marks, ModuleDecls};
use crate::ids::ModuleId;

/// What a use leads to.
struct Marked<'a> {
    name: Name,
    span: Span,
    marks: &'a Marks,
    module: ModuleId,
}

pub(super) fn check(decls: &Decls, module: &ModuleDecls, uses: &Uses, diags: &mut Vec<Diag>) {
    // The standard library's own parts refer to each other whatever the target is.
    if module.source.is_std {
        return;
    }
    for (span, target) in module.uses.targets.iter().chain(&uses.targets) {
        let Some(marked) = marked(decls, *target) else { continue };
        if let Some(advice) = &marked.marks.deprecated {
            diags.push(deprecated(*span, &marked, advice));
        }
        if let Some(versions) = &marked.marks.unavailable {
            diags.push(unavailable(*span, &marked, versions));
        }
        if marked.marks.internal && package(decls, marked.module) != package_of(module) {
            diags.push(internal(decls, *span, &marked));
        }
    }
}

fn marked(decls: &Decls, target: Target) -> Option<Marked<'_>> {
    match target {
        Target::Def(Def::Global(id)) => {
            let decl = decls.global(id);
            Some(Marked { name: decl.name, span: decl.span, marks: &decl.marks, module: id.module })
        }
        Target::Def(Def::Fn(id)) | Target::Method(id) => {
            let decl = decls.function(id);
            Some(Marked { name: decl.name, span: decl.span, marks: &decl.marks, module: id.module })
        }
        Target::Def(Def::Schema(id)) => {
            let decl = decls.schema(id);
            Some(Marked { name: decl.name, span: decl.span, marks: &decl.marks, module: id.module })
        }
        Target::Def(Def::Alias(id)) => {
            let decl = decls.alias(id);
            Some(Marked { name: decl.name, span: decl.span, marks: &decl.marks, module: id.module })
        }
        Target::Field(id, index) => {
            let decl = decls.schema(id).fields.get(index as usize)?;
            Some(Marked { name: decl.name, span: decl.span, marks: &decl.marks, module: decl.owner.module })
        }
        Target::Def(Def::Module(_) | Def::Error) | Target::Local(_) => None,
    }
}

fn package(decls: &Decls, module: ModuleId) -> &'static str {
    package_of(decls.module(module))
}

/// The first step of a module's path names its package.
fn package_of(module: &ModuleDecls) -> &'static str {
    let path = module.source.path.as_str();
    path.split('.').next().unwrap_or(path)
}

fn deprecated(span: Span, marked: &Marked<'_>, advice: &str) -> Diag {
    let diag = Diag::warning(Code::DEPRECATED, format!("`{}` is deprecated", marked.name))
        .at(span, advice)
        .label(marked.span, "declared here")
        .deprecated();
    match replacement(advice) {
        Some(name) => diag.maybe_fix(format!("write `{name}`"), span, name),
        None => diag,
    }
}

fn unavailable(span: Span, marked: &Marked<'_>, versions: &str) -> Diag {
    Diag::error(Code::UNAVAILABLE, format!("the target version has no `{}`", marked.name))
        .at(span, format!("it is there {versions}"))
        .label(marked.span, "declared here")
}

/// The name in advice such as "use x" or "use `x`".
fn replacement(advice: &str) -> Option<&str> {
    let name = advice.strip_prefix("use ")?.trim_matches('`');
    let is_name = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some(name)
}

fn internal(decls: &Decls, span: Span, marked: &Marked<'_>) -> Diag {
    let package = package(decls, marked.module);
    Diag::warning(Code::INTERNAL_USE, format!("`{}` is internal to `{package}`", marked.name))
        .at(span, "it may change or go without notice")
        .label(marked.span, "declared here")
}
