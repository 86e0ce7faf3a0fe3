//! A module of schemas as Forge source.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use forge_base::FileId;

use crate::model::{Arena, Field, Known, Literal, Schema, SchemaId, Type, Validation};
use crate::name::names;
use crate::node::{Node, Value};
use crate::text;

/// The module that declares what all Kubernetes resources have.
pub(crate) const META_MODULE: &str = "std.k8s.meta.v1";
/// What it is called in what is written.
pub(crate) const META: &str = "meta";
/// Lines longer than this are broken where that is possible.
const WIDTH: usize = 120;

/// Source text in canonical form; the parser's words if it is not Forge, which is a mistake of this crate.
pub(crate) fn module(doc: &str, arena: &Arena, extra: &str) -> Result<String, String> {
    let order = order(arena);
    let names = names(arena, &order);
    let mut used = arena.used.clone();
    let mut body = String::new();
    for &id in &order {
        let schema = arena.get(id);
        use_types(schema, &mut used);
        print_schema(&mut body, &names[id.0], schema);
        body.push('\n');
    }
    body.push_str(extra);
    let mut out = text::doc(doc, "//!", "");
    out.push('\n');
    if body.contains(&format!("{META}.")) {
        _ = writeln!(out, "import {META_MODULE} as {META}");
    }
    if used.iter().any(|known| known_text(*known).starts_with("net.")) {
        out.push_str("import std.net\n");
    }
    out.push('\n');
    for known in used {
        if let Some((declaration, doc)) = declaration(known) {
            _ = writeln!(out, "/// {doc}\ntype {} = {declaration}\n", known_text(known));
        }
    }
    out.push_str(&fill(&body, &names));
    finish(&out)
}

/// A text in canonical form.
pub(crate) fn finish(text: &str) -> Result<String, String> {
    forge_syntax::format(FileId(0), text).map_err(|diags| {
        let place = |diag: &forge_base::Diag| {
            diag.span().map_or("", |span| text[..span.start as usize].lines().last().unwrap_or(""))
        };
        diags.first().map(|diag| format!("{} (behind `{}`)", diag.headline, place(diag))).unwrap_or_default()
    })
}

/// Kinds and definitions in their order, each with what it needs behind it.
fn order(arena: &Arena) -> Vec<SchemaId> {
    let mut found = Vec::new();
    let mut seen = vec![false; arena.len()];
    let roots = arena.iter().filter(|(_, schema)| schema.parent.is_some()).map(|(id, _)| id);
    let named = arena.iter().filter(|(_, schema)| !schema.name.is_empty()).map(|(id, _)| id);
    // The rest is what only a replaced schema held.
    for root in roots.chain(named) {
        visit(arena, root, &mut seen, &mut found);
    }
    found
}

fn visit(arena: &Arena, id: SchemaId, seen: &mut [bool], found: &mut Vec<SchemaId>) {
    if std::mem::replace(&mut seen[id.0], true) {
        return;
    }
    found.push(id);
    let schema = arena.get(id);
    let mut inner = Vec::new();
    schema.fields.iter().map(|field| &field.ty).chain(&schema.alias).for_each(|ty| schemas_of(ty, &mut inner));
    for check in &schema.checks {
        inner.extend(placeholders(&check.cond));
    }
    for id in inner {
        visit(arena, id, seen, found);
    }
}

pub(crate) fn schemas_of(ty: &Type, found: &mut Vec<SchemaId>) {
    match ty {
        Type::Schema(id) => found.push(*id),
        Type::List(inner) | Type::Keyed(inner, _) | Type::Map(_, inner) | Type::Where(inner, _) => {
            schemas_of(inner, found)
        }
        Type::Union(members) => members.iter().for_each(|member| schemas_of(member, found)),
        _ => {}
    }
}

fn use_types(schema: &Schema, used: &mut BTreeSet<Known>) {
    fn walk(ty: &Type, used: &mut BTreeSet<Known>) {
        match ty {
            Type::Known(known) => _ = used.insert(*known),
            Type::List(inner) | Type::Keyed(inner, _) | Type::Map(_, inner) | Type::Where(inner, _) => {
                walk(inner, used)
            }
            Type::Union(members) => members.iter().for_each(|member| walk(member, used)),
            _ => {}
        }
    }
    schema.fields.iter().map(|field| &field.ty).chain(&schema.alias).for_each(|ty| walk(ty, used));
}

fn print_schema(out: &mut String, name: &str, schema: &Schema) {
    out.push_str(&text::doc(&schema.doc, "///", ""));
    if let Some(advice) = &schema.deprecated {
        _ = writeln!(out, "@deprecated({})", text::string(advice));
    }
    print_rules(out, &schema.validations, "");
    if let Some(alias) = &schema.alias {
        _ = writeln!(out, "type {name} = {}", type_text(alias));
        return;
    }
    let open = if schema.is_open { "open " } else { "" };
    let parent = schema.parent.as_ref().map(|parent| format!(" extends {parent}")).unwrap_or_default();
    _ = write!(out, "{open}schema {name}{parent} {{");
    if schema.fields.is_empty() && schema.checks.is_empty() {
        out.push_str("}\n");
        return;
    }
    out.push('\n');
    for field in &schema.fields {
        print_field(out, field);
    }
    for check in &schema.checks {
        _ = writeln!(out, "  check {}, {}", broken(&check.cond, &[" || ", " && "]), text::string(&check.message));
    }
    out.push_str("}\n");
}

fn print_field(out: &mut String, field: &Field) {
    out.push_str(&text::doc(&field.doc, "///", "  "));
    if let Some(advice) = &field.deprecated {
        _ = writeln!(out, "  @deprecated({})", text::string(advice));
    }
    print_rules(out, &field.validations, "  ");
    let ty = if field.is_nullable { optional(&field.ty) } else { type_text(&field.ty) };
    _ = write!(out, "  {}: {}", text::field_name(&field.name), broken(&ty, &[" | ", " && "]));
    if let Some(default) = &field.default {
        _ = write!(out, " = {}", typed_value(&default.0, &field.ty));
    }
    out.push('\n');
}

fn print_rules(out: &mut String, rules: &[Validation], indent: &str) {
    for rule in rules {
        let (text, message) = (text::string(&rule.rule), text::string(&rule.message));
        _ = if text.len() + message.len() < WIDTH - 20 {
            writeln!(out, "{indent}@validation({text}, {message})")
        } else {
            writeln!(out, "{indent}@validation(\n{indent}  {text},\n{indent}  {message}\n{indent})")
        };
    }
}

/// Breaks a long line before operators.
fn broken(text: &str, operators: &[&str]) -> String {
    if text.chars().count() < WIDTH || text.contains("\n") {
        return text.to_owned();
    }
    let Some(operator) = operators.iter().find(|operator| text.contains(**operator)) else { return text.to_owned() };
    let mut out = String::new();
    let mut width = 0;
    let mut depth = 0usize;
    let mut quote = false;
    let bytes = text.as_bytes();
    let mut start = 0;
    for at in 0..bytes.len() {
        match bytes[at] {
            b'"' => quote = !quote,
            b'(' | b'[' | b'{' if !quote => depth += 1,
            b')' | b']' | b'}' if !quote => depth = depth.saturating_sub(1),
            b' ' if !quote
                && depth == 0
                && bytes[at..].starts_with(operator.as_bytes())
                && width + at - start > WIDTH / 2 =>
            {
                out.push_str(&text[start..at]);
                out.push_str("\n    ");
                start = at + 1;
                width = 4;
            }
            _ => {}
        }
    }
    out.push_str(&text[start..]);
    out
}

fn optional(ty: &Type) -> String {
    match ty {
        Type::Union(members) if members.contains(&Type::Null) => type_text(ty),
        Type::Union(_) | Type::Where(..) => format!("({})?", type_text(ty)),
        ty => format!("{}?", type_text(ty)),
    }
}

/// A type as it is written. Schemas are placeholders until all names are known.
pub(crate) fn type_text(ty: &Type) -> String {
    match ty {
        Type::Any => String::from("Any"),
        Type::Bool => String::from("Bool"),
        Type::Int => String::from("Int"),
        Type::Float => String::from("Float"),
        Type::Str => String::from("String"),
        Type::Null => String::from("Null"),
        Type::Quantity => String::from("Quantity"),
        Type::Duration => String::from("Duration"),
        Type::Literal(literal) => text::literal(literal),
        Type::Known(known) => known_text(*known).to_owned(),
        Type::List(item) => format!("[{}]", type_text(item)),
        Type::Keyed(item, keys) => {
            let keys: Vec<String> = keys.iter().map(|key| text::field_name(key)).collect();
            format!("[{} by {}]", type_text(item), keys.join(", "))
        }
        Type::Map(None, value) => format!("{{String: {}}}", type_text(value)),
        Type::Map(Some(key), value) => format!("{{String where {key}: {}}}", type_text(value)),
        Type::Schema(id) => format!("\u{1}{}\u{2}", id.0),
        Type::Union(members) => union_text(members),
        Type::Where(base, cond) => format!("{} where {cond}", type_text(base)),
    }
}

fn union_text(members: &[Type]) -> String {
    let rest: Vec<&Type> = members.iter().filter(|member| **member != Type::Null).collect();
    let part = |ty: &Type| if matches!(ty, Type::Where(..)) { format!("({})", type_text(ty)) } else { type_text(ty) };
    if let ([only], true) = (rest.as_slice(), rest.len() < members.len()) {
        return format!("{}?", part(only));
    }
    members.iter().map(part).collect::<Vec<_>>().join(" | ")
}

/// How a known type is named where it is used.
pub(crate) fn known_text(known: Known) -> &'static str {
    match known {
        Known::Int32 => "Int32",
        Known::Timestamp => "Timestamp",
        Known::Date => "Date",
        Known::Uri => "Uri",
        Known::Uuid => "Uuid",
        Known::Base64 => "Base64",
        Known::Ipv4 => "net.Ipv4",
        Known::Ipv6 => "net.Ipv6",
        Known::Cidr => "net.Cidr",
        Known::Email => "Email",
        Known::MacAddress => "MacAddress",
        Known::Hostname => "DnsName",
        Known::ObjectMeta => "meta.ObjectMeta",
        Known::Resource => "meta.Resource",
    }
}

/// What a module declares for itself, with its documentation.
fn declaration(known: Known) -> Option<(&'static str, &'static str)> {
    Some(match known {
        Known::Int32 => ("Int where it in -2147483648..=2147483647", "A whole number of 32 bits."),
        Known::Timestamp => (
            r##"String where it.matches(#"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"#)"##,
            "A point in time, such as `2026-01-31T12:00:00Z` (RFC 3339).",
        ),
        Known::Date => (r#"String where it.matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")"#, "A day, such as `2026-01-31`."),
        Known::Uri => (
            r#"String where it.matches("^([A-Za-z][A-Za-z0-9+.-]*:|/)")"#,
            "A URI with its scheme, or an absolute path.",
        ),
        Known::Uuid => (
            r#"String where it.matches("^[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}$")"#,
            "A UUID.",
        ),
        Known::Base64 => (r#"String where it.matches("^[A-Za-z0-9+/]*={0,2}$")"#, "Bytes in base64."),
        _ => return None,
    })
}

/// A default as its type wants it.
pub(crate) fn typed_value(node: &Node, ty: &Type) -> String {
    match (ty, &node.value) {
        (Type::Where(base, _), _) => typed_value(node, base),
        (Type::Quantity | Type::Duration, Value::Str(found)) => {
            unit_text(found, ty).unwrap_or_else(|| text::value(node))
        }
        (Type::Float, Value::Int(number)) => text::float(*number as f64),
        _ => text::value(node),
    }
}

/// The literal of a quantity or duration; a conversion where none is written like this.
pub(crate) fn unit_text(found: &str, ty: &Type) -> Option<String> {
    if *ty == Type::Quantity {
        let suffix = found.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let digits = &found[..found.len() - suffix.len()];
        let is_suffix = matches!(
            suffix,
            "" | "n" | "u" | "m" | "k" | "M" | "G" | "T" | "P" | "E" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei"
        );
        let is_number = !digits.is_empty()
            && !digits.starts_with('.')
            && !digits.ends_with('.')
            && (digits.len() == 1 || !digits.starts_with('0') || digits.starts_with("0."));
        if is_suffix && is_number && !(suffix.is_empty() && digits.contains('.')) {
            return Some(found.to_owned());
        }
        // Only amounts with a unit may have a fraction: half a core is `500m`.
        let has_fraction = suffix.is_empty() && digits.contains('.');
        return match forge_base::Quantity::parse(found) {
            Ok(amount) if has_fraction => Some(amount.canonical()),
            _ => Some(format!("{}.toQuantity() ?? 0", text::string(found))),
        };
    }
    let plain = found.strip_suffix("ms").map(|digits| (digits, "ms")).or_else(|| {
        found
            .strip_suffix('s')
            .map(|d| (d, "s"))
            .or_else(|| found.strip_suffix('m').map(|d| (d, "min")))
            .or_else(|| found.strip_suffix('h').map(|d| (d, "h")))
    });
    match plain {
        Some((digits, unit)) if is_count(digits) => Some(format!("{digits}{unit}")),
        _ => compound(found).or_else(|| Some(format!("{}.toDuration() ?? 0s", text::string(found)))),
    }
}

fn is_count(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && !(digits.len() > 1 && digits.starts_with('0'))
}

/// `1h30m` as `1h + 30min`.
fn compound(text: &str) -> Option<String> {
    let mut rest = text;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (count, tail) = rest.split_at(digits);
        let unit = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let (unit, tail) = tail.split_at(unit);
        let unit = match unit {
            "h" | "s" | "ms" => unit,
            "m" => "min",
            _ => return None,
        };
        if !is_count(count) {
            return None;
        }
        if count != "0" {
            parts.push(format!("{count}{unit}"));
        }
        rest = tail;
    }
    (!parts.is_empty()).then(|| parts.join(" + "))
}

/// The schemas that placeholders in a text stand for.
fn placeholders(text: &str) -> Vec<SchemaId> {
    text.split('\u{1}').skip(1).filter_map(|part| part.split('\u{2}').next()?.parse().ok()).map(SchemaId).collect()
}

/// Puts names in the place of placeholders.
fn fill(text: &str, names: &[String]) -> String {
    let mut parts = text.split('\u{1}');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('\u{2}').unwrap_or(("", part));
        out.push_str(number.parse::<usize>().ok().and_then(|at| names.get(at)).map_or("Any", String::as_str));
        out.push_str(rest);
    }
    out
}

/// A field that always says the same.
pub(crate) fn constant(name: &str, value: &str, span: forge_base::Span) -> Field {
    Field {
        name: name.to_owned(),
        doc: String::new(),
        ty: Type::Literal(Literal::Str(value.to_owned())),
        is_nullable: false,
        default: Some(crate::model::Data(Node { span, value: Value::Str(value.to_owned()) })),
        deprecated: None,
        validations: Vec::new(),
    }
}
