//! Scopes: frames as described in [`crate::hir`], and the locals in scope.
//!
//! The `let`s of a body are in scope in the whole body, in any order: their types are inferred on first use.

use forge_base::{Name, Span};
use forge_syntax::ast;

use super::cx::{Expectation, Frame, FrameKind, InferCx, LetOwner, Local, OriginKind, ScopeLevel};
use crate::hir;
use crate::ty::Ty;

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
        self.record_ty(span, &ty);
        let (value, pending, owner) = (None, None, LetOwner::ThisQuery);
        self.locals.push(Local { name, span, frame, slot, ty: Some(ty), value, pending, owner });
        slot
    }

    /// Brings the `let`s among `items` into scope; their types are inferred on first use.
    pub(crate) fn declare_lets(&mut self, items: &'a [ast::Item]) {
        self.add_lets(items, LetOwner::ThisQuery);
    }

    /// As [`InferCx::declare_lets`], for `let`s whose diagnostics another query reports.
    pub(crate) fn borrow_lets(&mut self, items: &'a [ast::Item]) {
        self.add_lets(items, LetOwner::OtherQuery);
    }

    fn add_lets(&mut self, items: &'a [ast::Item], owner: LetOwner) {
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
            let value = Some(&decl.value);
            self.locals.push(Local { name: name.name, span: name.span, frame, slot, ty, value, pending, owner });
        }
    }

    fn warn_duplicate_let(&mut self, first: usize, name: ast::Ident) {
        let earlier =
            self.locals[first..].iter().find(|local| local.name == name.name && local.owner == LetOwner::ThisQuery);
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
        let (frame, slot, name, owner) = (local.frame, local.slot, local.name, local.owner);
        let declared = local.span;
        self.frames[frame].lets.push(hir::Let { slot, name, value });
        match owner {
            LetOwner::OtherQuery => self.out.rollback(before),
            LetOwner::ThisQuery => self.record_ty(declared, &ty),
        }
        ty
    }

    /// The value of a `let` and its type.
    pub(crate) fn let_value(&mut self, decl: &'a ast::LetDecl, declared: Option<&Ty>) -> (hir::Expr, Ty) {
        match (declared, &decl.ty, decl.name) {
            (Some(ty), Some(written), Some(name)) => {
                let expected = Expectation::new(ty.clone(), written.span, OriginKind::Annotation(name.name));
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
        if let Some(local) = self.locals.last_mut() {
            local.value = Some(&decl.value);
        }
        Some(hir::Let { slot, name: name.name, value })
    }
}
