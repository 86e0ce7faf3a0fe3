//! The declarations that a program can reach through the names it uses.

use std::collections::BTreeSet;

use crate::table::{self, DeclId, DeclKind};

/// A declaration: the path of its module below `std`, and its name.
pub type DeclPath = (&'static str, &'static str);

/// The declarations reachable from `roots`, including the roots, through fields that change a program that does not mention
/// them, and fields whose name satisfies `field`.
///
/// Unknown roots are ignored. The result is sorted by module, then by declaration order.
pub fn reachable<'a>(
    roots: impl IntoIterator<Item = (&'a str, &'a str)>,
    field: &dyn Fn(&str) -> bool,
) -> Vec<DeclPath> {
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
        match read.kind {
            DeclKind::Alias(ty) => ty.each_ref(&mut note),
            DeclKind::Resource(_) => table::resource().into_iter().for_each(&mut note),
            _ => {}
        }
        for known in read.fields.filter(|known| known.is_decisive() || field(known.name)) {
            known.ty.each_ref(&mut note);
        }
    }
    reached.into_iter().map(|decl| (decl.module().path(), decl.name())).collect()
}
