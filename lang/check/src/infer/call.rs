//! Calls: of functions, methods, methods of built-in types, and function values.

use forge_base::Span;
use forge_syntax::ast::{self, ExprKind};

use super::cx::{Expectation, Frame, FrameKind, InferCx, OriginKind, This};
use super::expr::{Typed, broken, make};
use super::generic::{CallSignature, CheckedArgs};
use super::name::ResolvedName;
use crate::hir;
use crate::ids::{Def, FnId};
use crate::subtype;
use crate::ty::Ty;

impl<'a> InferCx<'a> {
    /// `callee(args)`.
    pub(crate) fn infer_call(&mut self, call: &'a ast::Call, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        let has_error = call.args.iter().any(|arg| matches!(arg.value.kind, ExprKind::Error));
        match self.visible_def(&call.callee) {
            Some(Def::Fn(id)) if !has_error => {
                self.use_def(&call.callee);
                return self.call_fn(id, call, span, expected);
            }
            Some(Def::Schema(id)) => {
                self.use_def(&call.callee);
                let diag = crate::diagnostics::schema_called(self.decls.schema(id).name, call);
                self.report(diag);
                return broken(span);
            }
            _ if has_error => return self.infer_broken_call(call, span),
            _ => {}
        }
        if let Some((member, name, frame)) = self.super_call(call) {
            return self.call_super(frame, call, (member, name), span, expected);
        }
        match &call.callee.kind {
            ExprKind::Member(member) if !self.is_module(&member.recv) => match member.name {
                Some(name) => self.call_member(call, member, name, span, expected),
                None => {
                    self.infer(&member.recv);
                    self.infer_args(call);
                    broken(span)
                }
            },
            ExprKind::Name(name) => {
                if let ResolvedName::Method { frame, function, method } = self.resolve_name(*name) {
                    let recv = make(hir::ExprKind::This { up: self.up_to(frame) }, call.callee.span);
                    let name = ast::Ident { name: *name, span: call.callee.span };
                    return self.call_method(recv, function, method, call, name, span, expected);
                }
                self.call_value(call, span)
            }
            _ => self.call_value(call, span),
        }
    }

    /// The name and the frame of the schema of a call of `super.name(…)`. In an item that replaces a value, `super` is that value.
    fn super_call(&self, call: &'a ast::Call) -> Option<(Span, ast::Ident, usize)> {
        let ExprKind::Member(member) = &call.callee.kind else { return None };
        let is_super = matches!(member.recv.kind, ExprKind::Super) && self.supers.is_empty();
        let is_schema = |frame: &Frame<'a>| matches!(frame.kind, FrameKind::Body(This::Schema(_)));
        let frame = self.frames.iter().rposition(is_schema).filter(|_| is_super)?;
        Some((member.recv.span, member.name?, frame))
    }

    /// `super.name(args)` in a schema: the method as the parent has it.
    fn call_super(
        &mut self,
        frame: usize,
        call: &'a ast::Call,
        (keyword, name): (Span, ast::Ident),
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        let FrameKind::Body(This::Schema(id)) = self.frames[frame].kind else { return broken(span) };
        let parent = self.decls.schema(id).parent.map(|parent| self.decls.schema(parent));
        let inherited = parent.and_then(|parent| parent.methods.iter().find(|method| method.name == name.name));
        let problem = match (parent, inherited) {
            (None, _) => Some(crate::diagnostics::no_parent(keyword)),
            (Some(parent), None) => Some(crate::diagnostics::no_super_method(parent.name, name)),
            (Some(parent), Some(method)) if method.is_abstract => {
                Some(crate::diagnostics::abstract_super_method(parent.name, name))
            }
            _ => None,
        };
        let (Some(inherited), None) = (inherited, &problem) else {
            self.infer_args(call);
            problem.into_iter().for_each(|diag| self.report(diag));
            return broken(span);
        };
        self.out.uses.super_method(name.span, inherited.function);
        let recv = Box::new(make(hir::ExprKind::This { up: self.up_to(frame) }, keyword));
        let Some((args, ret)) = self.method_args(inherited.function, call, expected) else { return broken(span) };
        let kind = hir::ExprKind::CallSuper { recv, function: inherited.function, layer: inherited.layer, args };
        (make(kind, span), ret)
    }

    /// A call with an argument that could not be parsed, so that nothing is known about the others either.
    fn infer_broken_call(&mut self, call: &'a ast::Call, span: Span) -> Typed {
        if let ExprKind::Member(member) = &call.callee.kind
            && self.visible_def(&member.recv).is_none()
        {
            self.infer(&member.recv);
        }
        self.infer_args(call);
        broken(span)
    }

    fn is_module(&self, expr: &ast::Expr) -> bool {
        matches!(self.visible_def(expr), Some(Def::Module(_)))
    }

    /// Checks the arguments of an invalid call.
    pub(crate) fn infer_args(&mut self, call: &'a ast::Call) {
        for arg in &call.args {
            if !matches!(arg.value.kind, ExprKind::Lambda(_)) {
                self.infer(&arg.value);
            }
        }
    }

    /// A call of a known function.
    fn call_fn(&mut self, id: FnId, call: &'a ast::Call, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        let decl = self.decls.function(id);
        let mut solver = subtype::Solver::new();
        let args = solver.fresh(decl.generics.len());
        let ret = self.result_ty(id);
        let params = &decl.params;
        let signature = CallSignature {
            name: decl.name,
            function: Some(id),
            params,
            args,
            ret,
            is_method: false,
            is_hinted: expected.is_some(),
        };
        let Some((args, ret)) = self.check_call(&signature, call, &mut solver, expected) else { return broken(span) };
        if self.is_builtin(id) {
            let args = self.with_defaults(id, 0, args);
            let kind = hir::ExprKind::CallBuiltin { name: self.builtin_name(id), args };
            return (make(kind, span), ret);
        }
        (make(hir::ExprKind::Call { function: id, args }, span), ret)
    }

    /// `recv.name(args)` where `recv` is a value.
    fn call_member(
        &mut self,
        call: &'a ast::Call,
        member: &'a ast::Member,
        name: ast::Ident,
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        let own_field = matches!(member.recv.kind, ExprKind::SelfRef)
            && self.self_frame().is_some_and(|frame| self.is_open_record(frame));
        if own_field {
            return self.call_value(call, span);
        }
        let (recv, ty) = self.infer(&member.recv);
        if ty == Ty::Error {
            self.infer_args(call);
            return broken(span);
        }
        let Some((bare, optional)) = self.receiver_ty(&ty, member, name) else {
            self.infer_args(call);
            return broken(span);
        };
        if !optional {
            return self.call_on(recv, &bare, call, name, span, expected);
        }
        let mut own = Ty::Error;
        let typed = self.unless_null(recv, span, |cx, recv| {
            let typed = cx.call_on(recv, &bare, call, name, span, expected);
            own = typed.1.clone();
            typed
        });
        self.chain = Some((span, own));
        typed
    }

    /// A call on a receiver that is not null.
    fn call_on(
        &mut self,
        recv: hir::Expr,
        ty: &Ty,
        call: &'a ast::Call,
        name: ast::Ident,
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        if let Some((function, method)) = self.schema_method(ty, name.name) {
            return self.call_method(recv, function, method, call, name, span, expected);
        }
        if self.field_of(ty, name.name).is_some() || self.is_open_schema(ty) {
            let read =
                super::member::MemberRead { recv, ty: ty.clone(), name, optional: false, span: call.callee.span };
            let (callee, ty) = self.read_member(read);
            return self.call_typed(callee, &ty, call, span);
        }
        if let Some((id, builtin)) = self.builtin_method(ty, name.name) {
            self.out.uses.method(name.span, id);
            return self.call_builtin(recv, ty, id, builtin, call, span, expected);
        }
        self.infer_args(call);
        match self.unfold(ty) {
            Ty::Schema(_) | Ty::Record(_) | Ty::Union(_) => {
                let read =
                    super::member::MemberRead { recv, ty: ty.clone(), name, optional: false, span: call.callee.span };
                self.read_member(read);
            }
            _ => self.report_unknown_member(ty, name, recv.span, "method"),
        }
        broken(span)
    }

    fn is_open_schema(&self, ty: &Ty) -> bool {
        matches!(self.unfold(ty), Ty::Schema(id) if self.decls.schema(id).is_open)
    }

    /// A method of a schema, or of all members of a union if it has the same index in all of them.
    fn schema_method(&self, ty: &Ty, name: forge_base::Name) -> Option<(FnId, u32)> {
        let mut found: Option<(FnId, u32)> = None;
        for member in subtype::members(self.decls, ty) {
            let Ty::Schema(id) = self.unfold(&member) else { return None };
            let methods = &self.decls.schema(id).methods;
            let index = methods.iter().position(|own| own.name == name)?;
            match found {
                Some((_, other)) if other != index as u32 => return None,
                Some(_) => {}
                None => found = Some((methods[index].function, index as u32)),
            }
        }
        found
    }

    #[expect(clippy::too_many_arguments, reason = "a call has a receiver, a function and a place")]
    fn call_method(
        &mut self,
        recv: hir::Expr,
        function: FnId,
        method: u32,
        call: &'a ast::Call,
        name: ast::Ident,
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        self.out.uses.method(name.span, function);
        match self.method_args(function, call, expected) {
            Some((args, ret)) => (make(hir::ExprKind::CallMethod { recv: Box::new(recv), method, args }, span), ret),
            None => broken(span),
        }
    }

    /// The arguments of a call of a method of a schema, and the type of the result.
    fn method_args(
        &mut self,
        function: FnId,
        call: &'a ast::Call,
        expected: Option<&Expectation<'a>>,
    ) -> Option<CheckedArgs> {
        let decl = self.decls.function(function);
        let mut solver = subtype::Solver::new();
        let args = solver.fresh(decl.generics.len());
        let ret = self.result_ty(function);
        let signature = CallSignature {
            name: decl.name,
            function: Some(function),
            params: &decl.params,
            args,
            ret,
            is_method: false,
            is_hinted: expected.is_some(),
        };
        self.check_call(&signature, call, &mut solver, expected)
    }

    #[expect(clippy::too_many_arguments, reason = "a call has a receiver, a function and a place")]
    fn call_builtin(
        &mut self,
        recv: hir::Expr,
        ty: &Ty,
        id: FnId,
        name: forge_base::Name,
        call: &'a ast::Call,
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        let decl = self.decls.function(id);
        if super::member::is_property(decl) {
            self.report(crate::diagnostics::called_property(decl.name, call.args_span));
            return broken(span);
        }
        if let (Ty::Keyed(keyed), "get" | "containsKey" | "without") = (self.unfold(ty), decl.name.as_str())
            && name.as_str().starts_with("keyed.")
            && call.args.len() > 1
        {
            return self.call_with_keys(recv, &keyed, id, name, call, span);
        }
        let mut solver = subtype::Solver::new();
        let args = self.receiver_args(id, ty, &mut solver);
        if !self.receiver_fits(id, ty, &args, &solver) {
            self.infer_args(call);
            let (own, wanted) = (self.show(ty), self.show(&decl.params[0].ty));
            self.report(crate::diagnostics::wrong_receiver(decl.name, &own, &wanted, call.callee.span));
            return broken(span);
        }
        let ret = self.result_ty(id);
        let params = decl.params.get(1..).unwrap_or(&[]);
        let signature = CallSignature {
            name: decl.name,
            function: Some(id),
            params,
            args,
            ret,
            is_method: true,
            is_hinted: expected.is_some(),
        };
        let Some((args, ret)) = self.check_call(&signature, call, &mut solver, expected) else { return broken(span) };
        let mut all = vec![recv];
        all.extend(self.with_defaults(id, 1, args));
        let value = make(hir::ExprKind::CallBuiltin { name, args: all }, span);
        let is_sum = matches!(name.as_str(), "list.sum" | "list.sumBy" | "list.product");
        if is_sum && !matches!(self.unfold(&ret), Ty::Int | Ty::LitInt(_)) {
            let kind = hir::ExprKind::Coerce { value: Box::new(value), ty: ret.clone(), origin: span };
            return (make(kind, span), ret);
        }
        match (name.as_str(), call.args.as_slice(), &call.callee.kind) {
            ("keyed.get" | "map.get", [key], ExprKind::Member(member)) => {
                self.read_known_entry(&member.recv, &key.value, value, ret)
            }
            _ => (value, ret),
        }
    }

    /// `get`, `containsKey` and `without` with one argument per key field.
    fn call_with_keys(
        &mut self,
        recv: hir::Expr,
        keyed: &crate::ty::KeyedTy,
        id: FnId,
        name: forge_base::Name,
        call: &'a ast::Call,
        span: Span,
    ) -> Typed {
        let types = self.key_types(keyed);
        if call.args.len() != types.len() {
            self.infer_args(call);
            self.report(crate::diagnostics::wrong_key_count(&keyed.keys, call.args.len(), call.args_span));
            return broken(span);
        }
        let mut args = vec![recv];
        for ((arg, ty), key) in call.args.iter().zip(types).zip(&keyed.keys) {
            let expected = Expectation::new(ty, arg.value.span, OriginKind::Param(*key));
            args.push(self.check(&arg.value, &expected));
        }
        let ty = self.builtin_result(id, &Ty::Keyed(std::sync::Arc::new(keyed.clone())));
        (make(hir::ExprKind::CallBuiltin { name, args }, span), ty)
    }

    /// A call of a function value.
    fn call_value(&mut self, call: &'a ast::Call, span: Span) -> Typed {
        let (callee, ty) = self.infer(&call.callee);
        self.call_typed(callee, &ty, call, span)
    }

    fn call_typed(&mut self, callee: hir::Expr, ty: &Ty, call: &'a ast::Call, span: Span) -> Typed {
        let function = match self.unfold(ty) {
            Ty::Fn(function) => function,
            Ty::Error => {
                self.infer_args(call);
                return broken(span);
            }
            _ => {
                self.infer_args(call);
                let shown = self.show(ty);
                self.report(crate::diagnostics::not_callable(&shown, call.callee.span));
                return broken(span);
            }
        };
        let named = call.args.iter().find_map(|arg| arg.name);
        if named.is_some() || call.args.len() != function.params.len() {
            self.infer_args(call);
            let shown = self.show(ty);
            self.report(crate::diagnostics::value_call_arguments(&shown, function.params.len(), named, call));
            return broken(span);
        }
        let mut args = Vec::with_capacity(call.args.len());
        for (arg, ty) in call.args.iter().zip(&function.params) {
            args.push(self.check(&arg.value, &Expectation::new(ty.clone(), call.callee.span, OriginKind::Item)));
        }
        (make(hir::ExprKind::CallValue { callee: Box::new(callee), args }, span), function.ret.clone())
    }

    /// Fills in omitted arguments with the constant defaults of the declaration; the first `skip` parameters are receivers.
    fn with_defaults(&mut self, id: FnId, skip: usize, args: Vec<Option<hir::Expr>>) -> Vec<hir::Expr> {
        let ast = self.fn_ast(id);
        let mark = self.out.checkpoint();
        let mut full = Vec::with_capacity(args.len());
        for (index, arg) in args.into_iter().enumerate() {
            let default = ast.and_then(|ast| ast.params.get(index + skip)).and_then(|param| param.default.as_ref());
            match (arg, default) {
                (Some(arg), _) => full.push(arg),
                (None, Some(default)) => full.push(self.infer(default).0),
                (None, None) => {}
            }
        }
        self.out.rollback(mark);
        full
    }

    /// The syntax tree of a function.
    pub(crate) fn fn_ast(&self, id: FnId) -> Option<&'a ast::FnDecl> {
        super::function::fn_ast(self.decls, id)
    }
}
