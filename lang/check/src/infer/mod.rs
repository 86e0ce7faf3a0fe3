//! Types of bodies and expressions, and what they become in [`hir`].
//!
//! Checking is bidirectional: [`InferCx::check`] reads an expression against a type that is expected of it, [`InferCx::infer`] finds
//! its type. Both report what is wrong once and go on; [`Ty::Error`] then keeps quiet about everything that follows.

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

/// How deep inference goes before it asks for annotations; far beyond what the parser lets one expression be.
const MAX_DEPTH: u32 = 3000;
/// The same for the queries that wait for one another, all together: what the stack holds.
const MAX_WHOLE_DEPTH: u32 = 100_000;
/// How often the lambdas of one query are looked at again.
const MAX_LAMBDA_RECHECKS: u32 = 10_000;

/// What a query leaves beside its code.
#[derive(Default, Debug)]
pub(crate) struct Output {
    /// Errors and warnings.
    pub(crate) diags: Vec<Diag>,
    /// Warnings for modules without errors.
    pub(crate) lints: Vec<Diag>,
    /// References.
    pub(crate) uses: Uses,
    /// Types of expressions, if they are wanted.
    pub(crate) types: Vec<(Span, Ty)>,
}

/// How much an [`Output`] held at some moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checkpoint {
    diags: usize,
    lints: usize,
    types: usize,
}

impl Output {
    /// The present amount.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint { diags: self.diags.len(), lints: self.lints.len(), types: self.types.len() }
    }

    /// Forgets what came after `mark`, uses excepted.
    pub(crate) fn rollback(&mut self, mark: Checkpoint) {
        self.diags.truncate(mark.diags);
        self.lints.truncate(mark.lints);
        self.types.truncate(mark.types);
    }
}

/// Where a type is expected from: the span that demands it, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    /// The declaration or expression that demands the type.
    pub(crate) span: Span,
    /// Why it does.
    pub(crate) kind: OriginKind,
}

/// Why a type is expected, for the label at the place that demands it.
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
    /// A map's values, a list's items, a function's result.
    Item,
    /// The place is always of this type: conditions, messages.
    Required(&'static str),
}

/// An expected type and where the expectation comes from.
#[derive(Clone, Debug)]
pub(crate) struct Expectation<'a> {
    /// The type.
    pub(crate) ty: Ty,
    /// Where it is demanded.
    pub(crate) origin: Origin,
    /// The key fields that a literal element of a keyed list takes from its entry.
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

    /// What is expected of the items of what is expected.
    pub(crate) fn of_item(&self, ty: Ty) -> Expectation<'a> {
        Expectation { ty, origin: Origin { kind: OriginKind::Item, ..self.origin }, keys: None }
    }
}

/// What is known of the key of an element of a keyed list.
#[derive(Clone, Debug)]
pub(crate) struct EntryKeys<'a> {
    /// The key as written before the element; none between brackets, where the element says it itself.
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

/// What `super` means in an item.
#[derive(Debug)]
pub(crate) struct SuperItem {
    /// The frame that holds its slot.
    frame: usize,
    /// The slot, once it is used.
    slot: Option<u32>,
    /// Its type.
    ty: Ty,
    /// Whether null means that nothing is there, rather than an unset field that a refinement builds.
    may_be_absent: bool,
}

/// The checker of one query.
pub(crate) struct InferCx<'a> {
    pub(crate) db: &'a CheckDb,
    pub(crate) decls: &'a Decls,
    pub(crate) module: ModuleId,
    /// Generic parameters of the function around.
    pub(crate) generics: &'a [Name],
    pub(crate) frames: Vec<Frame<'a>>,
    pub(crate) locals: Vec<Local<'a>>,
    /// What tests have shown about places.
    pub(crate) narrowings: Vec<Narrowing>,
    pub(crate) supers: Vec<SuperItem>,
    /// The queries that wait for this one, and this one.
    pub(crate) stack: QueryStack,
    pub(crate) out: Output,
    /// The types of the values of maps whose type is being found.
    pub(crate) open_values: Vec<Vec<Ty>>,
    /// Stands for the fields of what is no record.
    no_fields: Vec<record::RecordField<'a>>,
    /// The type of the last chain with `?.`, without the null that stands for its being cut.
    chain: Option<(Span, Ty)>,
    depth: u32,
    /// How often lambdas may still be looked at again.
    lambda_rechecks: u32,
}

impl<'a> InferCx<'a> {
    /// A checker for a query of `module`.
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

    /// Adds a message, unless there are more than anybody reads.
    pub(crate) fn report(&mut self, diag: Diag) {
        crate::noise::keep(&mut self.out.diags, diag);
    }

    /// A type as users write it.
    pub(crate) fn show(&self, ty: &Ty) -> String {
        Display::new(self.decls, ty).to_string()
    }

    /// The type behind names and conditions.
    pub(crate) fn unfold(&self, ty: &Ty) -> Ty {
        crate::subtype::unfold(self.decls, ty)
    }

    /// Whether null is among the values of a type that is neither `Any` nor unknown.
    pub(crate) fn may_be_null(&self, ty: &Ty) -> bool {
        match self.unfold(ty) {
            Ty::Null => true,
            Ty::Union(_) => crate::subtype::is_nullable(self.decls, ty),
            _ => false,
        }
    }

    /// A type as it is written in a body.
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

    /// An inferred type, unless it has grown beyond all measure: types are compared part by part.
    pub(crate) fn bounded(&mut self, ty: Ty, span: Span) -> Ty {
        if ty.is_bounded() {
            return ty;
        }
        self.report(crate::diagnostics::too_large(span));
        Ty::Error
    }

    /// Whether inference has gone too deep; then an annotation is asked for.
    fn is_too_deep(&mut self, span: Span) -> bool {
        if self.depth < MAX_DEPTH && self.depth + self.stack.depth() < MAX_WHOLE_DEPTH {
            return false;
        }
        self.report(crate::diagnostics::too_deep(span));
        true
    }
}
