//! The subject of a condition, and what is known about it from its type.

use forge_syntax::write::{member_name, variable_name};

use crate::model::{Literal, NamedType, Schema, Type};

/// The value to which a condition applies.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The expression; empty for the object in whose schema the check is.
    pub(crate) expr: String,
    /// Its type, without null.
    pub(crate) ty: Type,
    /// The schema, if it is an object.
    pub(crate) schema: Option<Schema>,
}

impl Subject {
    /// The `it` of a refinement.
    pub(crate) fn it(ty: &Type) -> Subject {
        Subject { expr: String::from("it"), ty: ty.clone(), schema: None }
    }

    /// The object in whose schema the check is.
    pub(crate) fn object(schema: &Schema) -> Subject {
        Subject { expr: String::new(), ty: Type::Any, schema: Some(schema.clone()) }
    }

    pub(super) fn is(&self, kind: ValueKind) -> Option<bool> {
        if self.schema.is_some() {
            return Some(kind == ValueKind::Object);
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
            "" => variable_name(name).into_owned(),
            expr => format!("{expr}.{}", member_name(name)),
        }
    }

    /// Narrows the type to the member of this kind.
    pub(super) fn narrowed(&self, kind: ValueKind) -> Subject {
        let ty = match self.ty.base() {
            Type::Union(members) => {
                members.iter().find(|member| kinds(member).is_some_and(|kinds| kinds == [kind])).cloned()
            }
            _ => None,
        };
        let ty = ty.unwrap_or(match kind {
            ValueKind::Null => Type::Null,
            ValueKind::Bool => Type::Bool,
            ValueKind::Int => Type::Int,
            ValueKind::Float => Type::Float,
            ValueKind::Str => Type::Str,
            ValueKind::List => Type::List(Box::new(Type::Any)),
            ValueKind::Object => Type::Map(None, Box::new(Type::Any)),
        });
        Subject { ty, ..self.clone() }
    }
}

/// The kinds of values that conditions distinguish.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum ValueKind {
    Null,
    Bool,
    Int,
    Float,
    Str,
    List,
    Object,
}

/// The kinds of the values of a type; `None` if they are not known.
pub(crate) fn kinds(ty: &Type) -> Option<Vec<ValueKind>> {
    Some(match ty.base() {
        Type::Any => return None,
        Type::Null => vec![ValueKind::Null],
        Type::Bool | Type::Literal(Literal::Bool(_)) => vec![ValueKind::Bool],
        Type::Int | Type::Literal(Literal::Int(_)) | Type::Named(NamedType::Int32) => vec![ValueKind::Int],
        Type::Float => vec![ValueKind::Float],
        Type::List(_) | Type::Keyed(..) => vec![ValueKind::List],
        Type::Map(..) | Type::Schema(_) | Type::Named(NamedType::ObjectMeta | NamedType::Resource) => {
            vec![ValueKind::Object]
        }
        Type::Union(members) => {
            let mut all = Vec::new();
            for member in members {
                all.extend(kinds(member)?);
            }
            all.sort();
            all.dedup();
            all
        }
        Type::Str | Type::Literal(Literal::Str(_)) | Type::Named(_) => vec![ValueKind::Str],
        Type::Quantity | Type::Duration => vec![ValueKind::Str],
        Type::Where(..) => return None,
    })
}

/// A parameter name that no field of the schema has.
pub(crate) fn free_param(wish: &str, schema: &Schema) -> String {
    let mut name = wish.to_owned();
    while schema.fields.iter().any(|field| field.name == name) {
        name.insert(0, '_');
    }
    name
}
