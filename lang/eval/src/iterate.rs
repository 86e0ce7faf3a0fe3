//! The iterations of `for`, in bodies and in lists.

use forge_check::hir;

use crate::error;
use crate::evaluator::Evaluator;
use crate::value::{Eval, Frame, Local, Value};

impl<'a> Evaluator<'a> {
    /// Calls `each` with the frame of every iteration whose guard is true.
    pub(crate) fn iterate(
        &self,
        head: &'a hir::For,
        lets: &'a [hir::Let],
        outer: &'a Frame<'a>,
        each: &mut dyn FnMut(&'a Frame<'a>) -> Eval<()>,
    ) -> Eval<()> {
        let mut visit = |first: Value<'a>, second: Value<'a>| {
            let frame = self.new_frame(Some(outer), Value::Null, head.slots);
            match head.vars.as_slice() {
                [one] => set_var(frame, *one, second),
                [one, two] => {
                    set_var(frame, *one, first);
                    set_var(frame, *two, second);
                }
                _ => {}
            }
            self.bind_lets(lets, frame);
            match &head.guard {
                Some(guard) if !self.eval_condition(guard, frame)? => Ok(()),
                _ => each(frame),
            }
        };
        if matches!(head.iter.kind, hir::ExprKind::Range { .. }) {
            let (start, end) = self.bounds(&head.iter, outer)?;
            for (index, number) in (start..end).enumerate() {
                self.charge(1)?;
                visit(Value::Int(index as i64), Value::Int(number))?;
            }
            return Ok(());
        }
        match self.eval(&head.iter, outer)? {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    visit(Value::Int(index as i64), *item)?;
                }
                Ok(())
            }
            Value::Map(map) => {
                for (index, entry) in self.entries(map)?.iter().enumerate() {
                    let value = self.entry(map, index)?;
                    visit(self.key_value(entry.key), value)?;
                }
                Ok(())
            }
            Value::Object(object) => {
                for (field, value) in self.fields(object) {
                    visit(Value::Str(field.name.as_str()), value?)?;
                }
                Ok(())
            }
            other => Err(self.raise(error::not_iterable(head.iter.span, other.kind_name()))),
        }
    }
}

fn set_var<'a>(frame: &'a Frame<'a>, slot: Option<u32>, value: Value<'a>) {
    if let Some(slot) = slot {
        frame.slots[slot as usize].set(Local::Value(value));
    }
}
