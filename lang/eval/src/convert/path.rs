//! Paths inside data that the program converts, and the files that the data comes from.

use std::fmt::Write;

use forge_base::Diag;

use super::Conversion;
use crate::builtin::locate;
use crate::evaluator::Evaluator;
use crate::key::{Key, is_identifier};
use crate::value::Value;

/// The path to a part of the data.
#[derive(Clone, Copy)]
pub(crate) struct DataPath<'a> {
    /// The path of the value around it, and the step from there; `None` for the whole value.
    step: Option<(&'a DataPath<'a>, Step<'a>)>,
    /// The file that the whole value was read from.
    file: Option<&'a DataFile<'a>>,
}

/// One step of a path.
#[derive(Clone, Copy)]
pub(crate) enum Step<'a> {
    Key(Key<'a>),
    Index(usize),
}

/// A file that data was read from.
pub(crate) struct DataFile<'a> {
    /// As the program writes it.
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    pub(crate) content: FileContent,
}

/// What the whole value of a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileContent {
    /// Its only document.
    Document,
    /// The list of its documents.
    Documents,
}

impl<'a> DataPath<'a> {
    /// The path of a whole value that is from no file.
    pub(crate) const ROOT: DataPath<'static> = DataPath { step: None, file: None };

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

    /// The file with line and column: `apps.yaml:4:3`.
    fn location(&self) -> Option<String> {
        let file = self.file?;
        let mut steps = self.steps();
        if file.content == FileContent::Document {
            steps.insert(0, Step::Index(0));
        }
        Some(match locate::locate(file.text, &steps) {
            Some((line, column)) => format!("{}:{line}:{column}", file.path),
            None => file.path.to_owned(),
        })
    }
}

impl<'a> Evaluator<'a> {
    /// Records the file that data comes from, for the messages of conversions.
    pub(crate) fn record_file(&self, value: Value<'a>, file: DataFile<'a>) {
        let file = &*self.arena.alloc(file);
        self.record_path(value, self.arena.alloc(DataPath { step: None, file: Some(file) }));
    }

    fn record_path(&self, value: Value<'a>, path: &'a DataPath<'a>) {
        let Some(address) = address(value) else { return };
        self.data_paths.borrow_mut().insert(address, path);
        match value {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.record_part(*item, path, Step::Index(index));
                }
            }
            Value::Map(map) => {
                let entries = map.entries.get().and_then(|entries| entries.as_ref().ok());
                for (index, entry) in entries.into_iter().flat_map(|entries| entries.iter()).enumerate() {
                    if let Ok(value) = self.entry(map, index) {
                        self.record_part(value, path, Step::Key(entry.key));
                    }
                }
            }
            _ => {}
        }
    }

    fn record_part(&self, value: Value<'a>, parent: &'a DataPath<'a>, step: Step<'a>) {
        if address(value).is_some() {
            self.record_path(value, self.arena.alloc(DataPath { step: Some((parent, step)), file: parent.file }));
        }
    }

    /// The conversion of a value, with its path in the file that it comes from, if it does.
    pub(super) fn in_file(&self, value: Value<'a>, cx: Conversion<'a>) -> Conversion<'a> {
        let known = |address| self.data_paths.borrow().get(&address).copied();
        match address(value).filter(|_| cx.path.is_some()).and_then(known) {
            Some(path) => Conversion { path: Some(path), ..cx },
            None => cx,
        }
    }

    /// The conversion of an item of a list.
    pub(super) fn index_step(&self, cx: Conversion<'a>, index: usize) -> Conversion<'a> {
        self.step_into(cx, Step::Index(index))
    }

    /// The conversion of an entry of a map.
    pub(super) fn key_step(&self, cx: Conversion<'a>, key: Key<'a>) -> Conversion<'a> {
        self.step_into(cx, Step::Key(key))
    }

    fn step_into(&self, cx: Conversion<'a>, step: Step<'a>) -> Conversion<'a> {
        let Some(parent) = cx.path else { return cx };
        let path = DataPath { step: Some((parent, step)), file: parent.file };
        Conversion { path: Some(self.arena.alloc(path)), ..cx }
    }

    /// Adds the path inside the data to a message.
    #[cold]
    pub(super) fn with_path(&self, diag: Diag, cx: Conversion<'a>) -> Diag {
        let Some(path) = cx.path else { return diag };
        match (path.text(), path.location()) {
            (text, None) if text.is_empty() => diag,
            (text, None) => diag.note(format!("at `{text}` in the converted value")),
            (text, Some(location)) if text.is_empty() => diag.note(format!("the data is from {location}")),
            (text, Some(location)) => diag.note(format!("at `{text}` in {location}")),
        }
    }
}

/// What identifies a list or map; `None` for other values and empty lists.
fn address(value: Value<'_>) -> Option<usize> {
    match value {
        Value::List(items) if !items.is_empty() => Some(items.as_ptr().addr()),
        Value::Map(map) => Some(std::ptr::from_ref(map).addr()),
        _ => None,
    }
}
