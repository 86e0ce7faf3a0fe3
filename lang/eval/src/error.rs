//! The diagnostics of evaluation. Each function makes one; `Evaluator::raise` records it.

use forge_base::english::article;
use forge_base::{Code, Diag, Name, Span, suggest};
use forge_check::hir;
use forge_syntax::ast::BinaryOp;

use crate::display::show;
use crate::key::Key;
use crate::place::Iteration;
use crate::value::{Object, Value};

/// The kind of a condition.
#[derive(Clone, Copy)]
pub(crate) enum CheckKind<'l, 'a> {
    /// A schema's `check` or `warn`.
    Check {
        /// The object that is checked.
        object: &'a Object<'a>,
        /// The loops around the check.
        loops: &'l [Iteration<'a>],
    },
    /// A test's `assert`.
    Assert,
}

/// Where a failed condition is reported.
#[derive(Clone, Copy)]
pub(crate) enum CheckPlace {
    /// Where the value that the check is about was set.
    Set(Span),
    /// The braces of the checked value.
    Value(Span),
    /// The condition itself.
    Condition,
}

impl CheckKind<'_, '_> {
    /// The code of a condition that has none of its own.
    pub(crate) fn code(self) -> Code {
        match self {
            CheckKind::Check { .. } => Code::CHECK_FAILED,
            CheckKind::Assert => Code::ASSERT_FAILED,
        }
    }
}

/// An operation on a key that must exist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyOperation {
    Refine,
    Delete,
}

/// A subexpression of a failed condition or operation, with its value.
pub(crate) struct Operand {
    /// Its source.
    pub(crate) text: String,
    /// Its value, as messages show it.
    pub(crate) value: String,
    /// Where it was set.
    pub(crate) set_at: Option<Span>,
}

/// A bug in the compiler that evaluation ran into.
pub(crate) fn internal(span: impl Into<Option<Span>>, what: &str) -> Diag {
    Diag::error(Code::INTERNAL, format!("internal compiler error: {what}"))
        .at_opt(span.into(), "while evaluating this")
        .note("this is a bug in forgec; please report it together with the program")
}

pub(crate) fn missing_input(global: &hir::Global) -> Diag {
    Diag::error(Code::MISSING_INPUT, format!("the input `{}` has no value", global.name))
        .at(global.span, "declared here without a default")
        .help(format!("set it on the command line: `--input {}=…`", global.name))
}

pub(crate) fn bad_data(span: Span, found: &str, expected: &str) -> Diag {
    Diag::error(Code::BAD_INPUT, format!("expected {expected}, found {found}")).at(span, "declared here")
}

pub(crate) fn out_of_steps(span: Option<Span>, limit: u64) -> Diag {
    Diag::error(Code::BUDGET_STEPS, format!("evaluation takes more than {limit} steps"))
        .at_opt(span, "while computing this")
        .help("raise the limit with `--max-steps` if the program is really that large")
}

pub(crate) fn out_of_memory(span: Option<Span>, limit: usize) -> Diag {
    Diag::error(Code::BUDGET_MEMORY, format!("evaluation needs more than {} MiB of memory", limit >> 20))
        .at_opt(span, "while computing this")
        .help("raise the limit with `--max-memory` if the program is really that large")
}

pub(crate) fn too_deep(span: Option<Span>, limit: u32) -> Diag {
    Diag::error(Code::TOO_DEEP_EVALUATION, format!("evaluation nests more than {limit} levels deep"))
        .at_opt(span, "while evaluating this")
        .note("the values depend on each other in a chain that is too long")
}

pub(crate) fn no_member(span: Option<Span>, name: Name, kind: &str) -> Diag {
    Diag::error(Code::UNKNOWN_MEMBER, format!("{kind} has no field `{name}`")).at_opt(span, "read here")
}

pub(crate) fn set_twice(name: Name, first: Span, second: Span) -> Diag {
    let diag = Diag::error(Code::DUPLICATE_FIELD, format!("`{name}` is set twice in one body"));
    let diag = match first == second {
        true => diag.at(second, "set in more than one iteration"),
        false => diag.at(second, "set again here").label(first, "first set here"),
    };
    diag.note("the order of items is irrelevant, so neither value takes precedence")
}

pub(crate) fn nothing_to_refine(span: Span, key: &hir::Key) -> Diag {
    let name = match key {
        hir::Key::Field(_, name) => name.to_string(),
        hir::Key::Name(name) => name.to_string(),
        _ => "the entry".to_owned(),
    };
    Diag::error(Code::NOT_REFINABLE, format!("`{name}` has no value to refine"))
        .at(span, "refined here")
        .help(format!("set a value first: `{name} = …`"))
}

/// A required field without a value; `span` is what should have set it.
pub(crate) fn required_unset(object: &Object<'_>, field: &hir::FieldDecl, span: Option<Span>) -> Diag {
    Diag::error(Code::REQUIRED_UNSET, format!("`{}` of `{}` is required but not set", field.name, object.schema_name()))
        .label(field.span, "declared here without a default")
        .at_opt(span, format!("nothing here sets `{}`", field.name))
}

/// `x!` of a value that is null; `set_at` is the item that set it.
pub(crate) fn null_asserted(span: Span, set_at: Option<Span>) -> Diag {
    let diag = Diag::error(Code::MAYBE_NULL, "this value is null").at(span, "`!` asserts that it is not null");
    match set_at {
        Some(set_at) if !span.contains(set_at) => diag.label(set_at, "set here"),
        _ => diag,
    }
}

/// A body that was checked against a schema that the value does not belong to.
pub(crate) fn other_schema(expected: &hir::Schema, object: &Object<'_>, span: Span) -> Diag {
    let found = object.schema_name();
    let headline =
        format!("this value is {}, not {}", with_article(found.as_str()), with_article(expected.name.as_str()));
    let diag = Diag::error(Code::MISMATCH, headline)
        .at(span, format!("these changes are for {}", with_article(expected.name.as_str())));
    match object.span().filter(|made| *made != span) {
        Some(made) => diag.label(made, format!("this is {}", with_article(found.as_str()))),
        None => diag,
    }
}

/// A name in backticks with its article.
pub(crate) fn with_article(name: &str) -> String {
    format!("{} `{name}`", article(name))
}

/// A value of another type than its place; `ty` is the type as the source writes it.
pub(crate) fn wrong_type(ty: &str, value: Value<'_>, span: Span, origin: Span) -> Diag {
    let found = match value {
        Value::Object(object) => with_article(object.schema_name().as_str()),
        scalar @ (Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_)) => show(scalar),
        other => other.kind_name().to_owned(),
    };
    let diag =
        Diag::error(Code::MISMATCH, format!("expected `{ty}`, found {found}")).at(span, format!("this is {found}"));
    if origin == span { diag } else { diag.label(origin, format!("`{ty}` is expected because of this")) }
}

/// A map where an instance of an abstract schema is expected.
pub(crate) fn abstract_target(schema: &hir::Schema, span: Span, origin: Span) -> Diag {
    Diag::error(Code::ABSTRACT_INSTANCE, format!("`{}` is abstract", schema.name))
        .at(span, "a map does not say which schema it is an instance of")
        .label(origin, format!("`{}` is expected because of this", schema.name))
}

/// A map that could be several members of a union, or none; `ty` is the union as the source writes it.
pub(crate) fn no_member_selected(ty: &str, span: Span, origin: Span) -> Diag {
    Diag::error(Code::MISMATCH, format!("a map does not say which member of `{ty}` it is"))
        .at(span, "no field with a constant value selects a member")
        .label(origin, "the type")
}

/// Data without a field that a schema requires.
pub(crate) fn data_lacks(schema: &hir::Schema, field: &hir::FieldDecl, span: Span) -> Diag {
    Diag::error(Code::MISSING_FIELD, format!("`{}` lacks `{}`", schema.name, field.name))
        .at(span, "not all required fields are set")
        .label(field.span, "declared here without a default")
}

pub(crate) fn not_refinable(span: Span, value: Value<'_>) -> Diag {
    let code = if matches!(value, Value::List(_)) { Code::LIST_REFINED } else { Code::NOT_REFINABLE };
    Diag::error(code, format!("{} cannot be refined", value.kind_name())).at(span, "refined here")
}

pub(crate) fn not_callable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::NOT_CALLABLE, format!("{kind} is not a function")).at(span, "called here")
}

pub(crate) fn abstract_method(span: Span, schema: Name, method: Name) -> Diag {
    Diag::error(Code::ABSTRACT_METHOD, format!("`{schema}` does not implement the method `{method}`"))
        .at(span, "called here")
}

pub(crate) fn bad_operands(span: Span, op: BinaryOp, left: &str, right: &str) -> Diag {
    Diag::error(Code::BAD_OPERANDS, format!("cannot apply `{}` to {left} and {right}", op.sign()))
        .at(span, "computed here")
}

pub(crate) fn bad_operand(span: Span, op: &str, kind: &str) -> Diag {
    Diag::error(Code::BAD_OPERANDS, format!("cannot apply `{op}` to {kind}")).at(span, "computed here")
}

pub(crate) fn secret_compared(span: Option<Span>) -> Diag {
    Diag::error(Code::SECRET_LEAK, "secrets cannot be compared").at_opt(span, "compared while computing this")
}

/// A type of numbers with a limited range.
#[derive(Clone, Copy)]
pub(crate) enum NumericKind {
    Int,
    Float,
    Quantity,
    Duration,
}

/// A result outside the range of its type; `operation` is the operation with its operands.
pub(crate) fn overflow(span: Span, operation: impl std::fmt::Display, kind: NumericKind) -> Diag {
    let (name, range) = match kind {
        NumericKind::Int => ("an Int", INT_RANGE),
        NumericKind::Float => ("a Float", "a Float is at most 1.8e308"),
        NumericKind::Quantity => {
            ("a Quantity", "a Quantity is a multiple of `1n` and less than 2^63, as in Kubernetes")
        }
        NumericKind::Duration => ("a Duration", "a Duration is at most 292 years"),
    };
    Diag::error(Code::INT_OVERFLOW, format!("`{operation}` does not fit in {name}"))
        .at(span, "computed here")
        .note(range)
}

/// The range of an Int, for notes.
pub(crate) const INT_RANGE: &str = "an Int is between -9223372036854775808 and 9223372036854775807";

pub(crate) fn division_by_zero(span: Span, a: impl std::fmt::Display) -> Diag {
    Diag::error(Code::DIVISION_BY_ZERO, format!("{a} is divided by zero")).at(span, "computed here")
}

pub(crate) fn out_of_range(span: Span, index: i64, length: usize) -> Diag {
    let list = match length {
        0 => "an empty list".to_owned(),
        1 => "a list of one item".to_owned(),
        length => format!("a list of {length} items"),
    };
    let diag = Diag::error(Code::INDEX_OUT_OF_RANGE, format!("index {index} is out of range for {list}"))
        .at(span, "read here");
    let diag = match length {
        0 => diag,
        _ => diag.note(format!("valid indices are 0 to {}", length - 1)),
    };
    diag.help("`.get(index)` returns null instead")
}

pub(crate) fn no_such_key<'a>(span: Span, key: Key<'a>, keys: impl Iterator<Item = Key<'a>>) -> Diag {
    let diag = Diag::error(Code::NO_SUCH_KEY, format!("there is no key {}", quoted(key))).at(span, "read here");
    with_keys(diag, key, keys).help("`.get(key)` returns null if the key does not exist")
}

fn quoted(key: Key<'_>) -> String {
    format!("`{}`", unquoted(key))
}

fn unquoted(key: Key<'_>) -> String {
    match key {
        Key::Str(text) => text.to_owned(),
        other => other.to_string(),
    }
}

/// How many keys a note lists.
const MAX_KEYS: usize = 8;

/// Suggests a similar key, or lists the keys.
pub(crate) fn with_keys<'a>(diag: Diag, key: Key<'a>, keys: impl Iterator<Item = Key<'a>>) -> Diag {
    let names: Vec<String> = keys.map(|key| unquoted(key.first())).collect();
    match suggest::nearest(&unquoted(key.first()), names.iter().map(String::as_str)) {
        Some(near) => diag.note(format!("did you mean `{near}`?")),
        None if names.is_empty() => diag.note("there are no keys"),
        None => {
            let mut shown: Vec<_> = names.iter().take(MAX_KEYS).map(|name| format!("`{name}`")).collect();
            if names.len() > MAX_KEYS {
                shown.push(format!("{} more", names.len() - MAX_KEYS));
            }
            diag.note(format!("the keys are {}", shown.join(", ")))
        }
    }
}

/// A key that does not exist where it is refined or deleted; `noun` is what the collection consists of.
pub(crate) fn missing_key(span: Span, key: Key<'_>, operation: KeyOperation, noun: &str) -> Diag {
    let (code, verb) = match operation {
        KeyOperation::Refine => (Code::MISSING_KEY, "refine"),
        KeyOperation::Delete => (Code::DELETE_MISSING, "delete"),
    };
    let diag = Diag::error(code, format!("there is no {noun} {} to {verb}", quoted(key)))
        .at(span, format!("no such {noun} below this body"));
    match operation {
        KeyOperation::Refine => diag.help(format!("to add one, write `{key} = {{ … }}`")),
        KeyOperation::Delete => diag,
    }
}

/// Adds to [`missing_key`] that the `=` before the body replaced all keys.
pub(crate) fn with_replacing_sign(diag: Diag, sign: Span) -> Diag {
    diag.label(sign, "`=` replaces the previous value").note("without the `=` the body refines the previous value")
}

pub(crate) fn duplicate_key(key: Key<'_>, first: Option<Span>, second: Option<Span>) -> Diag {
    let diag = Diag::error(Code::DUPLICATE_KEY, format!("the key {} is set twice", quoted(key)));
    match first {
        Some(first) if Some(first) != second => diag.at_opt(second, "set again here").label(first, "first set here"),
        Some(_) => diag.at_opt(second, "set in more than one iteration of the loop"),
        None => diag.at_opt(second, "set again here"),
    }
}

/// A spread that contains an entry which a lower layer has refined.
pub(crate) fn spread_over_refined(key: Key<'_>, refined: Span, span: Span) -> Diag {
    Diag::error(Code::DUPLICATE_KEY, format!("the spread replaces the entry {}", quoted(key)))
        .at(span, "spread here")
        .label(refined, format!("{} is built or refined here", quoted(key)))
        .note("the spread would reset the entry to the value that it has there")
        .help(format!("refine the entry in this body as well, or set it: `{} = …`", unquoted(key)))
}

/// An element whose key field differs from the key that it is declared under.
pub(crate) fn key_mismatch(
    span: Option<Span>,
    set_at: Option<Span>,
    field: Name,
    key: Key<'_>,
    found: Key<'_>,
) -> Diag {
    let found = match found {
        Key::Str(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    let diag = Diag::error(Code::KEY_MISMATCH, format!("the element {} has `{field} = {found}`", quoted(key)));
    let label = format!("`{field}` is the key of this list");
    let diag = match (set_at, span) {
        (Some(set_at), Some(span)) => diag.at(set_at, label).label(span, format!("its key is {} here", quoted(key))),
        (set_at, span) => diag.at_opt(set_at.or(span), label),
    };
    diag.help(format!("omit `{field}`: it is set to the key"))
}

/// A first key that several elements share; `example` shows how to write a whole key.
pub(crate) fn ambiguous_key(span: Span, key: Key<'_>, count: usize, example: impl std::fmt::Display) -> Diag {
    Diag::error(Code::AMBIGUOUS_KEY, format!("{} matches {count} elements", quoted(key)))
        .at(span, "this key is ambiguous")
        .help(format!("give all key fields, as in `{example}`"))
}

/// [`ambiguous_key`] of an index or `.get`; `example` is the whole key of an element.
pub(crate) fn ambiguous_get(span: Span, key: Key<'_>, count: usize, example: Key<'_>) -> Diag {
    let example = example.to_string();
    let arguments = example.trim_matches(['(', ')']);
    ambiguous_key(span, key, count, format_args!(".get({arguments})"))
}

pub(crate) fn bad_key(span: Option<Span>, field: Name, kind: &str) -> Diag {
    Diag::error(Code::KEY_MISMATCH, format!("the key field `{field}` is {kind}"))
        .at_opt(span, "a key must be a String or an Int")
}

pub(crate) fn bad_entry_key(span: Span, kind: &str) -> Diag {
    Diag::error(Code::MISMATCH, format!("{kind} cannot be a key")).at(span, "a key must be a String or an Int")
}

pub(crate) fn not_spreadable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::MISMATCH, format!("cannot spread {kind}")).at(span, "spread here")
}

pub(crate) fn not_iterable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::NOT_ITERABLE, format!("cannot iterate over {kind}")).at(span, "iterated here")
}

pub(crate) fn not_indexable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::NOT_INDEXABLE, format!("{kind} cannot be indexed")).at(span, "indexed here")
}

pub(crate) fn not_appendable(span: Span, kind: &str) -> Diag {
    Diag::error(Code::BAD_OPERANDS, format!("cannot append to {kind}")).at(span, "appended here")
}

/// A value that does not satisfy the condition of its type. `shown` is the value; `origin` is the span of the type.
pub(crate) fn refinement_failed(
    refinement: &hir::Refinement,
    shown: &str,
    operands: Vec<Operand>,
    span: Span,
    origin: Span,
) -> Diag {
    let headline = match refinement.name {
        Some(name) => format!("{shown} is not {} `{name}`", article(name.as_str())),
        None => format!("{shown} is not allowed here"),
    };
    let mut diag = Diag::error(Code::REFINEMENT_FAILED, headline)
        .at(span, format!("must satisfy `{}`", refinement.text))
        .label(origin, "required by this type");
    for operand in operands.iter().filter(|operand| operand.text != "it") {
        diag = diag.note(format!("`{}` is {}", operand.text, operand.value));
    }
    diag
}

/// A string that is not among those that its type lists. `origin` is the span of the type.
pub(crate) fn not_listed(text: &str, listed: &[&str], span: Span, origin: Span) -> Diag {
    let shown: Vec<String> = listed.iter().map(|text| format!("{text:?}")).collect();
    let label = match suggest::nearest(text, listed.iter().copied()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => "not an allowed value".to_owned(),
    };
    Diag::error(Code::REFINEMENT_FAILED, format!("{text:?} is not an allowed value"))
        .at(span, label)
        .label(origin, "required by this type")
        .note(format!("the allowed values are {}", shown.join(", ")))
}

/// A failed `check`, `warn` or `assert`.
pub(crate) fn check_failed(
    check: &hir::Check,
    message: Option<String>,
    operands: Vec<Operand>,
    kind: CheckKind<'_, '_>,
    place: CheckPlace,
) -> Diag {
    let default = match kind {
        CheckKind::Check { object, .. } => format!("a check of `{}` failed", object.schema_name()),
        CheckKind::Assert => "assertion failed".to_owned(),
    };
    let diag = Diag::error(kind.code(), message.unwrap_or(default));
    let diag = Diag { severity: check.severity, check_code: check.code, ..diag };
    let condition = "this condition is false";
    let diag = match place {
        CheckPlace::Set(span) => diag.at(span, "set here").label(check.cond.span, condition),
        CheckPlace::Value(span) => diag.at(span, "in this value").label(check.cond.span, condition),
        CheckPlace::Condition => diag.at(check.cond.span, condition),
    };
    with_operands(diag, operands)
}

/// Adds the value of each subexpression, and where it was set.
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

/// A value that depends on itself. `path` names the values on the way, starting with the value itself.
pub(crate) fn value_cycle(name: &str, span: Option<Span>, path: &[(String, Option<Span>)]) -> Diag {
    let mut diag = Diag::error(Code::VALUE_CYCLE, format!("`{name}` depends on itself"))
        .at_opt(span, "this value is part of a cycle");
    for (name, span) in path.iter().skip(1).take(6) {
        if let Some(span) = span {
            diag = diag.label(*span, format!("which depends on `{name}`"));
        }
    }
    let names: Vec<_> = path.iter().map(|(name, _)| name).collect();
    diag.cycle(&names)
}
