//! What modules export that need not be loaded, for messages about names.

use std::fmt;

use forge_base::Name;

use crate::ids::ModuleId;

/// Answers questions about all modules that a module may import. The driver implements it; the checker asks only where it has something to
/// report, so that an answer may need files to be read.
pub trait Exports: fmt::Debug + Send + Sync {
    /// The modules that `from` may import and that export `name`, the most likely first.
    fn exporters(&self, from: ModuleId, name: Name) -> Vec<Exporter>;

    /// The paths of the modules that `from` may import and whose last part is `name`, the most likely first.
    fn modules_named(&self, from: ModuleId, name: Name) -> Vec<String>;

    /// Whether `from` may import a module of this path.
    fn is_module(&self, from: ModuleId, path: &str) -> bool;

    /// Whether another module of its package may import a module.
    fn may_be_imported(&self, module: ModuleId) -> bool;
}

/// A module that exports a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exporter {
    /// Its path, as an import writes it.
    pub path: String,
    /// Whether the name is a schema or another type.
    pub is_type: bool,
}
