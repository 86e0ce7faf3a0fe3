//! Walks over a value and writes it to a [`Sink`].
//!
//! Fields that are null are omitted; null entries of maps are written. Functions and secrets cannot be written. A walk continues after
//! an error with null in place of the value, to report the errors of other parts as well.

use std::fmt::Write;

use forge_base::{Code, Diag, Span};
use forge_eval::{ErrorId, Eval, Evaluator, Key, Map, Object, Secret, Value};

use crate::sink::Sink;

/// One step from a value to a part of it.
#[derive(Clone, Copy)]
pub enum Step<'a> {
    /// A field of an object.
    Field(&'a Object<'a>, u32),
    /// An entry of a map or keyed list, by index.
    Entry(&'a Map<'a>, usize),
    /// An item of a list.
    Item(usize),
}

/// Observes a walk. The default methods do nothing.
pub trait Trace<'a> {
    /// Called before a part is written, at `line` of the output.
    fn enter(&mut self, _step: Step<'a>, _line: usize) {}
    /// Called after the part is written.
    fn leave(&mut self) {}
}

/// Observes nothing.
pub struct NoTrace;

impl Trace<'_> for NoTrace {}

/// Writes values.
pub struct Walker<'w, 'a, S, T> {
    /// The evaluator.
    pub eval: &'w Evaluator<'a>,
    /// The destination.
    pub sink: &'w mut S,
    /// The observer.
    pub trace: &'w mut T,
    /// A buffer for scalars and keys.
    scratch: String,
    /// The current depth.
    depth: u32,
    /// The number of values written.
    written: u32,
    /// The error of all parts that failed so far.
    failed: Option<ErrorId>,
}

/// The size of the output is compared with the memory budget once per this many values.
const MEMORY_CHECK_INTERVAL: u32 = 0x400;

/// The item to blame for a value that cannot be written. Its span is looked up only then.
#[derive(Clone, Copy)]
enum Blame<'a> {
    /// A span, if there is one.
    Span(Option<Span>),
    /// A field of an object.
    Field(&'a Object<'a>, u32),
    /// An entry of a map or keyed list.
    Entry(&'a Map<'a>, usize),
}

/// The maximum depth of a written value. Objects are lazy, so a schema whose default contains the schema itself nests infinitely.
const MAX_DEPTH: u32 = 500;

/// The maximum number of fields that a message about a cycle of schemas names.
const MAX_CYCLE: usize = 16;
/// The maximum number of fields that are searched for a cycle.
const CYCLE_FUEL: u32 = 10_000;

impl<'w, 'a, S: Sink, T: Trace<'a>> Walker<'w, 'a, S, T> {
    /// A walker.
    pub fn new(eval: &'w Evaluator<'a>, sink: &'w mut S, trace: &'w mut T) -> Self {
        Walker { eval, sink, trace, scratch: String::new(), depth: 0, written: 0, failed: None }
    }

    /// Writes a value; errors about values that cannot be written are reported at `span`, if their own span is unknown.
    pub fn value(&mut self, value: Value<'a>, span: Option<Span>) -> Eval<()> {
        self.write(value, Blame::Span(span))?;
        self.failed.take().map_or(Ok(()), Err)
    }

    /// Writes a part of a list, map or object.
    fn write_part(&mut self, value: Value<'a>, blame: Blame<'a>) -> Eval<()> {
        self.write(value, blame).or_else(|error| {
            // The output is discarded, but the sink expects a value.
            self.sink.null();
            self.fail(error)
        })
    }

    /// Records the error of a part.
    ///
    /// # Errors
    /// If the evaluation cannot continue.
    #[cold]
    fn fail(&mut self, error: ErrorId) -> Eval<()> {
        let all = self.eval.join(self.failed, error);
        self.failed = Some(all);
        if self.eval.is_fatal(error) { Err(all) } else { Ok(()) }
    }

    fn write(&mut self, value: Value<'a>, blame: Blame<'a>) -> Eval<()> {
        if self.depth > MAX_DEPTH {
            return Err(self.infinite_nesting(value, blame));
        }
        // A shared value is written once per reference: the output of a small value may be huge.
        self.eval.charge(1)?;
        self.written += 1;
        if self.written.is_multiple_of(MEMORY_CHECK_INTERVAL) {
            self.eval.check_memory(self.sink.bytes())?;
        }
        self.depth += 1;
        let written = self.part(value, blame);
        self.depth -= 1;
        written
    }

    /// The span that set the value to blame.
    #[cold]
    fn span(&self, blame: Blame<'a>) -> Option<Span> {
        match blame {
            Blame::Span(span) => span,
            Blame::Field(object, field) => {
                let declared = object.schema.schema.fields.get(field as usize).map(|field| field.span);
                self.eval.setter_of(object, field).or(declared)
            }
            Blame::Entry(map, at) => self.eval.entry_span(map, at),
        }
    }

    fn part(&mut self, value: Value<'a>, blame: Blame<'a>) -> Eval<()> {
        match value {
            Value::Null => self.sink.null(),
            Value::Bool(value) => self.sink.bool(value),
            Value::Int(number) => self.sink.int(number),
            Value::Float(number) if number.is_finite() => self.sink.float(number),
            Value::Float(number) => return Err(self.unprintable(&format!("{number}"), blame)),
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
                    self.write_part(*item, blame)?;
                    self.trace.leave();
                }
                self.sink.end_list();
            }
            Value::Map(map) => self.map(map)?,
            Value::Object(object) => self.object(object)?,
            Value::Function(_) => return Err(self.unprintable("a function", blame)),
            Value::Secret(secret) => return self.secret(secret, blame),
        }
        Ok(())
    }

    fn scalar(&mut self, value: Value<'a>) {
        self.scratch.clear();
        forge_eval::push_text(&mut self.scratch, value);
        self.sink.string(&self.scratch);
    }

    fn map(&mut self, map: &'a Map<'a>) -> Eval<()> {
        if map.keyed.is_some() {
            self.sink.begin_list();
            for at in 0..self.eval.entries(map)?.len() {
                let value = match self.eval.entry(map, at) {
                    Ok(value) => value,
                    Err(error) => {
                        self.fail(error)?;
                        continue;
                    }
                };
                self.sink.item();
                self.trace.enter(Step::Entry(map, at), self.sink.line());
                self.write_part(value, Blame::Entry(map, at))?;
                self.trace.leave();
            }
            self.sink.end_list();
            return Ok(());
        }
        self.sink.begin_map();
        self.entries(map)?;
        self.sink.end_map();
        Ok(())
    }

    /// Writes the entries of a map into the map that is open in the sink.
    fn entries(&mut self, map: &'a Map<'a>) -> Eval<()> {
        for (at, entry) in self.eval.entries(map)?.iter().enumerate() {
            let value = match self.eval.entry(map, at) {
                Ok(value) => value,
                Err(error) if self.eval.entry_waits(error, map) => continue,
                Err(error) => {
                    self.fail(error)?;
                    continue;
                }
            };
            self.entry_key(entry.key);
            self.trace.enter(Step::Entry(map, at), self.sink.line());
            self.write_part(value, Blame::Entry(map, at))?;
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
            let value = match self.eval.part(object, index) {
                None | Some(Ok(Value::Null)) => continue,
                Some(Ok(_)) if !self.eval.is_written(object, index) => continue,
                Some(Ok(value)) => value,
                Some(Err(error)) => {
                    self.fail(error)?;
                    continue;
                }
            };
            self.sink.key(field.name.as_str());
            self.trace.enter(Step::Field(object, index), self.sink.line());
            self.write_part(value, Blame::Field(object, index))?;
            self.trace.leave();
        }
        if schema.is_open {
            self.entries(self.eval.extra(object))?;
        }
        self.sink.end_map();
        Ok(())
    }

    fn secret(&mut self, secret: &'a Secret<'a>, blame: Blame<'a>) -> Eval<()> {
        if let Some(text) = secret.public_value() {
            self.sink.string(text);
            return Ok(());
        }
        let diag = Diag::error(Code::SECRET_EMITTED, "a secret would be written to the output")
            .note("only the standard library's sinks accept a Secret: they write a reference to it")
            .help("use `std.secrets.public(value, \"why\")` for a value that is not confidential");
        Err(self.eval.raise(diag.at_opt(self.span(blame), "this value is a Secret")))
    }

    #[cold]
    fn infinite_nesting(&self, value: Value<'a>, blame: Blame<'a>) -> ErrorId {
        let diag = match value {
            Value::Object(object) => {
                let name = object.schema_name();
                let diag = Diag::error(Code::VALUE_CYCLE, format!("`{name}` contains itself infinitely"));
                let (mut path, mut fuel) = (Vec::new(), CYCLE_FUEL);
                let diag = match self.nesting_cycle(object, object, &mut path, &mut fuel) {
                    true => diag.note(format!("the cycle is {} → `{name}`", path.join(" → "))),
                    false => diag,
                };
                diag.help("make one of these fields nullable, or a list or map that may be empty")
            }
            _ => Diag::error(Code::TOO_DEEP_EVALUATION, format!("the value nests more than {MAX_DEPTH} levels deep")),
        };
        self.eval.raise(diag.at_opt(self.span(blame), "the nesting continues here"))
    }

    /// Finds fields that lead from an object to another object of the schema of `goal`.
    fn nesting_cycle(
        &self,
        from: &'a Object<'a>,
        goal: &'a Object<'a>,
        path: &mut Vec<String>,
        fuel: &mut u32,
    ) -> bool {
        if path.len() > MAX_CYCLE {
            return false;
        }
        (0..).zip(&from.schema.schema.fields).any(|(index, field)| {
            *fuel = fuel.saturating_sub(1);
            if *fuel == 0 {
                return false;
            }
            let Ok(Value::Object(next)) = self.eval.field(from, index) else { return false };
            path.push(format!("`{}.{}`", from.schema_name(), field.name));
            let found =
                std::ptr::eq(next.schema.schema, goal.schema.schema) || self.nesting_cycle(next, goal, path, fuel);
            if !found {
                path.pop();
            }
            found
        })
    }

    #[cold]
    fn unprintable(&self, what: &str, blame: Blame<'a>) -> ErrorId {
        let diag = Diag::error(Code::NOT_PRINTABLE, format!("{what} cannot be written to the output"));
        self.eval.raise(diag.at_opt(self.span(blame), "part of the output"))
    }
}
