//! From trees to programs: imports, scopes, types, and the elaboration into [`hir`].
//!
//! [`check()`] is the only door. Modules with errors are in the [`hir::Program`] too, with holes; they must not be evaluated.

use std::sync::Arc;

use forge_base::{FileId, Name};
use forge_syntax::ast;

pub mod check;
pub mod collect;
pub mod decl;
mod diagnostics;
pub mod display;
pub mod exhaustive;
#[cfg(test)]
mod fixture;
pub mod hir;
pub mod ids;
mod infer;
pub mod lint;
mod noise;
mod par_map;
pub mod recursion;
pub mod required_fields;
pub mod resolve_type;
pub mod subtype;
pub mod ty;

pub use check::{Checked, CheckedExpr, Collect, Facts, check, check_with};
pub use hir::Program;
pub use ids::{AliasId, FnId, GlobalId, ModuleId, RefineId, SchemaId};
pub use ty::Ty;

/// A parsed module with its imports resolved to modules.
#[derive(Clone, Debug)]
pub struct Source {
    /// The module's id.
    pub id: ModuleId,
    /// Its dotted path, such as `k8s_ops.shared.platform`.
    pub path: Name,
    /// Its file.
    pub file: FileId,
    /// The file's text, from which conditions and snapshots take their names.
    pub text: Arc<str>,
    /// Its tree.
    pub ast: Arc<ast::Module>,
    /// What the parser found; a module with errors here is checked as far as it goes, its own errors are not repeated.
    pub has_syntax_errors: bool,
    /// For each import item in the order of the text.
    pub imports: Vec<ImportTarget>,
    /// Whether it belongs to the standard library: its functions without body are built in, `@internal` is no warning there.
    pub is_std: bool,
}

/// What an import leads to, found by the driver, which knows the packages.
#[derive(Clone, Debug)]
pub enum ImportTarget {
    /// The path is a module.
    Module(ModuleId),
    /// One target a name between the braces.
    Names(Vec<NameTarget>),
    /// Reported already.
    Unresolved,
}

/// What one name between the braces of an import leads to.
#[derive(Clone, Debug)]
pub enum NameTarget {
    /// A module of its own.
    Module(ModuleId),
    /// A name of this module.
    Member(ModuleId),
    /// Reported already.
    Unresolved,
}
