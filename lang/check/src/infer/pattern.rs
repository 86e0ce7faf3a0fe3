//! `match`.

use forge_base::Span;
use forge_syntax::ast::{self, PatternKind};

use super::access_path::{AccessPath, Narrowing};
use super::constant::const_ty;
use super::cx::{Expectation, InferCx};
use super::expr::{Typed, make};
use crate::exhaustive::{ArmView, check_arms, covered_by};
use crate::hir::{self, Const, Pattern};
use crate::subtype;
use crate::ty::Ty;

impl<'a> InferCx<'a> {
    /// `match value { … }`.
    pub(crate) fn infer_match(
        &mut self,
        matched: &'a ast::Match,
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        let (value, mut whole) = self.infer(&matched.value);
        if let hir::ExprKind::Const(_) = value.kind {
            whole = subtype::widen_literal(&whole);
        }
        let path = self.access_path(&matched.value);
        let mut rest = whole.clone();
        let mut arms = Vec::with_capacity(matched.arms.len());
        let mut types = Vec::with_capacity(matched.arms.len());
        for arm in &matched.arms {
            let (code, ty) = self.scoped(|cx| cx.infer_arm(arm, &rest, &whole, path.as_ref(), expected));
            if arm.guard.is_none() {
                for pattern in &code.patterns {
                    if let Some(test) = pattern_ty(pattern) {
                        rest = subtype::subtract(self.decls, &rest, &test);
                    }
                }
            }
            types.push(ty);
            arms.push(code);
        }
        let has_error = matched.arms.iter().flat_map(|arm| &arm.patterns).any(|p| matches!(p.kind, PatternKind::Error));
        if whole != Ty::Error && !has_error {
            self.check_coverage(matched, &whole, &arms, span);
        }
        let ty = self.join_branches(&types, expected);
        let code = make(hir::ExprKind::Match { value: Box::new(value), arms }, span);
        (self.convert_parts(code, &types, &ty, &ty), ty)
    }

    fn infer_arm(
        &mut self,
        arm: &'a ast::Arm,
        rest: &Ty,
        whole: &Ty,
        path: Option<&AccessPath>,
        expected: Option<&Expectation<'a>>,
    ) -> (hir::Arm, Ty) {
        let mut patterns = Vec::with_capacity(arm.patterns.len());
        let mut inside = Vec::new();
        for pattern in &arm.patterns {
            let code = self.infer_pattern(pattern, rest, whole);
            inside.push(match pattern_ty(&code) {
                Some(test) => subtype::narrow(self.decls, rest, &test),
                None => rest.clone(),
            });
            patterns.push(code);
        }
        let inside = if *whole == Ty::Error { Ty::Error } else { subtype::union(inside) };
        if let Some(path) = path
            && inside != Ty::Never
        {
            self.assume(&[Narrowing::new(path.clone(), inside)]);
        }
        let mut guard = None;
        if let Some(expr) = &arm.guard {
            let (cond, narrowings) = self.infer_condition(expr, "the guard of an arm must be a `Bool`");
            self.assume(&narrowings.if_true);
            guard = Some(cond);
        }
        let (value, ty) = self.infer_branch(&arm.body, expected);
        (hir::Arm { patterns, guard, value }, ty)
    }

    fn infer_pattern(&mut self, pattern: &'a ast::Pattern, rest: &Ty, whole: &Ty) -> Pattern {
        match &pattern.kind {
            PatternKind::Any | PatternKind::Error => Pattern::Any,
            PatternKind::Bind(name) => Pattern::Bind(self.bind(name.name, name.span, rest.clone())),
            PatternKind::Is(ty) => Pattern::Is(self.resolve_ty(ty)),
            PatternKind::Literal(expr) => match self.infer(expr).0.kind {
                hir::ExprKind::Const(value) => {
                    self.check_pattern_const(&value, whole, pattern.span);
                    Pattern::Const(value)
                }
                _ => Pattern::Any,
            },
            PatternKind::Range(range) => self.range_pattern(range, whole, pattern.span),
        }
    }

    fn check_pattern_const(&mut self, value: &Const, whole: &Ty, span: Span) {
        if self.is_secret(whole) && *value != Const::Null {
            self.report(crate::diagnostics::secret_operand("match", span));
        }
    }

    fn range_pattern(&mut self, range: &'a ast::Range, whole: &Ty, span: Span) -> Pattern {
        let (start, end) = (self.infer(&range.start).0.kind, self.infer(&range.end).0.kind);
        let (hir::ExprKind::Const(Const::Int(start)), hir::ExprKind::Const(Const::Int(end))) = (start, end) else {
            self.report(crate::diagnostics::range_pattern(span));
            return Pattern::Any;
        };
        let end = if range.inclusive { end } else { end.saturating_sub(1) };
        if end < start {
            let shown = self.show(whole);
            self.report(crate::diagnostics::impossible_pattern(&shown, span));
        }
        Pattern::Range(start, end)
    }

    fn check_coverage(&mut self, matched: &'a ast::Match, whole: &Ty, arms: &[hir::Arm], span: Span) {
        let views: Vec<ArmView<'_>> =
            arms.iter().map(|arm| ArmView { patterns: &arm.patterns, is_guarded: arm.guard.is_some() }).collect();
        let mut report = check_arms(self.decls, whole, &views);
        for &(arm, pattern) in &report.impossible {
            let span = matched.arms[arm].patterns[pattern].span;
            let near = match &arms[arm].patterns[pattern] {
                Pattern::Const(Const::Str(text)) => near_case(text, &report.missing),
                _ => None,
            };
            let shown = self.show(whole);
            let diag = crate::diagnostics::impossible_pattern(&shown, span);
            self.report(match near {
                Some(index) => crate::diagnostics::misspelled_pattern(diag, span, &report.missing.remove(index)),
                None => diag,
            });
        }
        if !report.missing.is_empty() {
            self.report(crate::diagnostics::not_exhaustive(&report.missing, matched, span));
        }
        for arm in report.unreachable {
            let earlier = covered_by(self.decls, whole, &views, arm).map(|earlier| matched.arms[earlier].span);
            self.report(crate::diagnostics::unreachable_arm(matched.arms[arm].span, earlier));
        }
    }
}

/// The missing case that a pattern is similar to.
fn near_case(text: &str, missing: &[String]) -> Option<usize> {
    let cases = missing.iter().map(|case| case.trim_matches('"'));
    let near = forge_base::suggest::nearest(text, cases)?;
    missing.iter().position(|case| case.trim_matches('"') == near)
}

/// The type whose values a pattern covers; `None` if it covers everything, or a set that is not a type.
fn pattern_ty(pattern: &Pattern) -> Option<Ty> {
    match pattern {
        Pattern::Const(value @ (Const::Null | Const::Bool(_) | Const::Int(_) | Const::Str(_))) => Some(const_ty(value)),
        Pattern::Is(ty) => Some(ty.clone()),
        _ => None,
    }
}
