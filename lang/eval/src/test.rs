//! Runs the items of a test.

use forge_base::{Code, Diag, Span};
use forge_check::hir::{Expr, Test, TestItem};

use crate::display::show;
use crate::error::CheckKind;
use crate::evaluator::Evaluator;
use crate::place::Iteration;
use crate::value::{Eval, Frame, Value};

/// The result of a test.
#[derive(Default)]
pub struct TestRun<'a> {
    /// One or more for each item that failed, in source order.
    pub diags: Vec<Diag>,
    /// Its snapshots: the source that names each, its span, its value.
    pub snapshots: Vec<(&'a str, Span, Value<'a>)>,
}

/// The maximum depth at which the operand of `fails` is evaluated.
const MAX_DEPTH: u32 = 500;

impl<'a> Evaluator<'a> {
    /// Runs all items of a test, including those after a failed one.
    pub fn run_test(&self, test: &'a Test) -> TestRun<'a> {
        let frame = self.new_frame(None, Value::Null, test.slots);
        self.bind_lets(&test.lets, frame);
        let mut run = TestRun::default();
        self.run_test_items(&test.items, frame, &mut Vec::new(), &mut run);
        run
    }

    fn run_test_items(
        &self,
        items: &'a [TestItem],
        frame: &'a Frame<'a>,
        loops: &mut Vec<Iteration<'a>>,
        run: &mut TestRun<'a>,
    ) {
        for item in items {
            let failed = match item {
                TestItem::Assert(check) => match self.check(check, frame, CheckKind::Assert) {
                    Ok(failed) => failed.into_iter().collect(),
                    Err(error) => self.diags(error),
                },
                TestItem::Fails { found, operand, with, span } => {
                    self.run_fails(found, operand, with.as_ref(), *span, frame).err().unwrap_or_default()
                }
                TestItem::For { head, lets, items } => {
                    let result = self.iterate(head, lets, frame, &mut |inner| {
                        loops.push(Iteration { head, outer: frame, frame: inner });
                        self.run_test_items(items, inner, loops, run);
                        loops.pop();
                        Ok(())
                    });
                    result.err().map(|error| self.diags(error)).unwrap_or_default()
                }
                TestItem::Snapshot { value, text, span } => match self.eval(value, frame) {
                    Ok(value) => {
                        run.snapshots.push((text, *span, value));
                        Vec::new()
                    }
                    Err(error) => self.diags(error),
                },
            };
            run.diags.extend(failed.into_iter().map(|diag| self.with_loop_values(diag, loops)));
        }
    }

    fn run_fails(
        &self,
        found: &[Diag],
        operand: &'a Expr,
        with: Option<&'a Expr>,
        span: Span,
        frame: &'a Frame<'a>,
    ) -> Result<(), Vec<Diag>> {
        let expected = match with.map(|with| self.eval(with, frame)) {
            None => None,
            Some(Ok(Value::Str(text))) => Some(text),
            Some(Ok(other)) => Some(&*self.arena.alloc_str(&show(other))),
            Some(Err(error)) => return Err(self.diags(error)),
        };
        let mut errors: Vec<Diag> = found.iter().filter(|diag| diag.is_error()).cloned().collect();
        if errors.is_empty() {
            match self.eval(operand, frame).and_then(|value| self.force(value)) {
                Ok(()) => {
                    let diag = Diag::error(Code::TEST_FAILED, "nothing fails here")
                        .at(span, "expected an error here")
                        .help("use `assert` for a condition that must be true");
                    return Err(vec![diag]);
                }
                Err(error) => errors = self.diags(error),
            }
        }
        match expected {
            Some(text) if !errors.iter().any(|diag| mentions(diag, text)) => {
                let diag = Diag::error(Code::TEST_FAILED, format!("this fails, but not with `{text}`"))
                    .at(span, "fails with another error");
                let actual = errors.iter().map(|diag| format!("the error is {}: {}", diag.any_code(), diag.headline));
                Err(vec![actual.fold(diag, Diag::note)])
            }
            _ => Ok(()),
        }
    }

    /// Evaluates all parts of a value.
    pub fn force(&self, value: Value<'a>) -> Eval<()> {
        self.force_below(value, 0)
    }

    fn force_below(&self, value: Value<'a>, depth: u32) -> Eval<()> {
        if depth > MAX_DEPTH {
            return Ok(());
        }
        self.charge(1)?;
        match value {
            Value::List(items) => items.iter().try_for_each(|item| self.force_below(*item, depth + 1)),
            Value::Map(map) => {
                let count = self.entries(map)?.len();
                (0..count).try_for_each(|index| self.force_below(self.entry(map, index)?, depth + 1))
            }
            Value::Object(object) => self.fields(object).try_for_each(|(_, value)| self.force_below(value?, depth + 1)),
            _ => Ok(()),
        }
    }
}

/// Whether any part of a diagnostic contains `text`.
fn mentions(diag: &Diag, text: &str) -> bool {
    let labels = diag.primary.iter().chain(&diag.labels).map(|label| label.text.as_str());
    let mut parts = labels.chain(diag.notes.iter().map(String::as_str)).chain(diag.help.as_deref());
    diag.headline.contains(text) || diag.any_code().to_string() == text || parts.any(|part| part.contains(text))
}
