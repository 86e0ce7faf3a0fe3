//! The value that a condition is about, and what its type says of it already.

use crate::model::{Known, Literal, Schema, Type};
use crate::text;

/// The value that a condition is about.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// How it is written; empty for the object whose schema holds the check.
    pub(crate) expr: String,
    /// Its type, without null.
    pub(crate) ty: Type,
    /// The fields, where it is an object.
    pub(crate) schema: Option<Schema>,
}

impl Subject {
    /// `it` of a refinement.
    pub(crate) fn it(ty: &Type) -> Subject {
        Subject { expr: String::from("it"), ty: ty.clone(), schema: None }
    }

    /// The object of a schema that is being made.
    pub(crate) fn object(schema: &Schema) -> Subject {
        Subject { expr: String::new(), ty: Type::Any, schema: Some(schema.clone()) }
    }

    pub(super) fn is(&self, kind: Kind) -> Option<bool> {
        if self.schema.is_some() {
            return Some(kind == Kind::Object);
        }
        let kinds = kinds(&self.ty)?;
        match (kinds.contains(&kind), kinds.len()) {
            (false, _) => Some(false),
            (true, 1) => Some(true),
            _ => None,
        }
    }

    pub(super) fn member(&self, name: &str) -> String {
        match self.expr.as_str() {
            "" => text::expr_name(name),
            expr => format!("{expr}.{}", text::member_name(name)),
        }
    }

    /// The member of its type that has the kind.
    pub(super) fn narrowed(&self, kind: Kind) -> Subject {
        let ty = match self.ty.base() {
            Type::Union(members) => {
                members.iter().find(|member| kinds(member).is_some_and(|kinds| kinds == [kind])).cloned()
            }
            _ => None,
        };
        let ty = ty.unwrap_or(match kind {
            Kind::Null => Type::Null,
            Kind::Bool => Type::Bool,
            Kind::Int => Type::Int,
            Kind::Float => Type::Float,
            Kind::Str => Type::Str,
            Kind::List => Type::List(Box::new(Type::Any)),
            Kind::Object => Type::Map(None, Box::new(Type::Any)),
        });
        Subject { ty, ..self.clone() }
    }
}

/// The kinds of values that conditions tell apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    Null,
    Bool,
    Int,
    Float,
    Str,
    List,
    Object,
}

/// All kinds that a type's values can have; none for `Any`.
pub(crate) fn kinds(ty: &Type) -> Option<Vec<Kind>> {
    Some(match ty.base() {
        Type::Any => return None,
        Type::Null => vec![Kind::Null],
        Type::Bool | Type::Literal(Literal::Bool(_)) => vec![Kind::Bool],
        Type::Int | Type::Literal(Literal::Int(_)) | Type::Known(Known::Int32) => vec![Kind::Int],
        Type::Float => vec![Kind::Float],
        Type::List(_) | Type::Keyed(..) => vec![Kind::List],
        Type::Map(..) | Type::Schema(_) | Type::Known(Known::ObjectMeta | Known::Resource) => vec![Kind::Object],
        Type::Union(members) => {
            let mut all = Vec::new();
            for member in members {
                all.extend(kinds(member)?);
            }
            all.sort();
            all.dedup();
            all
        }
        Type::Str | Type::Literal(Literal::Str(_)) | Type::Known(_) => vec![Kind::Str],
        Type::Quantity | Type::Duration => vec![Kind::Str],
        Type::Where(..) => return None,
    })
}

/// A name for a parameter that no field of the schema has.
pub(crate) fn free_param(wish: &str, schema: &Schema) -> String {
    let mut name = wish.to_owned();
    while schema.fields.iter().any(|field| field.name == name) {
        name.insert(0, '_');
    }
    name
}
