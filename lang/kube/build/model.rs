//! The data model of the generated schemas.

use std::collections::BTreeMap;

/// The module of the types shared by all other modules.
pub(crate) const META: &str = "k8s.meta.v1";

/// A declaration's module and name.
pub(crate) type DeclKey = (String, String);
/// Declarations by module and name.
pub(crate) type DeclTable = BTreeMap<DeclKey, Decl>;

/// A Forge module.
#[derive(Debug)]
pub(crate) struct Module {
    /// Its path below `std`.
    pub(crate) path: String,
    /// Its declarations, in the order of the rendered source.
    pub(crate) decls: Vec<Decl>,
}

/// A schema or a named type.
#[derive(Clone, Debug)]
pub(crate) struct Decl {
    pub(crate) name: String,
    pub(crate) doc: String,
    /// The set of Kubernetes versions that contain it, one bit each.
    pub(crate) versions: u8,
    pub(crate) deprecated: Option<Deprecation>,
    pub(crate) kind: DeclKind,
}

#[derive(Clone, Debug)]
pub(crate) enum DeclKind {
    /// `type Name = T`.
    Alias(Ty),
    /// `abstract schema Name`.
    Abstract(Vec<Field>),
    /// `schema Name`.
    Schema(Vec<Field>),
    /// A schema with `apiVersion` and `kind`.
    Resource(ResourceKind, Vec<Field>),
}

impl Decl {
    pub(crate) fn fields(&self) -> &[Field] {
        match &self.kind {
            DeclKind::Alias(_) => &[],
            DeclKind::Abstract(fields) | DeclKind::Schema(fields) | DeclKind::Resource(_, fields) => fields,
        }
    }

    pub(crate) fn fields_mut(&mut self) -> &mut [Field] {
        match &mut self.kind {
            DeclKind::Alias(_) => &mut [],
            DeclKind::Abstract(fields) | DeclKind::Schema(fields) | DeclKind::Resource(_, fields) => fields,
        }
    }
}

/// The API metadata of a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ResourceKind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) plural: String,
    pub(crate) scope: Scope,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    Cluster,
    Namespaced,
    /// Posted to a subresource and never persisted.
    Subresource,
    /// Read from a file by a tool and never sent to a cluster.
    Local,
}

/// A field as declared in some versions. If other versions declare it differently, another field with the same name
/// follows.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: Ty,
    pub(crate) required: bool,
    pub(crate) versions: u8,
    pub(crate) deprecated: Option<Deprecation>,
}

/// The versions in which something is deprecated, and the advice from its documentation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Deprecation {
    pub(crate) versions: u8,
    pub(crate) text: String,
}

/// A Forge type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Ty {
    /// A prelude type, such as `String` or `PortNumber`.
    Prelude(String),
    /// A declaration, by module path and name.
    Ref(String, String),
    List(Box<Ty>),
    /// `[T by a, b]`.
    Keyed(Box<Ty>, Vec<String>),
    /// `{K: V}`.
    Map(Box<Ty>, Box<Ty>),
    /// An open set of strings: the known values and `String`.
    Known(Vec<String>),
    /// A closed set of strings.
    Closed(Vec<String>),
    /// A closed set of integers.
    Numbers(Vec<u32>),
    Union(Vec<Ty>),
    /// `String where it.matches("…")`.
    Matches(String),
    /// `Int where it >= n`.
    AtLeast(u32),
}

impl Ty {
    pub(crate) fn prelude(name: &str) -> Ty {
        Ty::Prelude(name.to_owned())
    }

    pub(crate) fn string() -> Ty {
        Ty::prelude("String")
    }

    pub(crate) fn any() -> Ty {
        Ty::prelude("Any")
    }

    pub(crate) fn list(self) -> Ty {
        Ty::List(Box::new(self))
    }

    pub(crate) fn map(self) -> Ty {
        Ty::Map(Box::new(Ty::string()), Box::new(self))
    }

    /// `{String: Any}`.
    pub(crate) fn object() -> Ty {
        Ty::any().map()
    }

    /// Calls `visit` for each declaration that the type refers to.
    pub(crate) fn each_ref(&self, visit: &mut dyn FnMut(&str, &str)) {
        match self {
            Ty::Ref(module, name) => visit(module, name),
            Ty::List(inner) | Ty::Keyed(inner, _) => inner.each_ref(visit),
            Ty::Map(key, value) => {
                key.each_ref(visit);
                value.each_ref(visit);
            }
            Ty::Union(all) => all.iter().for_each(|ty| ty.each_ref(visit)),
            _ => {}
        }
    }

    /// The element type of nested lists and maps, or the type itself.
    pub(crate) fn innermost_mut(&mut self) -> &mut Ty {
        match self {
            Ty::List(inner) | Ty::Keyed(inner, _) | Ty::Map(_, inner) => inner.innermost_mut(),
            other => other,
        }
    }
}

/// The set of all versions.
pub(crate) const ALL_VERSIONS: u8 = 0b1_1111;
