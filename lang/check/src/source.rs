//! The input of the checker: parsed modules with resolved imports.

use std::sync::Arc;

use forge_base::{FileId, Name};
use forge_syntax::ast;

use crate::ids::ModuleId;

/// A parsed module with its imports resolved to modules.
#[derive(Clone, Debug)]
pub struct Source {
    /// The module's id.
    pub id: ModuleId,
    /// Its dotted path, such as `k8s_ops.shared.platform`.
    pub path: Name,
    /// Its file.
    pub file: FileId,
    /// The source text, which names conditions and snapshots.
    pub text: Arc<str>,
    /// Its syntax tree.
    pub ast: Arc<ast::Module>,
    /// Whether the parser reported errors. The module is checked as far as possible; the parser's errors are not repeated.
    pub has_syntax_errors: bool,
    /// One target per import item, in source order.
    pub imports: Vec<ImportTarget>,
    /// Whether it is part of the standard library: functions without a body are built in, and `@internal` does not warn.
    pub is_std: bool,
}

/// What an import refers to, resolved by the driver, which knows the packages.
#[derive(Clone, Debug)]
pub enum ImportTarget {
    /// The path is a module.
    Module(ModuleId),
    /// One target for each name between the braces.
    Names(Vec<NameTarget>),
    /// Reported already.
    Unresolved,
}

/// What one name between the braces of an import refers to.
#[derive(Clone, Debug)]
pub enum NameTarget {
    /// A module of its own.
    Module(ModuleId),
    /// A name of this module.
    Member(ModuleId),
    /// Reported already.
    Unresolved,
}
