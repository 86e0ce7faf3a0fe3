//! Scopes: frames as described in [`crate::hir`], and the locals in scope.
//!
//! The `let`s of a body are in scope in the whole body, in any order: their types are inferred on first use.

use forge_base::{Name, Span};
use forge_syntax::ast;

use super::InferCx;
use super::record::RecordField;
use crate::hir;
use crate::ids::SchemaId;
use crate::ty::Ty;

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
    locals: usize,
    frames: usize,
    narrowings: usize,
    supers: usize,
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
    /// The `let` that is not checked yet, and what is in scope for it.
    pending: Option<(&'a ast::LetDecl, ScopeLevel)>,
    /// Whether another query reports its diagnostics.
    is_borrowed: bool,
}

impl<'a> InferCx<'a> {
    /// What is in scope now.
    pub(crate) fn level(&self) -> ScopeLevel {
        ScopeLevel {
            locals: self.locals.len(),
            frames: self.frames.len(),
            narrowings: self.narrowings.len(),
            supers: self.supers.len(),
        }
    }

    /// Runs `work` with what was in scope at `level`.
    pub(crate) fn at_level<R>(&mut self, level: ScopeLevel, work: impl FnOnce(&mut Self) -> R) -> R {
        let locals = self.locals.split_off(level.locals.min(self.locals.len()));
        let frames = self.frames.split_off(level.frames.min(self.frames.len()));
        let narrowings = self.narrowings.split_off(level.narrowings.min(self.narrowings.len()));
        let supers = self.supers.split_off(level.supers.min(self.supers.len()));
        let result = work(self);
        self.locals.truncate(level.locals);
        self.locals.extend(locals);
        self.frames.extend(frames);
        self.narrowings.extend(narrowings);
        self.supers.extend(supers);
        result
    }

    /// Runs `work`, then drops the locals and narrowings that it added.
    pub(crate) fn scoped<R>(&mut self, work: impl FnOnce(&mut Self) -> R) -> R {
        let (locals, narrowings) = (self.locals.len(), self.narrowings.len());
        let result = work(self);
        self.locals.truncate(locals);
        self.narrowings.truncate(narrowings);
        result
    }

    /// Runs `work` in a new frame, and returns the frame.
    pub(crate) fn framed<R>(&mut self, kind: FrameKind<'a>, work: impl FnOnce(&mut Self) -> R) -> (R, Frame<'a>) {
        let result = self.scoped(|cx| {
            cx.push_frame(kind);
            work(cx)
        });
        (result, self.pop_frame())
    }

    /// Opens a frame; [`InferCx::pop_frame`] closes it.
    pub(crate) fn push_frame(&mut self, kind: FrameKind<'a>) {
        self.frames.push(Frame { kind, slots: 0, lets: Vec::new(), level: ScopeLevel::default() });
        let level = self.level();
        if let Some(frame) = self.frames.last_mut() {
            frame.level = level;
        }
    }

    /// Makes what is in scope now the scope of the innermost frame's items.
    pub(crate) fn set_frame_level(&mut self) {
        let level = self.level();
        self.frame().level = level;
    }

    /// Closes the innermost frame.
    pub(crate) fn pop_frame(&mut self) -> Frame<'a> {
        self.frames.pop().expect("each frame is closed once by the function that opened it")
    }

    /// The innermost frame.
    pub(crate) fn frame(&mut self) -> &mut Frame<'a> {
        self.frames.last_mut().expect("each query opens a frame before it looks at expressions")
    }

    /// A new slot in the innermost frame.
    pub(crate) fn new_slot(&mut self) -> u32 {
        let frame = self.frame();
        frame.slots += 1;
        frame.slots - 1
    }

    /// The number of frames between the innermost one and `frame`.
    pub(crate) fn up_to(&self, frame: usize) -> u32 {
        (self.frames.len() - 1 - frame) as u32
    }

    /// Binds a name with a known type to a new slot.
    pub(crate) fn bind(&mut self, name: Name, span: Span, ty: Ty) -> u32 {
        let slot = self.new_slot();
        let frame = self.frames.len() - 1;
        self.note_ty(span, &ty);
        self.locals.push(Local { name, span, frame, slot, ty: Some(ty), pending: None, is_borrowed: false });
        slot
    }

    /// Brings the `let`s among `items` into scope; their types are inferred on first use.
    pub(crate) fn declare_lets(&mut self, items: &'a [ast::Item], is_borrowed: bool) {
        let lets: Vec<&'a ast::LetDecl> = items
            .iter()
            .filter_map(|item| match &item.kind {
                ast::ItemKind::Let(decl) => Some(decl),
                _ => None,
            })
            .collect();
        let named = lets.iter().filter(|decl| decl.name.is_some()).count();
        let mut level = self.level();
        level.locals += named;
        let first = self.locals.len();
        let frame = self.frames.len() - 1;
        for decl in lets {
            let Some(name) = decl.name else {
                self.infer(&decl.value);
                continue;
            };
            self.warn_duplicate_let(first, name);
            let slot = self.new_slot();
            let ty = decl.ty.as_ref().map(|ty| self.resolve_ty(ty));
            let pending = Some((decl, level));
            self.locals.push(Local { name: name.name, span: name.span, frame, slot, ty, pending, is_borrowed });
        }
    }

    fn warn_duplicate_let(&mut self, first: usize, name: ast::Ident) {
        let earlier = self.locals[first..].iter().find(|local| local.name == name.name && !local.is_borrowed);
        if let Some(span) = earlier.map(|local| local.span) {
            self.report(crate::diagnostics::duplicate_let(name, span));
        }
    }

    /// Checks the `let`s that have not been used yet, from local `first` on.
    pub(crate) fn finish_lets(&mut self, first: usize) {
        for index in first..self.locals.len() {
            if self.locals[index].pending.is_some() {
                self.force_local(index);
            }
        }
    }

    /// The type of a local, inferred now if it is not known yet.
    pub(crate) fn local_ty(&mut self, index: usize, used_at: Span) -> Ty {
        if let Some(ty) = &self.locals[index].ty {
            return ty.clone();
        }
        if self.locals[index].pending.is_some() {
            return self.force_local(index);
        }
        let (name, span) = (self.locals[index].name, self.locals[index].span);
        self.report(crate::diagnostics::let_cycle(name, span, used_at));
        self.locals[index].ty = Some(Ty::Error);
        Ty::Error
    }

    fn force_local(&mut self, index: usize) -> Ty {
        let Some((decl, level)) = self.locals[index].pending.take() else { return Ty::Error };
        let before = self.out.checkpoint();
        let declared = self.locals[index].ty.clone();
        let (value, ty) = self.at_level(level, |cx| cx.let_value(decl, declared.as_ref()));
        let local = &mut self.locals[index];
        let ty = local.ty.get_or_insert(ty).clone();
        let (frame, slot, name, is_borrowed) = (local.frame, local.slot, local.name, local.is_borrowed);
        let declared = local.span;
        self.frames[frame].lets.push(hir::Let { slot, name, value });
        match is_borrowed {
            true => self.out.rollback(before),
            false => self.note_ty(declared, &ty),
        }
        ty
    }

    /// The value of a `let` and its type.
    pub(crate) fn let_value(&mut self, decl: &'a ast::LetDecl, declared: Option<&Ty>) -> (hir::Expr, Ty) {
        match (declared, &decl.ty, decl.name) {
            (Some(ty), Some(written), Some(name)) => {
                let expected =
                    super::Expectation::new(ty.clone(), written.span, super::OriginKind::Annotation(name.name));
                (self.check(&decl.value, &expected), ty.clone())
            }
            _ => {
                let (value, ty) = self.infer_widened(&decl.value);
                (value, self.bounded(ty, decl.value.span))
            }
        }
    }

    /// A `let` of a block or list: in scope after itself only.
    pub(crate) fn block_let(&mut self, decl: &'a ast::LetDecl) -> Option<hir::Let> {
        let declared = decl.ty.as_ref().map(|ty| self.resolve_ty(ty));
        let (value, ty) = self.let_value(decl, declared.as_ref());
        let name = decl.name?;
        let slot = self.bind(name.name, name.span, ty);
        Some(hir::Let { slot, name: name.name, value })
    }
}
