//! Type inference of bodies and expressions, and their elaboration into [`hir`].
//!
//! Checking is bidirectional: [`InferCx::check`] checks an expression against an expected type, [`InferCx::infer`] infers
//! its type. Both report an error once and continue; [`Ty::Error`] then suppresses follow-up errors.

mod block;
pub(crate) mod body;
mod call;
mod coerce;
mod constant;
pub(crate) mod db;
mod duplicate;
mod expr;
mod flow;
mod function;
mod generic;
mod index;
mod list;
mod member;
mod method;
pub(crate) mod module;
mod name;
mod object;
mod operator;
mod pattern;
pub(crate) mod query;
mod record;
mod scope;
mod string;
mod suggest_path;

use std::sync::Arc;

use forge_base::{Diag, Name, Span};
use forge_syntax::ast;

pub(crate) use self::db::{CheckDb, Query, QueryStack};
use self::flow::Narrowing;
use self::scope::{Frame, Local};
use crate::decl::Decls;
use crate::display::Display;
use crate::ids::ModuleId;
use crate::lint::Uses;
use crate::resolve_type::{self, TypeSink};
use crate::ty::{KeyedTy, Ty};

/// The maximum depth of inference within a query; larger than the nesting that the parser allows in one expression.
const MAX_DEPTH: u32 = 3000;
/// The maximum depth of inference over all queries on the stack, limited by the size of the machine stack.
const MAX_WHOLE_DEPTH: u32 = 100_000;
/// How often lambdas of one query are checked again.
const MAX_LAMBDA_RECHECKS: u32 = 10_000;

/// The output of a query besides its code.
#[derive(Default, Debug)]
pub(crate) struct Output {
    /// Errors and warnings.
    pub(crate) diags: Vec<Diag>,
    /// Warnings for modules without errors.
    pub(crate) lints: Vec<Diag>,
    /// Uses of names.
    pub(crate) uses: Uses,
    /// Types of expressions, if facts are collected.
    pub(crate) types: Vec<(Span, Ty)>,
}

/// A state of an [`Output`] to roll back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checkpoint {
    diags: usize,
    lints: usize,
    types: usize,
}

impl Output {
    /// The current state.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint { diags: self.diags.len(), lints: self.lints.len(), types: self.types.len() }
    }

    /// Drops everything after `mark` except uses.
    pub(crate) fn rollback(&mut self, mark: Checkpoint) {
        self.diags.truncate(mark.diags);
        self.lints.truncate(mark.lints);
        self.types.truncate(mark.types);
    }
}

/// Where an expectation comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    /// The declaration or expression that demands the type.
    pub(crate) span: Span,
    /// Why it does.
    pub(crate) kind: OriginKind,
}

/// Why a type is expected, for the label at its origin.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OriginKind {
    /// A field has this type.
    Field(Name),
    /// A parameter has this type.
    Param(Name),
    /// A `let`, global or input is annotated.
    Annotation(Name),
    /// A function's result is annotated.
    Result,
    /// The values of a map, the items of a list or the result of a function have this type.
    Item,
    /// The construct requires this type; the text explains it. For conditions, messages and the like.
    Required(&'static str),
}

/// An expected type and its origin.
#[derive(Clone, Debug)]
pub(crate) struct Expectation<'a> {
    /// The type.
    pub(crate) ty: Ty,
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// The key of the entry, for a literal element of a keyed list.
    pub(crate) keys: Option<EntryKeys<'a>>,
}

impl<'a> Expectation<'a> {
    /// An expectation.
    pub(crate) fn new(ty: Ty, span: Span, kind: OriginKind) -> Expectation<'a> {
        Expectation::with_origin(ty, Origin { span, kind })
    }

    /// An expectation with a known origin.
    pub(crate) fn with_origin(ty: Ty, origin: Origin) -> Expectation<'a> {
        Expectation { ty, origin, keys: None }
    }

    /// The expectation for the items of a value with this expectation.
    pub(crate) fn of_item(&self, ty: Ty) -> Expectation<'a> {
        Expectation { ty, origin: Origin { kind: OriginKind::Item, ..self.origin }, keys: None }
    }
}

/// The key of an element of a keyed list.
#[derive(Clone, Debug)]
pub(crate) struct EntryKeys<'a> {
    /// The key before the element; `None` between brackets, where the element sets its key fields itself.
    pub(crate) segment: Option<&'a ast::PathSegment>,
    /// The list.
    pub(crate) keyed: Arc<KeyedTy>,
}

impl EntryKeys<'_> {
    /// The key fields that the element need not set.
    pub(crate) fn given(&self) -> Vec<Name> {
        if self.segment.is_some() { self.keyed.keys.to_vec() } else { Vec::new() }
    }
}

/// The meaning of `super` in an item.
#[derive(Debug)]
pub(crate) struct SuperItem {
    /// The frame that holds its slot.
    frame: usize,
    /// The slot, if it is used.
    slot: Option<u32>,
    /// Its type.
    ty: Ty,
    /// Whether null means that there is no entry, rather than an unset field that a refinement creates.
    may_be_absent: bool,
}

/// The context of inference in one query.
pub(crate) struct InferCx<'a> {
    pub(crate) db: &'a CheckDb,
    pub(crate) decls: &'a Decls,
    pub(crate) module: ModuleId,
    /// Generic parameters of the enclosing function.
    pub(crate) generics: &'a [Name],
    pub(crate) frames: Vec<Frame<'a>>,
    pub(crate) locals: Vec<Local<'a>>,
    /// The narrowings in scope.
    pub(crate) narrowings: Vec<Narrowing>,
    pub(crate) supers: Vec<SuperItem>,
    /// The current query and its callers.
    pub(crate) stack: QueryStack,
    pub(crate) out: Output,
    /// The types of values, for each enclosing map whose type is being inferred.
    pub(crate) open_values: Vec<Vec<Ty>>,
    /// Always empty: the fields of a frame that is not a record.
    no_fields: Vec<record::RecordField<'a>>,
    /// The span and type of the last chain with `?.`, without the null of a short-circuit.
    chain: Option<(Span, Ty)>,
    depth: u32,
    /// How often lambdas may still be checked again.
    lambda_rechecks: u32,
}

impl<'a> InferCx<'a> {
    /// A context for a query of `module`.
    pub(crate) fn new(db: &'a CheckDb, module: ModuleId, stack: QueryStack) -> InferCx<'a> {
        InferCx {
            db,
            decls: &db.decls,
            module,
            generics: &[],
            frames: Vec::new(),
            locals: Vec::new(),
            narrowings: Vec::new(),
            supers: Vec::new(),
            stack,
            out: Output::default(),
            open_values: Vec::new(),
            no_fields: Vec::new(),
            chain: None,
            depth: 0,
            lambda_rechecks: MAX_LAMBDA_RECHECKS,
        }
    }

    /// Adds a diagnostic, unless there are too many.
    pub(crate) fn report(&mut self, diag: Diag) {
        crate::noise::keep(&mut self.out.diags, diag);
    }

    /// A type in source syntax.
    pub(crate) fn show(&self, ty: &Ty) -> String {
        Display::new(self.decls, ty).to_string()
    }

    /// The type without aliases and refinements at the top.
    pub(crate) fn unfold(&self, ty: &Ty) -> Ty {
        crate::subtype::unfold(self.decls, ty)
    }

    /// Whether a type includes null and is neither `Any` nor an error.
    pub(crate) fn may_be_null(&self, ty: &Ty) -> bool {
        match self.unfold(ty) {
            Ty::Null => true,
            Ty::Union(_) => crate::subtype::is_nullable(self.decls, ty),
            _ => false,
        }
    }

    /// Resolves a type expression in a body.
    pub(crate) fn resolve_ty(&mut self, ty: &ast::TypeExpr) -> Ty {
        let count = body::count_conditions(ty);
        let first = if count == 0 { 0 } else { self.db.reserve_refinements(self.module, count) };
        let mut sink = TypeSink::new(first as usize);
        let ty = resolve_type::resolve(self.decls, self.module, self.generics, ty, &mut sink, &mut self.out.diags);
        let ids: Vec<u32> = (first..first + sink.conditions.len() as u32).collect();
        self.db.add_refinements(self.module, first, sink.conditions);
        self.out.uses.extend(sink.uses);
        for index in ids {
            let id = crate::ids::RefineId { module: self.module, index };
            if let Some(query) = self.db.condition(id, &self.stack, self.depth) {
                self.out.diags.extend(query.out.diags.iter().cloned());
            }
        }
        ty
    }

    /// An inferred type, or an error if it exceeds the size limit: types are compared part by part.
    pub(crate) fn bounded(&mut self, ty: Ty, span: Span) -> Ty {
        if ty.is_bounded() {
            return ty;
        }
        self.report(crate::diagnostics::too_large(span));
        Ty::Error
    }

    /// Whether inference exceeds the depth limit, which is reported.
    fn is_too_deep(&mut self, span: Span) -> bool {
        if self.depth < MAX_DEPTH && self.depth + self.stack.depth() < MAX_WHOLE_DEPTH {
            return false;
        }
        self.report(crate::diagnostics::too_deep(span));
        true
    }
}
