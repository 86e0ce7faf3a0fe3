//! Calls of builtins: arguments as Rust values, results as values of the language, and errors.
//!
//! The checker has checked the types of the arguments; a mismatch here is reported as an internal compiler error.

use forge_base::{Code, Diag, Duration};

use crate::display::show;
use crate::error;
use crate::evaluator::Builtin;
pub(crate) use crate::evaluator::Call;
use crate::key::Key;
use crate::value::{Eval, Map, Quantity, Value};

/// The builtins of one module by run-time name.
pub(crate) type BuiltinTable = &'static [(&'static str, Builtin)];

/// An entry of a map whose keys are strings.
pub(crate) type Pair<'a> = (&'a str, Value<'a>);

impl<'a> Call<'_, 'a> {
    /// An error of this call.
    #[cold]
    pub(crate) fn fail<T>(&self, headline: impl Into<String>, label: impl Into<String>) -> Eval<T> {
        self.fail_as(Code::BUILTIN_FAILED, headline, label)
    }

    /// An error of this call with another code.
    #[cold]
    pub(crate) fn fail_as<T>(&self, code: Code, headline: impl Into<String>, label: impl Into<String>) -> Eval<T> {
        self.raise(Diag::error(code, headline).at(self.span, label))
    }

    /// An error with a diagnostic.
    #[cold]
    pub(crate) fn raise<T>(&self, diag: Diag) -> Eval<T> {
        Err(self.eval.raise(diag))
    }

    /// Calls a function argument.
    pub(crate) fn apply(&self, function: Value<'a>, args: &[Value<'a>]) -> Eval<Value<'a>> {
        self.eval.apply_function(function, args, self.span)
    }

    /// Calls a function argument that returns a Bool.
    pub(crate) fn test(&self, function: Value<'a>, args: &[Value<'a>]) -> Eval<bool> {
        match self.apply(function, args)? {
            Value::Bool(value) => Ok(value),
            other => self.mistyped(other, "a Bool"),
        }
    }

    #[cold]
    pub(crate) fn mistyped<T>(&self, value: Value<'a>, expected: &str) -> Eval<T> {
        let what = format!("a builtin expects {expected} and got {}", value.kind_name());
        self.raise(error::internal(self.span, &what))
    }

    /// An argument; null if the call omits it.
    pub(crate) fn arg(&self, index: usize) -> Value<'a> {
        self.args.get(index).copied().unwrap_or(Value::Null)
    }

    pub(crate) fn str(&self, index: usize) -> Eval<&'a str> {
        self.as_str(self.arg(index))
    }

    pub(crate) fn as_str(&self, value: Value<'a>) -> Eval<&'a str> {
        match value {
            Value::Str(text) => Ok(text),
            other => self.mistyped(other, "a String"),
        }
    }

    /// A String, or null.
    pub(crate) fn str_or_null(&self, index: usize) -> Eval<Option<&'a str>> {
        match self.arg(index) {
            Value::Null => Ok(None),
            value => self.as_str(value).map(Some),
        }
    }

    pub(crate) fn int(&self, index: usize) -> Eval<i64> {
        self.as_int(self.arg(index))
    }

    pub(crate) fn as_int(&self, value: Value<'a>) -> Eval<i64> {
        match value {
            Value::Int(number) => Ok(number),
            other => self.mistyped(other, "an Int"),
        }
    }

    pub(crate) fn bool(&self, index: usize) -> Eval<bool> {
        match self.arg(index) {
            Value::Bool(value) => Ok(value),
            other => self.mistyped(other, "a Bool"),
        }
    }

    pub(crate) fn float(&self, index: usize) -> Eval<f64> {
        self.as_float(self.arg(index))
    }

    pub(crate) fn as_float(&self, value: Value<'a>) -> Eval<f64> {
        match value {
            Value::Float(number) => Ok(number),
            Value::Int(number) => Ok(number as f64),
            other => self.mistyped(other, "a Float"),
        }
    }

    pub(crate) fn duration(&self, index: usize) -> Eval<Duration> {
        match self.arg(index) {
            Value::Duration(value) => Ok(value),
            other => self.mistyped(other, "a Duration"),
        }
    }

    /// A Quantity, or an Int as one.
    pub(crate) fn quantity(&self, index: usize) -> Eval<Quantity<'a>> {
        match self.arg(index) {
            Value::Quantity(value) => Ok(*value),
            Value::Int(units) => {
                let base = forge_base::Quantity::from_int(units);
                Ok(Quantity { nanos: base.nanos, format: base.format, literal: None })
            }
            other => self.mistyped(other, "a Quantity"),
        }
    }

    /// An Int that must not be negative.
    pub(crate) fn count(&self, index: usize, name: &str) -> Eval<usize> {
        let number = self.int(index)?;
        match usize::try_from(number) {
            Ok(count) => Ok(count),
            Err(_) => self.fail(format!("`{name}` is {number}, which is negative"), "must be 0 or more"),
        }
    }

    /// Like [`Call::count`]; null is `None`.
    pub(crate) fn count_or_null(&self, index: usize, name: &str) -> Eval<Option<usize>> {
        match self.arg(index) {
            Value::Null => Ok(None),
            _ => self.count(index, name).map(Some),
        }
    }

    /// An Int that must be positive.
    pub(crate) fn size(&self, index: usize, name: &str) -> Eval<usize> {
        match self.count(index, name)? {
            0 => self.fail(format!("`{name}` is 0"), "must be 1 or more"),
            size => Ok(size),
        }
    }

    /// The items of a list or keyed list argument.
    pub(crate) fn list(&self, index: usize) -> Eval<&'a [Value<'a>]> {
        let items = self.eval.items(self.span, self.arg(index))?;
        self.eval.charge(items.len())?;
        Ok(items)
    }

    /// Checks the memory budget for a new list, both while it is built and when it is complete.
    pub(crate) fn room(&self, count: usize) -> Eval<()> {
        self.eval.check_memory(count.saturating_mul(2 * size_of::<Value<'_>>()))
    }

    /// The list of the results of a function that is called with the index and value of each item.
    pub(crate) fn collect(
        &self,
        items: &[Value<'a>],
        mut each: impl FnMut(usize, Value<'a>) -> Eval<Value<'a>>,
    ) -> Eval<Value<'a>> {
        self.room(items.len())?;
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            values.push(each(index, *item)?);
        }
        self.list_of(&values)
    }

    /// The list of the items for which `test` is true.
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

    /// The strings of a list.
    pub(crate) fn texts(&self, index: usize) -> Eval<Vec<&'a str>> {
        self.list(index)?.iter().map(|item| self.as_str(*item)).collect()
    }

    pub(crate) fn map(&self, index: usize) -> Eval<&'a Map<'a>> {
        match self.arg(index) {
            Value::Map(map) => {
                self.eval.charge(self.eval.entries(map)?.len())?;
                Ok(map)
            }
            other => self.mistyped(other, "a map"),
        }
    }

    /// The entries of a map, all of them computed.
    pub(crate) fn pairs(&self, index: usize) -> Eval<Vec<Pair<'a>>> {
        let map = self.map(index)?;
        let entries = self.eval.entries(map)?;
        let mut pairs = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            pairs.push((self.key_text(entry.key), self.eval.entry(map, at)?));
        }
        Ok(pairs)
    }

    /// A key as a string; the parts of a composite key are joined by `/`.
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

    /// A String value.
    pub(crate) fn text(&self, text: &str) -> Eval<Value<'a>> {
        self.eval.check_memory(text.len())?;
        self.eval.charge(text.len() / 64)?;
        Ok(Value::Str(self.eval.arena.alloc_str(text)))
    }

    /// A String value, or null.
    pub(crate) fn text_or_null(&self, text: Option<&str>) -> Eval<Value<'a>> {
        text.map_or(Ok(Value::Null), |text| self.text(text))
    }

    /// A list value.
    pub(crate) fn list_of(&self, values: &[Value<'a>]) -> Eval<Value<'a>> {
        self.eval.check_memory(size_of_val(values))?;
        Ok(Value::List(self.eval.arena.alloc_slice_copy(values)))
    }

    /// A list of String values.
    pub(crate) fn list_of_texts<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Eval<Value<'a>> {
        let values = texts.into_iter().map(|text| self.text(text)).collect::<Eval<Vec<_>>>()?;
        self.list_of(&values)
    }

    /// A map value. Keys must be unique.
    pub(crate) fn map_of(&self, pairs: Vec<Pair<'a>>) -> Eval<Value<'a>> {
        self.eval.check_memory(pairs.len() * 64)?;
        Ok(self.eval.map_of(pairs.into_iter()))
    }

    /// The error of a number that does not fit in an Int.
    #[cold]
    pub(crate) fn overflow<T>(&self, what: &str) -> Eval<T> {
        self.raise(
            Diag::error(Code::INT_OVERFLOW, format!("{what} is too large"))
                .at(self.span, "computed here")
                .note(error::INT_RANGE),
        )
    }

    #[cold]
    pub(crate) fn division_by_zero<T>(&self, dividend: i64) -> Eval<T> {
        self.raise(error::division_by_zero(self.span, dividend))
    }

    /// The error of a lower bound above the upper one.
    #[cold]
    pub(crate) fn bad_bounds<T>(&self) -> Eval<T> {
        let (low, high) = (show(self.arg(1)), show(self.arg(2)));
        self.fail(format!("`low` is {low}, which is greater than `high`, {high}"), "no value is between them")
    }
}
