//! Checks that defaults are values of their types.

use super::reader::SchemaReader;
use crate::model::{Literal, NamedType, Type};
use crate::node::{Node, Value};

impl SchemaReader<'_> {
    /// Whether a default is a value of its type; reports a warning if not.
    pub(super) fn default_fits(&mut self, default: &Node, ty: &Type) -> bool {
        let fits = self.fits(default, ty, 0);
        if !fits {
            let headline = String::from("a default is left out");
            self.warn(default.span, headline, "it is not a value of the declared type");
        }
        fits
    }

    pub(crate) fn fits(&self, node: &Node, ty: &Type, depth: usize) -> bool {
        if depth > 64 {
            return false;
        }
        let inner = |node: &Node, ty: &Type| self.fits(node, ty, depth + 1);
        match (ty, &node.value) {
            (Type::Any, _) => true,
            (Type::Where(base, _), _) => inner(node, base),
            (Type::Union(members), Value::Map(_)) => {
                // With several schemas it is ambiguous which one is meant.
                let schemas = members.iter().filter(|ty| matches!(ty.base(), Type::Schema(_))).count();
                schemas < 2 && members.iter().any(|member| inner(node, member))
            }
            (Type::Union(members), _) => members.iter().any(|member| inner(node, member)),
            (Type::Null, Value::Null) | (Type::Bool, Value::Bool(_)) | (Type::Int, Value::Int(_)) => true,
            (Type::Float, Value::Int(_) | Value::Float(_)) | (Type::Str, Value::Str(_)) => true,
            (Type::Literal(literal), value) => Literal::of(value).as_ref() == Some(literal),
            (Type::Named(NamedType::Int32), Value::Int(number)) => i32::try_from(*number).is_ok(),
            (Type::Named(NamedType::ObjectMeta | NamedType::Resource | NamedType::Int32), _) => false,
            (Type::Named(_), Value::Str(_)) => true,
            (Type::Quantity, Value::Str(text)) => forge_base::Quantity::parse(text).is_ok(),
            (Type::Quantity, Value::Int(_)) => true,
            (Type::Duration, Value::Str(text)) => forge_base::Duration::parse(text).is_ok(),
            (Type::List(item) | Type::Keyed(item, _), Value::List(items)) => {
                items.iter().all(|found| inner(&found.node, item))
            }
            (Type::Map(_, value), Value::Map(entries)) => entries.iter().all(|entry| inner(&entry.node, value)),
            (Type::Schema(id), value) => {
                let schema = self.arena.get(*id);
                match (&schema.alias, value) {
                    (Some(alias), _) => inner(node, alias),
                    (None, Value::Map(entries)) => {
                        let known = |name: &str| schema.fields.iter().find(|field| field.name == name);
                        let given = entries.iter().all(|entry| match known(&entry.key) {
                            Some(field) => {
                                inner(&entry.node, &field.ty) || (field.is_nullable && entry.node.value == Value::Null)
                            }
                            None => schema.is_open,
                        });
                        let is_set = |name: &str| entries.iter().any(|entry| entry.key == name);
                        given
                            && schema
                                .fields
                                .iter()
                                .all(|field| field.is_nullable || field.default.is_some() || is_set(&field.name))
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }
}
