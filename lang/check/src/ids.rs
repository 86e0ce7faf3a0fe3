//! Ids of everything that a program declares: a module and a place in one of its tables.

/// One module of a session. Handed out by the driver, the same for one path as long as the session lives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ModuleId(pub u32);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub struct $name {
            /// The module that declares it.
            pub module: ModuleId,
            /// The place in the module's table.
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
