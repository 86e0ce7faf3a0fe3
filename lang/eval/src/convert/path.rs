//! Paths inside data that the program converts.

use std::fmt::Write;

use forge_base::Diag;

use super::Conversion;
use crate::evaluator::Evaluator;
use crate::key::{Key, is_identifier};

/// The path to a part of the data.
#[derive(Clone, Copy)]
pub(crate) struct DataPath<'a> {
    /// The path of the value around it, and the step from there; `None` for the whole value.
    step: Option<(&'a DataPath<'a>, Step<'a>)>,
}

/// One step of a path.
#[derive(Clone, Copy)]
pub(crate) enum Step<'a> {
    Key(Key<'a>),
    Index(usize),
}

impl<'a> DataPath<'a> {
    /// The path of the whole value.
    pub(crate) const ROOT: DataPath<'static> = DataPath { step: None };

    /// The steps from the whole value.
    fn steps(&self) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        let mut next = self.step;
        while let Some((parent, step)) = next {
            steps.push(step);
            next = parent.step;
        }
        steps.reverse();
        steps
    }

    /// As the source writes it: `apps[1].name`. Empty for the whole value.
    fn text(&self) -> String {
        let mut text = String::new();
        for step in self.steps() {
            // Writing to a string cannot fail.
            let _ = match step {
                Step::Index(index) => write!(text, "[{index}]"),
                Step::Key(Key::Str(key)) if is_identifier(key) && text.is_empty() => write!(text, "{key}"),
                Step::Key(Key::Str(key)) if is_identifier(key) => write!(text, ".{key}"),
                Step::Key(key) => write!(text, "[{key}]"),
            };
        }
        text
    }
}

impl<'a> Evaluator<'a> {
    /// The conversion of an item of a list.
    pub(super) fn index_step(&self, cx: Conversion<'a>, index: usize) -> Conversion<'a> {
        self.step_into(cx, Step::Index(index))
    }

    /// The conversion of an entry of a map.
    pub(super) fn key_step(&self, cx: Conversion<'a>, key: Key<'a>) -> Conversion<'a> {
        self.step_into(cx, Step::Key(key))
    }

    fn step_into(&self, cx: Conversion<'a>, step: Step<'a>) -> Conversion<'a> {
        match cx.path {
            Some(parent) => Conversion { path: Some(self.arena.alloc(DataPath { step: Some((parent, step)) })), ..cx },
            None => cx,
        }
    }

    /// Adds the path inside the data to a message.
    #[cold]
    pub(super) fn with_path(&self, diag: Diag, cx: Conversion<'a>) -> Diag {
        match cx.path.map(DataPath::text) {
            Some(text) if !text.is_empty() => diag.note(format!("at `{text}` in the converted value")),
            _ => diag,
        }
    }
}
