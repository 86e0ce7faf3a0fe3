//! Ids of declarations: a module and an index into one of its tables.

/// A module. Assigned by the driver; the same path keeps its id for the lifetime of a session.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ModuleId(pub u32);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub struct $name {
            /// The module that declares it.
            pub module: ModuleId,
            /// The index in the module's table.
            pub index: u32,
        }
    )*};
}

ids! {
    /// A field, `let` or input of a module.
    GlobalId;
    /// A function, method or built-in function.
    FnId;
    /// A schema.
    SchemaId;
    /// A `type Name = T`.
    AliasId;
}

/// The condition of a `T where cond`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RefineId {
    /// The module that contains it.
    pub module: ModuleId,
    /// The part of the module that contains it.
    pub scope: RefineScope,
    /// Its number in that part, in the order of resolution.
    pub index: u32,
}

/// The part of a module that numbers its refinements. Each part is resolved in a fixed order, so that ids do not depend
/// on the order in which threads check the parts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum RefineScope {
    /// The types of all declarations.
    Declarations,
    /// The value of a global, by its index.
    Global(u32),
    /// The body of a function, by its index.
    Fn(u32),
    /// The body of a schema, by its index.
    Schema(u32),
    /// A test, by the index of its item.
    Test(u32),
    /// The condition of a refinement in a declaration, by its index.
    Condition(u32),
}

/// A schema or named type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TypeId {
    /// A schema.
    Schema(SchemaId),
    /// A named type.
    Alias(AliasId),
}

/// What a name refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Def {
    /// A module.
    Module(ModuleId),
    /// A field, `let` or input.
    Global(GlobalId),
    /// A function.
    Fn(FnId),
    /// A schema.
    Schema(SchemaId),
    /// A named type.
    Alias(AliasId),
    /// A declaration with errors, which have been reported.
    Error,
}

impl Def {
    /// The module that declares it; `None` for modules themselves.
    pub fn module(self) -> Option<ModuleId> {
        match self {
            Def::Global(id) => Some(id.module),
            Def::Fn(id) => Some(id.module),
            Def::Schema(id) => Some(id.module),
            Def::Alias(id) => Some(id.module),
            Def::Module(_) | Def::Error => None,
        }
    }
}
