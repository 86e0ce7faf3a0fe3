//! The context of inference and its data: expectations, frames, locals, records under construction.

use std::sync::Arc;

use forge_base::{Diag, Name, Span, stack};
use forge_syntax::ast::{self, PathSegment};

use super::access_path::Narrowing;
use super::db::{CheckDb, QueryStack};
use super::output::Output;
use crate::decl::{Decls, GenericDecl, RefineDecl};
use crate::display::Display;
use crate::hir::{self, BodyItem};
use crate::ids::{ModuleId, RefineId, SchemaId};
use crate::resolve_type::{self, TypeSink};
use crate::ty::{KeyedTy, Ty};

/// The maximum depth of inference within a query; larger than the nesting that the parser allows in one expression.
const MAX_DEPTH: u32 = 3000;
/// The maximum depth of inference over all queries on the stack, on a full [`stack`].
const MAX_WHOLE_DEPTH: u32 = 100_000;
/// How often lambdas of one query are checked again.
const MAX_LAMBDA_RECHECKS: u32 = 10_000;

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
    pub(super) frame: usize,
    /// The slot, if it is used.
    pub(super) slot: Option<u32>,
    /// Its type.
    pub(super) ty: Ty,
    /// Whether null means that there is no entry, rather than an unset field that a refinement creates.
    pub(super) may_be_absent: bool,
}

/// The context of inference in one query.
pub(crate) struct InferCx<'a> {
    pub(crate) db: &'a CheckDb,
    pub(crate) decls: &'a Decls,
    pub(crate) module: ModuleId,
    /// Generic parameters of the enclosing function.
    pub(crate) generics: &'a [GenericDecl],
    pub(crate) frames: Vec<Frame<'a>>,
    pub(crate) locals: Vec<Local<'a>>,
    /// The narrowings in scope.
    pub(crate) narrowings: Vec<Narrowing>,
    pub(crate) supers: Vec<SuperItem>,
    /// The current query and its callers.
    pub(crate) stack: QueryStack,
    pub(crate) out: Output,
    /// The types of values, for each enclosing map whose type is being inferred.
    pub(crate) map_value_types: Vec<Vec<Ty>>,
    /// Always empty: the fields of a frame that is not a record.
    pub(super) no_fields: Vec<RecordField<'a>>,
    /// The span and type of the last chain with `?.`, without the null of a short-circuit.
    pub(super) chain: Option<(Span, Ty)>,
    pub(super) depth: u32,
    /// How often lambdas may still be checked again.
    pub(super) lambda_rechecks: u32,
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
            map_value_types: Vec::new(),
            no_fields: Vec::new(),
            chain: None,
            depth: 0,
            lambda_rechecks: MAX_LAMBDA_RECHECKS,
        }
    }

    /// Adds a diagnostic, unless there are too many.
    pub(crate) fn report(&mut self, diag: Diag) {
        crate::limit::keep(&mut self.out.diags, diag);
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
        let (scope, first) = self.stack.next_refinement();
        let mut sink = TypeSink::new(scope, first);
        let ty = resolve_type::resolve(self.decls, self.module, self.generics, ty, &mut sink, &mut self.out.diags);
        self.stack.skip_refinements(sink.conditions.len() as u32);
        self.out.uses.extend(sink.uses);
        let ids = (first..).map(|index| RefineId { module: self.module, scope, index });
        let refinements: Vec<(RefineId, RefineDecl)> = ids.zip(sink.conditions).collect();
        for (id, decl) in &refinements {
            self.db.add_refinement(*id, decl.clone());
        }
        for (id, _) in refinements {
            if let Some(result) = self.db.condition(id, &self.stack, self.depth) {
                self.out.diags.extend(result.out.diags.iter().cloned());
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
    pub(super) fn is_too_deep(&mut self, span: Span) -> bool {
        if self.depth < MAX_DEPTH && self.depth + self.stack.depth() < stack::depth_limit(MAX_WHOLE_DEPTH) {
            return false;
        }
        self.report(crate::diagnostics::too_deep(span));
        true
    }
}

/// The construct that a frame belongs to.
#[derive(Debug)]
pub(crate) enum FrameKind<'a> {
    /// A global, test or condition.
    Root,
    /// A function, method or lambda.
    Call,
    /// One iteration of a `for`.
    Iteration,
    /// A body.
    Body(This<'a>),
}

/// What a body builds: the meaning of `self` in it.
#[derive(Debug)]
pub(crate) enum This<'a> {
    /// A value of a known type.
    Value(Ty),
    /// The body of a schema, whose fields are in scope.
    Schema(SchemaId),
    /// A record whose type is being inferred.
    Record(Vec<RecordField<'a>>),
}

/// A frame under construction.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    /// What it belongs to.
    pub(crate) kind: FrameKind<'a>,
    /// The number of slots so far.
    pub(crate) slots: u32,
    /// The `let`s of a body or iteration.
    pub(crate) lets: Vec<hir::Let>,
    /// What is in scope for its items.
    pub(crate) level: ScopeLevel,
}

/// What is in scope at some point: the lengths of the stacks.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct ScopeLevel {
    pub(super) locals: usize,
    pub(super) frames: usize,
    pub(super) narrowings: usize,
    pub(super) supers: usize,
}

/// The query that reports the diagnostics of a `let`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LetOwner {
    /// The current query.
    ThisQuery,
    /// Another query: a method checks the `let`s of its schema again, to know their types.
    OtherQuery,
}

/// A local.
#[derive(Debug)]
pub(crate) struct Local<'a> {
    /// Its name.
    pub(crate) name: Name,
    /// Where it is declared.
    pub(crate) span: Span,
    /// Its frame, counted from the outermost.
    pub(crate) frame: usize,
    /// Its slot there.
    pub(crate) slot: u32,
    /// Its type, once it is known.
    pub(crate) ty: Option<Ty>,
    /// The value of a `let`.
    pub(crate) value: Option<&'a ast::Expr>,
    /// The `let` that is not checked yet, and what is in scope for it.
    pub(super) pending: Option<(&'a ast::LetDecl, ScopeLevel)>,
    /// Which query reports its diagnostics.
    pub(super) owner: LetOwner,
}

/// A field of a record whose type is being inferred.
#[derive(Debug)]
pub(crate) struct RecordField<'a> {
    /// Its name.
    pub(crate) name: Name,
    /// Where it is first set.
    pub(super) span: Span,
    /// The items that set or refine it, with the rest of their path.
    pub(super) parts: Vec<RecordItem<'a>>,
    /// The state of its inference.
    pub(super) state: FieldState,
}

#[derive(Debug)]
pub(super) enum FieldState {
    Pending,
    Running,
    Done(Ty, Option<BodyItem>),
}

/// An item of a record, without the first segments of its path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecordItem<'a> {
    pub(super) segments: &'a [PathSegment],
    pub(super) action: ItemAction<'a>,
    pub(super) span: Span,
}

/// What an item does at the end of its path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ItemAction<'a> {
    /// `= value`.
    Set(&'a ast::Expr),
    /// `+= value`.
    Append(&'a ast::Expr),
    /// `{ … }`, `: T { … }`.
    Refine(&'a ast::Body, Option<&'a ast::TypeExpr>),
    /// `delete`.
    Delete,
}
