//! Names, `self`, `super`, members.

use forge_base::{Code, Diag, Name, Span, suggest};
use forge_syntax::ast::Ident;
use forge_syntax::write::string_literal;

use super::{MAX_CYCLE_LABELS, list};

/// A built-in type where a value is expected.
pub(crate) fn type_as_value(name: Name, span: Span) -> Diag {
    Diag::error(Code::NOT_A_VALUE, format!("`{name}` is a type, not a value")).at(span, "a value is expected here")
}

/// An unknown name.
pub(crate) fn unknown_name(name: Name, span: Span, near: Option<&str>) -> Diag {
    let diag = Diag::error(Code::UNKNOWN_NAME, format!("unknown name `{name}`"));
    match foreign_constant(name.as_str()).or(near) {
        Some(near) => {
            diag.at(span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near.to_owned())
        }
        None => diag.at(span, "no such name in this scope"),
    }
}

/// An unknown name in words that dashes join. `known` is a part of it that is a name in scope.
pub(crate) fn text_without_quotes(name: Name, span: Span, whole: Span, word: &str, known: Option<&str>) -> Diag {
    let diag = Diag::error(Code::UNKNOWN_NAME, format!("unknown name `{name}`"));
    match known {
        Some(known) => {
            let text = word.split('-').map(|part| if part == known { format!("\\({part})") } else { part.to_owned() });
            let text = text.collect::<Vec<_>>().join("-");
            diag.at(span, "no such name in this scope")
                .help(format!("a string needs quotes: `\"{word}\"`, or with the value of `{known}` `\"{text}\"`"))
                .maybe_fix(format!("write `\"{text}\"`"), whole, format!("\"{text}\""))
        }
        None => diag
            .at(span, "no such name in this scope")
            .help(format!("a string needs quotes: `\"{word}\"`"))
            .maybe_fix(format!("write `\"{word}\"`"), whole, format!("\"{word}\"")),
    }
}

/// An unknown name that is a field of the object being built.
pub(crate) fn field_of_own_literal(name: Name, span: Span) -> Diag {
    Diag::error(Code::UNKNOWN_NAME, format!("unknown name `{name}`"))
        .at(span, "fields of an object literal are not in scope")
        .note("a bare name refers to a local, a field of the enclosing schema, or a name of the module")
        .maybe_fix(format!("write `self.{name}` for the field of the object being built"), span, format!("self.{name}"))
}

/// A bare name that is a field of an enclosing literal; `global` is the name of that literal, if it has one.
pub(crate) fn field_of_outer_literal(name: Name, span: Span, global: Option<Name>) -> Diag {
    let diag = Diag::error(Code::UNKNOWN_NAME, format!("unknown name `{name}`"));
    let note = "fields of an object literal are not in scope: only the fields of a schema can be named in its body";
    match global {
        Some(global) => diag.at(span, format!("did you mean `{global}.{name}`?")).note(note).fix(
            format!("write `{global}.{name}`"),
            span,
            format!("{global}.{name}"),
        ),
        None => diag
            .at(span, format!("`{name}` is a field of an enclosing literal"))
            .note(note)
            .help(format!("write `let outer = self` in that literal, and `outer.{name}` here")),
    }
}

/// Names of constants in other languages.
fn foreign_constant(name: &str) -> Option<&'static str> {
    match name {
        "nil" | "None" | "none" | "undefined" | "Null" | "NULL" => Some("null"),
        "True" | "TRUE" | "yes" => Some("true"),
        "False" | "FALSE" | "no" => Some("false"),
        "this" => Some("self"),
        _ => None,
    }
}

/// Names of methods of built-in types in other languages.
fn foreign_method(name: &str) -> &'static [&'static str] {
    match name {
        "len" | "size" | "count" | "Length" => &["length"],
        "empty" | "is_empty" => &["isEmpty"],
        "toUpperCase" | "toUpper" | "uppercase" | "upcase" | "to_upper" => &["upper"],
        "toLowerCase" | "toLower" | "lowercase" | "downcase" | "to_lower" => &["lower"],
        "includes" | "has" | "hasKey" | "has_key" | "contains_key" => &["containsKey", "contains"],
        "push" | "append" | "extend" | "add" => &["concat"],
        "substring" | "substr" => &["slice"],
        "strip" => &["trim"],
        "trimLeft" | "lstrip" => &["trimStart"],
        "trimRight" | "rstrip" => &["trimEnd"],
        "each" | "forEach" | "collect" | "transform" => &["map"],
        "select" | "where" | "keep" => &["filter"],
        "some" | "exists" => &["any"],
        "every" => &["all"],
        "head" => &["first"],
        "distinct" | "uniq" | "dedup" => &["unique"],
        "order" | "orderBy" | "sorted" => &["sortBy", "sort"],
        "items" | "toEntries" | "iter" => &["entries"],
        "str" | "string" | "to_string" | "asString" => &["toString"],
        "int" | "parseInt" | "asInt" => &["toInt"],
        "foldl" | "inject" | "aggregate" => &["fold"],
        "hasPrefix" => &["startsWith"],
        "hasSuffix" => &["endsWith"],
        "match" | "test" => &["matches"],
        _ => &[],
    }
}

/// A module, schema or type where a value is expected.
pub(crate) fn not_a_value(name: Name, what: &str, span: Span) -> Diag {
    let diag =
        Diag::error(Code::NOT_A_VALUE, format!("`{name}` is {what}, not a value")).at(span, "a value is expected here");
    match what {
        "a schema" => diag.help(format!("`{name} {{ … }}` creates an instance of it")),
        "a module" => diag.help(format!("its members are written `{name}.member`")),
        _ => diag,
    }
}

/// `self` or `super` outside a body.
pub(crate) fn no_self(word: &str, span: Span) -> Diag {
    Diag::error(Code::NO_SELF, format!("`{word}` outside a body")).at(span, "no object is being built here").note(
        match word {
            "self" => "`self` is the object that the innermost enclosing braces build",
            _ => "`super` is the value that an item of a body replaces",
        },
    )
}

/// `super` where no value is replaced.
pub(crate) fn no_super(span: Span) -> Diag {
    Diag::error(Code::NO_SUPER, "`super` with nothing to replace")
        .at(span, "no enclosing item replaces a value")
        .note("`super` is the value that `name = …` replaces: a default, or the value that is refined")
}

/// A type without this member.
pub(crate) fn unknown_member(owner: &str, name: Ident, names: &[&str], what: &str) -> Diag {
    let diag = Diag::error(Code::UNKNOWN_MEMBER, format!("{owner} has no {what} `{}`", name.name));
    let known = foreign_method(name.name.as_str()).iter().copied().find(|known| names.contains(known));
    match known.or_else(|| suggest::nearest(name.name.as_str(), names.iter().copied())) {
        Some(near) => {
            diag.at(name.span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near)
        }
        None if names.is_empty() => diag.at(name.span, "no such member"),
        None => diag.at(name.span, "no such member").note(format!("it has {}", list(names))),
    }
}

/// `m.key` of a map.
pub(crate) fn map_member(name: Ident, recv: Span) -> Diag {
    let rest = Span { start: recv.end, end: name.span.end, ..recv };
    Diag::error(Code::UNKNOWN_MEMBER, format!("a map has no field `{}`", name.name))
        .at(name.span, "entries of a map are read by their key")
        .help(format!("`.get(\"{}\")` returns null if the key is absent", name.name))
        .fix(format!("write `[\"{}\"]`", name.name), rest, format!("[{}]", string_literal(name.name.as_str())))
}

/// A member of `Any`.
pub(crate) fn any_member(name: Ident) -> Diag {
    Diag::error(Code::UNKNOWN_MEMBER, format!("`Any` has no field `{}`", name.name))
        .at(name.span, "the fields of free-form data are not known")
        .help(format!("test it first with `is` or `match`, or read it with `.at([\"{}\"])`", name.name))
}

/// A field that only some members of a union have.
pub(crate) fn union_lacks_member(whole: &str, lacking: &str, name: Ident) -> Diag {
    Diag::error(Code::UNKNOWN_MEMBER, format!("not every `{whole}` has a field `{}`", name.name))
        .at(name.span, format!("`{lacking}` has no such field"))
        .help("narrow the value first, with `is` or `match`")
}

/// A method that is named but not called.
pub(crate) fn uncalled_method(name: Ident) -> Diag {
    Diag::error(Code::NOT_A_VALUE, format!("`{}` is a method and must be called", name.name))
        .at(name.span, "missing parentheses")
        .maybe_fix("call it", name.span.at_end(), "()")
}

/// A value whose type cannot be inferred, since it depends on itself.
pub(crate) fn type_cycle(name: Name, span: Span) -> Diag {
    Diag::error(Code::NEEDS_ANNOTATION, format!("`{name}` needs a type annotation"))
        .at(span, "its type depends on itself")
        .help(format!("write `{name}: Type = …`"))
}

/// A value that depends on itself.
pub(crate) fn value_cycle(name: Name, span: Span) -> Diag {
    Diag::error(Code::VALUE_CYCLE, format!("`{name}` depends on itself"))
        .at(span, "its own value is needed to compute it")
}

/// Adds the path of a cycle, and a label for each member after the first.
pub(crate) fn with_cycle(diag: Diag, cycle: &[(Name, Span)]) -> Diag {
    let path: Vec<&str> = cycle.iter().map(|(name, _)| name.as_str()).collect();
    let labels = cycle.iter().skip(1).take(MAX_CYCLE_LABELS);
    labels.fold(diag.cycle(&path), |diag, (other, span)| diag.label(*span, format!("through `{other}`")))
}

/// A `let` that depends on itself.
pub(crate) fn let_cycle(name: Name, span: Span, used_at: Span) -> Diag {
    Diag::error(Code::VALUE_CYCLE, format!("`{name}` depends on itself"))
        .at(used_at, "used here, while it is being computed")
        .label(span, "declared here")
}

/// A field of a record whose type depends on itself.
pub(crate) fn record_cycle(name: Name, span: Span, used_at: Span) -> Diag {
    Diag::error(Code::NEEDS_ANNOTATION, format!("the type of `{name}` depends on itself"))
        .at(used_at, "used here, while its type is being inferred")
        .label(span, "set here")
        .help("declare its type with a `let` or a schema")
}

/// Two `let`s with one name.
pub(crate) fn duplicate_let(name: Ident, earlier: Span) -> Diag {
    Diag::error(Code::DUPLICATE_NAME, format!("`{}` is declared twice", name.name))
        .at(name.span, "declared again here")
        .label(earlier, "first declared here")
}

/// An inferred type beyond the size limit.
pub(crate) fn too_large(span: Span) -> Diag {
    Diag::error(Code::NEEDS_ANNOTATION, "this type is too large to be inferred")
        .at(span, "it has more than a million parts, or nests more than 1000 levels deep")
        .help("annotate some of the values with a schema or a named type: `name: Type`")
}

/// Inference beyond the depth limit.
pub(crate) fn too_deep(span: Span) -> Diag {
    Diag::error(Code::NEEDS_ANNOTATION, "this type is too deep to be inferred")
        .at(span, "depends on too many values without a type annotation")
        .help("annotate some of them")
}
