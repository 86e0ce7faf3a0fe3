//! What a program that names certain declarations and fields can reach.

use std::collections::BTreeSet;

use crate::Scope;
use crate::table::{self, DeclId, Sort};

/// A declaration by the path of its module, below `std`, and its name.
pub type Place = (&'static str, &'static str);

/// The declarations that those in `roots` lead to, themselves included, through fields for whose names `field` is true
/// and through fields by which elements of lists are told apart. Unknown roots are left out. Sorted by module, then in
/// the order of the module.
pub fn reach<'a>(roots: impl IntoIterator<Item = (&'a str, &'a str)>, field: &dyn Fn(&str) -> bool) -> Vec<Place> {
    let mut open: Vec<DeclId> = Vec::new();
    for (module, name) in roots {
        let decls = table::module(module).into_iter().flat_map(|module| module.decls());
        open.extend(decls.filter(|decl| decl.name() == name));
    }
    let mut reached: BTreeSet<DeclId> = open.iter().copied().collect();
    while let Some(decl) = open.pop() {
        let mut note = |decl: DeclId| {
            if reached.insert(decl) {
                open.push(decl);
            }
        };
        let read = decl.read();
        match read.sort {
            Sort::Alias(ty) => ty.each_ref(&mut note),
            Sort::Kind(kind) if kind.scope != Scope::Local => table::resource().into_iter().for_each(&mut note),
            _ => {}
        }
        for known in read.fields.filter(|known| known.key || field(known.name)) {
            known.ty.each_ref(&mut note);
        }
    }
    reached.into_iter().map(|decl| (decl.module().path(), decl.name())).collect()
}
