//! Runs the checks of objects, and delays those that need a value that is still being computed.
//!
//! The checks of an object run when a field is first read. A check may need the very value whose computation reads the field: that
//! would be reported as a cycle, although the value itself needs no check. Such checks are delayed until the evaluation stack is empty.

use forge_base::{AnyCode, Diag, Severity};
use forge_check::hir::{Check, CheckItem};

use crate::display::show;
use crate::error::{self, CheckKind, CheckPlace};
use crate::evaluator::Evaluator;
use crate::place::Iteration;
use crate::value::{CheckState, ErrorId, Eval, Frame, Instance, Object, Value};

/// The checks of one object that failed so far.
struct CheckRun<'a> {
    object: &'a Object<'a>,
    /// The loops around the current check, the outermost first.
    loops: Vec<Iteration<'a>>,
    errors: Vec<ErrorId>,
    warnings: Vec<Diag>,
}

impl<'a> Evaluator<'a> {
    /// Runs the checks of an object, unless one of its fields is being computed: they would only find a cycle.
    #[cold]
    pub(crate) fn run_checks(&self, object: &'a Object<'a>, instance: &'a Instance<'a>) -> Eval<()> {
        if instance.running.get() > 0 {
            return Ok(());
        }
        instance.checks.set(CheckState::Running);
        let (floor, mark) = (self.stack.len(), self.errors.failed_count());
        let mut run = CheckRun { object, loops: Vec::new(), errors: Vec::new(), warnings: Vec::new() };
        for (layer, schema) in instance.layers.iter().zip(object.schema.ancestors) {
            if !schema.checks.is_empty() {
                self.run_check_items(&schema.checks, self.layer_frame(layer, Value::Object(object)), &mut run);
            }
        }
        if run.errors.iter().any(|error| self.errors.is_cycle_below(*error, floor)) {
            self.errors.reset_failed_since(mark);
            instance.checks.set(CheckState::Pending);
            self.pending_checks.borrow_mut().push(object);
            return Ok(());
        }
        for diag in run.warnings {
            self.warn(object, diag);
        }
        let mut failed = run.errors.into_iter().filter(|error| !self.waits(*error, object));
        let result = match failed.next() {
            Some(first) => {
                failed.for_each(|error| self.errors.join(first, error));
                Err(first)
            }
            None => Ok(()),
        };
        instance.checks.set(match result {
            Ok(()) => CheckState::Passed,
            Err(error) => CheckState::Failed(error),
        });
        result
    }

    fn run_check_items(&self, items: &'a [CheckItem], frame: &'a Frame<'a>, run: &mut CheckRun<'a>) {
        for item in items {
            let result = match item {
                CheckItem::Check(check) => self.run_check(check, frame, run),
                CheckItem::If { cond, then, otherwise } => self.eval_condition(cond, frame).map(|is_true| {
                    self.run_check_items(if is_true { then } else { otherwise }, frame, run);
                }),
                CheckItem::For { head, lets, items } => self.iterate(head, lets, frame, &mut |inner| {
                    run.loops.push(Iteration { head, outer: frame, frame: inner });
                    self.run_check_items(items, inner, run);
                    run.loops.pop();
                    Ok(())
                }),
            };
            run.errors.extend(result.err());
        }
    }

    fn run_check(&self, check: &'a Check, frame: &'a Frame<'a>, run: &mut CheckRun<'a>) -> Eval<()> {
        let kind = CheckKind::Check { object: run.object, loops: &run.loops };
        match self.check(check, frame, kind)? {
            None => {}
            Some(diag) if check.severity == Severity::Warning => run.warnings.push(diag),
            Some(diag) => {
                let error = self.errors.record(diag);
                self.errors.set_instance(error, run.object);
                run.errors.push(error);
            }
        }
        Ok(())
    }

    /// Runs the checks that were delayed, if no value is being computed, and adds their errors to `result`.
    #[inline]
    pub(crate) fn run_pending_checks<T>(&self, result: Eval<T>) -> Eval<T> {
        if self.pending_checks.borrow().is_empty() || !self.stack.is_empty() {
            return result;
        }
        self.run_delayed(result)
    }

    #[cold]
    fn run_delayed<T>(&self, mut result: Eval<T>) -> Eval<T> {
        loop {
            let Some(object) = self.pending_checks.borrow_mut().pop() else { return result };
            if let Err(error) = self.finish_checks(object) {
                match result {
                    Ok(_) => result = Err(error),
                    Err(first) => self.errors.join(first, error),
                }
            }
        }
    }

    /// Runs the checks of an object if they did not run yet.
    fn finish_checks(&self, object: &'a Object<'a>) -> Eval<()> {
        let instance = self.instance(object);
        match instance.checks.get() {
            CheckState::Pending => self.run_checks(object, instance),
            CheckState::Failed(error) => Err(error),
            CheckState::Passed | CheckState::Running => Ok(()),
        }
    }

    /// Runs a `check`, `warn` or `assert`: what to report if it does not hold and is not waived.
    pub(crate) fn check(&self, check: &'a Check, frame: &'a Frame<'a>, kind: CheckKind<'_, 'a>) -> Eval<Option<Diag>> {
        if self.eval_condition(&check.cond, frame)? {
            return Ok(None);
        }
        self.explain_check(check, frame, kind)
    }

    #[cold]
    fn explain_check(&self, check: &'a Check, frame: &'a Frame<'a>, kind: CheckKind<'_, 'a>) -> Eval<Option<Diag>> {
        let message = match &check.message {
            None => None,
            Some(message) => match self.eval(message, frame)? {
                Value::Str(text) => Some(text.to_owned()),
                other => Some(show(other)),
            },
        };
        let (mut places, mut set_at) = (Vec::new(), None);
        if let CheckKind::Check { object, loops } = kind {
            places = check.at.as_ref().map(|at| self.places_of(at, frame, loops)).unwrap_or_default();
            set_at = places.iter().copied().find(|place| self.is_own(*place));
            let mut around = Vec::new();
            self.add_value_places(Value::Object(object), &mut around);
            if check.at.is_some() && set_at.is_none() {
                places.extend(self.places_of_loops(loops, &around));
            }
            places.append(&mut around);
            places.extend(self.places_around());
            if self.is_waived(check.code.map_or(AnyCode::BuiltIn(kind.code()), AnyCode::Check), &places) {
                return Ok(None);
            }
        }
        let mut operands = self.operands(&check.cond, frame);
        let difference = self.first_difference(&check.cond, frame);
        if difference.is_some() {
            // The whole values would be abbreviated.
            operands.retain(|operand| operand.set_at.is_some() || !operand.value.ends_with('}'));
        }
        let place = match set_at {
            Some(span) => CheckPlace::Set(span),
            None => self.preferred(&places).map_or(CheckPlace::Condition, CheckPlace::Value),
        };
        let mut diag = error::check_failed(check, message, operands, kind, place);
        if let CheckKind::Check { loops, .. } = kind {
            diag = self.with_loop_values(diag, loops);
        }
        let diag = difference.into_iter().fold(diag, Diag::note);
        Ok(Some(self.with_library_notes(diag)))
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::program;

    /// Reading `total` computes `n`, whose object has a check that needs `total`.
    fn total(limit: i64) -> crate::fixture::Fixture {
        program(&format!(
            "schema S {{
               n: Int
               check total < {limit}, \"the total is \\(total)\"
             }}
             let s = S {{ n = 2 }}
             total: Int = s.n + 1
             other = s.n"
        ))
    }

    #[test]
    fn a_check_that_needs_a_value_in_progress_is_delayed() {
        assert_eq!(total(10).value("total"), "3");
        assert_eq!(total(10).value("other"), "2");
    }

    #[test]
    fn a_delayed_check_still_fails() {
        assert_eq!(total(3).errors("total"), ["5:24 the total is 3"]);
        assert_eq!(total(3).errors("other"), ["5:24 the total is 3"]);
    }

    #[test]
    fn a_check_in_a_real_cycle_is_reported_as_a_cycle() {
        let fixture = program(
            "schema S {
               n: Int = self.m
               m: Int = self.n
               check n > 0, \"n is not positive\"
             }
             a = S {}",
        );
        assert_eq!(fixture.errors("a"), ["2:16 `S.n` depends on itself"]);
    }

    #[test]
    fn all_failed_checks_are_reported_together() {
        let fixture = program(
            "schema S {
               n: Int
               check n > 0, \"too small\"
               check n != -1, \"minus one\"
             }
             a = S { n = -1 }",
        );
        assert_eq!(fixture.errors("a"), ["6:20 too small", "6:20 minus one"]);
    }

    #[test]
    fn checks_run_on_the_final_object_only() {
        let fixture = program(
            "schema S {
               n: Int = 0
               check n > 0, \"n is not positive\"
             }
             let bad = S {}
             a = bad { n = 1 }
             b = bad.n",
        );
        assert_eq!(fixture.value("a"), "S { n = 1 }");
        assert_eq!(fixture.errors("b"), ["5:26 n is not positive"]);
    }
}
