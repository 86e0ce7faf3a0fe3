//! The types of an import before they are printed. Structurally equal schemas are merged.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::cond::Cond;
use crate::node::{Node, Value};

/// The index of a schema in a [`SchemaArena`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct SchemaId(pub(crate) usize);

/// A type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Type {
    Any,
    Bool,
    Int,
    Float,
    Str,
    Null,
    Quantity,
    Duration,
    /// A literal type.
    Literal(Literal),
    /// A named type that the module imports or declares.
    Named(NamedType),
    List(Box<Type>),
    /// A list keyed by fields.
    Keyed(Box<Type>, Vec<String>),
    /// A map with an optional condition on its keys.
    Map(Option<String>, Box<Type>),
    Schema(SchemaId),
    Union(Vec<Type>),
    Where(Box<Type>, String),
}

/// A literal type.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) enum Literal {
    Bool(bool),
    Int(i64),
    Str(String),
}

/// Types that are declared in the standard library or once per module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) enum NamedType {
    Int32,
    Timestamp,
    Date,
    Uri,
    Uuid,
    Base64,
    Ipv4,
    Ipv6,
    Cidr,
    Email,
    MacAddress,
    Hostname,
    ObjectMeta,
    Resource,
}

/// A schema.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub(crate) struct Schema {
    /// The name of a kind or definition, which is never merged with another; otherwise empty.
    pub(crate) name: String,
    pub(crate) doc: String,
    /// The schema that it extends.
    pub(crate) parent: Option<NamedType>,
    pub(crate) deprecated: Option<String>,
    pub(crate) is_open: bool,
    /// The type, if this is a type alias and not a schema.
    pub(crate) alias: Option<Type>,
    pub(crate) fields: Vec<Field>,
    pub(crate) checks: Vec<Check>,
    pub(crate) validations: Vec<Validation>,
}

/// A field of a schema.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: Type,
    /// Whether it may be null or omitted.
    pub(crate) is_nullable: bool,
    pub(crate) default: Option<DefaultValue>,
    pub(crate) deprecated: Option<String>,
    pub(crate) validations: Vec<Validation>,
}

/// `check cond, message`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Check {
    pub(crate) cond: String,
    pub(crate) message: String,
}

/// `@validation(rule, message)`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Validation {
    pub(crate) rule: String,
    pub(crate) message: String,
}

/// A default value, which is compared as data.
#[derive(Clone, Debug)]
pub(crate) struct DefaultValue(pub(crate) Node);

impl PartialEq for DefaultValue {
    fn eq(&self, other: &DefaultValue) -> bool {
        self.0 == other.0
    }
}

impl Eq for DefaultValue {}

impl Hash for DefaultValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Equal values have the same discriminant; the rest is left to the comparison.
        std::mem::discriminant(&self.0.value).hash(state);
    }
}

/// The schemas of a module.
#[derive(Default, Debug)]
pub(crate) struct SchemaArena {
    schemas: IndexMap<Schema, Vec<Vec<String>>, FxBuildHasher>,
    /// Named types that only conditions refer to.
    pub(crate) used: BTreeSet<NamedType>,
}

impl SchemaArena {
    /// Adds a schema that is used at a path of names, or returns the equal one.
    pub(crate) fn intern(&mut self, schema: Schema, path: &[String]) -> SchemaId {
        let entry = self.schemas.entry(schema);
        let id = SchemaId(entry.index());
        let paths = entry.or_default();
        // Names are derived from the first few paths only.
        if paths.len() < 8 {
            paths.push(path.to_vec());
        }
        id
    }

    pub(crate) fn get(&self, id: SchemaId) -> &Schema {
        self.schemas.get_index(id.0).map(|(schema, _)| schema).expect("ids come from this arena, which never shrinks")
    }

    /// Replaces the placeholder of a recursive definition by the finished schema.
    pub(crate) fn replace(&mut self, id: SchemaId, schema: Schema) {
        if let Some((old, paths)) = self.schemas.get_index(id.0).map(|(old, paths)| (old.clone(), paths.clone()))
            && old != schema
        {
            let (at, _) = self.schemas.insert_full(schema, paths);
            self.schemas.swap_indices(id.0, at);
            self.schemas.pop();
        }
    }

    /// The first paths at which a schema is used.
    pub(crate) fn paths(&self, id: SchemaId) -> &[Vec<String>] {
        self.schemas.get_index(id.0).map(|(_, paths)| paths.as_slice()).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.schemas.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        self.schemas.keys().enumerate().map(|(at, schema)| (SchemaId(at), schema))
    }
}

impl Schema {
    /// The types of its fields, or the type that it is an alias of.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        self.fields.iter().map(|field| &field.ty).chain(&self.alias)
    }
}

impl Type {
    /// The types of which it consists.
    pub(crate) fn parts(&self) -> &[Type] {
        match self {
            Type::List(inner) | Type::Keyed(inner, _) | Type::Map(_, inner) | Type::Where(inner, _) => {
                std::slice::from_ref(inner)
            }
            Type::Union(members) => members,
            _ => &[],
        }
    }

    /// Whether null is a value of the type.
    pub(crate) fn takes_null(&self) -> bool {
        match self {
            Type::Null => true,
            Type::Union(members) => members.iter().any(Type::takes_null),
            Type::Where(base, _) => base.takes_null(),
            _ => false,
        }
    }

    /// The type without conditions.
    pub(crate) fn base(&self) -> &Type {
        match self {
            Type::Where(base, _) => base.base(),
            ty => ty,
        }
    }

    /// Adds a condition on `it`.
    pub(crate) fn when(self, cond: &Cond) -> Type {
        let part = |text: &str| if text.contains("||") { format!("({text})") } else { text.to_owned() };
        match (self, cond) {
            (ty, Cond::True) => ty,
            (Type::Where(base, old), cond) => Type::Where(base, format!("{} && {}", part(&old), part(&cond.text()))),
            (ty, cond) => Type::Where(Box::new(ty), cond.text()),
        }
    }

    /// The union of types, without members that are subtypes of others.
    pub(crate) fn union(members: Vec<Type>) -> Type {
        let mut flat: Vec<Type> = Vec::new();
        for member in members {
            match member {
                Type::Union(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.contains(&Type::Any) {
            return Type::Any;
        }
        let has = |ty: &Type| flat.contains(ty);
        let (float, int, text, boolean) = (has(&Type::Float), has(&Type::Int), has(&Type::Str), has(&Type::Bool));
        let mut kept: Vec<Type> = Vec::new();
        for member in flat {
            let is_held = match member.base() {
                Type::Int => float || (int && member != Type::Int),
                Type::Float => float && member != Type::Float,
                Type::Named(NamedType::Int32) => float || int,
                Type::Literal(Literal::Int(_)) => float || int,
                Type::Literal(Literal::Str(_)) => text,
                Type::Literal(Literal::Bool(_)) => boolean,
                Type::Str => text && member != Type::Str,
                _ => false,
            };
            if !is_held && !kept.contains(&member) {
                kept.push(member);
            }
        }
        if kept.len() == 1 { kept.remove(0) } else { Type::Union(kept) }
    }
}

impl Literal {
    /// The literal type of a scalar; `None` if there is none.
    pub(crate) fn of(value: &Value) -> Option<Literal> {
        match value {
            Value::Bool(value) => Some(Literal::Bool(*value)),
            Value::Int(value) => Some(Literal::Int(*value)),
            Value::Str(value) => Some(Literal::Str(value.clone())),
            _ => None,
        }
    }
}
