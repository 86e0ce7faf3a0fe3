//! Uses of what is annotated `@deprecated`, `@unavailable` or `@internal`.

use forge_base::{Code, Diag, Name, Span};

use crate::annotations::Annotations;
use crate::decl::{Decls, ModuleDecls};
use crate::ids::{Def, ModuleId};
use crate::reference::{Target, Uses};

/// A declaration with annotations.
struct AnnotatedDecl<'a> {
    name: Name,
    span: Span,
    annotations: &'a Annotations,
    module: ModuleId,
}

pub(super) fn check(decls: &Decls, module: &ModuleDecls, uses: &Uses, diags: &mut Vec<Diag>) {
    // Uses inside the standard library do not depend on the target version.
    if module.source.is_std() {
        return;
    }
    for (span, target) in module.uses.targets.iter().chain(&uses.targets) {
        let Some(annotated) = annotated(decls, *target) else { continue };
        if let Some(advice) = &annotated.annotations.deprecated {
            diags.push(deprecated(*span, &annotated, advice));
        }
        if let Some(versions) = &annotated.annotations.unavailable {
            diags.push(unavailable(*span, &annotated, versions));
        }
        if annotated.annotations.internal && package(decls, annotated.module) != package_of(module) {
            diags.push(internal(decls, *span, &annotated));
        }
    }
}

fn annotated(decls: &Decls, target: Target) -> Option<AnnotatedDecl<'_>> {
    match target {
        Target::Def(Def::Global(id)) => {
            let decl = decls.global(id);
            Some(AnnotatedDecl { name: decl.name, span: decl.span, annotations: &decl.annotations, module: id.module })
        }
        Target::Def(Def::Fn(id)) | Target::Method(id) | Target::SuperMethod(id) => {
            let decl = decls.function(id);
            Some(AnnotatedDecl { name: decl.name, span: decl.span, annotations: &decl.annotations, module: id.module })
        }
        Target::Def(Def::Schema(id)) => {
            let decl = decls.schema(id);
            Some(AnnotatedDecl { name: decl.name, span: decl.span, annotations: &decl.annotations, module: id.module })
        }
        Target::Def(Def::Alias(id)) => {
            let decl = decls.alias(id);
            Some(AnnotatedDecl { name: decl.name, span: decl.span, annotations: &decl.annotations, module: id.module })
        }
        Target::Field(id, index) => {
            let decl = decls.schema(id).fields.get(index as usize)?;
            Some(AnnotatedDecl {
                name: decl.name,
                span: decl.span,
                annotations: &decl.annotations,
                module: decl.owner.module,
            })
        }
        Target::Def(Def::Module(_) | Def::Error) | Target::Local(_) => None,
    }
}

fn package(decls: &Decls, module: ModuleId) -> &'static str {
    package_of(decls.module(module))
}

/// The first segment of a module's path names its package.
fn package_of(module: &ModuleDecls) -> &'static str {
    let path = module.source.path.as_str();
    path.split('.').next().unwrap_or(path)
}

fn deprecated(span: Span, annotated: &AnnotatedDecl<'_>, advice: &str) -> Diag {
    let diag = Diag::warning(Code::DEPRECATED, format!("`{}` is deprecated", annotated.name))
        .at(span, advice)
        .label(annotated.span, "declared here")
        .deprecated();
    match replacement(advice) {
        Some(name) => diag.maybe_fix(format!("write `{name}`"), span, name),
        None => diag,
    }
}

fn unavailable(span: Span, annotated: &AnnotatedDecl<'_>, versions: &str) -> Diag {
    Diag::error(Code::UNAVAILABLE, format!("the target version has no `{}`", annotated.name))
        .at(span, format!("available {versions}"))
        .label(annotated.span, "declared here")
}

/// The name in advice such as "use x" or "use `x`".
fn replacement(advice: &str) -> Option<&str> {
    let name = advice.strip_prefix("use ")?.trim_matches('`');
    let is_name = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some(name)
}

fn internal(decls: &Decls, span: Span, annotated: &AnnotatedDecl<'_>) -> Diag {
    let package = package(decls, annotated.module);
    Diag::warning(Code::INTERNAL_USE, format!("`{}` is internal to `{package}`", annotated.name))
        .at(span, "it may change or disappear without notice")
        .label(annotated.span, "declared here")
}
