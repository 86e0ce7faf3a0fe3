//! The checker: turns parsed modules into a typed [`hir::Program`] (imports, scopes, types, elaboration).
//!
//! [`check()`] is the entry point. Modules with errors are part of the [`hir::Program`] too, with error nodes, and must
//! not be evaluated.

mod annotations;
mod check;
mod collect;
pub mod decl;
mod diagnostics;
pub mod display;
mod exhaustive;
mod exports;
mod facts;
#[cfg(test)]
mod fixture;
pub mod hir;
mod ids;
mod infer;
mod limit;
mod lint;
mod par_map;
mod recursion;
mod reference;
mod required_fields;
mod resolve_type;
mod shape;
mod source;
mod subtype;
pub mod ty;

pub use annotations::Annotations;
pub use check::{Checked, check, check_with, check_with_exports};
pub use collect::collect;
pub use diagnostics::{
    deleted_field, deleted_nullable_field, dynamic_field, for_in_schema, record_lacks, unknown_field,
    unknown_record_field,
};
pub use exports::{Exporter, Exports};
pub use facts::{Collect, Facts};
pub use hir::Program;
pub use ids::{AliasId, Def, FnId, GlobalId, ModuleId, RefineId, RefineScope, SchemaId, TypeId};
pub use lint::collect_waived;
pub use reference::{Target, Uses};
pub use source::{GENERATED, ImportTarget, NameTarget, Source, SourcePackage};
pub use ty::Ty;
