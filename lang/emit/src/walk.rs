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

/// What is to blame for a value that cannot be written. Its place is looked for only then.
#[derive(Clone, Copy)]
enum Blame<'a> {
    /// A place, if there is one.
    Place(Option<Span>),
    /// A field of an object.
    Field(&'a Object<'a>, u32),
    /// An entry of a map or keyed list.
    Entry(&'a Map<'a>, usize),
}

/// How deeply what is written may nest. Objects are lazy, so a default that builds its own schema anew has no end.
const MAX_DEPTH: u32 = 500;

/// How many fields of a circle of schemas are named.
const MAX_CIRCLE: usize = 16;
/// How many objects are looked at for it.
const CIRCLE_FUEL: u32 = 10_000;

impl<'w, 'a, S: Sink, T: Trace<'a>> Walker<'w, 'a, S, T> {
    /// A walker.
    pub fn new(eval: &'w Evaluator<'a>, sink: &'w mut S, trace: &'w mut T) -> Self {
        Walker { eval, sink, trace, scratch: String::new(), depth: 0, written: 0 }
    }

    /// Writes a value; `place` is blamed where it has no written form.
    pub fn value(&mut self, value: Value<'a>, place: Option<Span>) -> Eval<()> {
        self.write(value, Blame::Place(place))
    }

    fn write(&mut self, value: Value<'a>, blame: Blame<'a>) -> Eval<()> {
        if self.depth > MAX_DEPTH {
            return Err(self.endless(value, blame));
        }
        // What values share is written once for each of them: a small value may have an endless text.
        self.eval.charge(1)?;
        self.written += 1;
        if self.written.is_multiple_of(LOOK_EVERY) {
            self.eval.check_memory(self.sink.bytes())?;
        }
        self.depth += 1;
        let written = self.part(value, blame);
        self.depth -= 1;
        written
    }

    /// Where the value is set that cannot be written.
    #[cold]
    fn place(&self, blame: Blame<'a>) -> Option<Span> {
        match blame {
            Blame::Place(place) => place,
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
                    self.write(*item, blame)?;
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
                let value = self.eval.entry(map, at)?;
                self.sink.item();
                self.trace.enter(Step::Entry(map, at), self.sink.line());
                self.write(value, Blame::Entry(map, at))?;
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

    /// The entries of a map, behind what the sink has of it already.
    fn entries(&mut self, map: &'a Map<'a>) -> Eval<()> {
        for (at, entry) in self.eval.entries(map)?.iter().enumerate() {
            let value = self.eval.entry(map, at)?;
            self.entry_key(entry.key);
            self.trace.enter(Step::Entry(map, at), self.sink.line());
            self.write(value, Blame::Entry(map, at))?;
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
            self.write(value, Blame::Field(object, index))?;
            self.trace.leave();
        }
        if schema.is_open {
            self.entries(self.eval.extra(object)?)?;
        }
        self.sink.end_map();
        Ok(())
    }

    fn secret(&mut self, secret: &'a Secret<'a>, blame: Blame<'a>) -> Eval<()> {
        if let Some(text) = public_text(secret) {
            self.sink.string(text);
            return Ok(());
        }
        let diag = Diag::error(Code::SECRET_EMITTED, "a secret would be written to the output")
            .note("a Secret may only go into the sinks of the standard library, which write a reference to it")
            .help("use `std.secrets.public(value, \"why\")` for what is no secret");
        Err(self.eval.raise(at(diag, self.place(blame), "this value is a Secret")))
    }

    #[cold]
    fn endless(&self, value: Value<'a>, blame: Blame<'a>) -> Raised {
        let diag = match value {
            Value::Object(object) => {
                let name = object.schema_name();
                let diag = Diag::error(Code::VALUE_CYCLE, format!("`{name}` holds another of itself without end"));
                let (mut path, mut fuel) = (Vec::new(), CIRCLE_FUEL);
                let diag = match self.nesting_circle(object, object, &mut path, &mut fuel) {
                    true => diag.note(format!("the circle is {} → `{name}`", path.join(" → "))),
                    false => diag,
                };
                diag.help("somewhere on the way a field must be null, or a list or map be empty")
            }
            _ => Diag::error(Code::TOO_DEEP_EVALUATION, format!("the value nests more than {MAX_DEPTH} levels deep")),
        };
        self.eval.raise(at(diag, self.place(blame), "the nesting goes on here"))
    }

    /// Finds the fields that lead from an object to another of its schema.
    fn nesting_circle(
        &self,
        from: &'a Object<'a>,
        goal: &'a Object<'a>,
        path: &mut Vec<String>,
        fuel: &mut u32,
    ) -> bool {
        if path.len() > MAX_CIRCLE {
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
                std::ptr::eq(next.schema.schema, goal.schema.schema) || self.nesting_circle(next, goal, path, fuel);
            if !found {
                path.pop();
            }
            found
        })
    }

    #[cold]
    fn unprintable(&self, what: &str, blame: Blame<'a>) -> Raised {
        let diag = Diag::error(Code::NOT_PRINTABLE, format!("{what} has no written form"));
        self.eval.raise(at(diag, self.place(blame), "it would be written to the output"))
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
