//! Types as written become types as values.

use forge_base::{Diag, Name, Span};
use forge_syntax::ast;

use crate::decl::{Decls, Def, RefineDecl};
use crate::ids::ModuleId;
use crate::lint::Uses;
use crate::ty::Ty;

/// Collects what the types of one module bring with them.
#[derive(Clone, Debug)]
pub struct RefineSink {
    /// The id of the first condition in `conditions`.
    pub first: u32,
    /// Conditions in the order of their ids.
    pub conditions: Vec<RefineDecl>,
    /// The names that were used.
    pub uses: Uses,
}

impl RefineSink {
    /// A sink for the types in a module's bodies, whose conditions come behind those of its declarations. `first` is the number of
    /// conditions that the module has already.
    pub fn new(first: usize) -> RefineSink {
        RefineSink { first: first as u32, conditions: Vec::new(), uses: Uses::default() }
    }
}

/// The type that `ty` means in `module`, where `generics` are the parameters of the function around it.
///
/// Reports what is wrong; then the type, or the part that is wrong, is [`Ty::Error`].
pub fn resolve(
    _decls: &Decls,
    _module: ModuleId,
    _generics: &[Name],
    _ty: &ast::TypeExpr,
    _sink: &mut RefineSink,
    _diags: &mut Vec<Diag>,
) -> Ty {
    Ty::Error
}

/// What a bare name means at the level of the module: a name of its scope, else of the prelude.
pub fn lookup(decls: &Decls, module: ModuleId, name: Name) -> Option<Def> {
    let scope = &decls.module(module).scope;
    scope.get(&name).or_else(|| decls.prelude.names.get(&name)).copied()
}

/// What `name` means behind `module.`: its own names without those that it imports, and no private ones unless it is `from` itself.
pub fn lookup_member(_decls: &Decls, _from: ModuleId, _module: ModuleId, _name: Name, _span: Span) -> Option<Def> {
    None
}
