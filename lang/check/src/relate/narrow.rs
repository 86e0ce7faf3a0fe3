//! Flow typing: what a test leaves of a type.

use crate::decl::Decls;
use crate::ty::Ty;

/// What a value of type `ty` is where `value is test` holds; [`Ty::Never`] if that cannot be.
pub fn narrow(_decls: &Decls, _ty: &Ty, test: &Ty) -> Ty {
    test.clone()
}

/// What a value of type `ty` is where `value is test` does not hold; [`Ty::Never`] if it always holds.
pub fn subtract(_decls: &Decls, ty: &Ty, _test: &Ty) -> Ty {
    ty.clone()
}
