//! The types of resources, as far as printing needs them.

/// The part of a type that printing needs.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// Any other type: values are printed as they are.
    Plain,
    /// A `Quantity`.
    Quantity,
    /// A `Duration`.
    Duration,
    /// A list.
    List(Box<Shape>),
    /// A list that is keyed by these fields.
    Keyed(Box<Shape>, Vec<String>),
    /// A map.
    Map(Box<Shape>),
    /// A schema, by an index that the [`TypeProvider`] assigns.
    Schema(usize),
}

impl Shape {
    /// The type of the value at a key of an object or map of this type.
    pub(super) fn below(&self, types: &impl TypeProvider, key: &str) -> Shape {
        match self {
            Shape::Schema(id) => types.field(*id, key),
            Shape::Map(value) => (**value).clone(),
            _ => Shape::Plain,
        }
    }
}

/// Provides the types of resources.
pub trait TypeProvider {
    /// The full path of the module that declares a kind, such as `std.k8s.apps.v1`, and the type of the kind.
    fn kind(&self, api_version: &str, kind: &str) -> Option<(String, Shape)>;
    /// The API versions that have a kind of this name, the newest first.
    fn api_versions(&self, kind: &str) -> Vec<String>;
    /// The type of a field of a schema.
    fn field(&self, schema: usize, name: &str) -> Shape;
}
