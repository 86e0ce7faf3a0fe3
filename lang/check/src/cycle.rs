//! Functions that call each other in a circle.

use forge_base::Diag;

use crate::decl::Decls;
use crate::hir;

/// Reports each circle of calls once, with its path, in an order that does not depend on the order of modules.
pub fn check_cycles(_decls: &Decls, _modules: &[&hir::Module], _diags: &mut Vec<Diag>) {}
