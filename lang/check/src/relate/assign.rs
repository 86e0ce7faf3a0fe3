//! Whether a value of one type may stand where another is expected.

use crate::decl::Decls;
use crate::ty::Ty;

/// What it takes to use a value of one type as another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Assign {
    /// It is not possible.
    No,
    /// The value must be converted or tested when the program runs.
    Coerce,
    /// Every value fits as it is.
    Yes,
}

/// Whether a `from` may stand where a `to` is expected.
pub fn assign(_decls: &Decls, from: &Ty, to: &Ty) -> Assign {
    if from == to { Assign::Yes } else { Assign::No }
}

/// The member of a union that `from` comes closest to, for messages; `None` where nothing stands out.
pub fn closest(_decls: &Decls, _from: &Ty, _to: &Ty) -> Option<Ty> {
    None
}
