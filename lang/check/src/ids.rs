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
    /// The condition of a `T where cond`.
    RefineId;
}
