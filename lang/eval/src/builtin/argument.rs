//! Arguments of builtins as Rust values, and results as values of the language.
//!
//! The checker has proved the types; what does not fit here is a mistake of the compiler and is reported as one.

use forge_base::{Code, Diag, Duration};

use super::Call;
use crate::error;
use crate::value::{Eval, Key, Map, Quantity, Value};

/// An entry of a map that holds only text keys.
pub(crate) type Pair<'a> = (&'a str, Value<'a>);

impl<'a> Call<'_, 'a> {
    #[cold]
    pub(crate) fn mistyped<T>(&self, value: Value<'a>, wanted: &str) -> Eval<T> {
        let what = format!("a builtin wants {wanted} and was given {}", value.kind_name());
        self.raise(error::internal(self.span, &what))
    }

    /// An argument; null where the call leaves it out.
    pub(crate) fn arg(&self, place: usize) -> Value<'a> {
        self.args.get(place).copied().unwrap_or(Value::Null)
    }

    pub(crate) fn str(&self, place: usize) -> Eval<&'a str> {
        self.as_str(self.arg(place))
    }

    pub(crate) fn as_str(&self, value: Value<'a>) -> Eval<&'a str> {
        match value {
            Value::Str(text) => Ok(text),
            other => self.mistyped(other, "a String"),
        }
    }

    /// A String, or null.
    pub(crate) fn str_or_null(&self, place: usize) -> Eval<Option<&'a str>> {
        match self.arg(place) {
            Value::Null => Ok(None),
            value => self.as_str(value).map(Some),
        }
    }

    pub(crate) fn int(&self, place: usize) -> Eval<i64> {
        self.as_int(self.arg(place))
    }

    pub(crate) fn as_int(&self, value: Value<'a>) -> Eval<i64> {
        match value {
            Value::Int(number) => Ok(number),
            other => self.mistyped(other, "an Int"),
        }
    }

    pub(crate) fn bool(&self, place: usize) -> Eval<bool> {
        match self.arg(place) {
            Value::Bool(value) => Ok(value),
            other => self.mistyped(other, "a Bool"),
        }
    }

    pub(crate) fn float(&self, place: usize) -> Eval<f64> {
        self.as_float(self.arg(place))
    }

    pub(crate) fn as_float(&self, value: Value<'a>) -> Eval<f64> {
        match value {
            Value::Float(number) => Ok(number),
            Value::Int(number) => Ok(number as f64),
            other => self.mistyped(other, "a Float"),
        }
    }

    pub(crate) fn duration(&self, place: usize) -> Eval<Duration> {
        match self.arg(place) {
            Value::Duration(value) => Ok(value),
            other => self.mistyped(other, "a Duration"),
        }
    }

    /// The nano-units and the format of a quantity; an Int is taken for one.
    pub(crate) fn quantity(&self, place: usize) -> Eval<Quantity<'a>> {
        match self.arg(place) {
            Value::Quantity(value) => Ok(*value),
            Value::Int(units) => {
                let base = forge_base::Quantity::from_int(units);
                Ok(Quantity { nanos: base.nanos, format: base.format, literal: None })
            }
            other => self.mistyped(other, "a Quantity"),
        }
    }

    /// A count or position that must not be negative.
    pub(crate) fn count(&self, place: usize, name: &str) -> Eval<usize> {
        let number = self.int(place)?;
        match usize::try_from(number) {
            Ok(count) => Ok(count),
            Err(_) => self.fail(format!("`{name}` is {number}, which is below 0"), "must be 0 or more"),
        }
    }

    /// Like [`Call::count`]; null is `None`.
    pub(crate) fn count_or_null(&self, place: usize, name: &str) -> Eval<Option<usize>> {
        match self.arg(place) {
            Value::Null => Ok(None),
            _ => self.count(place, name).map(Some),
        }
    }

    /// A count that must be above 0.
    pub(crate) fn size(&self, place: usize, name: &str) -> Eval<usize> {
        match self.count(place, name)? {
            0 => self.fail(format!("`{name}` is 0"), "must be 1 or more"),
            size => Ok(size),
        }
    }

    /// The items of a list or keyed list argument.
    pub fn list(&self, place: usize) -> Eval<&'a [Value<'a>]> {
        let items = self.eval.items(self.span, self.arg(place))?;
        self.eval.charge(items.len())?;
        Ok(items)
    }

    /// Makes sure that there is room for a new list while it is built and when it is done.
    pub(crate) fn room(&self, count: usize) -> Eval<()> {
        self.eval.check_memory(count.saturating_mul(2 * size_of::<Value<'_>>()))
    }

    /// A list with what a function gives for each item and its place.
    pub(crate) fn collect(
        &self,
        items: &[Value<'a>],
        mut each: impl FnMut(usize, Value<'a>) -> Eval<Value<'a>>,
    ) -> Eval<Value<'a>> {
        self.room(items.len())?;
        let mut values = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            values.push(each(place, *item)?);
        }
        self.list_of(&values)
    }

    /// A list of the items that a test lets through.
    pub(crate) fn retain(&self, items: &[Value<'a>], mut test: impl FnMut(Value<'a>) -> Eval<bool>) -> Eval<Value<'a>> {
        self.room(items.len())?;
        let mut kept = Vec::new();
        for item in items {
            if test(*item)? {
                kept.push(*item);
            }
        }
        self.list_of(&kept)
    }

    /// The texts of a list of strings.
    pub(crate) fn texts(&self, place: usize) -> Eval<Vec<&'a str>> {
        self.list(place)?.iter().map(|item| self.as_str(*item)).collect()
    }

    pub(crate) fn map(&self, place: usize) -> Eval<&'a Map<'a>> {
        match self.arg(place) {
            Value::Map(map) => {
                self.eval.charge(self.eval.entries(map)?.len())?;
                Ok(map)
            }
            other => self.mistyped(other, "a map"),
        }
    }

    /// The entries of a map, all of them read.
    pub(crate) fn pairs(&self, place: usize) -> Eval<Vec<Pair<'a>>> {
        let map = self.map(place)?;
        let entries = self.eval.entries(map)?;
        let mut pairs = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            pairs.push((self.key_text(entry.key), self.eval.entry(map, at)?));
        }
        Ok(pairs)
    }

    /// A key as text; the parts of a tuple are joined by `/`.
    pub(crate) fn key_text(&self, key: Key<'a>) -> &'a str {
        match key {
            Key::Str(text) => text,
            Key::Int(number) => self.eval.arena.alloc_str(&number.to_string()),
            Key::Tuple(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.key_text(*part)).collect();
                self.eval.arena.alloc_str(&parts.join("/"))
            }
        }
    }

    /// A text as a value.
    pub(crate) fn text(&self, text: &str) -> Eval<Value<'a>> {
        self.eval.check_memory(text.len())?;
        self.eval.charge(text.len() / 64)?;
        Ok(Value::Str(self.eval.arena.alloc_str(text)))
    }

    /// A text that may be missing.
    pub(crate) fn text_or_null(&self, text: Option<&str>) -> Eval<Value<'a>> {
        text.map_or(Ok(Value::Null), |text| self.text(text))
    }

    /// Values as a list.
    pub(crate) fn list_of(&self, values: &[Value<'a>]) -> Eval<Value<'a>> {
        self.eval.check_memory(size_of_val(values))?;
        Ok(Value::List(self.eval.arena.alloc_slice_copy(values)))
    }

    /// Texts as a list of strings.
    pub(crate) fn list_of_texts<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Eval<Value<'a>> {
        let values = texts.into_iter().map(|text| self.text(text)).collect::<Eval<Vec<_>>>()?;
        self.list_of(&values)
    }

    /// Pairs as a map. Keys must differ.
    pub(crate) fn map_of(&self, pairs: Vec<Pair<'a>>) -> Eval<Value<'a>> {
        self.eval.check_memory(pairs.len() * 64)?;
        Ok(self.eval.map_of(pairs.into_iter()))
    }

    /// The error of a number that no longer fits.
    #[cold]
    pub(crate) fn overflow<T>(&self, what: &str) -> Eval<T> {
        self.raise(
            Diag::error(Code::INT_OVERFLOW, format!("{what} is too large"))
                .at(self.span, "computed here")
                .note("an Int holds -9223372036854775808 to 9223372036854775807"),
        )
    }

    #[cold]
    pub(crate) fn division_by_zero<T>(&self, dividend: i64) -> Eval<T> {
        self.raise(error::division_by_zero(self.span, dividend))
    }

    /// The error of bounds in the wrong order.
    #[cold]
    pub(crate) fn bad_bounds<T>(&self) -> Eval<T> {
        let (low, high) = (self.eval.show(self.arg(1)), self.eval.show(self.arg(2)));
        self.fail(format!("`low` is {low}, which is above `high`, {high}"), "no value is between them")
    }
}
