//! The diagnostics of evaluation. Each function makes one; `raise` records it.

use forge_base::english::article;
use forge_base::{Code, Diag, Name, Span, suggest};
use forge_check::hir;
use forge_syntax::ast::BinaryOp;

use crate::evaluator::{Evaluator, StackEntry};
use crate::provenance::Operand;
use crate::value::{ErrorId, Key, Object, Value};

/// What a failed condition was.
#[derive(Clone, Copy)]
pub enum CheckKind<'a> {
    /// A schema's `check`, of this object.
    Check(&'a Object<'a>),
    /// A test's `assert`.
    Assert,
}

/// What was tried with a key that is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyOperation {
    Refine,
    Delete,
}

/// A mistake of the compiler that evaluation ran into.
pub(crate) fn internal(span: Span, what: &str) -> Diag {
    internal_nowhere(Some(span), what)
}

pub(crate) fn internal_nowhere(span: Option<Span>, what: &str) -> Diag {
    let diag = Diag::error(Code::INTERNAL, format!("mistake in the compiler: {what}"))
        .note("this should not happen whatever the program says; please report it with the program");
    match span {
        Some(span) => diag.at(span, "while evaluating this"),
        None => diag,
    }
}

pub(crate) fn missing_input(global: &hir::Global) -> Diag {
    Diag::error(Code::MISSING_INPUT, format!("the input `{}` has no value", global.name))
        .at(global.span, "declared here without a default")
        .help(format!("give it on the command line: `--input {}=…`", global.name))
}

pub(crate) fn bad_data(span: Span, found: &str, expected: &str) -> Diag {
    Diag::error(Code::BAD_INPUT, format!("expected {expected}, found {found}")).at(span, "declared here")
}

pub(crate) fn out_of_steps(place: Option<Span>, limit: u64) -> Diag {
    let diag = Diag::error(Code::BUDGET_STEPS, format!("evaluation takes more than {limit} steps"))
        .help("allow more with `--max-steps`, if the program is really that large");
    match place {
        Some(span) => diag.at(span, "while computing this"),
        None => diag,
    }
}

pub(crate) fn out_of_memory(place: Option<Span>, limit: usize) -> Diag {
    let diag = Diag::error(Code::BUDGET_MEMORY, format!("evaluation needs more than {} MiB of memory", limit >> 20))
        .help("allow more with `--max-memory`, if the program is really that large");
    match place {
        Some(span) => diag.at(span, "while computing this"),
        None => diag,
    }
}

pub(crate) fn too_deep(span: Span, limit: u32) -> Diag {
    too_deep_nowhere(Some(span), limit)
}

pub(crate) fn too_deep_nowhere(span: Option<Span>, limit: u32) -> Diag {
    let diag = Diag::error(Code::TOO_DEEP_EVALUATION, format!("evaluation nests more than {limit} levels deep"))
        .note("values that are computed from one another form a chain that is too long");
    match span {
        Some(span) => diag.at(span, "while evaluating this"),
        None => diag,
    }
}

pub(crate) fn no_member(span: Span, name: Name, kind: &str) -> Diag {
    Diag::error(Code::UNKNOWN_MEMBER, format!("{kind} has no field `{name}`")).at(span, "read here")
}

pub(crate) fn set_twice(name: Name, first: Span, second: Span) -> Diag {
    let diag = Diag::error(Code::DUPLICATE_FIELD, format!("`{name}` is set twice in one body"));
    let diag = match first == second {
        true => diag.at(second, "set by more than one round"),
        false => diag.at(second, "set again here").label(first, "first set here"),
    };
    diag.note("the order of items means nothing, so neither can win")
}

pub(crate) fn nothing_to_refine(span: Span, key: &hir::Key) -> Diag {
    let name = match key {
        hir::Key::Field(_, name) => name.to_string(),
        hir::Key::Name(name) => name.to_string(),
        _ => "the entry".to_owned(),
    };
    Diag::error(Code::NOT_REFINABLE, format!("`{name}` has no value yet that could be refined"))
        .at(span, "refined here")
        .help(format!("give it a value first: `{name} = …`"))
}

pub(crate) fn required_unset(cx: &Evaluator<'_>, object: &Object<'_>, field: &hir::Field) -> Diag {
    let diag = Diag::error(
        Code::REQUIRED_UNSET,
        format!("`{}` of `{}` is needed but has no value", field.name, object.schema_name()),
    )
    .label(field.span, "declared here without a default");
    match object.layer.map(|(body, _)| body.span).or_else(|| cx.current_span()) {
        Some(span) => diag.at(span, format!("nothing here sets `{}`", field.name)),
        None => diag,
    }
}

pub(crate) fn not_refinable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::NOT_REFINABLE, format!("{kind} cannot be refined")).at(span, "refined here")
}

pub(crate) fn not_callable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::NOT_CALLABLE, format!("{kind} is not a function")).at(span, "called here")
}

pub(crate) fn abstract_method(span: Span, schema: Name, method: Name) -> Diag {
    Diag::error(Code::ABSTRACT_METHOD, format!("`{schema}` has no body for the method `{method}`"))
        .at(span, "called here")
}

pub(crate) fn bad_operands(span: Span, op: BinaryOp, left: &str, right: &str) -> Diag {
    Diag::error(Code::BAD_OPERANDS, format!("`{}` does not go with {left} and {right}", op.sign()))
        .at(span, "computed here")
}

pub(crate) fn bad_operand(span: Span, sign: &str, kind: &str) -> Diag {
    Diag::error(Code::BAD_OPERANDS, format!("`{sign}` does not go with {kind}")).at(span, "computed here")
}

pub(crate) fn secret_compared(place: Option<Span>) -> Diag {
    let diag = Diag::error(Code::SECRET_LEAK, "a secret cannot be compared with another");
    match place {
        Some(span) => diag.at(span, "compared while this is computed"),
        None => diag,
    }
}

/// What a kind of number can hold.
#[derive(Clone, Copy)]
pub(crate) enum NumericKind {
    Int,
    Float,
    Quantity,
    Duration,
}

/// A result that no longer fits; `what` is the operation with its operands.
pub(crate) fn overflow(span: Span, what: impl std::fmt::Display, holds: NumericKind) -> Diag {
    let kind = match holds {
        NumericKind::Int => "an Int",
        NumericKind::Float => "a Float",
        NumericKind::Quantity => "a Quantity",
        NumericKind::Duration => "a Duration",
    };
    let diag = Diag::error(Code::INT_OVERFLOW, format!("`{what}` does not fit into {kind}"));
    diag.at(span, "computed here").note(match holds {
        NumericKind::Int => "an Int holds -9223372036854775808 to 9223372036854775807",
        NumericKind::Float => "a Float holds numbers up to 1.8e308",
        NumericKind::Quantity => "a Quantity is a multiple of `1n` and less than 2^63, as in Kubernetes",
        NumericKind::Duration => "a Duration holds up to 292 years",
    })
}

pub(crate) fn division_by_zero(span: Span, a: impl std::fmt::Display) -> Diag {
    Diag::error(Code::DIVISION_BY_ZERO, format!("{a} is divided by zero")).at(span, "computed here")
}

pub(crate) fn out_of_range(span: Span, index: i64, length: usize) -> Diag {
    let size = match length {
        0 => "an empty list".to_owned(),
        1 => "a list with one item".to_owned(),
        length => format!("a list with {length} items"),
    };
    let diag =
        Diag::error(Code::INDEX_OUT_OF_RANGE, format!("there is no item {index} in {size}")).at(span, "read here");
    match (index, length) {
        (_, 0) => diag.help("`.get(index)` gives null instead"),
        _ => diag.note(format!("its items are 0 to {}", length - 1)).help("`.get(index)` gives null instead"),
    }
}

pub(crate) fn no_such_key<'a>(span: Span, key: Key<'a>, keys: impl Iterator<Item = Key<'a>>) -> Diag {
    let diag = Diag::error(Code::NO_SUCH_KEY, format!("there is no key {}", quoted(key))).at(span, "read here");
    with_keys(diag, key, keys).help("`.get(key)` gives null where there is none")
}

fn quoted(key: Key<'_>) -> String {
    match key {
        Key::Str(text) => format!("`{text}`"),
        key => format!("`{key}`"),
    }
}

fn with_keys<'a>(diag: Diag, key: Key<'a>, keys: impl Iterator<Item = Key<'a>>) -> Diag {
    let names: Vec<String> = keys
        .map(|key| match key.first() {
            Key::Str(text) => text.to_owned(),
            other => other.to_string(),
        })
        .collect();
    let wanted = match key.first() {
        Key::Str(text) => text.to_owned(),
        other => other.to_string(),
    };
    match suggest::nearest(&wanted, names.iter().map(String::as_str)) {
        Some(near) => diag.note(format!("did you mean `{near}`?")),
        None if names.is_empty() => diag.note("it is empty"),
        None => {
            let mut shown: Vec<_> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
            if names.len() > 8 {
                shown.push(format!("{} more", names.len() - 8));
            }
            diag.note(format!("there are {}", shown.join(", ")))
        }
    }
}

pub(crate) fn missing_key<'a>(
    span: Span,
    key: Key<'a>,
    keys: impl Iterator<Item = Key<'a>>,
    operation: KeyOperation,
    is_keyed: bool,
    replaces: Option<Span>,
) -> Diag {
    let (code, verb) = match operation {
        KeyOperation::Refine => (Code::MISSING_KEY, "refine"),
        KeyOperation::Delete => (Code::DELETE_MISSING, "delete"),
    };
    let noun = if is_keyed { "element" } else { "entry" };
    let diag = Diag::error(code, format!("there is no {noun} {} to {verb}", quoted(key)))
        .at(span, format!("no such {noun} below this body"));
    let diag = match replaces {
        Some(sign) => {
            diag.label(sign, "this replaces all that was there").note("leave out the `=` to change what was there")
        }
        None => with_keys(diag, key, keys),
    };
    match operation {
        KeyOperation::Refine => diag.help(format!("to add one, write `{key} = {{ … }}`")),
        KeyOperation::Delete => diag,
    }
}

pub(crate) fn duplicate_key(key: Key<'_>, first: Option<Span>, second: Span) -> Diag {
    let diag = Diag::error(Code::DUPLICATE_KEY, format!("the key {} is given twice", quoted(key)));
    match first {
        Some(first) if first != second => diag.at(second, "again here").label(first, "first here"),
        Some(_) => diag.at(second, "by more than one round of the loop"),
        None => diag.at(second, "again here"),
    }
}

pub(crate) fn key_mismatch(span: Span, set_at: Option<Span>, field: Name, key: Key<'_>, found: Key<'_>) -> Diag {
    let found = match found {
        Key::Str(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    let diag = Diag::error(Code::KEY_MISMATCH, format!("the element {} says `{field} = {found}`", quoted(key)));
    let diag = match set_at {
        Some(set_at) => diag
            .at(set_at, format!("`{field}` is the key of this list"))
            .label(span, format!("so it is {} by its key", quoted(key))),
        None => diag.at(span, format!("`{field}` is the key of this list")),
    };
    diag.help(format!("leave `{field}` out: it follows from the key"))
}

pub(crate) fn ambiguous_key(span: Span, key: Key<'_>, example: Key<'_>, count: usize) -> Diag {
    Diag::error(Code::AMBIGUOUS_KEY, format!("{} names {count} elements", quoted(key)))
        .at(span, "which of them is meant?")
        .help(format!("name all key fields, as in `{example} {{ … }}`"))
}

pub(crate) fn ambiguous_get(span: Span, key: Key<'_>, example: Key<'_>, count: usize) -> Diag {
    let example = example.to_string();
    let arguments = example.trim_matches(['(', ')']);
    Diag::error(Code::AMBIGUOUS_KEY, format!("{} names {count} elements", quoted(key)))
        .at(span, "which of them is meant?")
        .help(format!("name all key fields, as in `.get({arguments})`"))
}

pub(crate) fn bad_key(span: Span, field: Name, kind: &str) -> Diag {
    Diag::error(Code::KEY_MISMATCH, format!("the key field `{field}` is {kind}"))
        .at(span, "a key is a String or an Int")
}

pub(crate) fn bad_entry_key(span: Span, kind: &str) -> Diag {
    Diag::error(Code::MISMATCH, format!("{kind} cannot be a key")).at(span, "a key is a String or an Int")
}

pub(crate) fn not_spreadable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::MISMATCH, format!("{kind} has no entries to take over")).at(span, "spread here")
}

pub(crate) fn not_iterable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::NOT_ITERABLE, format!("{kind} has no items")).at(span, "walked here")
}

pub(crate) fn not_indexable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::NOT_INDEXABLE, format!("{kind} cannot be indexed")).at(span, "indexed here")
}

pub(crate) fn not_appendable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::BAD_OPERANDS, format!("nothing can be appended to {kind}")).at(span, "appended here")
}

pub(crate) fn refinement_failed(
    cx: &Evaluator<'_>,
    refinement: &hir::Refinement,
    value: Value<'_>,
    operands: Vec<Operand>,
    span: Span,
    because: Span,
) -> Diag {
    let shown = cx.show(value);
    let headline = match refinement.name {
        Some(name) => format!("{shown} is not {} `{name}`", article(name.as_str())),
        None => format!("{shown} is not allowed here"),
    };
    let mut diag = Diag::error(Code::REFINEMENT_FAILED, headline)
        .at(span, format!("must satisfy `{}`", refinement.text))
        .label(because, "this type asks for it");
    for operand in operands.iter().filter(|operand| operand.text != "it") {
        diag = diag.note(format!("`{}` is {}", operand.text, operand.value));
    }
    diag
}

pub(crate) fn check_failed(
    cx: &Evaluator<'_>,
    check: &hir::Check,
    message: Option<String>,
    operands: Vec<Operand>,
    kind: CheckKind<'_>,
) -> Diag {
    let (code, place) = match kind {
        CheckKind::Check(object) => {
            (Code::CHECK_FAILED, object.layer.map(|(body, _)| body.span).or_else(|| cx.current_span()))
        }
        CheckKind::Assert => (Code::ASSERT_FAILED, None),
    };
    let headline = message.unwrap_or_else(|| match kind {
        CheckKind::Check(object) => format!("a check of `{}` failed", object.schema_name()),
        CheckKind::Assert => "assertion failed".to_owned(),
    });
    let diag = Diag::error(code, headline);
    let diag = match place {
        Some(span) => diag.at(span, "in this value").label(check.cond.span, "this does not hold"),
        None => diag.at(check.cond.span, "this does not hold"),
    };
    with_operands(diag, operands)
}

/// Adds the value of each part of an expression, and where it was set.
pub(crate) fn with_operands(mut diag: Diag, operands: Vec<Operand>) -> Diag {
    for operand in operands {
        diag = diag.note(format!("`{}` is {}", operand.text, operand.value));
        if let Some(span) = operand.set_at
            && Some(span) != diag.span()
            && diag.labels.len() < 5
        {
            diag = diag.label(span, format!("`{}` is set here", operand.text));
        }
    }
    diag
}

impl<'a> Evaluator<'a> {
    /// The error of meeting something that is being computed, with the whole cycle.
    #[cold]
    pub(crate) fn cycle(&self, again: StackEntry<'a>) -> ErrorId {
        let active = self.eval_stack.borrow();
        let start = active.iter().rposition(|entry| same(*entry, again)).unwrap_or(0);
        let cycle: Vec<_> = active[start..].iter().map(|entry| self.describe_entry(*entry)).collect();
        drop(active);
        let (name, place) = self.describe_entry(again);
        let mut diag = Diag::error(Code::VALUE_CYCLE, format!("`{name}` needs itself"));
        if let Some(place) = place {
            diag = diag.at(place, "this value is part of a cycle");
        }
        let path: Vec<_> = cycle.iter().map(|(name, _)| name).collect();
        for (name, span) in cycle.iter().skip(1).take(6) {
            if let Some(span) = span {
                diag = diag.label(*span, format!("which needs `{name}`"));
            }
        }
        self.raise_cycle(diag.cycle(&path), start)
    }

    /// The name and place of something that is being computed.
    pub(crate) fn describe_entry(&self, entry: StackEntry<'a>) -> (String, Option<Span>) {
        match entry {
            StackEntry::Global(id) => {
                let global = self.program.global(id);
                (global.name.to_string(), Some(global.span))
            }
            StackEntry::Let(item) => (item.name.to_string(), Some(item.value.span)),
            StackEntry::Field(object, field) => {
                let declared = &object.schema.schema.fields[field as usize];
                let name = format!("{}.{}", object.schema_name(), declared.name);
                let span = self.unconditional_setter(object, field).unwrap_or(declared.span);
                (name, Some(span))
            }
            StackEntry::Entry(map, place) => {
                let key = map.entries.get().and_then(|entries| entries.as_ref().ok()).and_then(|e| e.get(place));
                let name = key.map_or_else(|| "entry".to_owned(), |entry| entry.key.to_string());
                (name, self.entry_span(map, place))
            }
        }
    }

    /// Like `setter_of`, without evaluating conditions: safe in the middle of anything.
    fn unconditional_setter(&self, object: &'a Object<'a>, field: u32) -> Option<Span> {
        let layers = self.instance(object).layers;
        layers.iter().rev().find_map(|layer| {
            let places = layer.body.items_of(field);
            places
                .iter()
                .map(|&place| &layer.body.items[place as usize])
                .find_map(|item| matches!(item.kind, hir::BodyItemKind::Set { .. }).then_some(item.span))
        })
    }
}

fn same<'a>(a: StackEntry<'a>, b: StackEntry<'a>) -> bool {
    match (a, b) {
        (StackEntry::Global(a), StackEntry::Global(b)) => a == b,
        (StackEntry::Field(a, i), StackEntry::Field(b, j)) => std::ptr::eq(a, b) && i == j,
        (StackEntry::Entry(a, i), StackEntry::Entry(b, j)) => std::ptr::eq(a, b) && i == j,
        (StackEntry::Let(a), StackEntry::Let(b)) => std::ptr::eq(a, b),
        _ => false,
    }
}
