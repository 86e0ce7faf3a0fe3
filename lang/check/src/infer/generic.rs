//! Arguments: matching them to parameters, and inference of generic arguments.

use std::sync::Arc;

use forge_base::Name;
use forge_syntax::ast::{self, ExprKind};

use super::cx::{Expectation, InferCx, OriginKind};
use crate::decl::{GenericDecl, ParamDecl};
use crate::hir;
use crate::ids::FnId;
use crate::subtype;
use crate::ty::{FnTy, Ty};

/// The signature of a callee.
pub(crate) struct CallSignature<'d> {
    /// Its name.
    pub(crate) name: Name,
    /// The function, if it is one.
    pub(crate) function: Option<FnId>,
    /// Its parameters without the receiver.
    pub(crate) params: &'d [ParamDecl],
    /// Its generic arguments: inference variables.
    pub(crate) args: Vec<Ty>,
    /// Its result.
    pub(crate) ret: Ty,
    /// Whether its generic arguments are constrained by a receiver.
    pub(crate) is_method: bool,
    /// Whether there is an expectation for its result.
    pub(crate) is_hinted: bool,
}

/// How often the lambdas of one call are checked again until their types are stable.
const MAX_ROUNDS: usize = 3;

/// The arguments, one entry per parameter, and the type of the result.
pub(crate) type CheckedArgs = (Vec<Option<hir::Expr>>, Ty);

impl<'a> InferCx<'a> {
    /// Checks the arguments of a call; `None` if they cannot be matched to its parameters.
    pub(crate) fn check_call(
        &mut self,
        signature: &CallSignature<'a>,
        call: &'a ast::Call,
        solver: &mut subtype::Solver,
        expected: Option<&Expectation<'a>>,
    ) -> Option<CheckedArgs> {
        let Some(indices) = self.match_args(signature, call) else {
            self.infer_args(call);
            return None;
        };
        let mut args: Vec<Option<(hir::Expr, Ty)>> = signature.params.iter().map(|_| None).collect();
        for rank in 0..3 {
            if rank == 1
                && let Some(expected) = expected
            {
                solver.hint(self.decls, &subtype::substitute(&signature.ret, &signature.args), &expected.ty);
            }
            for (arg, &index) in call.args.iter().zip(&indices) {
                if rank_of(&arg.value) == rank {
                    args[index] = Some(self.check_arg(signature, index, arg, solver));
                }
            }
        }
        self.recheck_lambdas(signature, call, &indices, &mut args, solver);
        let mut done = Vec::with_capacity(args.len());
        for (index, arg) in args.into_iter().enumerate() {
            done.push(arg.map(|(value, ty)| {
                let expected = self.arg_expectation(signature, index, solver);
                self.coerce(value, &ty, &Expectation { ty: solver.finish(&expected.ty), ..expected })
            }));
        }
        self.check_bounds(signature, call, solver);
        let ret = subtype::substitute(&signature.ret, &signature.args);
        Some((done, self.bounded(solver.finish(&ret), call.callee.span)))
    }

    fn arg_expectation(
        &self,
        signature: &CallSignature<'a>,
        index: usize,
        solver: &subtype::Solver,
    ) -> Expectation<'a> {
        let param = &signature.params[index];
        let ty = solver.apply(&subtype::substitute(&param.ty, &signature.args));
        Expectation::new(ty, param.span, OriginKind::Param(param.name))
    }

    fn check_arg(
        &mut self,
        signature: &CallSignature<'a>,
        index: usize,
        arg: &'a ast::Arg,
        solver: &mut subtype::Solver,
    ) -> (hir::Expr, Ty) {
        let mut expected = self.arg_expectation(signature, index, solver);
        let is_lambda = matches!(arg.value.kind, ExprKind::Lambda(_));
        if is_lambda && !signature.is_hinted {
            expected.ty = self.with_open_result(signature, index, expected.ty);
        }
        if signature.args.is_empty() || !solver.is_open(&expected.ty) {
            let (value, ty) = self.infer_with(&arg.value, Some(&expected));
            let fits = subtype::assignability(self.decls, &ty, &expected.ty) != subtype::Assignability::No;
            if fits || !signature.is_method {
                self.constrain_from(signature, index, &ty, solver);
            }
            return (value, ty);
        }
        let (value, ty) = if is_lambda { self.infer_with(&arg.value, Some(&expected)) } else { self.infer(&arg.value) };
        self.constrain_from(signature, index, &ty, solver);
        (value, ty)
    }

    /// Leaves the result of a lambda open: the other arguments need not determine it, as `0` may start a sum of `Float`s.
    fn with_open_result(&self, signature: &CallSignature<'a>, index: usize, ty: Ty) -> Ty {
        match (&ty, subtype::substitute(&signature.params[index].ty, &signature.args)) {
            (Ty::Fn(known), Ty::Fn(open)) => {
                Ty::Fn(Arc::new(FnTy { params: known.params.clone(), ret: open.ret.clone() }))
            }
            _ => ty,
        }
    }

    fn constrain_from(&mut self, signature: &CallSignature<'a>, index: usize, ty: &Ty, solver: &mut subtype::Solver) {
        let param = subtype::substitute(&signature.params[index].ty, &signature.args);
        solver.constrain(self.decls, ty, &param);
    }

    /// Checks lambdas again whose parameter types were widened by later arguments or by their own results.
    fn recheck_lambdas(
        &mut self,
        signature: &CallSignature<'a>,
        call: &'a ast::Call,
        indices: &[usize],
        args: &mut [Option<(hir::Expr, Ty)>],
        solver: &mut subtype::Solver,
    ) {
        if signature.args.is_empty() {
            return;
        }
        for _ in 0..MAX_ROUNDS {
            let mut changed = false;
            for (arg, &index) in call.args.iter().zip(indices) {
                let Some((_, Ty::Fn(own))) = &args[index] else { continue };
                let Ty::Fn(wanted) = self.arg_expectation(signature, index, solver).ty else { continue };
                let is_lambda = matches!(arg.value.kind, ExprKind::Lambda(_));
                if is_lambda && own.params != wanted.params && !own.params.contains(&Ty::Error) {
                    // Rechecking nested lambdas takes exponential time, so it is bounded.
                    if self.lambda_rechecks == 0 {
                        self.report(crate::diagnostics::too_deep(arg.value.span));
                        return;
                    }
                    self.lambda_rechecks -= 1;
                    args[index] = Some(self.check_arg(signature, index, arg, solver));
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// The index of the parameter for each argument.
    fn match_args(&mut self, signature: &CallSignature<'a>, call: &'a ast::Call) -> Option<Vec<usize>> {
        let mut taken = vec![None; signature.params.len()];
        let mut indices = Vec::with_capacity(call.args.len());
        for (number, arg) in call.args.iter().enumerate() {
            let index = match arg.name {
                None if number < signature.params.len() => number,
                None => {
                    let text = self.signature_text(signature);
                    let diag = crate::diagnostics::too_many_arguments(signature.name, signature.params.len(), call);
                    self.report(diag.note(text));
                    return None;
                }
                Some(name) => match signature.params.iter().position(|param| param.name == name.name) {
                    Some(index) => index,
                    None => {
                        let text = self.signature_text(signature);
                        let names: Vec<&str> = signature.params.iter().map(|param| param.name.as_str()).collect();
                        self.report(crate::diagnostics::unknown_argument(signature.name, name, &names).note(text));
                        return None;
                    }
                },
            };
            if let Some(earlier) = taken[index] {
                let name = signature.params[index].name;
                self.report(crate::diagnostics::duplicate_argument(name, arg.value.span, earlier));
                return None;
            }
            taken[index] = Some(arg.value.span);
            indices.push(index);
        }
        let missing: Vec<Name> = signature
            .params
            .iter()
            .zip(&taken)
            .filter(|(param, taken)| taken.is_none() && !param.has_default)
            .map(|(param, _)| param.name)
            .collect();
        if missing.is_empty() {
            return Some(indices);
        }
        let text = self.signature_text(signature);
        self.report(crate::diagnostics::missing_arguments(signature.name, &missing, call.args_span).note(text));
        None
    }

    /// `fn name(a: Int, b: String = …): T`.
    fn signature_text(&self, signature: &CallSignature<'_>) -> String {
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
                let name = |generic: &GenericDecl| match &generic.bound {
                    Some(bound) => format!("{}: {}", generic.name, self.show(bound)),
                    None => generic.name.to_string(),
                };
                let names: Vec<String> = generics.iter().map(name).collect();
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

    /// Checks the bounds of generic parameters. In the standard library the names `Ordered`, `Number` and `Key` are bounds.
    fn check_bounds(&mut self, signature: &CallSignature<'a>, call: &ast::Call, solver: &subtype::Solver) {
        let Some(id) = signature.function else { return };
        let decl = self.decls.function(id);
        for (GenericDecl { name, bound }, arg) in decl.generics.iter().zip(&signature.args) {
            let Some(bound) = bound else { continue };
            let ty = solver.finish(arg);
            if subtype::assignability(self.decls, &ty, bound) == subtype::Assignability::No {
                let (shown, bound) = (self.show(&ty), self.show(bound));
                self.report(crate::diagnostics::outside_bound(decl.name, *name, &shown, &bound, call.callee.span));
                return;
            }
        }
        if !self.decls.module(id.module).source.is_std() {
            return;
        }
        for (bound, arg) in decl.generics.iter().zip(&signature.args) {
            let ty = solver.finish(arg);
            if let Some(allowed) = self.violates_bound(bound.name.as_str(), &ty) {
                let shown = self.show(&ty);
                self.report(crate::diagnostics::violates_bound(decl.name, &shown, allowed, call.callee.span));
                return;
            }
        }
    }

    fn violates_bound(&self, bound: &str, ty: &Ty) -> Option<&'static str> {
        let (fits, allowed): (fn(&Ty) -> bool, &'static str) = match bound {
            "Ordered" => (is_ordered, "only numbers, strings, `Bool`, `Quantity` and `Duration` can be ordered"),
            "Number" => (is_number, "only `Int`, `Float` and `Quantity` can be summed"),
            "Key" => (is_key, "keys are strings"),
            _ => return None,
        };
        let all = subtype::members(self.decls, ty).iter().all(|member| fits(&self.unfold(member)));
        (!all).then_some(allowed)
    }
}

/// The order in which arguments are checked: first those with a type of their own, then literals that adopt a type, then lambdas.
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
