//! What is known of the schemas, before it is written.

/// A module of the language.
#[derive(Debug)]
pub(crate) struct Module {
    /// Its path below `std`.
    pub(crate) path: String,
    /// What it declares, in the order of the rendered text.
    pub(crate) decls: Vec<Decl>,
}

/// A schema or a named type.
#[derive(Clone, Debug)]
pub(crate) struct Decl {
    pub(crate) name: String,
    pub(crate) doc: String,
    /// The versions of Kubernetes that have it, a bit each.
    pub(crate) mask: u8,
    pub(crate) deprecated: Option<Deprecated>,
    pub(crate) body: Body,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// `type Name = T`.
    Alias(Ty),
    /// `abstract schema Name`.
    Abstract(Vec<Field>),
    /// `schema Name`.
    Schema(Vec<Field>),
    /// A schema with `apiVersion` and `kind`.
    Kind(Kind, Vec<Field>),
}

impl Decl {
    pub(crate) fn fields(&self) -> &[Field] {
        match &self.body {
            Body::Alias(_) => &[],
            Body::Abstract(fields) | Body::Schema(fields) | Body::Kind(_, fields) => fields,
        }
    }

    pub(crate) fn fields_mut(&mut self) -> &mut [Field] {
        match &mut self.body {
            Body::Alias(_) => &mut [],
            Body::Abstract(fields) | Body::Schema(fields) | Body::Kind(_, fields) => fields,
        }
    }
}

/// What makes a schema a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Kind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) plural: String,
    pub(crate) scope: Scope,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    Cluster,
    Namespaced,
    /// Posted to a subresource and never stored.
    Subresource,
    /// Read by a tool from its folder and never sent to a cluster.
    Local,
}

/// A field, as some versions have it. Others may have it differently: then another field of that name follows.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: Ty,
    pub(crate) required: bool,
    pub(crate) mask: u8,
    pub(crate) deprecated: Option<Deprecated>,
}

/// Since when something should not be used, and what its docs say of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Deprecated {
    pub(crate) mask: u8,
    pub(crate) text: String,
}

/// A type of the language.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Ty {
    /// A name of the prelude, such as `String` or `PortNumber`.
    Prelude(String),
    /// A declaration: path of the module, name.
    Ref(String, String),
    List(Box<Ty>),
    /// `[T by a, b]`.
    Keyed(Box<Ty>, Vec<String>),
    /// `{K: V}`.
    Map(Box<Ty>, Box<Ty>),
    /// Strings that are known; others are taken too.
    Known(Vec<String>),
    /// Strings that alone are taken.
    Closed(Vec<String>),
    /// Whole numbers that alone are taken.
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

    /// Calls `visit` with each declaration that is named within.
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

    /// What lies within lists and maps.
    pub(crate) fn innermost_mut(&mut self) -> &mut Ty {
        match self {
            Ty::List(inner) | Ty::Keyed(inner, _) | Ty::Map(_, inner) => inner.innermost_mut(),
            other => other,
        }
    }
}

/// The bits of all versions.
pub(crate) const ALL: u8 = 0b1_1111;
