//! Methods of built-in types: the functions of the prelude's modules, whose first parameter is the receiver.

use std::sync::Arc;

use forge_base::Name;

use super::cx::InferCx;
use crate::decl::FnDecl;
use crate::ids::FnId;
use crate::subtype;
use crate::ty::{FnTy, Ty};

impl<'a> InferCx<'a> {
    /// The method `name` of a built-in type, and its name at run time.
    pub(crate) fn builtin_method(&self, ty: &Ty, name: Name) -> Option<(FnId, Name)> {
        let mut found = None;
        for member in subtype::members(self.decls, ty) {
            let own = self
                .method_tables(&member)
                .iter()
                .find_map(|table| self.decls.prelude.methods.get(&(Name::new(table), name)).copied())?;
            if found.is_some_and(|other| other != own) {
                return None;
            }
            found = Some(own);
        }
        found.map(|id| (id, self.builtin_name(id)))
    }

    /// The modules of the prelude with the methods of a type, the most specific first.
    fn method_tables(&self, ty: &Ty) -> &'static [&'static str] {
        match self.unfold(ty) {
            Ty::Str | Ty::LitStr(_) => &["string"],
            Ty::Int | Ty::LitInt(_) => &["int"],
            Ty::Float => &["float"],
            Ty::Bool | Ty::LitBool(_) => &["bool"],
            Ty::Quantity => &["quantity"],
            Ty::Duration => &["duration"],
            Ty::Secret => &["secret"],
            Ty::Any => &["any"],
            Ty::List(_) => &["list"],
            Ty::Keyed(_) => &["keyed", "list"],
            Ty::Map(_) | Ty::Record(_) => &["map"],
            _ => &[],
        }
    }

    /// The names of the methods of a built-in type, for messages.
    pub(crate) fn builtin_names(&self, ty: &Ty) -> Vec<&'static str> {
        let members = subtype::members(self.decls, ty);
        let Some(first) = members.first() else { return Vec::new() };
        let tables: Vec<Name> = self.method_tables(first).iter().map(|table| Name::new(table)).collect();
        let mut names: Vec<&'static str> = self
            .decls
            .prelude
            .methods
            .keys()
            .filter(|(table, _)| tables.contains(table))
            .map(|(_, name)| name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The name of a built-in function at run time: `list.map`, `text.slug`.
    pub(crate) fn builtin_name(&self, id: FnId) -> Name {
        let module = self.decls.module(id.module).source.path.as_str();
        let last = module.rsplit('.').next().unwrap_or(module);
        Name::new(&format!("{last}.{}", self.decls.function(id).name))
    }

    /// Whether a function is built in: it has no body, is declared in the standard library, and is not a method of a schema.
    pub(crate) fn is_builtin(&self, id: FnId) -> bool {
        let decl = self.decls.function(id);
        decl.is_extern && decl.schema.is_none() && self.decls.module(id.module).source.is_std()
    }

    /// The receiver's type as seen by the first parameter of a method: keyed lists as lists, records as maps, unions joined.
    pub(crate) fn receiver_as(&self, ty: &Ty, decl: &FnDecl) -> Ty {
        let members = subtype::members(self.decls, ty);
        let Some(first) = decl.params.first() else { return Ty::Error };
        match &first.ty {
            Ty::List(_) => {
                let items = members.iter().filter_map(|member| match self.unfold(member) {
                    Ty::List(item) => Some((*item).clone()),
                    Ty::Keyed(keyed) => Some(keyed.item.clone()),
                    _ => None,
                });
                Ty::List(Arc::new(subtype::union(items)))
            }
            Ty::Map(_) => {
                let mut keys = Vec::new();
                let mut values = Vec::new();
                for member in &members {
                    match self.unfold(member) {
                        Ty::Map(pair) => {
                            keys.push(pair.0.clone());
                            values.push(pair.1.clone());
                        }
                        Ty::Record(fields) => {
                            keys.push(Ty::Str);
                            values.extend(fields.iter().map(|(_, ty)| subtype::widen_literal(ty)));
                        }
                        _ => {}
                    }
                }
                Ty::Map(Arc::new((subtype::union(keys), subtype::union(values))))
            }
            _ => subtype::widen_literal(ty),
        }
    }

    /// The generic arguments of a method, as variables of `solver` that the receiver constrains.
    pub(crate) fn receiver_args(&self, id: FnId, ty: &Ty, solver: &mut subtype::Solver) -> Vec<Ty> {
        let decl = self.decls.function(id);
        let args = solver.fresh(decl.generics.len());
        let Some(first) = decl.params.first() else { return args };
        match (self.unfold(ty), &first.ty) {
            (Ty::Keyed(keyed), Ty::Keyed(_)) => {
                let key = self.key_types(&keyed).into_iter().next().unwrap_or(Ty::Error);
                for (arg, own) in args.iter().zip([&keyed.item, &key]) {
                    solver.constrain(self.decls, own, arg);
                }
            }
            _ => {
                let own = self.receiver_as(ty, decl);
                solver.constrain(self.decls, &own, &subtype::substitute(&first.ty, &args));
            }
        }
        args
    }

    /// Whether the receiver is assignable to the first parameter of a method: `join` requires a list of strings.
    pub(crate) fn receiver_fits(&self, id: FnId, ty: &Ty, args: &[Ty], solver: &subtype::Solver) -> bool {
        let decl = self.decls.function(id);
        let Some(first) = decl.params.first() else { return false };
        if matches!(first.ty, Ty::Keyed(_)) {
            return true;
        }
        let wanted = solver.finish(&subtype::substitute(&first.ty, args));
        subtype::assignability(self.decls, &self.receiver_as(ty, decl), &wanted) != subtype::Assignability::No
    }

    /// The types of a keyed list's key fields.
    pub(crate) fn key_types(&self, keyed: &crate::ty::KeyedTy) -> Vec<Ty> {
        let types = keyed.keys.iter().map(|key| {
            let ty = self.field_of(&keyed.item, *key).unwrap_or(Ty::Error);
            subtype::strip_null(self.decls, &ty)
        });
        types.collect()
    }

    /// The result of a property of a receiver of type `ty`.
    pub(crate) fn builtin_result(&mut self, id: FnId, ty: &Ty) -> Ty {
        let mut solver = subtype::Solver::new();
        let args = self.receiver_args(id, ty, &mut solver);
        let ret = self.result_ty(id);
        solver.finish(&subtype::substitute(&ret, &args))
    }

    /// The type of a function as a value, with its generic parameters.
    pub(crate) fn fn_ty(&mut self, id: FnId) -> Ty {
        let ret = self.result_ty(id);
        let params = self.decls.function(id).params.iter().map(|param| param.ty.clone()).collect();
        Ty::Fn(Arc::new(FnTy { params, ret }))
    }
}
