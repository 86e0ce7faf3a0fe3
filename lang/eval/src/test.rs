//! Runs the claims of a test.

use forge_base::{Code, Diag, Span};
use forge_check::hir::{Expr, Test, TestItem};

use crate::error::CheckKind;
use crate::evaluator::Evaluator;
use crate::frame::Frame;
use crate::value::{Eval, Value};

/// What became of a test.
#[derive(Default)]
pub struct TestRun<'a> {
    /// One or more for each claim that does not hold, in the order of the text.
    pub diags: Vec<Diag>,
    /// What its snapshots show: the text that names it, its place, the value.
    pub snapshots: Vec<(&'a str, Span, Value<'a>)>,
}

/// How deeply an operand of `fails` is looked at.
const DEPTH: u32 = 500;

impl<'a> Evaluator<'a> {
    /// Runs all claims of a test, also those behind one that does not hold.
    pub fn run_test(&self, test: &'a Test) -> TestRun<'a> {
        let frame = self.new_frame(None, Value::Null, test.slots);
        self.bind_lets(&test.lets, frame);
        let mut run = TestRun::default();
        for item in &test.items {
            match item {
                TestItem::Assert(check) => {
                    if let Err(error) = self.check(check, frame, CheckKind::Assert) {
                        run.diags.extend(self.diags(error));
                    }
                }
                TestItem::Fails { found, operand, with, span } => {
                    if let Err(diags) = self.run_fails(found, operand, with.as_ref(), *span, frame) {
                        run.diags.extend(diags);
                    }
                }
                TestItem::Snapshot { value, text, span } => match self.eval(value, frame) {
                    Ok(value) => run.snapshots.push((text, *span, value)),
                    Err(error) => run.diags.extend(self.diags(error)),
                },
            }
        }
        run
    }

    fn run_fails(
        &self,
        found: &[Diag],
        operand: &'a Expr,
        with: Option<&'a Expr>,
        span: Span,
        frame: &'a Frame<'a>,
    ) -> Result<(), Vec<Diag>> {
        let wanted = match with.map(|with| self.eval(with, frame)) {
            None => None,
            Some(Ok(Value::Str(text))) => Some(text),
            Some(Ok(other)) => Some(&*self.arena.alloc_str(&self.show(other))),
            Some(Err(error)) => return Err(self.diags(error)),
        };
        let mut errors: Vec<Diag> = found.iter().filter(|diag| diag.is_error()).cloned().collect();
        if errors.is_empty() {
            match self.eval(operand, frame).and_then(|value| self.force(value, 0)) {
                Ok(()) => {
                    let diag = Diag::error(Code::TEST_FAILED, "nothing fails here")
                        .at(span, "this was expected to be an error")
                        .help("write `assert` for what must hold");
                    return Err(vec![diag]);
                }
                Err(error) => errors = self.diags(error),
            }
        }
        match wanted {
            Some(text) if !errors.iter().any(|diag| says(diag, text)) => {
                let diag = Diag::error(Code::TEST_FAILED, format!("it fails, but not with `{text}`"))
                    .at(span, "this fails in another way than expected");
                let heard = errors.iter().map(|diag| format!("it says: {} {}", diag.code, diag.headline));
                Err(vec![heard.fold(diag, Diag::note)])
            }
            _ => Ok(()),
        }
    }

    /// Evaluates a value to its last part.
    pub fn force(&self, value: Value<'a>, depth: u32) -> Eval<()> {
        if depth > DEPTH {
            return Ok(());
        }
        self.charge(1)?;
        match value {
            Value::List(items) => items.iter().try_for_each(|item| self.force(*item, depth + 1)),
            Value::Map(map) => {
                let count = self.entries(map)?.len();
                (0..count).try_for_each(|place| self.force(self.entry(map, place)?, depth + 1))
            }
            Value::Object(object) => self.fields(object).try_for_each(|(_, value)| self.force(value?, depth + 1)),
            _ => Ok(()),
        }
    }
}

/// Whether a message says `text` anywhere.
fn says(diag: &Diag, text: &str) -> bool {
    let labels = diag.primary.iter().chain(&diag.labels).map(|label| label.text.as_str());
    let mut said = labels.chain(diag.notes.iter().map(String::as_str)).chain(diag.help.as_deref());
    diag.headline.contains(text) || diag.code.to_string() == text || said.any(|said| said.contains(text))
}
