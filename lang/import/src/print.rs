//! Prints schemas as a Forge module.

mod types;

use std::collections::BTreeSet;

use forge_base::{FileId, Name};
use forge_syntax::write::{SchemaModifier, SourceBuilder};

use crate::model::{Field, NamedType, Schema, SchemaArena, SchemaId, Validation};
use crate::name::names;
use crate::value;

use types::{SchemaNames, collect_named_types, placeholders, schema_refs};
pub(crate) use types::{named_type_path, type_source};

/// The module with the declarations that all Kubernetes resources share, and its alias.
const META: (&str, &str) = ("std.k8s.meta.v1", "meta");

/// Prints a module. The error is the message of the parser if the source is invalid, which is a bug in this crate.
pub(crate) fn module(doc: &str, arena: &SchemaArena) -> Result<String, String> {
    let order = order(arena);
    let names = names(arena, &order);
    let printer = SchemaPrinter { arena, names: SchemaNames::Known(&names) };
    let used = used_types(arena, &order);
    let mut out = SourceBuilder::new(FileId(0));
    out.module_doc(doc);
    out.blank_line();
    for (path, alias, prefix) in [(META.0, Some(META.1), "meta."), ("std.net", None, "net.")] {
        if used.iter().any(|ty| named_type_path(*ty).starts_with(prefix)) {
            out.import(path, alias.map(Name::new));
        }
    }
    for (name, declaration, doc) in used.into_iter().filter_map(types::declaration) {
        out.blank_line();
        out.doc(doc);
        out.line(|out| out.type_alias(Name::new(name), |out| out.push(declaration)));
    }
    for &id in &order {
        out.blank_line();
        printer.schema(&mut out, &names[id.0], arena.get(id));
    }
    formatted(&out.finish())
}

/// Formats generated source. The error is the message of the parser if the source is invalid.
pub(crate) fn formatted(source: &str) -> Result<String, String> {
    forge_syntax::format(FileId(0), source).map_err(|diags| {
        let line = |diag: &forge_base::Diag| {
            diag.span().map_or("", |span| source[..span.start as usize].lines().last().unwrap_or(""))
        };
        diags.first().map(|diag| format!("{} (after `{}`)", diag.headline, line(diag))).unwrap_or_default()
    })
}

/// Kinds and definitions in their order, each followed by the schemas that it uses.
fn order(arena: &SchemaArena) -> Vec<SchemaId> {
    let mut found = Vec::new();
    let mut seen = vec![false; arena.len()];
    let kinds = arena.iter().filter(|(_, schema)| schema.parent.is_some()).map(|(id, _)| id);
    let definitions = arena.iter().filter(|(_, schema)| !schema.name.is_empty()).map(|(id, _)| id);
    // Schemas that are not reached were used only by a placeholder that was replaced.
    for root in kinds.chain(definitions) {
        visit(arena, root, &mut seen, &mut found);
    }
    found
}

fn visit(arena: &SchemaArena, id: SchemaId, seen: &mut [bool], found: &mut Vec<SchemaId>) {
    if std::mem::replace(&mut seen[id.0], true) {
        return;
    }
    found.push(id);
    let schema = arena.get(id);
    let mut inner = Vec::new();
    schema.types().for_each(|ty| schema_refs(ty, &mut inner));
    schema.checks.iter().for_each(|check| inner.extend(placeholders(&check.cond)));
    for id in inner {
        visit(arena, id, seen, found);
    }
}

/// The named types that a module uses.
fn used_types(arena: &SchemaArena, order: &[SchemaId]) -> BTreeSet<NamedType> {
    let mut used = arena.used.clone();
    for schema in order.iter().map(|id| arena.get(*id)) {
        used.extend(schema.parent);
        schema.types().for_each(|ty| collect_named_types(ty, &mut used));
    }
    used
}

struct SchemaPrinter<'n> {
    arena: &'n SchemaArena,
    names: SchemaNames<'n>,
}

impl SchemaPrinter<'_> {
    fn schema(&self, out: &mut SourceBuilder, name: &str, schema: &Schema) {
        out.doc(&schema.doc);
        annotations(out, schema.deprecated.as_deref(), &schema.validations);
        if let Some(alias) = &schema.alias {
            out.line(|out| out.type_alias(Name::new(name), |out| self.names.write(out, alias)));
            return;
        }
        let modifier = if schema.is_open { SchemaModifier::Open } else { SchemaModifier::None };
        let parent: Vec<Name> =
            schema.parent.iter().flat_map(|ty| named_type_path(*ty).split('.')).map(Name::new).collect();
        out.line(|out| {
            out.schema(modifier, Name::new(name), &parent, |out| {
                schema.fields.iter().for_each(|field| self.field(out, field));
                for check in &schema.checks {
                    out.check(&self.names.fill(&check.cond), &check.message);
                }
            })
        });
    }

    fn field(&self, out: &mut SourceBuilder, field: &Field) {
        out.doc(&field.doc);
        annotations(out, field.deprecated.as_deref(), &field.validations);
        out.line(|out| {
            out.field(&field.name, |out| match field.is_nullable {
                true => self.names.write_optional(out, &field.ty),
                false => self.names.write(out, &field.ty),
            });
            if let Some(default) = &field.default {
                out.value(|out| out.push(&value::typed_expr(&default.0, &field.ty, self.arena)));
            }
        });
    }
}

fn annotations(out: &mut SourceBuilder, deprecated: Option<&str>, validations: &[Validation]) {
    if let Some(advice) = deprecated {
        out.annotation("deprecated", &[advice]);
    }
    for validation in validations {
        out.annotation("validation", &[&validation.rule, &validation.message]);
    }
}
