//! The input of the checker: parsed modules with resolved imports.

use std::sync::Arc;

use forge_base::{FileId, Name};
use forge_syntax::ast;

use crate::ids::ModuleId;

/// What the comment of a module contains that `forgec import` made.
pub const GENERATED: &str = "Made by `forgec import";

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
    /// The package that it is part of.
    pub package: SourcePackage,
}

/// What kind of package a module is part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourcePackage {
    /// The package that is built or checked. Lints about values without effect are only for its modules.
    Built,
    /// A package that it depends on.
    Dependency,
    /// The standard library: functions without a body are built in, and `@internal` does not warn.
    Std,
}

impl Source {
    /// Whether it is part of the standard library.
    pub fn is_std(&self) -> bool {
        self.package == SourcePackage::Std
    }

    /// Whether it is part of the package that is built, and no import made it.
    pub fn is_written_here(&self) -> bool {
        let is_generated = self.ast.doc.as_ref().is_some_and(|doc| doc.text.contains(GENERATED));
        self.package == SourcePackage::Built && !is_generated
    }
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
