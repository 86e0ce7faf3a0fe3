//! Goes over a value and writes it into a [`Sink`].
//!
//! Nullable fields that are null are left out; null entries of maps are written. Functions and secrets have no written form.

use std::fmt::Write;

use forge_base::{Code, Diag, Span};
use forge_eval::{Eval, Evaluator, Key, Map, Object, Raised, Secret, Value};

use crate::sink::Sink;

/// One step from a value to a part of it.
#[derive(Clone, Copy)]
pub enum Step<'a> {
    /// A field of an object.
    Field(&'a Object<'a>, u32),
    /// An entry of a map or keyed list, by its place.
    Entry(&'a Map<'a>, usize),
    /// An item of a list.
    Item(usize),
}

/// Follows a walk. The default does nothing and costs nothing.
pub trait Trace<'a> {
    /// A part begins; the sink is at `line`.
    fn enter(&mut self, _step: Step<'a>, _line: usize) {}
    /// The part is written.
    fn leave(&mut self) {}
}

/// No trace.
pub struct NoTrace;

impl Trace<'_> for NoTrace {}

/// Writes values.
pub struct Walker<'w, 'a, S, T> {
    /// The machine.
    pub eval: &'w Evaluator<'a>,
    /// Where to.
    pub sink: &'w mut S,
    /// Who follows.
    pub trace: &'w mut T,
    /// Room for numbers as text.
    scratch: String,
    /// How deep the walk is.
    depth: u32,
    /// How many values were written.
    written: u32,
}

/// After so many values the size of the text is looked at.
const LOOK_EVERY: u32 = 0x400;

/// How deeply what is written may nest. Objects are lazy, so a default that builds its own schema anew has no end.
const MAX_DEPTH: u32 = 500;

impl<'w, 'a, S: Sink, T: Trace<'a>> Walker<'w, 'a, S, T> {
    /// A walker.
    pub fn new(eval: &'w Evaluator<'a>, sink: &'w mut S, trace: &'w mut T) -> Self {
        Walker { eval, sink, trace, scratch: String::new(), depth: 0, written: 0 }
    }

    /// Writes a value; `place` is blamed where it has no written form.
    pub fn value(&mut self, value: Value<'a>, place: Option<Span>) -> Eval<()> {
        if self.depth > MAX_DEPTH {
            return Err(self.endless(value, place));
        }
        // What values share is written once for each of them: a small value may have an endless text.
        self.eval.charge(1)?;
        self.written += 1;
        if self.written.is_multiple_of(LOOK_EVERY) {
            self.eval.check_memory(self.sink.bytes())?;
        }
        self.depth += 1;
        let written = self.part(value, place);
        self.depth -= 1;
        written
    }

    fn part(&mut self, value: Value<'a>, place: Option<Span>) -> Eval<()> {
        match value {
            Value::Null => self.sink.null(),
            Value::Bool(value) => self.sink.bool(value),
            Value::Int(number) => self.sink.int(number),
            Value::Float(number) if number.is_finite() => self.sink.float(number),
            Value::Float(number) => return Err(self.unprintable(&format!("{number}"), place)),
            Value::Str(text) => self.sink.string(text),
            Value::Quantity(quantity) => match quantity.literal {
                Some(literal) => self.sink.string(literal),
                None => self.scalar(value),
            },
            Value::Duration(_) => self.scalar(value),
            Value::List(items) => {
                self.sink.begin_list();
                for (i, item) in items.iter().enumerate() {
                    self.sink.item();
                    self.trace.enter(Step::Item(i), self.sink.line());
                    self.value(*item, place)?;
                    self.trace.leave();
                }
                self.sink.end_list();
            }
            Value::Map(map) => self.map(map, place)?,
            Value::Object(object) => self.object(object)?,
            Value::Function(_) => return Err(self.unprintable("a function", place)),
            Value::Secret(secret) => return self.secret(secret, place),
        }
        Ok(())
    }

    fn scalar(&mut self, value: Value<'a>) {
        self.scratch.clear();
        forge_eval::push_text(&mut self.scratch, value);
        self.sink.string(&self.scratch);
    }

    fn map(&mut self, map: &'a Map<'a>, place: Option<Span>) -> Eval<()> {
        if map.keyed.is_some() {
            self.sink.begin_list();
            for at in 0..self.eval.entries(map)?.len() {
                let value = self.eval.entry(map, at)?;
                self.sink.item();
                self.trace.enter(Step::Entry(map, at), self.sink.line());
                self.value(value, place)?;
                self.trace.leave();
            }
            self.sink.end_list();
            return Ok(());
        }
        self.sink.begin_map();
        self.entries(map, place)?;
        self.sink.end_map();
        Ok(())
    }

    /// The entries of a map, behind what the sink has of it already.
    fn entries(&mut self, map: &'a Map<'a>, place: Option<Span>) -> Eval<()> {
        for (at, entry) in self.eval.entries(map)?.iter().enumerate() {
            let value = self.eval.entry(map, at)?;
            self.entry_key(entry.key);
            self.trace.enter(Step::Entry(map, at), self.sink.line());
            self.value(value, place)?;
            self.trace.leave();
        }
        Ok(())
    }

    fn entry_key(&mut self, key: Key<'a>) {
        match key {
            Key::Str(text) => self.sink.key(text),
            other => {
                self.scratch.clear();
                let _ = write!(self.scratch, "{other}");
                self.sink.key(&self.scratch);
            }
        }
    }

    fn object(&mut self, object: &'a Object<'a>) -> Eval<()> {
        self.sink.begin_map();
        let schema = object.schema.schema;
        for (index, field) in schema.fields.iter().enumerate() {
            let index = index as u32;
            let value = self.eval.field(object, index)?;
            if value.is_null() {
                continue;
            }
            self.sink.key(field.name.as_str());
            self.trace.enter(Step::Field(object, index), self.sink.line());
            if let Value::Function(_) | Value::Secret(_) | Value::Float(_) = value {
                let place = self.eval.setter_of(object, index);
                self.value(value, place)?;
            } else {
                self.value(value, Some(field.span))?;
            }
            self.trace.leave();
        }
        if schema.is_open {
            self.entries(self.eval.extra(object)?, None)?;
        }
        self.sink.end_map();
        Ok(())
    }

    fn secret(&mut self, secret: &'a Secret<'a>, place: Option<Span>) -> Eval<()> {
        if let Some(text) = public_text(secret) {
            self.sink.string(text);
            return Ok(());
        }
        let diag = Diag::error(Code::SECRET_EMITTED, "a secret would be written to the output")
            .note("a Secret may only go into the sinks of the standard library, which write a reference to it")
            .help("use `std.secrets.public(value, \"why\")` for what is no secret");
        Err(self.eval.raise(at(diag, place, "this value is a Secret")))
    }

    #[cold]
    fn endless(&self, value: Value<'a>, place: Option<Span>) -> Raised {
        let diag = match value {
            Value::Object(object) => Diag::error(
                Code::VALUE_CYCLE,
                format!("`{}` holds another of itself without end", object.schema_name()),
            )
            .help("give the field a type that takes null, or a list"),
            _ => Diag::error(Code::TOO_DEEP_EVALUATION, format!("the value nests more than {MAX_DEPTH} levels deep")),
        };
        self.eval.raise(at(diag, place, "the nesting goes on here"))
    }

    #[cold]
    fn unprintable(&self, what: &str, place: Option<Span>) -> Raised {
        let diag = Diag::error(Code::NOT_PRINTABLE, format!("{what} has no written form"));
        self.eval.raise(at(diag, place, "it would be written to the output"))
    }
}

/// The text of a secret that is none.
pub(crate) fn public_text<'a>(secret: &Secret<'a>) -> Option<&'a str> {
    let (_, text) = secret.parts.iter().find(|(name, _)| secret.kind == "public" && *name == "value")?;
    Some(text)
}

fn at(diag: Diag, place: Option<Span>, label: &str) -> Diag {
    match place {
        Some(span) => diag.at(span, label),
        None => diag,
    }
}
