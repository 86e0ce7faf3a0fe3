//! Type mismatches, failed refinements, secrets.

use forge_base::english::article;
use forge_base::{Code, Diag, Duration, Name, Quantity, Span, suggest};
use forge_syntax::ast;
use forge_syntax::write::string_literal;

use super::list;
use crate::hir::Const;
use crate::ty::Ty;

/// A type mismatch.
pub(crate) struct Mismatch<'a> {
    /// The expected type, as shown.
    pub(crate) wanted: String,
    /// The value's type, as shown.
    pub(crate) found: String,
    /// The value, if it is a constant.
    pub(crate) value: Option<&'a Const>,
    /// The field, parameter or `let` that it is assigned to.
    pub(crate) field: Option<Name>,
    /// Whether a list is expected, and the value could be one of its items.
    pub(crate) is_item: bool,
    /// The fields of the expected schema, if a scalar or list was found.
    pub(crate) fields: Vec<&'static str>,
    /// The span of the value.
    pub(crate) span: Span,
}

/// A type mismatch. `literals` are the literal members of the expected union.
pub(crate) fn mismatch(this: &Mismatch<'_>, wanted: &Ty, literals: &[Ty]) -> Diag {
    let texts: Vec<&'static str> = literals
        .iter()
        .filter_map(|literal| match literal {
            Ty::LitStr(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    match this.value {
        Some(Const::Str(text)) if !texts.is_empty() => return none_of(this, text, &texts),
        Some(value @ (Const::Int(_) | Const::Bool(_))) if literals.iter().any(|literal| is_like(literal, value)) => {
            return no_such_value(this, value, literals);
        }
        _ => {}
    }
    let Mismatch { wanted: shown, found, field, span, .. } = this;
    let headline = match field {
        Some(field) if shown.len() + found.len() < 48 => format!("`{field}` takes `{shown}`, not `{found}`"),
        _ if shown.len() + found.len() < 50 => format!("expected `{shown}`, found `{found}`"),
        Some(field) => format!("the value of `{field}` has the wrong type"),
        None => String::from("this value has the wrong type"),
    };
    let label = match this.value {
        Some(Const::Null) => String::from("this is null"),
        _ => format!("this is {} `{found}`", article(found)),
    };
    let diag = Diag::error(Code::MISMATCH, headline).at(*span, label);
    with_advice(diag, this, wanted)
}

/// A function where its result is meant.
pub(crate) fn missing_call(diag: Diag, text: &str, span: Span) -> Diag {
    let mut diag = diag.at(span, "this is a function, which is not called");
    diag.help = None;
    diag.fix(format!("write `{text}()`"), span.at_end(), "()")
}

/// A list as an element of a list of its items.
pub(crate) fn list_among_items(mut diag: Diag, text: &str, span: Span) -> Diag {
    diag.help = None;
    let text = if text.len() > 40 || text.contains('\n') { "…" } else { text };
    diag.help("`...` takes over the items of another list").fix(format!("write `...{text}`"), span.at_start(), "...")
}

fn is_like(literal: &Ty, value: &Const) -> bool {
    matches!((literal, value), (Ty::LitInt(_), Const::Int(_)) | (Ty::LitBool(_), Const::Bool(_)))
}

/// A number or boolean that is not one of the allowed literals.
fn no_such_value(this: &Mismatch<'_>, value: &Const, literals: &[Ty]) -> Diag {
    let shown = show_const(value);
    let headline = match this.field {
        Some(field) => format!("`{field}` cannot be {shown}"),
        None => format!("{shown} is not an allowed value"),
    };
    let known: Vec<String> = literals
        .iter()
        .filter_map(|literal| match literal {
            Ty::LitStr(text) => Some(format!("{:?}", text.as_str())),
            Ty::LitInt(number) => Some(number.to_string()),
            Ty::LitBool(value) => Some(value.to_string()),
            _ => None,
        })
        .collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    Diag::error(Code::MISMATCH, headline)
        .at(this.span, "not an allowed value")
        .note(format!("the allowed values are {}", list(&known)))
}

/// A string that is not one of the known values, where any string is accepted.
pub(crate) fn unknown_value(text: &str, known: &[&str], span: Span) -> Diag {
    let diag = Diag::warning(Code::UNKNOWN_VALUE, format!("\"{text}\" is not a known value"));
    let shown: Vec<String> = known.iter().map(|text| format!("{text:?}")).collect();
    let all: Vec<&str> = shown.iter().map(String::as_str).collect();
    let diag = match suggest::nearest(text, known.iter().copied()) {
        Some(near) => diag.at(span, format!("did you mean \"{near}\"?")).fix(
            format!("write \"{near}\""),
            span,
            string_literal(near),
        ),
        None => diag.at(span, "accepted, but not a known value"),
    };
    diag.note(format!("the known values are {}", list(&all)))
}

fn none_of(this: &Mismatch<'_>, text: &str, literals: &[&'static str]) -> Diag {
    let diag = Diag::error(
        Code::MISMATCH,
        match this.field {
            Some(field) => format!("`{field}` cannot be \"{text}\""),
            None => format!("\"{text}\" is not an allowed value"),
        },
    );
    let shown: Vec<String> = literals.iter().map(|text| format!("{text:?}")).collect();
    let all: Vec<&str> = shown.iter().map(String::as_str).collect();
    match suggest::nearest(text, literals.iter().copied()) {
        Some(near) => diag
            .at(this.span, format!("did you mean \"{near}\"?"))
            .note(format!("the allowed values are {}", list(&all)))
            .fix(format!("write \"{near}\""), this.span, string_literal(near)),
        None => diag.at(this.span, "not an allowed value").note(format!("the allowed values are {}", list(&all))),
    }
}

/// Advice for the most common mistakes.
fn with_advice(diag: Diag, this: &Mismatch<'_>, wanted: &Ty) -> Diag {
    let span = this.span;
    match (this.value, wanted) {
        (Some(Const::Str(text)), Ty::Int) if text.parse::<i64>().is_ok() => {
            diag.fix("write it as a number", span, text.to_string())
        }
        (Some(Const::Str(text)), Ty::Bool) if matches!(&**text, "true" | "false") => {
            diag.fix("remove the quotes", span, text.to_string())
        }
        (Some(Const::Str(text)), Ty::Bool) => match &**text {
            "yes" | "on" | "True" => diag.fix("write `true`", span, "true"),
            "no" | "off" | "False" => diag.fix("write `false`", span, "false"),
            _ => diag,
        },
        (Some(Const::Duration(duration)), Ty::Str) => {
            diag.fix("put it in quotes, as it would be printed", span, format!("\"{duration}\""))
        }
        (Some(Const::Int(number)), Ty::Str) => diag.fix("put it in quotes", span, format!("\"{number}\"")),
        (Some(Const::Bool(value)), Ty::Str) => diag.fix("put it in quotes", span, format!("\"{value}\"")),
        (Some(Const::Quantity(quantity)), Ty::Str) => match &quantity.literal {
            Some(text) => diag.fix("put it in quotes", span, format!("\"{text}\"")),
            None => diag,
        },
        (Some(Const::Str(text)), Ty::Quantity) if Quantity::parse(text).is_ok() => {
            diag.maybe_fix("remove the quotes", span, text.to_string())
        }
        (Some(Const::Str(text)), Ty::Duration) => match duration_literal(text) {
            Some(literal) => diag.maybe_fix(format!("write `{literal}`"), span, literal),
            None => diag.help("a duration is written without quotes: `30s`, `5min`, `1h`"),
        },
        (Some(Const::Float(number)), Ty::Quantity) => match milli_literal(*number) {
            Some(literal) => diag.note("an `Int` converts to a `Quantity`, a `Float` does not").maybe_fix(
                format!("write `{literal}`"),
                span,
                literal,
            ),
            None => diag.note("an `Int` converts to a `Quantity`, a `Float` does not"),
        },
        (Some(Const::Int(number)), Ty::Duration) => {
            diag.help(format!("a duration has a unit: `{number}s`, `{number}min`, `{number}h`"))
        }
        (None, Ty::Str) if matches!(&*this.found, "Int" | "Float" | "Bool" | "Quantity" | "Duration") => {
            diag.help("convert it with `\"\\(value)\"` or `.toString()`")
        }
        (Some(Const::Null), _) if this.field.is_some() && this.wanted.len() < 40 => {
            diag.help(format!("a field that may be null is declared with `?`: `{}?`", this.wanted))
        }
        _ if this.found == "Any" => diag.help("narrow free-form data first, with `is` or `match`"),
        (_, Ty::Keyed(_)) if this.is_item => diag.help("convert it with `[...list]`"),
        _ if !this.fields.is_empty() => diag.help(format!("write `{{ … }}` with {}", list(&this.fields))),
        (_, Ty::List(_)) if this.is_item => diag.help("a list of one item is written in brackets: `[value]`"),
        (_, Ty::Secret) => diag.help("secrets come from references: `std.secrets.reference(…)`, `std.secrets.sops(…)`"),
        _ => diag,
    }
}

/// The Forge form of a duration in Go's form: `1h + 30min` for `1h30m`.
fn duration_literal(text: &str) -> Option<String> {
    let go = Duration::parse(text).ok()?.to_string();
    let mut parts = Vec::new();
    let mut rest = go.as_str();
    while !rest.is_empty() {
        let unit = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let end = rest[unit..].find(|c: char| !c.is_ascii_alphabetic()).map_or(rest.len(), |length| unit + length);
        parts.push(match &rest[unit..end] {
            "m" => format!("{}min", &rest[..unit]),
            _ => rest[..end].to_owned(),
        });
        rest = &rest[end..];
    }
    (parts.len() == 1 || !go.starts_with('-')).then(|| parts.join(" + "))
}

/// The milli form of a number: `1500m` for 1.5.
fn milli_literal(number: f64) -> Option<String> {
    let milli = number * 1000.0;
    (milli.fract() == 0.0 && milli.abs() < 1e15).then(|| format!("{milli:.0}m"))
}

/// A constant that does not satisfy a refinement.
pub(crate) fn refinement_failed(value: &Const, cond: &str, name: Option<Name>, declared: Span, span: Span) -> Diag {
    let shown = show_const(value);
    let headline = match name {
        Some(name) if shown.len() < 40 => format!("{shown} is not {} `{name}`", article(name.as_str())),
        Some(name) => format!("this value is not {} `{name}`", article(name.as_str())),
        None if shown.len() + cond.len() < 50 => format!("{shown} does not satisfy `{cond}`"),
        None => String::from("this value is not allowed by its type"),
    };
    Diag::error(Code::REFINEMENT_FAILED, headline)
        .at(span, format!("`it` is {shown} here"))
        .label(declared, "this condition does not hold")
}

/// Adds help if the string uses the interpolation of another language.
pub(crate) fn with_interpolation(diag: Diag, text: &str) -> Diag {
    let inside = |open: &str, close: &str| {
        let rest = &text[text.find(open)? + open.len()..];
        let name = rest[..rest.find(close)?].trim().trim_start_matches('.');
        let is_path = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
        (is_path && !name.is_empty()).then(|| name.to_owned())
    };
    match inside("${", "}").or_else(|| inside("{{", "}}")).or_else(|| inside("$(", ")")) {
        Some(name) => diag.help(format!("string interpolation is written `\\({name})`")),
        None => diag,
    }
}

/// A constant in source syntax.
pub(crate) fn show_const(value: &Const) -> String {
    match value {
        Const::Null => String::from("null"),
        Const::Bool(value) => value.to_string(),
        Const::Int(value) => value.to_string(),
        Const::Float(value) => value.to_string(),
        Const::Str(text) => format!("{text:?}"),
        Const::Quantity(quantity) => match &quantity.literal {
            Some(text) => text.to_string(),
            None => format!("{}n", quantity.nanos),
        },
        Const::Duration(duration) => format!("{}ns", duration.nanos),
    }
}

/// `5m` where a duration is expected.
pub(crate) fn ambiguous_unit(quantity: &Quantity, span: Span) -> Option<Diag> {
    let text = quantity.literal.as_deref()?;
    let number = text.strip_suffix('m')?;
    Some(
        Diag::error(Code::AMBIGUOUS_UNIT, format!("`{text}` is {number} milli, not minutes"))
            .at(span, "a Duration is expected here")
            .note("`m` is milli as in Kubernetes quantities; minutes are written `min`")
            .fix(format!("write `{number}min`"), span, format!("{number}min")),
    )
}

/// A secret in a position where it would leak.
pub(crate) fn secret_leak(span: Span, wanted: &str) -> Diag {
    Diag::error(Code::SECRET_LEAK, "a secret would leak here")
        .at(span, format!("this holds a `Secret`, but `{wanted}` is expected"))
        .note("secrets cannot be printed, put into strings, compared, hashed, or made plain data")
        .help("only fields of type `Secret` accept secrets")
}

/// A secret as an operand.
pub(crate) fn secret_operand(sign: &str, span: Span) -> Diag {
    Diag::error(Code::SECRET_LEAK, format!("cannot apply `{sign}` to a secret"))
        .at(span, "this holds a `Secret`")
        .note("secrets cannot be printed, put into strings, compared, hashed, or made plain data")
}

/// Interpolation of a value without a string form.
pub(crate) fn unprintable(shown: &str, ty: &Ty, span: Span) -> Diag {
    let diag = Diag::error(Code::MISMATCH, format!("cannot interpolate `{shown}` into a string"))
        .at(span, "values of this type have no string form");
    match ty {
        Ty::List(_) => diag.help("`.join(\", \")` joins a list of strings"),
        Ty::Any => diag.help("narrow it first with `is` or `match`, or use `.asString()`"),
        Ty::Map(_) | Ty::Record(_) | Ty::Schema(_) => {
            diag.help("read one of its fields, or encode it with `std.encoding`")
        }
        _ => diag,
    }
}

/// A plain string where a secret is expected.
pub(crate) fn plain_secret(span: Span) -> Diag {
    Diag::error(Code::SECRET_LEAK, "expected a secret, found a plain string")
        .at(span, "anyone who reads the source can read it")
        .help("secrets come from references: `std.secrets.reference(…)`, `std.secrets.sops(…)`")
}

/// `x as T` that never succeeds.
pub(crate) fn not_convertible(from: &str, to: &str, cast: &ast::As) -> Diag {
    Diag::error(Code::MISMATCH, format!("{} `{from}` cannot be converted to `{to}`", article(from)))
        .at(cast.value.span, format!("this is {} `{from}`", article(from)))
        .label(cast.ty.span, "converted to this type")
        .note("`as` converts plain data, and takes an object as an instance of a child schema")
}
