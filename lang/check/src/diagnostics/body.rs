//! Bodies and their items.

use forge_base::english::article;
use forge_base::{Code, Diag, Name, Span, suggest};
use forge_syntax::ast::{Expr, Key, PathSegment};
use forge_syntax::write::string_literal;

use super::list;

/// A field that is not declared.
pub fn unknown_field(owner: &str, name: Name, span: Span, names: &[&'static str], declared: Span) -> Diag {
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
pub fn unknown_record_field(name: Name, span: Span, names: &[&'static str]) -> Diag {
    let diag = Diag::error(Code::UNKNOWN_FIELD, format!("this record has no field `{name}`"));
    match suggest::nearest(name.as_str(), names.iter().copied()) {
        Some(near) => {
            diag.at(span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near.to_owned())
        }
        None => diag.at(span, "no such field").note(format!("it has {}", list(names))),
    }
}

/// A record literal that lacks fields of the expected type.
pub fn record_lacks(missing: &[&str], span: Span) -> Diag {
    Diag::error(Code::MISSING_FIELD, format!("this record lacks {}", list(missing))).at(span, "not all fields are set")
}

/// `name: T { … }` in a record literal, where there is nothing that could be refined.
pub(crate) fn stated_in_literal(span: Span, ty: Span) -> Diag {
    let colon = Span { end: ty.start, ..span.at_end() };
    Diag::error(Code::NOT_REFINABLE, "there is nothing to refine in a new record")
        .at(span, "a colon states the type of an existing value")
        .fix("write `=`", colon, " = ")
}

/// `name: T { … }` of something that cannot be a `T`; or could be, but only a schema can be tested.
pub(crate) fn wrong_stated_type(now: &str, stated: &str, span: Span, ty: Span, is_possible: bool) -> Diag {
    let diag =
        Diag::error(Code::MISMATCH, format!("this is {} `{now}`, not {} `{stated}`", article(now), article(stated)))
            .at(ty, format!("`{stated}` is stated here"))
            .label(span, format!("this is {} `{now}`", article(now)));
    match is_possible {
        true => diag.note("only schemas can be stated where the type is wider"),
        false => diag,
    }
}

/// A key that one body sets or refines twice.
pub(crate) fn duplicate_key(key: &str, span: Span, earlier: Span) -> Diag {
    Diag::error(Code::DUPLICATE_FIELD, format!("`{key}` is set or refined twice in one body"))
        .at(span, "again here")
        .label(earlier, "first here")
        .help("a body can set or refine a key only once; combine the changes into one item")
}

/// Reports a key that two spreads contain.
pub(crate) fn duplicate_spread_key(name: Name, span: Span, earlier: Span) -> Diag {
    Diag::error(Code::DUPLICATE_FIELD, format!("both spreads contain `{name}`"))
        .at(span, "spread again here")
        .label(earlier, "first spread here")
        .help(format!("set `{name}` explicitly: items of a body take precedence over its spreads"))
}

/// A field of a spread value with the wrong type.
pub(crate) fn spread_field_type(name: Name, found: &str, wanted: &str, span: Span) -> Diag {
    Diag::error(Code::MISMATCH, format!("`{name}` of the spread value has the wrong type"))
        .at(span, format!("its `{name}` is `{found}`, but `{wanted}` is expected"))
}

/// A computed name of a schema's field.
pub fn dynamic_field(schema: Name, span: Span) -> Diag {
    Diag::error(Code::DYNAMIC_FIELD, format!("field names of `{schema}` cannot be computed"))
        .at(span, "expected a constant name")
        .note("map keys can be computed, field names cannot")
}

/// A computed name of a record's field.
pub(crate) fn dynamic_record_field(span: Span) -> Diag {
    Diag::error(Code::DYNAMIC_FIELD, "field names of a record cannot be computed").at(span, "expected a constant name")
}

/// A `for` in the body of a schema instance.
pub fn for_in_schema(schema: Name, iter: Span, span: Span) -> Diag {
    Diag::error(Code::DYNAMIC_FIELD, format!("a `for` cannot set fields of `{schema}`"))
        .at(span, "each iteration would set the same fields")
        .label(iter, "iterates over this")
        .help("put the `for` inside the braces of the map or list that it fills")
}

/// Deletion of a schema's field.
pub fn deleted_field(schema: Name, name: Name, span: Span) -> Diag {
    Diag::error(Code::NOT_REFINABLE, format!("`{name}` is a field of `{schema}` and cannot be deleted"))
        .at(span, "only entries of maps and keyed lists can be deleted")
}

/// Deletion of a schema's field that may be null.
pub fn deleted_nullable_field(schema: Name, name: Name, span: Span) -> Diag {
    deleted_field(schema, name, span).help(format!("`{name} = null` omits it from the output"))
}

/// Deletion of a record's field.
pub(crate) fn deleted_record_field(name: Name, span: Span) -> Diag {
    Diag::error(Code::NOT_REFINABLE, format!("`{name}` is a field of a record and cannot be deleted"))
        .at(span, "only entries of maps and keyed lists can be deleted")
}

/// A method that an item sets like a field.
pub(crate) fn method_set(schema: Name, name: Name, span: Span, declared: Span) -> Diag {
    Diag::error(Code::UNKNOWN_FIELD, format!("`{name}` is a method of `{schema}`, not a field"))
        .at(span, "methods cannot be set")
        .label(declared, "declared here")
        .help("override the method in a schema that extends it")
}

/// `+=` on a type that cannot be appended to.
pub(crate) fn not_appendable(shown: &str, span: Span) -> Diag {
    Diag::error(Code::BAD_OPERANDS, format!("cannot append to `{shown}`"))
        .at(span, "`+=` works on lists, maps and keyed lists")
}

/// A refinement of a plain list.
pub(crate) fn list_refined(shown: &str, item: Option<&PathSegment>, span: Span) -> Diag {
    let name = item.map_or_else(|| String::from("this list"), |item| format!("`{}`", key_text(item)));
    let diag = Diag::error(Code::LIST_REFINED, format!("{name} is a plain list and cannot be refined"))
        .at(span, format!("this is `{shown}`"))
        .note("items of a plain list have no keys by which to refine them");
    match item {
        Some(item) => {
            let name = key_text(item);
            diag.help(format!("`{name} = [ … ]` replaces the list, `{name} += [ … ]` appends to it"))
        }
        None => diag.help("`[ … ]` creates a new list, `+` concatenates two"),
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

/// A name that no member of a union has.
pub(crate) fn unknown_member_field(shown: &str, name: Name, span: Span, names: &[&'static str]) -> Diag {
    let diag = Diag::error(Code::UNKNOWN_FIELD, format!("no member of `{shown}` has a field `{name}`"));
    match suggest::nearest(name.as_str(), names.iter().copied()) {
        Some(near) => {
            diag.at(span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near.to_owned())
        }
        None => diag.at(span, "no such field").note(format!("they have {}", list(names))),
    }
}

/// A key with dots that is not in quotes, in a map whose entries have no fields.
pub(crate) fn dotted_key(path: &str, shown: &str, span: Span) -> Diag {
    let quoted = string_literal(path);
    Diag::error(Code::NOT_REFINABLE, "a key with dots is written in quotes")
        .at(span, format!("this sets a field of a `{shown}`"))
        .fix(format!("write `{quoted}`"), span, quoted)
}

/// A literal whose discriminant field has a value that no member of the union has.
pub(crate) fn wrong_discriminant(name: Name, value: &Expr, takes: &[Name], types: &[String]) -> Diag {
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    let takes: Vec<String> = takes.iter().map(|text| format!("{:?}", text.as_str())).collect();
    let takes: Vec<&str> = takes.iter().map(String::as_str).collect();
    Diag::error(Code::MISMATCH, format!("`{name}` does not match any of the possible types"))
        .at(value.span, format!("expected one of {}", list(&types)))
        .note(format!("the allowed values are {}", list(&takes)))
}

/// A literal that matches several members of a union.
pub(crate) fn ambiguous_literal(names: &[String], near: Option<&str>, span: Span) -> Diag {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let diag = Diag::error(Code::MISMATCH, "the type of this literal is ambiguous")
        .at(span, format!("expected one of {}", list(&names)));
    match near {
        Some(near) => diag.note(format!("`{near}` is the closest match")).maybe_fix(
            format!("write `{near} {{ … }}`"),
            span.at_start(),
            format!("{near} "),
        ),
        None => diag.help("write the type before the braces"),
    }
}

/// Braces after a type without fields.
pub(crate) fn type_without_fields(shown: &str, span: Span) -> Diag {
    Diag::error(Code::NOT_REFINABLE, format!("`{shown}` has no fields"))
        .at(span, "only schemas, maps and records are written with braces")
}

/// An instance of an abstract schema.
pub(crate) fn abstract_instance(name: Name, children: &[&str], span: Span) -> Diag {
    let diag = Diag::error(Code::ABSTRACT_INSTANCE, format!("`{name}` is abstract and cannot be instantiated"))
        .at(span, "instantiated here");
    match children {
        [] => diag.help(format!("instantiate a schema that extends `{name}`")),
        _ => diag.help(format!("instantiate a schema that extends it: {}", list(children))),
    }
}

/// A number as the key of a map.
pub(crate) fn number_key(number: &str, span: Span) -> Diag {
    Diag::error(Code::MISMATCH, "map keys must be strings").at(span, "this is a number").fix(
        format!("write \"{number}\""),
        span,
        format!("\"{number}\""),
    )
}

/// A tuple as the key of a map.
pub(crate) fn tuple_key(span: Span) -> Diag {
    Diag::error(Code::MISMATCH, "map keys must be strings")
        .at(span, "only keyed lists with several key fields take several keys")
}

/// A field that is set to the value it already has.
pub(crate) fn unused_override(name: Name, span: Span, value: Span, before: Span) -> Diag {
    Diag::warning(Code::UNUSED_OVERRIDE, format!("`{name}` already has this value"))
        .at(span.to(value), "this has no effect")
        .label(before, "set to the same value here")
        .fix("remove it", span.to(value), "")
        .unnecessary()
}

/// A field that is declared inside an `if` or `for`.
pub(crate) fn declared_inside(name: forge_syntax::ast::Ident) -> Diag {
    Diag::error(Code::MISPLACED_ITEM, format!("`{}` is declared inside an `if` or `for`", name.name))
        .at(name.span, "fields cannot be declared conditionally")
        .help("declare it outside, and set it inside")
}

/// The code of a check that is one of forgec's own.
pub(crate) fn reserved_code(span: Span) -> Diag {
    Diag::error(Code::BAD_ARGUMENTS, "`F` and four digits are the codes of `forgec` itself")
        .at(span, "a check needs a code of its own")
        .help("use other letters, as in `code = \"NET01\"`")
}

/// The code of a check that is not one.
pub(crate) fn invalid_code(span: Span) -> Diag {
    Diag::error(Code::BAD_ARGUMENTS, "the code of a check is capital letters and digits")
        .at(span, "not such a string")
        .help("write it as in `code = \"NET01\"`")
}

/// `each` in the body of something without elements.
pub(crate) fn each_without_elements(found: &str, span: Span) -> Diag {
    Diag::error(Code::MISPLACED_ITEM, format!("`{found}` has no elements for `each`"))
        .at(span, "`each` gives defaults to the elements of a keyed list or map")
}

/// `each` for elements that have no fields.
pub(crate) fn each_of_plain(found: &str, span: Span) -> Diag {
    Diag::error(Code::NOT_REFINABLE, format!("`each` cannot give defaults to elements of type `{found}`"))
        .at(span, "the elements must be instances of schemas, or maps")
}

/// A second `each` in one body.
pub(crate) fn each_twice(span: Span, first: Span) -> Diag {
    Diag::error(Code::DUPLICATE_FIELD, "`each` appears twice in one body")
        .at(span, "again here")
        .label(first, "first here")
        .help("put all defaults into one `each`")
}
