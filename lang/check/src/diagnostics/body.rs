//! Bodies and their items.

use forge_base::{Code, Diag, Name, Span, suggest};
use forge_syntax::ast::{Expr, Key, PathSegment};

use super::list;

/// A field that is not declared.
pub(crate) fn unknown_field(owner: &str, name: Name, span: Span, names: &[&'static str], declared: Span) -> Diag {
    let diag = Diag::error(Code::UNKNOWN_FIELD, format!("{owner} has no field `{name}`"));
    match suggest::nearest(name.as_str(), names.iter().copied()) {
        Some(near) => {
            diag.at(span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near.to_owned())
        }
        None if names.is_empty() => diag.at(span, "no such field").label(declared, "it has no fields"),
        None => diag.at(span, "no such field").label(declared, format!("it has {}", list(names))),
    }
}

/// A field that a record does not have.
pub(crate) fn unknown_record_field(name: Name, span: Span, names: &[&'static str]) -> Diag {
    let diag = Diag::error(Code::UNKNOWN_FIELD, format!("this record has no field `{name}`"));
    match suggest::nearest(name.as_str(), names.iter().copied()) {
        Some(near) => {
            diag.at(span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near.to_owned())
        }
        None => diag.at(span, "no such field").note(format!("it has {}", list(names))),
    }
}

/// A record literal that lacks fields of the expected type.
pub(crate) fn record_lacks(missing: &[&str], span: Span) -> Diag {
    Diag::error(Code::MISSING_FIELD, format!("this record lacks {}", list(missing))).at(span, "not all fields are set")
}

/// A key that one body sets or refines twice.
pub(crate) fn duplicate_key(key: &str, span: Span, earlier: Span) -> Diag {
    Diag::error(Code::DUPLICATE_FIELD, format!("`{key}` is set or refined twice in one body"))
        .at(span, "again here")
        .label(earlier, "first here")
        .help("one body says one thing about a key; put the changes into one item")
}

/// Two spreads that hold one key.
pub(crate) fn spread_twice(name: Name, span: Span, earlier: Span) -> Diag {
    Diag::error(Code::DUPLICATE_FIELD, format!("both spreads hold `{name}`"))
        .at(span, "taken over again here")
        .label(earlier, "first taken over here")
        .help(format!("set `{name}` itself: what a body sets wins over what it spreads"))
}

/// A field of the wrong type in what is spread.
pub(crate) fn spread_field_type(name: Name, found: &str, wanted: &str, span: Span) -> Diag {
    Diag::error(Code::MISMATCH, format!("`{name}` of what is spread does not fit here"))
        .at(span, format!("its `{name}` is `{found}`, but `{wanted}` is expected"))
}

/// A computed name of a schema's field.
pub(crate) fn dynamic_field(schema: Name, span: Span) -> Diag {
    Diag::error(Code::DYNAMIC_FIELD, format!("the fields of `{schema}` cannot be computed"))
        .at(span, "a constant name is expected here")
        .note("keys of maps can be computed, names of fields cannot")
}

/// A computed name of a record's field.
pub(crate) fn dynamic_record_field(span: Span) -> Diag {
    Diag::error(Code::DYNAMIC_FIELD, "the fields of a record cannot be computed")
        .at(span, "a constant name is expected here")
}

/// A `for` that would compute fields.
pub(crate) fn for_in_schema(schema: Name, iter: Span, span: Span) -> Diag {
    Diag::error(Code::DYNAMIC_FIELD, format!("a `for` cannot set fields of `{schema}`"))
        .at(span, "each round would set the same fields")
        .label(iter, "walks this")
        .help("put the `for` into the braces of the map or list that it fills")
}

/// A schema's field that is deleted.
pub(crate) fn deleted_field(schema: Name, name: Name, nullable: bool, span: Span) -> Diag {
    let diag = Diag::error(Code::NOT_REFINABLE, format!("`{name}` is a field of `{schema}` and cannot be deleted"))
        .at(span, "only entries of maps and keyed lists can");
    if nullable { diag.help(format!("`{name} = null` leaves it out of the output")) } else { diag }
}

/// A record's field that is deleted.
pub(crate) fn deleted_record_field(name: Name, span: Span) -> Diag {
    Diag::error(Code::NOT_REFINABLE, format!("`{name}` is a field of a record and cannot be deleted"))
        .at(span, "only entries of maps and keyed lists can")
}

/// A method that is set like a field.
pub(crate) fn method_set(schema: Name, name: Name, span: Span, declared: Span) -> Diag {
    Diag::error(Code::UNKNOWN_FIELD, format!("`{name}` is a method of `{schema}`, not a field"))
        .at(span, "methods are not set")
        .label(declared, "declared here")
        .help("a schema that extends it can declare the method anew")
}

/// `+=` on something that nothing can be appended to.
pub(crate) fn not_appendable(shown: &str, span: Span) -> Diag {
    Diag::error(Code::BAD_OPERANDS, format!("nothing can be appended to `{shown}`"))
        .at(span, "`+=` is for lists, maps and keyed lists")
}

/// A plain list that is refined.
pub(crate) fn list_refined(shown: &str, item: Option<&PathSegment>, span: Span) -> Diag {
    let name = item.map_or_else(|| String::from("this list"), |item| format!("`{}`", key_text(item)));
    let diag = Diag::error(Code::LIST_REFINED, format!("{name} is a plain list and cannot be refined"))
        .at(span, format!("this is `{shown}`"))
        .note("the items of a plain list have no names by which braces could reach them");
    match item {
        Some(item) => {
            let name = key_text(item);
            diag.help(format!("`{name} = [ … ]` replaces the list, `{name} += [ … ]` appends to it"))
        }
        None => diag.help("`[ … ]` makes a new list, `+` joins two"),
    }
}

fn key_text(segment: &PathSegment) -> String {
    match &segment.key {
        Key::Name(name) => name.to_string(),
        Key::Str(text) => text.plain().unwrap_or("…").to_owned(),
        Key::Int(number) => number.to_string(),
        Key::Tuple(_) => String::from("…"),
    }
}

/// A refinement of something without fields.
pub(crate) fn not_refinable(shown: &str, item: Option<&PathSegment>, span: Span) -> Diag {
    let diag = match item {
        Some(item) => {
            let name = key_text(item);
            Diag::error(Code::NOT_REFINABLE, format!("`{name}` has no fields to refine"))
                .help(format!("`{name} = …` replaces it"))
        }
        None => Diag::error(Code::NOT_REFINABLE, format!("`{shown}` has no fields to refine")),
    };
    diag.at(span, format!("this is `{shown}`"))
}

/// A refinement of one of several kinds of objects.
pub(crate) fn unclear_refinement(shown: &str, span: Span) -> Diag {
    Diag::error(Code::NOT_REFINABLE, "it is not known which of several types is refined here")
        .at(span, format!("this is `{shown}`"))
        .help("narrow it first with `is` or `match`, or replace it with `=`")
}

/// A literal whose telling field says what no alternative has.
pub(crate) fn wrong_tag(name: Name, value: &Expr, takes: &[Name], types: &[String]) -> Diag {
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    let takes: Vec<String> = takes.iter().map(|text| format!("{:?}", text.as_str())).collect();
    let takes: Vec<&str> = takes.iter().map(String::as_str).collect();
    Diag::error(Code::MISMATCH, format!("`{name}` tells which of several types this is, and fits none"))
        .at(value.span, format!("one of {} is expected", list(&types)))
        .note(format!("it takes {}", list(&takes)))
}

/// A literal that may be of several types.
pub(crate) fn unclear_literal(names: &[String], near: Option<&str>, span: Span) -> Diag {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let diag = Diag::error(Code::MISMATCH, "it is not clear which type this literal is of")
        .at(span, format!("one of {} is expected", list(&names)));
    match near {
        Some(near) => diag.note(format!("`{near}` comes closest")).maybe_fix(
            format!("write `{near} {{ … }}`"),
            span.at_start(),
            format!("{near} "),
        ),
        None => diag.help("write the name before the braces"),
    }
}

/// A type without fields before braces.
pub(crate) fn type_without_fields(shown: &str, span: Span) -> Diag {
    Diag::error(Code::NOT_REFINABLE, format!("`{shown}` is a type without fields"))
        .at(span, "only schemas, maps and records are written with braces")
}

/// An instance of an abstract schema.
pub(crate) fn abstract_instance(name: Name, children: &[&str], span: Span) -> Diag {
    let diag = Diag::error(Code::ABSTRACT_INSTANCE, format!("`{name}` is abstract and has no instances of its own"))
        .at(span, "an instance is made here");
    match children {
        [] => diag.help(format!("write the name of a schema that extends `{name}`")),
        _ => diag.help(format!("write one that extends it: {}", list(children))),
    }
}

/// A number as the key of a map.
pub(crate) fn number_key(number: &str, span: Span) -> Diag {
    Diag::error(Code::MISMATCH, "the keys of a map are strings").at(span, "this is a number").fix(
        format!("write \"{number}\""),
        span,
        format!("\"{number}\""),
    )
}

/// A tuple as the key of a map.
pub(crate) fn tuple_key(span: Span) -> Diag {
    Diag::error(Code::MISMATCH, "the keys of a map are strings")
        .at(span, "only keyed lists with several key fields take several keys")
}

/// A field that is set to what it is anyway.
pub(crate) fn unused_override(name: Name, span: Span, value: Span, before: Span) -> Diag {
    Diag::warning(Code::UNUSED_OVERRIDE, format!("`{name}` has this value anyway"))
        .at(span.to(value), "this changes nothing")
        .label(before, "set to the same here")
        .fix("leave it out", span.to(value), "")
        .unnecessary()
}

/// A field that is declared under an `if` or `for`.
pub(crate) fn declared_inside(name: forge_syntax::ast::Ident) -> Diag {
    Diag::error(Code::MISPLACED_ITEM, format!("`{}` is declared under a condition", name.name))
        .at(name.span, "an object has its fields whatever holds")
        .help("declare it beside the condition, and set it inside")
}
