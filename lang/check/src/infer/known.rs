//! The entries of maps and keyed lists whose schema is known, since a literal sets them under a constant key.
//!
//! `components: [Component by name] = { cilium = Cilium {} }` declares that all elements are `Component`s; that `cilium` is a `Cilium`
//! is read off the literal. It follows from the syntax alone, so it needs no inference and cannot form a cycle. A later layer may
//! replace the element by another schema; the evaluator tests that when it applies a body or reads the element.

use forge_base::Name;
use forge_syntax::ast::{self, ExprKind, ItemKind};
use forge_syntax::visit::Visitor;
use smallvec::SmallVec;

use super::cx::{FrameKind, InferCx, This};
use super::name::ResolvedName;
use crate::ids::{Def, GlobalId, ModuleId, SchemaId};
use crate::subtype;
use crate::ty::Ty;

/// How many expressions are followed from one to the next.
const MAX_DEPTH: u32 = 32;

/// Where the items of a value are written.
#[derive(Clone, Debug)]
pub(crate) struct WrittenPlace<'a> {
    root: Root<'a>,
    /// The names and keys from the root to the value.
    steps: SmallVec<[Name; 4]>,
}

/// Where a place starts.
#[derive(Clone, Copy, Debug)]
enum Root<'a> {
    /// The bodies of a schema and its ancestors.
    Schema(SchemaId),
    /// An expression.
    Expr(Written<'a>),
}

/// An expression in its module.
#[derive(Clone, Copy, Debug)]
struct Written<'a> {
    expr: &'a ast::Expr,
    module: ModuleId,
    /// What else its names may refer to; `None` if that is not known.
    scope: Option<NamesInScope<'a>>,
}

/// The names in scope besides those of the module.
#[derive(Clone, Copy, Debug)]
struct NamesInScope<'a> {
    /// Everything that this item of the module binds.
    item: &'a ast::Item,
    /// The fields of this schema.
    fields: Option<SchemaId>,
}

impl<'a> Written<'a> {
    /// Another expression in the same scope.
    fn with(self, expr: &'a ast::Expr) -> Written<'a> {
        Written { expr, ..self }
    }
}

/// What is known about a place.
enum Found<'a> {
    /// Nothing here sets it.
    Nothing,
    /// Something sets it that is not known.
    Unknown,
    /// An expression sets it.
    Value(Written<'a>),
}

impl<'a> WrittenPlace<'a> {
    /// The values of a schema.
    pub(crate) fn of_schema(id: SchemaId) -> WrittenPlace<'a> {
        WrittenPlace { root: Root::Schema(id), steps: SmallVec::new() }
    }

    /// A field or entry of the value.
    pub(crate) fn then(&self, name: Name) -> WrittenPlace<'a> {
        let mut place = self.clone();
        place.steps.push(name);
        place
    }
}

impl<'a> InferCx<'a> {
    /// The type of the entry under a constant key, if it is known to be narrower than the type of all entries.
    pub(crate) fn known_entry(&self, places: &[WrittenPlace<'a>], key: Name, declared: &Ty) -> Option<Ty> {
        for place in places {
            let mut steps = place.steps.clone();
            steps.push(key);
            let found = match place.root {
                Root::Schema(id) => self.find_in_schema(id, &steps, 0),
                Root::Expr(written) => self.find_in_expr(written, &steps, 0),
            };
            match found {
                Found::Nothing => {}
                Found::Unknown => return None,
                Found::Value(written) => {
                    let known = Ty::Schema(self.schema_of_expr(written, 0)?);
                    let is_narrower = *declared != Ty::Any
                        && subtype::assignability(self.decls, &known, declared) == subtype::Assignability::Yes
                        && subtype::assignability(self.decls, declared, &known) != subtype::Assignability::Yes;
                    return is_narrower.then_some(known);
                }
            }
        }
        None
    }

    /// Where the items of an expression's value are written.
    pub(crate) fn places_of(&mut self, expr: &'a ast::Expr) -> SmallVec<[WrittenPlace<'a>; 2]> {
        let mut places = SmallVec::new();
        match &expr.kind {
            ExprKind::Name(name) => match self.resolve_name(*name) {
                ResolvedName::Local(index) => {
                    places.extend(self.locals[index].value.map(|value| self.place_of_expr(value)));
                }
                ResolvedName::Field { schema, .. } => places.push(WrittenPlace::of_schema(schema).then(*name)),
                ResolvedName::Def(Def::Global(id)) => places.extend(self.place_of_global(id)),
                _ => {}
            },
            ExprKind::SelfRef => {
                if let Some(frame) = self.self_frame()
                    && let FrameKind::Body(This::Schema(id)) = self.frames[frame].kind
                {
                    places.push(WrittenPlace::of_schema(id));
                }
            }
            ExprKind::Member(member) => {
                if let Some(def) = self.module_member(member) {
                    if let Def::Global(id) = def {
                        places.extend(self.place_of_global(id));
                    }
                } else if let Some(name) = member.name {
                    places.extend(self.places_of(&member.recv).iter().map(|place| place.then(name.name)));
                    if let Some(Ty::Schema(id)) = self.declared_ty(&member.recv).map(|ty| self.unfold(&ty)) {
                        places.push(WrittenPlace::of_schema(id).then(name.name));
                    }
                }
            }
            _ => places.push(self.place_of_expr(expr)),
        }
        places
    }

    fn place_of_expr(&self, expr: &'a ast::Expr) -> WrittenPlace<'a> {
        let written = Written { expr, module: self.module, scope: None };
        WrittenPlace { root: Root::Expr(written), steps: SmallVec::new() }
    }

    fn place_of_global(&self, id: GlobalId) -> Option<WrittenPlace<'a>> {
        Some(WrittenPlace { root: Root::Expr(self.global_value(id)?), steps: SmallVec::new() })
    }

    fn global_value(&self, id: GlobalId) -> Option<Written<'a>> {
        let item = self.decls.ast(id.module).items.get(self.decls.global(id).item)?;
        let expr = match &item.kind {
            ItemKind::Set(set) => &set.value,
            ItemKind::Let(decl) => &decl.value,
            ItemKind::Declare(field) => field.value.as_ref()?,
            _ => return None,
        };
        Some(Written { expr, module: id.module, scope: Some(NamesInScope { item, fields: None }) })
    }

    /// The type of a path of names, as far as it is declared.
    fn declared_ty(&mut self, expr: &'a ast::Expr) -> Option<Ty> {
        match &expr.kind {
            ExprKind::Name(name) => match self.resolve_name(*name) {
                ResolvedName::Local(index) => self.locals[index].ty.clone(),
                ResolvedName::Field { schema, index, .. } => {
                    Some(self.decls.schema(schema).fields[index as usize].ty.clone())
                }
                ResolvedName::Def(Def::Global(id)) => Some(self.global_ty(id)),
                _ => None,
            },
            ExprKind::Member(member) if self.module_member(member).is_none() => {
                let ty = self.declared_ty(&member.recv)?;
                self.field_of(&ty, member.name?.name)
            }
            _ => None,
        }
    }

    fn find_in_schema(&self, id: SchemaId, steps: &[Name], depth: u32) -> Found<'a> {
        for layer in self.decls.schema(id).ancestors.iter().rev() {
            let item = self.decls.ast(layer.module).items.get(self.decls.schema(*layer).item);
            let Some((item, ItemKind::Schema(schema))) = item.map(|item| (item, &item.kind)) else {
                return Found::Unknown;
            };
            let scope = NamesInScope { item, fields: Some(id) };
            match self.find_in_body(&schema.body, steps, (layer.module, Some(scope)), depth) {
                Found::Nothing => {}
                found => return found,
            }
        }
        Found::Nothing
    }

    fn find_in_expr(&self, written: Written<'a>, steps: &[Name], depth: u32) -> Found<'a> {
        if steps.is_empty() {
            return Found::Value(written);
        }
        if depth > MAX_DEPTH {
            return Found::Unknown;
        }
        let Written { expr, module, scope } = written;
        match &expr.kind {
            ExprKind::Object(body) => self.find_in_body(body, steps, (module, scope), depth),
            ExprKind::Derive(derive) => {
                let base = written.with(&derive.base);
                let fields = self.schema_of_base(base, 0);
                let scope = scope.zip(fields).map(|(scope, fields)| NamesInScope { fields: Some(fields), ..scope });
                match self.find_in_body(&derive.body, steps, (module, scope), depth) {
                    Found::Nothing => {}
                    found => return found,
                }
                match self.module_def(base) {
                    Some(Def::Schema(id)) => self.find_in_schema(id, steps, depth + 1),
                    _ => self.find_in_expr(base, steps, depth + 1),
                }
            }
            ExprKind::Name(_) | ExprKind::Member(_) => match self.module_def(written) {
                Some(Def::Global(id)) => match self.global_value(id) {
                    Some(value) => self.find_in_expr(value, steps, depth + 1),
                    None => Found::Nothing,
                },
                Some(_) => Found::Nothing,
                None => self.find_in_field(written, steps, depth),
            },
            _ => Found::Nothing,
        }
    }

    /// The entry of a field of another value.
    fn find_in_field(&self, written: Written<'a>, steps: &[Name], depth: u32) -> Found<'a> {
        let ExprKind::Member(member) = &written.expr.kind else { return Found::Nothing };
        let Some(name) = &member.name else { return Found::Nothing };
        let steps: SmallVec<[Name; 4]> = std::iter::once(name.name).chain(steps.iter().copied()).collect();
        self.find_in_expr(written.with(&member.recv), &steps, depth + 1)
    }

    /// The schema whose fields are in scope in the body after an expression.
    fn schema_of_base(&self, base: Written<'a>, depth: u32) -> Option<SchemaId> {
        match self.module_def(base) {
            Some(Def::Schema(id)) => Some(id),
            _ => self.schema_of_expr(base, depth),
        }
    }

    /// What the path of names that an expression is refers to, if its first name is one of the module.
    fn module_def(&self, written: Written<'a>) -> Option<Def> {
        let mut first = written.expr;
        while let ExprKind::Member(member) = &first.kind {
            first = &member.recv;
        }
        let ExprKind::Name(name) = &first.kind else { return None };
        if self.may_be_local(written.scope, *name) { None } else { self.def_of(written.module, written.expr) }
    }

    /// Whether a name may be a local or a field. A capitalized name never is.
    fn may_be_local(&self, scope: Option<NamesInScope<'a>>, name: Name) -> bool {
        if name.as_str().starts_with(char::is_uppercase) {
            return false;
        }
        let is_field = |id: SchemaId| self.decls.schema(id).fields.iter().any(|field| field.name == name);
        scope.is_none_or(|scope| scope.fields.is_some_and(is_field) || binds(scope.item, name))
    }

    fn find_in_body(
        &self,
        body: &'a ast::Body,
        steps: &[Name],
        (module, scope): (ModuleId, Option<NamesInScope<'a>>),
        depth: u32,
    ) -> Found<'a> {
        let Some((first, rest)) = steps.split_first() else { return Found::Unknown };
        // Two steps lead to an entry of a field. With more, the fields of schemas in between are in scope as well.
        let scope = scope.filter(|_| steps.len() <= 2);
        let written = |expr: &'a ast::Expr| Written { expr, module, scope };
        let mut is_open = false;
        let mut spread = None;
        for item in &body.items {
            let found = match &item.kind {
                ItemKind::Declare(field) if field.name.name == *first => match &field.value {
                    Some(value) => set_by(self.find_in_expr(written(value), rest, depth + 1)),
                    None => Found::Nothing,
                },
                ItemKind::Set(set) => match rest_of(&set.path, steps) {
                    Some(rest) => set_by(self.find_in_expr(written(&set.value), rest, depth + 1)),
                    None => Found::Nothing,
                },
                ItemKind::Refine(refine) => match rest_of(&refine.path, steps) {
                    Some(rest @ [_, ..]) => self.find_in_body(&refine.body, rest, (module, scope), depth),
                    _ => Found::Nothing,
                },
                ItemKind::Append(append) => match rest_of(&append.path, steps) {
                    Some(rest @ [_, ..]) => match self.find_in_expr(written(&append.value), rest, depth + 1) {
                        Found::Unknown => {
                            is_open = true;
                            Found::Nothing
                        }
                        found => found,
                    },
                    _ => Found::Nothing,
                },
                ItemKind::Delete(path) if rest_of(path, steps).is_some() => Found::Unknown,
                ItemKind::If(branch) => {
                    let bodies = std::iter::once(&branch.then).chain(&branch.otherwise);
                    let mut found = bodies.map(|body| self.find_in_body(body, steps, (module, scope), depth));
                    match found.all(|found| matches!(found, Found::Nothing)) {
                        true => Found::Nothing,
                        false => Found::Unknown,
                    }
                }
                ItemKind::Spread(value) if steps.len() == 1 => {
                    is_open = true;
                    if let found @ Found::Value(_) = self.find_in_expr(written(value), steps, depth + 1) {
                        spread = Some(found);
                    }
                    Found::Nothing
                }
                ItemKind::Spread(_) | ItemKind::For(_) => {
                    is_open = true;
                    Found::Nothing
                }
                _ => Found::Nothing,
            };
            if !matches!(found, Found::Nothing) {
                return found;
            }
        }
        // What the body sets itself wins over what it includes.
        spread.unwrap_or(if is_open { Found::Unknown } else { Found::Nothing })
    }

    /// The schema that an expression is an instance of, if its syntax says so.
    fn schema_of_expr(&self, written: Written<'a>, depth: u32) -> Option<SchemaId> {
        if depth > MAX_DEPTH {
            return None;
        }
        match &written.expr.kind {
            ExprKind::Derive(derive) => self.schema_of_base(written.with(&derive.base), depth + 1),
            ExprKind::Name(_) | ExprKind::Member(_) => match self.module_def(written)? {
                Def::Global(id) => match &self.decls.global(id).ty {
                    Some(ty) => self.schema_of(ty),
                    None => self.schema_of_expr(self.global_value(id)?, depth + 1),
                },
                _ => None,
            },
            ExprKind::Call(call) => match self.module_def(written.with(&call.callee))? {
                Def::Fn(id) => self.schema_of(self.decls.function(id).ret.as_ref()?),
                _ => None,
            },
            _ => None,
        }
    }
}

/// What an item that sets a place or a value around it says: a value without the place has no such entry.
fn set_by(found: Found<'_>) -> Found<'_> {
    match found {
        Found::Nothing => Found::Unknown,
        found => found,
    }
}

/// Whether anything in an item binds a name: a `let`, a parameter, the variable of a loop or a pattern.
fn binds(item: &ast::Item, name: Name) -> bool {
    struct Bindings(Name, bool);
    impl Visitor for Bindings {
        fn visit_ident(&mut self, ident: &ast::Ident) {
            self.1 |= ident.name == self.0;
        }
    }
    let mut bindings = Bindings(name, false);
    bindings.visit_item(item);
    bindings.1
}

/// The steps that follow a path, if the path is the beginning of them.
fn rest_of<'s>(path: &ast::Path, steps: &'s [Name]) -> Option<&'s [Name]> {
    let names = path.segments.iter().map(|segment| segment.key.constant());
    let (start, rest) = steps.split_at_checked(path.segments.len())?;
    names.eq(start.iter().map(|name| Some(*name))).then_some(rest)
}
