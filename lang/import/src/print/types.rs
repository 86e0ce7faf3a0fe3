//! Types as source.

use std::borrow::Cow;
use std::collections::BTreeSet;

use forge_base::FileId;
use forge_syntax::write::{SourceBuilder, TypeForm};

use crate::model::{NamedType, SchemaId, Type};
use crate::value;

/// How schemas are written in source.
#[derive(Clone, Copy)]
pub(super) enum SchemaNames<'n> {
    /// As placeholders, since conditions are built before schemas have names.
    Placeholders,
    /// By their names, indexed by id.
    Known(&'n [String]),
}

/// The delimiters of the placeholder of a schema.
const PLACEHOLDER: [char; 2] = ['\u{1}', '\u{2}'];

/// The source of a type in a condition, with placeholders for schemas.
pub(crate) fn type_source(ty: &Type) -> String {
    let mut out = SourceBuilder::new(FileId(0));
    SchemaNames::Placeholders.write(&mut out, ty);
    out.finish()
}

/// The schemas for which there are placeholders in a condition.
pub(super) fn placeholders(condition: &str) -> impl Iterator<Item = SchemaId> {
    let [open, close] = PLACEHOLDER;
    condition.split(open).skip(1).filter_map(move |part| part.split(close).next()?.parse().ok()).map(SchemaId)
}

impl SchemaNames<'_> {
    fn name(&self, id: usize) -> Cow<'_, str> {
        let [open, close] = PLACEHOLDER;
        match self {
            SchemaNames::Placeholders => Cow::Owned(format!("{open}{id}{close}")),
            SchemaNames::Known(names) => Cow::Borrowed(names.get(id).map_or("Any", String::as_str)),
        }
    }

    /// Replaces the placeholders in a condition by names.
    pub(super) fn fill(&self, condition: &str) -> String {
        let [open, close] = PLACEHOLDER;
        let mut parts = condition.split(open);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (id, rest) = part.split_once(close).unwrap_or(("", part));
            out.push_str(&id.parse().map_or(Cow::Borrowed("Any"), |id| self.name(id)));
            out.push_str(rest);
        }
        out
    }

    /// Writes a type.
    pub(super) fn write(&self, out: &mut SourceBuilder, ty: &Type) {
        match ty {
            Type::Any => _ = out.push("Any"),
            Type::Bool => _ = out.push("Bool"),
            Type::Int => _ = out.push("Int"),
            Type::Float => _ = out.push("Float"),
            Type::Str => _ = out.push("String"),
            Type::Null => _ = out.push("Null"),
            Type::Quantity => _ = out.push("Quantity"),
            Type::Duration => _ = out.push("Duration"),
            Type::Literal(literal) => _ = out.push(&value::literal(literal)),
            Type::Named(named) => _ = out.push(named_type_path(*named)),
            Type::Schema(id) => _ = out.push(&self.name(id.0)),
            Type::List(item) => _ = out.list_type(|out| self.write(out, item)),
            Type::Keyed(item, keys) => _ = out.keyed_type(|out| self.write(out, item), keys),
            Type::Map(key, value) => {
                _ = out.map_type(|out| self.write_key(out, key.as_deref()), |out| self.write(out, value))
            }
            Type::Union(members) => self.write_union(out, members),
            Type::Where(base, cond) => {
                out.refined_type(|out| self.write(out, base), |out| out.condition(&self.fill(cond)));
            }
        }
    }

    /// Writes the optional form of a type.
    pub(super) fn write_optional(&self, out: &mut SourceBuilder, ty: &Type) {
        match ty {
            Type::Union(members) if members.contains(&Type::Null) => self.write_union(out, members),
            Type::Union(_) | Type::Where(..) => _ = out.optional_type(TypeForm::Compound, |out| self.write(out, ty)),
            ty => _ = out.optional_type(TypeForm::Atom, |out| self.write(out, ty)),
        }
    }

    fn write_key(&self, out: &mut SourceBuilder, condition: Option<&str>) {
        match condition {
            Some(condition) => _ = out.refined_type(|out| out.push("String"), |out| out.push(condition)),
            None => _ = out.push("String"),
        }
    }

    fn write_union(&self, out: &mut SourceBuilder, members: &[Type]) {
        let rest: Vec<&Type> = members.iter().filter(|member| **member != Type::Null).collect();
        match rest.as_slice() {
            [only] if members.len() > 1 => _ = out.optional_type(TypeForm::Atom, |out| self.write_member(out, only)),
            _ => _ = out.union_type(members.len(), |out, index| self.write_member(out, &members[index])),
        }
    }

    fn write_member(&self, out: &mut SourceBuilder, ty: &Type) {
        match ty {
            Type::Where(..) => out.parenthesized(|out| self.write(out, ty)),
            ty => self.write(out, ty),
        }
    }
}

/// Collects the schemas that a type refers to.
pub(super) fn schema_refs(ty: &Type, found: &mut Vec<SchemaId>) {
    match ty {
        Type::Schema(id) => found.push(*id),
        ty => ty.parts().iter().for_each(|part| schema_refs(part, found)),
    }
}

/// Collects the named types that a type refers to.
pub(super) fn collect_named_types(ty: &Type, found: &mut BTreeSet<NamedType>) {
    match ty {
        Type::Named(named) => _ = found.insert(*named),
        ty => ty.parts().iter().for_each(|part| collect_named_types(part, found)),
    }
}

/// The path by which a module refers to a named type.
pub(crate) fn named_type_path(ty: NamedType) -> &'static str {
    match ty {
        NamedType::Int32 => "Int32",
        NamedType::Timestamp => "Timestamp",
        NamedType::Date => "Date",
        NamedType::Uri => "Uri",
        NamedType::Uuid => "Uuid",
        NamedType::Base64 => "Base64",
        NamedType::Ipv4 => "net.Ipv4",
        NamedType::Ipv6 => "net.Ipv6",
        NamedType::Cidr => "net.Cidr",
        NamedType::Email => "Email",
        NamedType::MacAddress => "MacAddress",
        NamedType::Hostname => "DnsName",
        NamedType::ObjectMeta => "meta.ObjectMeta",
        NamedType::Resource => "meta.Resource",
    }
}

/// The name, definition and documentation of a named type that modules declare for themselves.
pub(super) fn declaration(ty: NamedType) -> Option<(&'static str, &'static str, &'static str)> {
    let (definition, doc) = match ty {
        NamedType::Int32 => ("Int where it in -2147483648..=2147483647", "A 32-bit integer."),
        NamedType::Timestamp => (
            r##"String where it.matches(#"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"#)"##,
            "A point in time, such as `2026-01-31T12:00:00Z` (RFC 3339).",
        ),
        NamedType::Date => {
            (r#"String where it.matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")"#, "A date, such as `2026-01-31`.")
        }
        NamedType::Uri => {
            (r#"String where it.matches("^([A-Za-z][A-Za-z0-9+.-]*:|/)")"#, "A URI with a scheme, or an absolute path.")
        }
        NamedType::Uuid => (
            r#"String where it.matches("^[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}$")"#,
            "A UUID.",
        ),
        NamedType::Base64 => (r#"String where it.matches("^[A-Za-z0-9+/]*={0,2}$")"#, "Base64-encoded bytes."),
        _ => return None,
    };
    Some((named_type_path(ty), definition, doc))
}
