//! Checks that a schema conforms to what it inherits, and that keyed lists and maps have valid keys. Runs when all
//! tables are complete.

use forge_base::{Code, Diag};

use super::signature::{Deferred, OwnSchema};
use crate::decl::{Decls, FieldDecl, FnDecl, Late, SchemaDecl};
use crate::display::show;
use crate::ids::SchemaId;
use crate::par_map::par_map;
use crate::resolve_type::run_deferred_check;
use crate::subtype::{Assignability, assignability};
use crate::ty::Ty;

/// Reports fields and methods that do not conform, and invalid keys.
pub(super) fn check_all(decls: &Decls, deferred: &Deferred, diags: &mut Vec<Diag>) {
    for deferred in &deferred.checks {
        run_deferred_check(decls, deferred, diags);
    }
    let found: Vec<Vec<Diag>> = par_map(&deferred.schemas, |own| check_schema(decls, own));
    diags.extend(found.into_iter().flatten());
}

fn check_schema(decls: &Decls, own: &OwnSchema) -> Vec<Diag> {
    let mut diags = Vec::new();
    let schema = decls.schema(own.id);
    for inherited in &own.fields {
        let field = &schema.fields[schema.by_name[&inherited.name] as usize];
        diags.extend(check_narrowing(decls, schema, field, inherited));
    }
    check_methods(decls, own.id, schema, &mut diags);
    diags
}

fn check_narrowing(decls: &Decls, schema: &SchemaDecl, field: &FieldDecl, inherited: &FieldDecl) -> Option<Diag> {
    if field.late != Late::No && inherited.late == Late::No {
        return Some(late_again(decls, schema, field, inherited));
    }
    if assignability(decls, &field.ty, &inherited.ty) == Assignability::Yes {
        return None;
    }
    let (new, old) = (show(decls, &field.ty), show(decls, &inherited.ty));
    Some(
        Diag::error(Code::WIDENED_FIELD, format!("`{}` of `{}` widens the inherited type", field.name, schema.name))
            .at(field.ty_span, format!("`{new}` allows values that `{old}` does not"))
            .label(inherited.ty_span, format!("`{}` declares `{old}`", decls.schema(inherited.owner).name))
            .help("a child schema can narrow the type of a field but not widen it"),
    )
}

/// A field that is late in a child but always set in the parent.
fn late_again(decls: &Decls, schema: &SchemaDecl, field: &FieldDecl, inherited: &FieldDecl) -> Diag {
    let owner = decls.schema(inherited.owner).name;
    Diag::error(Code::WIDENED_FIELD, format!("`{}` of `{}` is late, but inherited it is not", field.name, schema.name))
        .at(field.span, format!("where a `{owner}` is expected it may be unset"))
        .label(inherited.span, format!("`{owner}` declares that it is always set"))
        .help("write `late` where the field is declared first")
}

fn check_methods(decls: &Decls, id: SchemaId, schema: &SchemaDecl, diags: &mut Vec<Diag>) {
    let parent = schema.parent.map(|parent| decls.schema(parent));
    let mut inherited_open = Vec::new();
    for method in &schema.methods {
        let function = decls.function(method.function);
        let is_own = schema.ancestors[method.layer as usize] == id;
        let overridden =
            parent.and_then(|parent| parent.methods.iter().find(|inherited| inherited.name == method.name));
        if let (true, Some(inherited)) = (is_own, overridden) {
            diags.extend(check_override(decls, schema, function, decls.function(inherited.function)));
        }
        if is_own && let Some(&field) = schema.by_name.get(&method.name) {
            let field = &schema.fields[field as usize];
            // Two declarations in one body have been reported.
            if field.owner != id {
                let ident = forge_syntax::ast::Ident { name: method.name, span: function.span };
                diags.push(super::declare::duplicate_name(ident, field.span));
            }
        }
        if function.is_extern && !schema.is_abstract {
            match is_own {
                true => diags.push(abstract_here(schema, function)),
                false => inherited_open.push(function),
            }
        }
    }
    if !inherited_open.is_empty() {
        diags.push(abstract_inherited(schema, &inherited_open));
    }
}

fn abstract_here(schema: &SchemaDecl, function: &FnDecl) -> Diag {
    Diag::error(
        Code::ABSTRACT_METHOD,
        format!("`{}` has no body, but `{}` is not abstract", function.name, schema.name),
    )
    .at(function.span, "only abstract schemas can have methods without a body")
    .label(schema.span, "this schema can be instantiated")
    .help("give it a body, or write `abstract schema`")
}

fn abstract_inherited(schema: &SchemaDecl, open: &[&FnDecl]) -> Diag {
    let names: Vec<String> = open.iter().map(|function| format!("`{}`", function.name)).collect();
    let headline = format!("`{}` does not implement {}", schema.name, names.join(", "));
    let mut diag =
        Diag::error(Code::ABSTRACT_METHOD, headline).at(schema.span, "inherits abstract methods without a body");
    for function in open {
        diag = diag.label(function.span, format!("`{}` is declared here", function.name));
    }
    diag.help("implement them, or write `abstract schema`")
}

fn check_override(decls: &Decls, schema: &SchemaDecl, own: &FnDecl, inherited: &FnDecl) -> Option<Diag> {
    let (span, why) = signature_mismatch(decls, own, inherited)?;
    Some(
        Diag::error(
            Code::BAD_OVERRIDE,
            format!("`{}` of `{}` is incompatible with the inherited method", own.name, schema.name),
        )
        .at(span, why)
        .label(inherited.span, "the inherited method")
        .help("callers only know the inherited signature"),
    )
}

/// The first reason why a method cannot be called like the inherited one, with its span.
fn signature_mismatch(decls: &Decls, own: &FnDecl, inherited: &FnDecl) -> Option<(forge_base::Span, String)> {
    if own.generics.len() != inherited.generics.len() {
        return Some((own.span, format!("the inherited method has {} generic parameters", inherited.generics.len())));
    }
    for (index, old) in inherited.params.iter().enumerate() {
        let Some(new) = own.params.get(index) else {
            return Some((own.span, format!("the parameter `{}` is missing", old.name)));
        };
        if new.name != old.name {
            return Some((new.span, format!("the parameter is named `{}` in the inherited method", old.name)));
        }
        if assignability(decls, &old.ty, &new.ty) != Assignability::Yes {
            return Some((new.span, format!("callers may pass a `{}`", show(decls, &old.ty))));
        }
        if old.has_default && !new.has_default {
            return Some((new.span, format!("callers may omit `{}`", old.name)));
        }
    }
    if let Some(more) = own.params[inherited.params.len()..].iter().find(|param| !param.has_default) {
        return Some((more.span, format!("callers do not pass `{}`, so it needs a default", more.name)));
    }
    match (&own.ret, &inherited.ret) {
        (Some(new), Some(old)) if !matches!(new, Ty::Error) && assignability(decls, new, old) != Assignability::Yes => {
            Some((own.span, format!("this returns `{}`, but callers expect `{}`", show(decls, new), show(decls, old))))
        }
        _ => None,
    }
}
