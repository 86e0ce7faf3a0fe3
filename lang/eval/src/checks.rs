//! Runs the checks of objects, and delays those that need a value that is still being computed.
//!
//! The checks of an object run when a field is first read. A check may need the very value whose computation reads the field: that
//! would be reported as a cycle, although the value itself needs no check. Such checks are delayed until the evaluation stack is empty.

use forge_check::hir;

use crate::display::show;
use crate::error::{self, CheckKind};
use crate::evaluator::Evaluator;
use crate::value::{CheckState, Eval, Frame, Instance, Object, Value};

impl<'a> Evaluator<'a> {
    /// Runs the checks of an object, unless one of its fields is being computed: they would only find a cycle.
    #[cold]
    pub(crate) fn run_checks(&self, object: &'a Object<'a>, instance: &'a Instance<'a>) -> Eval<()> {
        if instance.running.get() > 0 {
            return Ok(());
        }
        instance.checks.set(CheckState::Running);
        let (floor, mark) = (self.stack.len(), self.errors.failed_count());
        let mut result = Ok(());
        for (layer, schema) in instance.layers.iter().zip(object.schema.ancestors) {
            for check in &schema.checks {
                let frame = self.layer_frame(layer, Value::Object(object));
                match (self.check(check, frame, CheckKind::Check(object)), result) {
                    (Ok(()), _) => {}
                    (Err(error), _) if self.errors.is_cycle_below(error, floor) => {
                        self.errors.reset_failed_since(mark);
                        instance.checks.set(CheckState::Pending);
                        self.pending_checks.borrow_mut().push(object);
                        return Ok(());
                    }
                    (Err(error), Ok(())) => result = Err(error),
                    (Err(error), Err(first)) => self.errors.join(first, error),
                }
            }
        }
        instance.checks.set(match result {
            Ok(()) => CheckState::Passed,
            Err(error) => CheckState::Failed(error),
        });
        result
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
                    Err(first) if first != error => self.errors.join(first, error),
                    Err(_) => {}
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

    /// Runs a `check` or `assert`.
    pub(crate) fn check(&self, check: &'a hir::Check, frame: &'a Frame<'a>, kind: CheckKind<'a>) -> Eval<()> {
        if self.eval_condition(&check.cond, frame)? {
            return Ok(());
        }
        let message = match &check.message {
            None => None,
            Some(message) => match self.eval(message, frame)? {
                Value::Str(text) => Some(text.to_owned()),
                other => Some(show(other)),
            },
        };
        let span = match kind {
            CheckKind::Check(object) => object.span().or_else(|| self.current_span()),
            CheckKind::Assert => None,
        };
        let mut operands = self.operands(&check.cond, frame);
        let difference = self.first_difference(&check.cond, frame);
        if difference.is_some() {
            // The whole values would be abbreviated.
            operands.retain(|operand| operand.set_at.is_some() || !operand.value.ends_with('}'));
        }
        let diag = error::check_failed(check, message, operands, kind, span);
        Err(self.raise(match difference {
            Some(difference) => diag.note(difference),
            None => diag,
        }))
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
