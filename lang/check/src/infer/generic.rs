//! Arguments: which belongs to which parameter, and what generic parameters they fix.

use std::sync::Arc;

use forge_base::Name;
use forge_syntax::ast::{self, ExprKind};

use super::{Infer, Reason, Want};
use crate::decl::ParamDecl;
use crate::hir;
use crate::ids::FnId;
use crate::relate;
use crate::ty::{FnTy, Ty};

/// What is called.
pub(crate) struct Signature<'d> {
    /// Its name.
    pub(crate) name: Name,
    /// The function, if it is one.
    pub(crate) function: Option<FnId>,
    /// Its parameters without the receiver.
    pub(crate) params: &'d [ParamDecl],
    /// What stands for its generic parameters.
    pub(crate) args: Vec<Ty>,
    /// Its result.
    pub(crate) ret: Ty,
    /// Whether a receiver has fixed its generic parameters.
    pub(crate) is_method: bool,
    /// Whether something is expected of its result.
    pub(crate) is_hinted: bool,
}

/// How often the lambdas of one call are looked at until their types are settled.
const MAX_ROUNDS: usize = 3;

/// The arguments, one entry a parameter, and the type of the result.
type Checked = (Vec<Option<hir::Expr>>, Ty);

impl<'a> Infer<'a> {
    /// Checks the arguments of a call; `None` if they do not belong to its parameters.
    pub(crate) fn check_call(
        &mut self,
        signature: &Signature<'a>,
        call: &'a ast::Call,
        table: &mut relate::Infer,
        want: Option<&Want<'a>>,
    ) -> Option<Checked> {
        let Some(places) = self.match_args(signature, call) else {
            self.infer_args(call);
            return None;
        };
        let mut args: Vec<Option<(hir::Expr, Ty)>> = signature.params.iter().map(|_| None).collect();
        for rank in 0..3 {
            if rank == 1
                && let Some(want) = want
            {
                table.hint(self.decls, &relate::substitute(&signature.ret, &signature.args), &want.ty);
            }
            for (arg, &place) in call.args.iter().zip(&places) {
                if rank_of(&arg.value) == rank {
                    args[place] = Some(self.check_arg(signature, place, arg, table));
                }
            }
        }
        self.settle_lambdas(signature, call, &places, &mut args, table);
        let mut done = Vec::with_capacity(args.len());
        for (place, arg) in args.into_iter().enumerate() {
            done.push(arg.map(|(value, ty)| {
                let want = self.arg_want(signature, place, table);
                self.fit(value, &ty, &Want { ty: table.finish(&want.ty), ..want })
            }));
        }
        self.check_bounds(signature, call, table);
        let ret = relate::substitute(&signature.ret, &signature.args);
        Some((done, self.bounded(table.finish(&ret), call.callee.span)))
    }

    fn arg_want(&self, signature: &Signature<'a>, place: usize, table: &relate::Infer) -> Want<'a> {
        let param = &signature.params[place];
        let ty = table.apply(&relate::substitute(&param.ty, &signature.args));
        Want::new(ty, param.span, Reason::Param(param.name))
    }

    fn check_arg(
        &mut self,
        signature: &Signature<'a>,
        place: usize,
        arg: &'a ast::Arg,
        table: &mut relate::Infer,
    ) -> (hir::Expr, Ty) {
        let mut want = self.arg_want(signature, place, table);
        let is_lambda = matches!(arg.value.kind, ExprKind::Lambda(_));
        if is_lambda && !signature.is_hinted {
            want.ty = self.with_open_result(signature, place, want.ty);
        }
        if signature.args.is_empty() || !table.is_open(&want.ty) {
            let (value, ty) = self.infer_with(&arg.value, Some(&want));
            let fits = relate::assign(self.decls, &ty, &want.ty) != relate::Assign::No;
            if fits || !signature.is_method {
                self.learn_from(signature, place, &ty, table);
            }
            return (value, ty);
        }
        let (value, ty) = if is_lambda { self.infer_with(&arg.value, Some(&want)) } else { self.infer(&arg.value) };
        self.learn_from(signature, place, &ty, table);
        (value, ty)
    }

    /// What other arguments have shown of a lambda's result is not all that it may be: `0` may begin a sum of `Float`s.
    fn with_open_result(&self, signature: &Signature<'a>, place: usize, ty: Ty) -> Ty {
        match (&ty, relate::substitute(&signature.params[place].ty, &signature.args)) {
            (Ty::Fn(known), Ty::Fn(open)) => {
                Ty::Fn(Arc::new(FnTy { params: known.params.clone(), ret: open.ret.clone() }))
            }
            _ => ty,
        }
    }

    fn learn_from(&mut self, signature: &Signature<'a>, place: usize, ty: &Ty, table: &mut relate::Infer) {
        let param = relate::substitute(&signature.params[place].ty, &signature.args);
        table.learn(self.decls, ty, &param);
    }

    /// Looks at lambdas again whose parameters have become wider by what later arguments or their own results showed.
    fn settle_lambdas(
        &mut self,
        signature: &Signature<'a>,
        call: &'a ast::Call,
        places: &[usize],
        args: &mut [Option<(hir::Expr, Ty)>],
        table: &mut relate::Infer,
    ) {
        if signature.args.is_empty() {
            return;
        }
        for _ in 0..MAX_ROUNDS {
            let mut changed = false;
            for (arg, &place) in call.args.iter().zip(places) {
                let Some((_, Ty::Fn(own))) = &args[place] else { continue };
                let Ty::Fn(wanted) = self.arg_want(signature, place, table).ty else { continue };
                let is_lambda = matches!(arg.value.kind, ExprKind::Lambda(_));
                if is_lambda && own.params != wanted.params && !own.params.contains(&Ty::Error) {
                    // Lambdas in lambdas in lambdas would be looked at twice as often with each level.
                    if self.second_looks == 0 {
                        self.report(crate::message::too_deep(arg.value.span));
                        return;
                    }
                    self.second_looks -= 1;
                    args[place] = Some(self.check_arg(signature, place, arg, table));
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// The parameter of each argument.
    fn match_args(&mut self, signature: &Signature<'a>, call: &'a ast::Call) -> Option<Vec<usize>> {
        let mut taken = vec![None; signature.params.len()];
        let mut places = Vec::with_capacity(call.args.len());
        for (number, arg) in call.args.iter().enumerate() {
            let place = match arg.name {
                None if number < signature.params.len() => number,
                None => {
                    let text = self.signature_text(signature);
                    let diag = crate::message::too_many_arguments(signature.name, signature.params.len(), call);
                    self.report(diag.note(text));
                    return None;
                }
                Some(name) => match signature.params.iter().position(|param| param.name == name.name) {
                    Some(place) => place,
                    None => {
                        let text = self.signature_text(signature);
                        let names: Vec<&str> = signature.params.iter().map(|param| param.name.as_str()).collect();
                        self.report(crate::message::unknown_argument(signature.name, name, &names).note(text));
                        return None;
                    }
                },
            };
            if let Some(earlier) = taken[place] {
                let name = signature.params[place].name;
                self.report(crate::message::argument_twice(name, arg.value.span, earlier));
                return None;
            }
            taken[place] = Some(arg.value.span);
            places.push(place);
        }
        let missing: Vec<Name> = signature
            .params
            .iter()
            .zip(&taken)
            .filter(|(param, taken)| taken.is_none() && !param.has_default)
            .map(|(param, _)| param.name)
            .collect();
        if missing.is_empty() {
            return Some(places);
        }
        let text = self.signature_text(signature);
        self.report(crate::message::missing_arguments(signature.name, &missing, call.args_span).note(text));
        None
    }

    /// `fn name(a: Int, b: String = …): T`.
    fn signature_text(&self, signature: &Signature<'_>) -> String {
        let params: Vec<String> = signature
            .params
            .iter()
            .map(|param| {
                let default = if param.has_default { " = …" } else { "" };
                format!("{}: {}{default}", param.name, self.show(&param.ty))
            })
            .collect();
        let generics = match signature.function.map(|id| &self.decls.function(id).generics) {
            Some(generics) if !generics.is_empty() => {
                let names: Vec<&str> = generics.iter().map(|name| name.as_str()).collect();
                format!("<{}>", names.join(", "))
            }
            _ => String::new(),
        };
        let ret = match &signature.ret {
            Ty::Error => String::new(),
            ty => format!(": {}", self.show(ty)),
        };
        format!("`fn {}{generics}({}){ret}`", signature.name, params.join(", "))
    }

    /// The three names of type parameters that are bounds in the prelude.
    fn check_bounds(&mut self, signature: &Signature<'a>, call: &ast::Call, table: &relate::Infer) {
        let Some(id) = signature.function else { return };
        let decl = self.decls.function(id);
        if !self.decls.module(id.module).source.is_std {
            return;
        }
        for (bound, arg) in decl.generics.iter().zip(&signature.args) {
            let ty = table.finish(arg);
            if let Some(allowed) = self.breaks_bound(bound.as_str(), &ty) {
                let shown = self.show(&ty);
                self.report(crate::message::breaks_bound(decl.name, &shown, allowed, call.callee.span));
                return;
            }
        }
    }

    fn breaks_bound(&self, bound: &str, ty: &Ty) -> Option<&'static str> {
        let (fits, allowed): (fn(&Ty) -> bool, &'static str) = match bound {
            "Ordered" => (is_ordered, "numbers, strings, `Bool`, `Quantity` and `Duration` have an order"),
            "Number" => (is_number, "only `Int`, `Float` and `Quantity` can be added up"),
            "Key" => (is_key, "keys are strings"),
            _ => return None,
        };
        let all = relate::members(self.decls, ty).iter().all(|member| fits(&self.unfold(member)));
        (!all).then_some(allowed)
    }
}

/// Arguments are looked at in this order: what has a type of its own, literals that take one, lambdas.
fn rank_of(expr: &ast::Expr) -> usize {
    match &expr.kind {
        ExprKind::Lambda(_) => 2,
        ExprKind::List(_) | ExprKind::Object(_) => 1,
        _ => 0,
    }
}

fn is_ordered(ty: &Ty) -> bool {
    is_number(ty)
        || is_key(ty)
        || matches!(ty, Ty::LitInt(_) | Ty::LitBool(_) | Ty::Bool | Ty::Duration | Ty::Error | Ty::Never)
}

fn is_number(ty: &Ty) -> bool {
    matches!(ty, Ty::Int | Ty::Float | Ty::Quantity | Ty::LitInt(_) | Ty::Error | Ty::Never | Ty::Param(..))
}

fn is_key(ty: &Ty) -> bool {
    matches!(ty, Ty::Str | Ty::LitStr(_) | Ty::Error | Ty::Never | Ty::Param(..))
}
