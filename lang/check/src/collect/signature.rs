//! Resolves the type expressions of declarations, module by module.

use forge_base::{Code, Diag, Name, Span};
use forge_syntax::ast::{self, Ident, ItemKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

use super::each_module;
use crate::annotations::read_annotations;
use crate::decl::{Decls, FieldDecl, FnDecl, GenericDecl, Late, ModuleDecls, ParamDecl};
use crate::ids::{AliasId, RefineScope, SchemaId};
use crate::resolve_type::{DeferredCheck, TypeSink, resolve_alias, resolve_early};
use crate::ty::Ty;

/// The maximum number of names that a schema has one after the other; more are a cycle, which is reported.
const MAX_ALIASES: usize = 100;

/// Intermediate results for later steps that are not part of [`Decls`].
#[derive(Default)]
pub(super) struct Deferred {
    /// The part of each schema that is not inherited.
    pub(super) schemas: Vec<OwnSchema>,
    /// Deferred checks of types.
    pub(super) checks: Vec<DeferredCheck>,
}

/// The part of a schema that it declares itself.
pub(super) struct OwnSchema {
    /// The schema.
    pub(super) id: SchemaId,
    /// Its parent and the span that names it.
    pub(super) parent: Option<(SchemaId, Span)>,
    /// Whether it names a parent of which nothing is known.
    pub(super) has_unknown_parent: bool,
    /// Its own fields.
    pub(super) fields: Vec<FieldDecl>,
}

/// The resolved types of a function.
#[derive(Default)]
struct FnSignature {
    generics: Vec<GenericDecl>,
    params: Vec<ParamDecl>,
    ret: Option<Ty>,
}

struct ModuleSignatures {
    aliases: Vec<Ty>,
    globals: Vec<Option<Ty>>,
    fns: Vec<FnSignature>,
    schemas: Vec<OwnSchema>,
    sink: TypeSink,
    diags: Vec<Diag>,
}

/// Resolves all types of all declarations.
pub(super) fn resolve_all(decls: &mut Decls, diags: &mut Vec<Diag>) -> Deferred {
    let resolved = each_module(decls, |module| resolve_module(decls, module));
    let mut deferred = Deferred::default();
    for (id, mut signatures) in resolved {
        diags.append(&mut signatures.diags);
        deferred.schemas.append(&mut signatures.schemas);
        deferred.checks.append(&mut signatures.sink.deferred);
        let Some(module) = &mut decls.modules[id.0 as usize] else { continue };
        module.aliases.iter_mut().zip(signatures.aliases).for_each(|(alias, ty)| Arc::make_mut(alias).ty = ty);
        module.globals.iter_mut().zip(signatures.globals).for_each(|(global, ty)| Arc::make_mut(global).ty = ty);
        for (function, signature) in module.fns.iter_mut().zip(signatures.fns) {
            function.generics = signature.generics;
            function.params = signature.params;
            function.ret = signature.ret;
        }
        module.refinements = signatures.sink.conditions;
        module.uses = signatures.sink.uses;
    }
    deferred
}

fn resolve_module(decls: &Decls, module: &ModuleDecls) -> ModuleSignatures {
    let mut cx =
        SignatureResolver { decls, module, sink: TypeSink::new(RefineScope::Declarations, 0), diags: Vec::new() };
    let aliases = module.aliases.iter().map(|alias| cx.alias(alias.name, alias.item)).collect();
    let globals = module.globals.iter().map(|global| cx.global(global.item)).collect();
    let schemas = (0..module.schemas.len()).map(|index| cx.schema(index)).collect();
    let fns = module.fns.iter().map(|function| cx.function(function)).collect();
    ModuleSignatures { aliases, globals, fns, schemas, sink: cx.sink, diags: cx.diags }
}

struct SignatureResolver<'a> {
    decls: &'a Decls,
    module: &'a ModuleDecls,
    sink: TypeSink,
    diags: Vec<Diag>,
}

impl<'a> SignatureResolver<'a> {
    fn kind(&self, item: usize) -> &'a ItemKind {
        &self.module.source.ast.items[item].kind
    }

    fn resolve(&mut self, generics: &[GenericDecl], ty: &ast::TypeExpr) -> Ty {
        resolve_early(self.decls, self.module.source.id, generics, ty, &mut self.sink, &mut self.diags)
    }

    fn alias(&mut self, name: Name, item: usize) -> Ty {
        match self.kind(item) {
            ItemKind::Type(decl) => {
                resolve_alias(self.decls, self.module.source.id, name, &decl.ty, &mut self.sink, &mut self.diags)
            }
            _ => Ty::Error,
        }
    }

    fn global(&mut self, item: usize) -> Option<Ty> {
        let ty = match self.kind(item) {
            ItemKind::Let(decl) => decl.ty.as_ref()?,
            ItemKind::Input(decl) => &decl.ty,
            ItemKind::Declare(decl) => &decl.ty,
            _ => return None,
        };
        Some(self.resolve(&[], ty))
    }

    fn function(&mut self, function: &FnDecl) -> FnSignature {
        let kind = match (self.kind(function.item.0), function.item.1) {
            (ItemKind::Schema(schema), Some(index)) => &schema.body.items[index].kind,
            (kind, _) => kind,
        };
        let ItemKind::Fn(decl) = kind else { return FnSignature::default() };
        let generics = self.generics(decl);
        let mut seen = FxHashMap::default();
        let params = decl.params.iter().map(|param| self.param(&generics, &mut seen, param)).collect();
        let ret = decl.ret.as_ref().map(|ty| self.resolve(&generics, ty));
        if ret.is_none() && decl.body.is_none() {
            // Outside of schemas the missing body is reported instead.
            if function.schema.is_some() {
                self.diags.push(
                    Diag::error(Code::MISSING_VALUE, format!("`{}` has no return type", function.name))
                        .at(function.span, "a function without a body needs a return type: `fn f(): Int`"),
                );
            }
            return FnSignature { generics, params, ret: Some(Ty::Error) };
        }
        FnSignature { generics, params, ret }
    }

    fn param(&mut self, generics: &[GenericDecl], seen: &mut FxHashMap<Name, Span>, param: &ast::Param) -> ParamDecl {
        let first = *seen.entry(param.name.name).or_insert(param.name.span);
        if first != param.name.span {
            self.diags.push(super::declare::duplicate_name(param.name, first));
        }
        let ty = match &param.ty {
            Some(ty) => self.resolve(generics, ty),
            None => {
                self.diags.push(
                    Diag::error(Code::MISSING_VALUE, format!("parameter `{}` has no type", param.name.name))
                        .at(param.name.span, format!("write `{}: Type`", param.name.name)),
                );
                Ty::Error
            }
        };
        let span = param.ty.as_ref().map_or(param.span, |ty| ty.span);
        ParamDecl { name: param.name.name, ty, span, has_default: param.default.is_some() }
    }

    /// The generic parameters with their bounds, which may not use them.
    fn generics(&mut self, decl: &ast::FnDecl) -> Vec<GenericDecl> {
        let mut seen = FxHashMap::default();
        let mut generics = Vec::with_capacity(decl.generics.len());
        for ast::GenericParam { name, bound } in &decl.generics {
            let first = *seen.entry(name.name).or_insert(name.span);
            if first != name.span {
                self.diags.push(super::declare::duplicate_name(*name, first));
            }
            let bound = bound.as_ref().map(|bound| Arc::new(self.resolve(&[], bound)));
            generics.push(GenericDecl { name: name.name, bound });
        }
        generics
    }

    fn schema(&mut self, index: usize) -> OwnSchema {
        let id = SchemaId { module: self.module.source.id, index: index as u32 };
        let ItemKind::Schema(decl) = self.kind(self.module.schemas[index].item) else {
            return OwnSchema { id, parent: None, has_unknown_parent: false, fields: Vec::new() };
        };
        let parent = decl.parent.as_deref().and_then(|path| self.parent(path));
        let mut fields: Vec<FieldDecl> = Vec::new();
        let mut seen: FxHashSet<Name> = FxHashSet::default();
        for item in &decl.body.items {
            // Other items are checked with the body.
            let ItemKind::Declare(field) = &item.kind else { continue };
            let declared = self.field(id, item, field);
            // A second declaration has been reported.
            if !field.name.name.as_str().is_empty() && seen.insert(declared.name) {
                fields.push(declared);
            }
        }
        OwnSchema { id, parent, has_unknown_parent: decl.parent.is_some() && parent.is_none(), fields }
    }

    fn field(&mut self, owner: SchemaId, item: &ast::Item, field: &ast::FieldDecl) -> FieldDecl {
        let annotations = read_annotations(&item.annotations, &mut self.diags);
        if let (Some(late), Some(value)) = (field.late, &field.value) {
            self.diags.push(
                Diag::error(Code::SYNTAX, format!("`{}` is late and has a default", field.name.name))
                    .at(value.span, "a default would set it at once")
                    .label(late, "a late field is set by a refinement")
                    .help("remove `late` or the default"),
            );
        }
        FieldDecl {
            name: field.name.name,
            span: field.name.span,
            ty_span: field.ty.span,
            ty: self.resolve(&[], &field.ty),
            owner,
            is_narrowed: false,
            nullable: false,
            late: if field.late.is_some() { Late::Data } else { Late::No },
            fresh: None,
            verify: false,
            annotations,
        }
    }

    /// The schema that a type is another name of. Types are not resolved yet, so the path is followed in the source.
    fn aliased_schema(&self, mut id: AliasId) -> Option<SchemaId> {
        for _ in 0..MAX_ALIASES {
            let alias = self.decls.alias(id);
            let ItemKind::Type(decl) = &self.decls.ast(id.module).items.get(alias.item)?.kind else { return None };
            let ast::TypeKind::Name(_) = &decl.ty.kind else { return None };
            let mut sink = TypeSink::new(RefineScope::Declarations, 0);
            match resolve_early(self.decls, id.module, &[], &decl.ty, &mut sink, &mut Vec::new()) {
                Ty::Schema(schema) => return Some(schema),
                Ty::Alias(next) => id = next,
                _ => return None,
            }
        }
        None
    }

    fn parent(&mut self, path: &[Ident]) -> Option<(SchemaId, Span)> {
        let (first, last) = (path.first()?, path.last()?);
        if last.name.as_str().is_empty() {
            return None;
        }
        let ty = ast::TypeExpr { kind: ast::TypeKind::Name(path.to_vec()), span: first.span.to(last.span) };
        match self.resolve(&[], &ty) {
            Ty::Schema(id) => Some((id, ty.span)),
            Ty::Error => None,
            Ty::Alias(id) if let Some(schema) = self.aliased_schema(id) => Some((schema, ty.span)),
            _ => {
                self.diags.push(
                    Diag::error(Code::NOT_A_TYPE, format!("`{}` is not a schema", last.name))
                        .at(ty.span, "only schemas can be extended"),
                );
                None
            }
        }
    }
}
