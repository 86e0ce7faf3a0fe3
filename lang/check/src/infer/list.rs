//! List literals, and the heads of `for`.

use std::sync::Arc;

use forge_base::Span;
use forge_syntax::ast::{self, Element};
use smallvec::SmallVec;

use super::cx::{EntryKeys, Expectation, FrameKind, InferCx};
use super::expr::{Typed, make};
use crate::hir::{self, Elem};
use crate::subtype;
use crate::ty::{KeyedTy, Ty};

/// The type of the items of a list literal.
enum ItemTypes<'a> {
    /// It is expected.
    Known(Expectation<'a>),
    /// It is the join of the types of the items.
    Open(Vec<Ty>),
}

impl<'a> InferCx<'a> {
    /// `[ … ]`.
    pub(crate) fn infer_list(
        &mut self,
        elements: &'a [Element],
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        let target = expected.and_then(|expected| self.list_target(expected));
        match target {
            Some((Ty::Keyed(keyed), expected)) => {
                let keys = Some(EntryKeys { segment: None, keyed: keyed.clone() });
                let mut items = ItemTypes::Known(Expectation { keys, ..expected.of_item(keyed.item.clone()) });
                let elems = self.elements(elements, &mut items);
                let kind = hir::ExprKind::KeyedList { shape: self.keyed_shape(&keyed), items: elems };
                (make(kind, span), Ty::Keyed(keyed))
            }
            Some((ty, expected)) => {
                let item = match &ty {
                    Ty::List(item) => (**item).clone(),
                    _ => Ty::Any,
                };
                let mut items = ItemTypes::Known(expected.of_item(item));
                let elems = self.elements(elements, &mut items);
                (make(hir::ExprKind::List(elems), span), ty)
            }
            None => {
                let mut items = ItemTypes::Open(Vec::new());
                let elems = self.elements(elements, &mut items);
                let mut item = Ty::Never;
                if let ItemTypes::Open(types) = &items {
                    item = self.join_all(types);
                }
                let ty = Ty::List(Arc::new(item.clone()));
                let types = match items {
                    ItemTypes::Open(types) => types,
                    ItemTypes::Known(_) => Vec::new(),
                };
                (self.convert_parts(make(hir::ExprKind::List(elems), span), &types, &item, &ty), ty)
            }
        }
    }

    /// The join of `types`, with literals widened.
    pub(crate) fn join_all(&self, types: &[Ty]) -> Ty {
        let mut common = Ty::Never;
        for ty in types {
            let ty = subtype::widen_literal(ty);
            if ty != common {
                common = subtype::join(self.decls, &common, &ty);
            }
        }
        common
    }

    /// Converts a value whose parts have `types` to `whole`, whose parts have type `common`: `[1, 2.5]` has only `Float`s.
    pub(crate) fn convert_parts(&self, value: hir::Expr, types: &[Ty], common: &Ty, whole: &Ty) -> hir::Expr {
        let mut last = None;
        let differs = types.iter().any(|ty| {
            // A shortcut: most lists have items of one type.
            let differs =
                last != Some(ty) && subtype::assignability(self.decls, ty, common) == subtype::Assignability::Coerce;
            last = Some(ty);
            differs
        });
        if !differs {
            return value;
        }
        let span = value.span;
        let kind = hir::ExprKind::Coerce { value: Box::new(value), ty: whole.clone(), origin: span };
        make(kind, span)
    }

    /// The list type among the members of an expected type, if there is exactly one.
    fn list_target(&self, expected: &Expectation<'a>) -> Option<(Ty, Expectation<'a>)> {
        let mut found = None;
        for member in subtype::members(self.decls, &expected.ty) {
            let ty = self.unfold(&member);
            match &ty {
                Ty::List(item) if subtype::has_var(item) => return None,
                Ty::List(_) | Ty::Keyed(_) | Ty::Any if found.is_none() => found = Some(ty),
                Ty::List(_) | Ty::Keyed(_) | Ty::Any => return None,
                _ => {}
            }
        }
        found.map(|ty| (ty, expected.clone()))
    }

    /// How a keyed list identifies its elements.
    pub(crate) fn keyed_shape(&self, keyed: &KeyedTy) -> Arc<hir::KeyedShape> {
        subtype::keyed_shape(self.decls, keyed)
    }

    fn elements(&mut self, elements: &'a [Element], items: &mut ItemTypes<'a>) -> Vec<Elem> {
        let mut elems = Vec::with_capacity(elements.len());
        for element in elements {
            self.element(element, items, &mut elems);
        }
        elems
    }

    fn element(&mut self, element: &'a Element, items: &mut ItemTypes<'a>, elems: &mut Vec<Elem>) {
        match element {
            Element::Item(expr) => {
                let value = match items {
                    ItemTypes::Known(expected) => self.check(expr, expected),
                    ItemTypes::Open(types) => {
                        let (value, ty) = self.infer(expr);
                        types.push(ty);
                        value
                    }
                };
                elems.push(Elem::Item(value));
            }
            Element::Spread(expr) => elems.push(Elem::Spread(self.spread_items(expr, items))),
            Element::Let(decl) => elems.extend(self.block_let(decl).map(Box::new).map(Elem::Let)),
            Element::If(branch) => {
                let (cond, narrowings) =
                    self.infer_condition(&branch.cond, "the condition of an `if` must be a `Bool`");
                let then = self.scoped(|cx| {
                    cx.assume(&narrowings.if_true);
                    cx.elements(&branch.then, items)
                });
                let otherwise = self.scoped(|cx| {
                    cx.assume(&narrowings.if_false);
                    cx.elements(&branch.otherwise, items)
                });
                elems.push(Elem::If { cond: Box::new(cond), then, otherwise });
            }
            Element::For(item) => {
                let (head, body) = self.for_loop(&item.head, |cx| cx.elements(&item.body, items));
                elems.push(Elem::For { head: Box::new(head), body });
            }
        }
    }

    /// `...xs` in a list.
    fn spread_items(&mut self, expr: &'a ast::Expr, items: &mut ItemTypes<'a>) -> hir::Expr {
        let hint = match items {
            ItemTypes::Known(expected) => Some(expected.of_item(Ty::List(Arc::new(expected.ty.clone())))),
            ItemTypes::Open(_) => None,
        };
        let (value, ty) = self.infer_with(expr, hint.as_ref());
        if ty == Ty::Error {
            return value;
        }
        let item = match self.unfold(&ty) {
            Ty::List(item) => (*item).clone(),
            Ty::Keyed(keyed) => keyed.item.clone(),
            Ty::Any => Ty::Any,
            _ => {
                let shown = self.show(&ty);
                let diag = match self.may_be_null(&ty) {
                    true => crate::diagnostics::maybe_null_spread(&shown, expr.span),
                    false => crate::diagnostics::not_spreadable(&shown, "a list", expr.span),
                };
                let is_list = |ret: &Ty| matches!(self.unfold(ret), Ty::List(_) | Ty::Keyed(_));
                let diag = self.missing_call(&diag, &ty, expr.span, is_list).unwrap_or(diag);
                self.report(diag);
                return make(hir::ExprKind::Error, expr.span);
            }
        };
        match items {
            ItemTypes::Open(types) => {
                types.push(item);
                value
            }
            ItemTypes::Known(expected) => {
                let list = expected.of_item(Ty::List(Arc::new(expected.ty.clone())));
                match self.fits(&item, &expected.ty) {
                    true if subtype::assignability(self.decls, &item, &expected.ty) == subtype::Assignability::Yes => {
                        value
                    }
                    _ => self.coerce(value, &ty, &list),
                }
            }
        }
    }

    /// `for a, b in xs if guard { … }`: runs `body` in the frame of the iteration.
    pub(crate) fn for_loop<R>(&mut self, head: &'a ast::ForHead, body: impl FnOnce(&mut Self) -> R) -> (hir::For, R) {
        let (iter, ty) = self.infer(&head.iter);
        let ty = literal_names(&head.iter).unwrap_or(ty);
        let vars = self.loop_vars(&ty, head);
        let ((vars, guard, result), frame) = self.framed(FrameKind::Iteration, |cx| {
            let mut slots: SmallVec<[Option<u32>; 2]> = SmallVec::new();
            for (var, ty) in head.vars.iter().zip(vars) {
                let slot = cx.bind(var.name, var.span, ty);
                if var.name.as_str() == "_" {
                    cx.locals.pop();
                    slots.push(None);
                } else {
                    slots.push(Some(slot));
                }
            }
            let guard = head.guard.as_ref().map(|expr| {
                let (cond, narrowings) = cx.infer_condition(expr, "the filter of a `for` must be a `Bool`");
                cx.assume(&narrowings.if_true);
                cond
            });
            (slots, guard, body(cx))
        });
        let names = head.vars.iter().map(|var| var.name).collect();
        (hir::For { vars, names, iter, guard, slots: frame.slots }, result)
    }

    /// The types of a loop's variables.
    fn loop_vars(&mut self, ty: &Ty, head: &ast::ForHead) -> Vec<Ty> {
        let is_pair = head.vars.len() > 1;
        let pair = |key: Ty, value: Ty| if is_pair { vec![key, value] } else { vec![value] };
        let unknown = || vec![Ty::Error; head.vars.len()];
        match self.unfold(ty) {
            Ty::Error => unknown(),
            Ty::List(item) => pair(Ty::Int, (*item).clone()),
            Ty::Keyed(keyed) => {
                let mut keys = self.key_types(&keyed).into_iter();
                pair(keys.next().unwrap_or(Ty::Error), keyed.item.clone())
            }
            Ty::Map(entry) if is_pair => vec![entry.0.clone(), entry.1.clone()],
            Ty::Record(fields) if is_pair => {
                let values = subtype::union(fields.iter().map(|(_, ty)| subtype::widen_literal(ty)));
                vec![Ty::Str, values]
            }
            Ty::Map(_) | Ty::Record(_) => {
                self.report(crate::diagnostics::map_needs_two(head));
                unknown()
            }
            _ => {
                let shown = self.show(ty);
                let diag = match self.may_be_null(ty) {
                    true => crate::diagnostics::maybe_null_loop(&shown, head.iter.span),
                    false => crate::diagnostics::not_iterable(&shown, &self.unfold(ty), head.iter.span),
                };
                self.report(diag);
                unknown()
            }
        }
    }
}

/// The type of a list of string literals in the head of a loop. The literals are not widened, so that
/// the variable of `for protocol in ["TCP", "UDP"]` is assignable to a union of these.
fn literal_names(iter: &ast::Expr) -> Option<Ty> {
    let ast::ExprKind::List(elements) = &iter.kind else { return None };
    let names = elements.iter().map(|element| match element {
        Element::Item(ast::Expr { kind: ast::ExprKind::Str(text), .. }) => text.plain().map(forge_base::Name::new),
        _ => None,
    });
    let names = names.collect::<Option<Vec<_>>>()?;
    Some(Ty::List(Arc::new(subtype::union(names.into_iter().map(Ty::LitStr)))))
}
