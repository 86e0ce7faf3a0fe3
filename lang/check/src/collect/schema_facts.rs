//! Facts about schemas and their fields that follow from their types, for the evaluator and the build.

use std::sync::Arc;

use forge_base::Name;

use super::each_module;
use crate::decl::{Decls, FieldDecl, Late, SchemaDecl, SchemaRole};
use crate::ids::SchemaId;
use crate::shape::Shape;
use crate::subtype::{fresh_shape, head, is_nullable};
use crate::ty::Ty;

/// How deep types are searched for conditions.
const MAX_DEPTH: u32 = 32;

/// The facts about one field.
struct FieldFacts {
    nullable: bool,
    fresh: Option<Shape>,
    verify: bool,
    late: Late,
}

/// Fills in the roles of schemas, and the facts about their fields.
pub(super) fn find_facts(decls: &mut Decls) {
    let found = each_module(decls, |module| {
        let facts = |schema: &Arc<SchemaDecl>| {
            let fields: Vec<FieldFacts> = schema.fields.iter().map(|field| facts_of(decls, field)).collect();
            (role_of(decls, schema), fields)
        };
        module.schemas.iter().map(facts).collect::<Vec<_>>()
    });
    for (id, schemas) in found {
        let Some(module) = &mut decls.modules[id.0 as usize] else { continue };
        for (schema, (role, facts)) in module.schemas.iter_mut().zip(schemas) {
            let schema = Arc::make_mut(schema);
            schema.role = role;
            for (field, facts) in schema.fields.iter_mut().zip(facts) {
                field.nullable = facts.nullable;
                field.fresh = facts.fresh;
                field.verify = facts.verify;
                field.late = facts.late;
            }
        }
    }
}

fn role_of(decls: &Decls, schema: &SchemaDecl) -> SchemaRole {
    let has = |name: &str| schema.by_name.contains_key(&Name::new(name));
    if has("apiVersion") && has("kind") {
        return SchemaRole::Resource;
    }
    let output = |id: &&SchemaId| decls.module(id.module).source.path.as_str() == "std.output";
    let mut roles = schema.ancestors.iter().filter(output).map(|id| match decls.schema(*id).name.as_str() {
        "Tree" => SchemaRole::FileTree,
        "File" => SchemaRole::File,
        _ => SchemaRole::Plain,
    });
    roles.next_back().unwrap_or(SchemaRole::Plain)
}

fn facts_of(decls: &Decls, field: &FieldDecl) -> FieldFacts {
    FieldFacts {
        nullable: is_nullable(decls, &field.ty),
        fresh: fresh_shape(decls, &field.ty),
        verify: field.is_narrowed || has_whole_condition(decls, &field.ty, 0),
        late: match field.late {
            Late::No => Late::No,
            _ if holds_object(decls, &field.ty, 0) => Late::Reference,
            _ => Late::Data,
        },
    }
}

/// Whether a test holds for a member of a union, the type of a collection's items, or that of a record's field.
fn any_part(ty: &Ty, test: impl Fn(&Ty) -> bool) -> bool {
    match ty {
        Ty::Union(members) => members.iter().any(test),
        Ty::List(item) => test(item),
        Ty::Keyed(keyed) => test(&keyed.item),
        Ty::Map(pair) => test(&pair.1),
        Ty::Record(fields) => fields.iter().any(|(_, ty)| test(ty)),
        _ => false,
    }
}

/// Whether a type has an instance of a schema in it.
fn holds_object(decls: &Decls, ty: &Ty, depth: u32) -> bool {
    let inner = |ty: &Ty| depth < MAX_DEPTH && holds_object(decls, ty, depth + 1);
    match ty {
        Ty::Schema(_) | Ty::Any => true,
        Ty::Alias(id) => inner(&decls.alias(*id).ty),
        Ty::Refined(refined) => inner(&refined.base),
        _ => any_part(ty, inner),
    }
}

/// Whether a type has a condition on a value that refinements change in parts.
fn has_whole_condition(decls: &Decls, ty: &Ty, depth: u32) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let inner = |ty: &Ty| has_whole_condition(decls, ty, depth + 1);
    match ty {
        Ty::Alias(id) => inner(&decls.alias(*id).ty),
        Ty::Refined(refined) => {
            let is_whole = matches!(
                head(decls, &refined.base),
                Ty::List(_) | Ty::Keyed(_) | Ty::Map(_) | Ty::Record(_) | Ty::Schema(_) | Ty::Any | Ty::Union(_)
            );
            is_whole || inner(&refined.base)
        }
        _ => any_part(ty, inner),
    }
}
