//! Evaluates `match`.

use forge_check::hir::{Arm, Const, Expr, Pattern};

use crate::display::show;
use crate::error;
use crate::evaluator::Evaluator;
use crate::value::{Eval, Frame, Local, Value};

impl<'a> Evaluator<'a> {
    pub(crate) fn eval_match(
        &self,
        expr: &'a Expr,
        value: &'a Expr,
        arms: &'a [Arm],
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let value = self.eval(value, frame)?;
        for arm in arms {
            let mut matches = false;
            for pattern in &arm.patterns {
                if self.matches_pattern(pattern, value, frame)? {
                    matches = true;
                    break;
                }
            }
            let is_taken = match &arm.guard {
                Some(guard) if matches => self.eval_condition(guard, frame)?,
                _ => matches,
            };
            if is_taken {
                return self.eval(&arm.value, frame);
            }
        }
        let what = format!("no arm of a `match` matches {}", show(value));
        Err(self.raise(error::internal(expr.span, &what)))
    }

    pub(crate) fn matches_pattern(&self, pattern: &'a Pattern, value: Value<'a>, frame: &'a Frame<'a>) -> Eval<bool> {
        match pattern {
            Pattern::Any => Ok(true),
            Pattern::Const(Const::Null) => Ok(value.is_null()),
            Pattern::Const(constant) => self.equal(value, self.constant(constant)),
            Pattern::Range(first, last) => {
                Ok(matches!(value, Value::Int(number) if (*first..=*last).contains(&number)))
            }
            Pattern::Is(ty) => self.has_type(value, ty),
            Pattern::Bind(slot) => {
                frame.slots[*slot as usize].set(Local::Value(value));
                Ok(true)
            }
        }
    }
}
