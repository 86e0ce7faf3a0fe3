//! Inherited fields and methods of schemas. Parents are processed first, so each schema's table is its parent's plus its own.

use std::sync::Arc;

use forge_base::{Code, Diag};
use rustc_hash::{FxHashMap, FxHashSet};

use super::signature::OwnSchema;
use crate::decl::{Decls, FieldDecl, MethodDecl, SchemaDecl};
use crate::ids::{FnId, SchemaId};
use crate::ty::Ty;

/// The maximum number of ancestors of a schema.
const MAX_ANCESTORS: usize = 500;

/// Fills the tables of all schemas.
pub(super) fn inherit_all(decls: &mut Decls, schemas: &mut [OwnSchema], diags: &mut Vec<Diag>) {
    let indices: FxHashMap<SchemaId, usize> = schemas.iter().enumerate().map(|(at, schema)| (schema.id, at)).collect();
    let methods = own_methods(decls);
    let mut done: FxHashSet<SchemaId> = FxHashSet::default();
    for at in 0..schemas.len() {
        // The chain of ancestors that are not done yet, the schema itself first. Cycles have been cut.
        let mut chain = vec![at];
        while let Some((parent, _)) = schemas[chain[chain.len() - 1]].parent
            && !done.contains(&parent)
            && let Some(&index) = indices.get(&parent)
        {
            chain.push(index);
        }
        for index in chain.into_iter().rev() {
            let own = &mut schemas[index];
            if done.insert(own.id) {
                diags.extend(limit_ancestors(decls, own));
                inherit(decls, own, methods.get(&own.id).map_or(&[], Vec::as_slice));
            }
        }
    }
}

/// Cuts a chain of ancestors that is too long.
fn limit_ancestors(decls: &Decls, own: &mut OwnSchema) -> Option<Diag> {
    let (_, span) = own.parent.take_if(|(parent, _)| decls.schema(*parent).ancestors.len() >= MAX_ANCESTORS)?;
    let headline = format!("`{}` has more than {MAX_ANCESTORS} ancestors", decls.schema(own.id).name);
    Some(Diag::error(Code::TOO_DEEP, headline).at(span, "this chain of `extends` is too long"))
}

fn own_methods(decls: &Decls) -> FxHashMap<SchemaId, Vec<FnId>> {
    let mut methods: FxHashMap<SchemaId, Vec<FnId>> = FxHashMap::default();
    for module in decls.modules.iter().flatten() {
        for (index, function) in module.fns.iter().enumerate() {
            if let Some(schema) = function.schema {
                methods.entry(schema).or_default().push(FnId { module: module.source.id, index: index as u32 });
            }
        }
    }
    methods
}

fn inherit(decls: &mut Decls, own: &mut OwnSchema, own_methods: &[FnId]) {
    let mut table = SchemaTable::default();
    if let Some((parent, _)) = own.parent {
        table = SchemaTable::of(decls.schema(parent));
    }
    table.ancestors.push(own.id);
    for field in std::mem::take(&mut own.fields) {
        if let Some(narrowed) = table.field(field) {
            own.fields.push(narrowed);
        }
    }
    table.methods(decls, own_methods);
    let Some(module) = &mut decls.modules[own.id.module.0 as usize] else { return };
    let schema = Arc::make_mut(&mut module.schemas[own.id.index as usize]);
    schema.parent = own.parent.map(|(parent, _)| parent);
    schema.is_open |= table.is_open;
    schema.is_incomplete |= table.is_incomplete || own.has_unknown_parent;
    schema.ancestors = table.ancestors;
    schema.fields = table.fields;
    schema.by_name = table.by_name;
    schema.methods = table.methods;
}

#[derive(Default)]
struct SchemaTable {
    is_open: bool,
    is_incomplete: bool,
    ancestors: Vec<SchemaId>,
    fields: Vec<FieldDecl>,
    by_name: FxHashMap<forge_base::Name, u32>,
    methods: Vec<MethodDecl>,
}

impl SchemaTable {
    fn of(parent: &SchemaDecl) -> SchemaTable {
        SchemaTable {
            is_open: parent.is_open,
            is_incomplete: parent.is_incomplete,
            ancestors: parent.ancestors.clone(),
            fields: parent.fields.clone(),
            by_name: parent.by_name.clone(),
            methods: parent.methods.clone(),
        }
    }

    /// Adds a field, or replaces the inherited one, which is returned to be compared later.
    fn field(&mut self, mut field: FieldDecl) -> Option<FieldDecl> {
        let Some(&at) = self.by_name.get(&field.name) else {
            self.by_name.insert(field.name, self.fields.len() as u32);
            self.fields.push(field);
            return None;
        };
        let inherited = &mut self.fields[at as usize];
        field.is_narrowed = inherited.is_narrowed || (field.ty != inherited.ty && field.ty != Ty::Error);
        Some(std::mem::replace(inherited, field))
    }

    fn methods(&mut self, decls: &mut Decls, own: &[FnId]) {
        let layer = self.ancestors.len() as u32 - 1;
        for &id in own {
            let function = decls.function(id);
            let own = MethodDecl { name: function.name, function: id, layer, is_abstract: function.is_extern };
            match self.methods.iter_mut().find(|inherited| inherited.name == own.name) {
                Some(method) => {
                    let ret = decls.function(method.function).ret.clone();
                    *method = own;
                    take_result(decls, id, ret);
                }
                None => self.methods.push(own),
            }
        }
    }
}

/// A method without a return type takes that of the method it overrides.
fn take_result(decls: &mut Decls, id: FnId, inherited: Option<Ty>) {
    if let Some(module) = &mut decls.modules[id.module.0 as usize] {
        let function = &mut module.fns[id.index as usize];
        if function.ret.is_none() {
            function.ret = inherited;
        }
    }
}
