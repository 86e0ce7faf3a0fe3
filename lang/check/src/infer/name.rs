//! Names: locals, fields of the enclosing schema, names of the module and the prelude; `self` and `super`.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ExprKind, ItemKind};

use super::access_path::AccessPath;
use super::cx::{Expectation, FrameKind, InferCx, This};
use super::db::Query;
use super::expr::{Typed, broken, make};
use crate::decl::GlobalKind;
use crate::hir;
use crate::ids::{AliasId, Def, FnId, GlobalId, ModuleId, SchemaId};
use crate::resolve_type::{lookup, lookup_member};
use crate::subtype;
use crate::ty::Ty;

/// What a bare name refers to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ResolvedName {
    /// A local, by its index in the stack.
    Local(usize),
    /// A field of the enclosing schema.
    Field {
        /// The frame of its body.
        frame: usize,
        /// The schema.
        schema: SchemaId,
        /// The field.
        index: u32,
    },
    /// A method of the enclosing schema.
    Method {
        /// The frame of its body.
        frame: usize,
        /// The function.
        function: FnId,
        /// The index in the schema's methods.
        method: u32,
    },
    /// A name of the module or the prelude.
    Def(Def),
    /// An unknown name.
    Unknown,
}

/// No similar name is searched for if more names than this are in scope.
const MAX_NAMES: usize = 4096;

impl<'a> InferCx<'a> {
    /// What a bare name refers to.
    pub(crate) fn resolve_name(&self, name: Name) -> ResolvedName {
        if let Some(local) = self.locals.iter().rposition(|local| local.name == name) {
            return ResolvedName::Local(local);
        }
        for (frame, own) in self.frames.iter().enumerate().rev() {
            if let FrameKind::Body(This::Schema(schema)) = own.kind {
                if let Some(index) = self.decls.schema(schema).field_index(name) {
                    return ResolvedName::Field { frame, schema, index };
                }
                let methods = &self.decls.schema(schema).methods;
                if let Some(method) = methods.iter().position(|own| own.name == name) {
                    return ResolvedName::Method { frame, function: methods[method].function, method: method as u32 };
                }
            }
        }
        // A field of the schema around may be one that could not be parsed.
        let may_have_field = |frame: &super::cx::Frame<'a>| match frame.kind {
            FrameKind::Body(This::Schema(schema)) => self.decls.schema(schema).is_incomplete,
            _ => false,
        };
        match lookup(self.decls, self.module, name) {
            Some(def) => ResolvedName::Def(def),
            None if self.frames.iter().any(may_have_field) => ResolvedName::Def(Def::Error),
            None => ResolvedName::Unknown,
        }
    }

    /// A bare name as a value.
    pub(crate) fn infer_name(&mut self, name: Name, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        match self.resolve_name(name) {
            ResolvedName::Local(local) => self.infer_local(local, span),
            ResolvedName::Field { frame, schema, index } => {
                let field = &self.decls.schema(schema).fields[index as usize];
                self.out.uses.field(span, schema, index);
                let recv = make(hir::ExprKind::This { up: self.up_to(frame) }, span);
                let kind = hir::ExprKind::Field { recv: Box::new(recv), field: index, name, optional: false };
                let path = AccessPath::of_field(frame, name);
                (make(kind, span), self.narrowed_ty(Some(&path), field.ty.clone()))
            }
            ResolvedName::Method { frame, function, method } => {
                self.out.uses.method(span, function);
                let recv = Box::new(make(hir::ExprKind::This { up: self.up_to(frame) }, span));
                let ty = self.fn_ty(function);
                (make(hir::ExprKind::BoundMethod { recv, method }, span), ty)
            }
            ResolvedName::Def(def) => {
                self.out.uses.name(name, span, def);
                self.infer_def(def, name, span, expected)
            }
            ResolvedName::Unknown => {
                self.report_unknown(name, span, expected);
                broken(span)
            }
        }
    }

    fn infer_local(&mut self, index: usize, span: Span) -> Typed {
        let ty = self.local_ty(index, span);
        let local = &self.locals[index];
        self.out.uses.local(span, local.span);
        let kind = hir::ExprKind::Local { up: self.up_to(local.frame), slot: local.slot };
        let path = AccessPath::of_local(local.frame, local.slot);
        (make(kind, span), self.narrowed_ty(Some(&path), ty))
    }

    /// A name of a module as a value.
    pub(crate) fn infer_def(&mut self, def: Def, name: Name, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        let what = match def {
            Def::Global(id) => {
                let ty = self.global_ty(id);
                let path = AccessPath::of_global(id);
                return (make(hir::ExprKind::Global(id), span), self.narrowed_ty(Some(&path), ty));
            }
            Def::Fn(id) => return self.infer_fn_value(id, span, expected),
            Def::Error => return broken(span),
            Def::Module(id) => return self.module_value(id, span),
            Def::Schema(_) => "a schema",
            Def::Alias(_) => "a type",
        };
        self.report(crate::diagnostics::not_a_value(name, what, span));
        broken(span)
    }

    /// A module as a value: a record of the fields that a build emits.
    fn module_value(&mut self, module: ModuleId, span: Span) -> Typed {
        let decls = self.decls;
        let globals = decls.module(module).globals.iter().enumerate();
        let (mut items, mut types) = (Vec::new(), Vec::new());
        for (index, global) in
            globals.filter(|(_, global)| global.kind == GlobalKind::Field && !global.name.is_private())
        {
            let id = GlobalId { module, index: index as u32 };
            types.push((global.name, self.global_ty(id)));
            let key = hir::Key::Name(Arc::from(global.name.as_str()));
            let value = make(hir::ExprKind::Global(id), global.span);
            let kind = hir::BodyItemKind::Set { key, value, super_slot: None, is_default: false };
            items.push(hir::BodyItem { kind, span: global.span });
        }
        let body = hir::Body::new(items, Vec::new(), 0, span, hir::BodyTarget::Entries);
        let kind = hir::ExprKind::Object { shape: hir::Shape::Map, body: Arc::new(body) };
        (make(kind, span), Ty::Record(types.into()))
    }

    /// `Level.values` of a named union of constants: a list of them. `None` if the type has no constants.
    pub(crate) fn alias_values(&mut self, id: AliasId, span: Span) -> Option<Typed> {
        let constants: Vec<hir::Expr> = subtype::members(self.decls, &Ty::Alias(id))
            .iter()
            .filter_map(|member| match self.unfold(member) {
                Ty::LitStr(text) => Some(hir::Const::Str(Arc::from(text.as_str()))),
                Ty::LitInt(number) => Some(hir::Const::Int(number)),
                Ty::LitBool(value) => Some(hir::Const::Bool(value)),
                _ => None,
            })
            .map(|constant| make(hir::ExprKind::Const(constant), span))
            .collect();
        let elems = constants.into_iter().map(hir::Elem::Item).collect::<Vec<_>>();
        (!elems.is_empty()).then(|| (make(hir::ExprKind::List(elems), span), Ty::List(Arc::new(Ty::Alias(id)))))
    }

    /// The type of a global: annotated, or inferred from its value.
    pub(crate) fn global_ty(&mut self, id: GlobalId) -> Ty {
        let decl = self.decls.global(id);
        if let Some(ty) = &decl.ty {
            return ty.clone();
        }
        if let Some(schema) = self.syntactic_schema(id) {
            return Ty::Schema(schema);
        }
        if self.is_on_stack(Query::Global(id)) {
            return Ty::Error;
        }
        self.db.global(id, |query| self.stack.with(query, self.depth)).code.ty.clone()
    }

    /// The return type of a function: annotated, or inferred from its body.
    pub(crate) fn result_ty(&mut self, id: FnId) -> Ty {
        let decl = self.decls.function(id);
        if let Some(ty) = &decl.ret {
            return ty.clone();
        }
        if self.is_on_stack(Query::Fn(id)) {
            return Ty::Error;
        }
        self.db.function(id, |query| self.stack.with(query, self.depth)).code.ret.clone()
    }

    /// Whether `query` is on the stack: then there is a cycle, which is recorded.
    fn is_on_stack(&mut self, query: Query) -> bool {
        let is_lazy = self.frames.iter().any(|frame| !matches!(frame.kind, FrameKind::Root | FrameKind::Iteration));
        if is_lazy {
            self.stack.set_lazy()
        } else {
            self.stack.set_strict()
        }
        match self.stack.cycle_from(query) {
            Some(cycle) => {
                self.db.record_cycle(cycle);
                true
            }
            None => false,
        }
    }

    /// The schema of a global whose value is syntactically an instance: `x = S { … }`, `x = S { … } { … }`.
    fn syntactic_schema(&self, id: GlobalId) -> Option<SchemaId> {
        let item = self.decls.ast(id.module).items.get(self.decls.global(id).item)?;
        let mut value = match &item.kind {
            ast::ItemKind::Set(set) => &set.value,
            ast::ItemKind::Let(decl) => &decl.value,
            _ => return None,
        };
        while let ExprKind::Derive(derive) = &value.kind {
            value = &derive.base;
            if let Some(Def::Schema(schema)) = self.def_of(id.module, value) {
                return Some(schema);
            }
        }
        None
    }

    /// What a possibly qualified name refers to at module level; reports nothing.
    pub(crate) fn def_of(&self, module: ModuleId, expr: &ast::Expr) -> Option<Def> {
        match &expr.kind {
            ExprKind::Name(name) => lookup(self.decls, module, *name),
            ExprKind::Member(member) => match self.def_of(module, &member.recv)? {
                Def::Module(inner) => {
                    let name = member.name?;
                    lookup_member(self.decls, inner, name.name)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// What a possibly qualified name refers to, if it is a name of a module that is not shadowed by a local or a field.
    pub(crate) fn visible_def(&self, expr: &ast::Expr) -> Option<Def> {
        match &expr.kind {
            ExprKind::Name(name) => match self.resolve_name(*name) {
                ResolvedName::Def(def) => Some(def),
                _ => None,
            },
            ExprKind::Member(member) => self.module_member(member),
            _ => None,
        }
    }

    /// What `module.name` refers to, if the receiver is a module.
    pub(crate) fn module_member(&self, member: &ast::Member) -> Option<Def> {
        if let ExprKind::Name(name) = member.recv.kind
            && name.as_str() == crate::resolve_type::STD
            && matches!(self.resolve_name(name), ResolvedName::Unknown)
        {
            // `std.Name` is a name of the prelude, also where something else hides it.
            return self.decls.prelude.names.get(&member.name?.name).copied();
        }
        match self.visible_def(&member.recv)? {
            Def::Module(inner) => {
                let name = member.name?;
                let is_hidden = name.name.is_private() && inner != self.module;
                lookup_member(self.decls, inner, name.name).filter(|_| !is_hidden)
            }
            _ => None,
        }
    }

    /// Records the uses of a possibly qualified name that [`InferCx::visible_def`] has resolved.
    pub(crate) fn use_def(&mut self, expr: &ast::Expr) {
        match &expr.kind {
            ExprKind::Name(name) => {
                if let ResolvedName::Def(def) = self.resolve_name(*name) {
                    self.out.uses.name(*name, expr.span, def);
                }
            }
            ExprKind::Member(member) => {
                if let (Some(def), Some(name)) = (self.module_member(member), member.name) {
                    self.out.uses.member(name.span, def);
                }
                self.use_def(&member.recv);
            }
            _ => {}
        }
    }

    /// The frame that `self` belongs to.
    pub(crate) fn self_frame(&self) -> Option<usize> {
        self.frames.iter().rposition(|frame| matches!(frame.kind, FrameKind::Body(_)))
    }

    /// `self`.
    pub(crate) fn infer_self(&mut self, span: Span) -> Typed {
        let Some(frame) = self.self_frame() else {
            self.report(crate::diagnostics::no_self("self", span));
            return broken(span);
        };
        let ty = match &self.frames[frame].kind {
            FrameKind::Body(This::Value(ty)) => ty.clone(),
            FrameKind::Body(This::Schema(schema)) => Ty::Schema(*schema),
            _ => self.record_so_far(frame, span),
        };
        (make(hir::ExprKind::This { up: self.up_to(frame) }, span), ty)
    }

    /// `super`.
    pub(crate) fn infer_super(&mut self, span: Span) -> Typed {
        let Some(index) = self.supers.len().checked_sub(1) else {
            let diag = match self.self_frame() {
                Some(_) => crate::diagnostics::no_super(span),
                None => crate::diagnostics::no_self("super", span),
            };
            self.report(diag);
            return broken(span);
        };
        let frame = self.supers[index].frame;
        if frame >= self.frames.len() {
            return broken(span);
        }
        let slot = match self.supers[index].slot {
            Some(slot) => slot,
            None => {
                let slot = self.frames[frame].slots;
                self.frames[frame].slots += 1;
                self.supers[index].slot = Some(slot);
                slot
            }
        };
        let path = AccessPath::of_local(frame, slot);
        let ty = self.narrowed_ty(Some(&path), self.supers[index].ty.clone());
        (make(hir::ExprKind::Local { up: self.up_to(frame), slot }, span), ty)
    }

    /// Reports an unknown name, with a suggestion.
    fn report_unknown(&mut self, name: Name, span: Span, expected: Option<&Expectation<'a>>) {
        if crate::resolve_type::is_built_in(name.as_str()) {
            return self.report(crate::diagnostics::type_as_value(name, span));
        }
        let own = self.self_field(name) && !self.is_value_of(name, span);
        if !own && let Some(outer) = self.outer_field(name) {
            return self.report(crate::diagnostics::field_of_outer_literal(name, span, outer));
        }
        if !own && let Some(diag) = self.text_without_quotes(name, span) {
            self.out.diags.extend(diag);
            return;
        }
        let source = &self.decls.module(self.module).source;
        let rest = source.text.get(span.end as usize..).unwrap_or("");
        let foreign = if rest.starts_with('(') { crate::diagnostics::foreign_function(name.as_str()) } else { None };
        if let Some(help) = foreign {
            return self.report(crate::diagnostics::unknown_name(name, span, None).help(help));
        }
        if !own && let Some(diag) = self.import_hint(name, span, rest) {
            return self.report(diag);
        }
        let diag = match own {
            true => crate::diagnostics::field_of_own_literal(name, span),
            false => crate::diagnostics::unknown_name(name, span, self.nearest_name(name)),
        };
        let is_str = expected.is_some_and(|expected| self.fits(&Ty::Str, &expected.ty));
        self.report(match diag.fixes.is_empty() && is_str {
            true => diag.help(format!("a string needs quotes: `\"{name}\"`")),
            false => diag,
        });
    }

    /// How an unknown name is imported, if another module exports it; `rest` is the source after it.
    fn import_hint(&self, name: Name, span: Span, rest: &str) -> Option<forge_base::Diag> {
        use crate::diagnostics::{unknown_name, with_imports, with_module_imports, with_qualified_import};
        let module = self.decls.module(self.module);
        let exports = self.decls.exports.as_deref()?;
        if name.as_str() == "std" && rest.starts_with('.') {
            let diag = unknown_name(name, span, None);
            let path = qualified_name("std", rest);
            let is_module = |path: &&str| exports.is_module(self.module, path);
            let module_path = prefixes(&path).find(is_module);
            return Some(match module_path {
                Some(path) => {
                    let end = span.start + path.len() as u32;
                    with_qualified_import(diag, module, Span { end, ..span }, path)
                }
                None => {
                    let last = path.rsplit('.').next().unwrap_or("");
                    diag.help(crate::diagnostics::std_member(last))
                }
            });
        }
        let exporters = exports.exporters(self.module, name);
        if !exporters.is_empty() {
            return Some(with_imports(unknown_name(name, span, None), self.decls, module, (name, span), &exporters));
        }
        if rest.starts_with('.') {
            let paths = exports.modules_named(self.module, name);
            if !paths.is_empty() {
                return Some(with_module_imports(unknown_name(name, span, None), module, span, &paths));
            }
        }
        None
    }

    /// What is reported where the unknown name is one of several words that dashes join: once, at the first part that is unknown. `None` if it is not.
    fn text_without_quotes(&self, name: Name, span: Span) -> Option<Option<forge_base::Diag>> {
        let text = &self.decls.module(self.module).source.text;
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let (before, rest) = (text.get(..span.start as usize)?, text.get(span.start as usize..)?);
        let start = before.len() - before.chars().rev().take_while(|c| is_part(*c)).count();
        let end = before.len() + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = text.get(start..end)?;
        let is_text = word.contains('-') && !word.ends_with('-') && !word.starts_with('-') && !word.contains("--");
        if !is_text || text[end..].starts_with(['(', '.', '[']) {
            return None;
        }
        let is_known = |part: &str| !matches!(self.resolve_name(Name::new(part)), ResolvedName::Unknown);
        let parts: Vec<&str> = word.split('-').collect();
        let first = parts.iter().copied().find(|part| part.parse::<i64>().is_err() && !is_known(part));
        if first != Some(name.as_str()) {
            return Some(None);
        }
        let known = parts.iter().copied().find(|part| is_known(part));
        let whole = Span { start: start as u32, end: end as u32, ..span };
        Some(Some(crate::diagnostics::text_without_quotes(name, span, whole, word, known)))
    }

    /// The most similar name in scope, unless so many are in scope that searching takes too long.
    fn nearest_name(&self, name: Name) -> Option<&'static str> {
        let scope = &self.decls.module(self.module).scope;
        let schemas = self.frames.iter().filter_map(|frame| match frame.kind {
            FrameKind::Body(This::Schema(schema)) => Some(&self.decls.schema(schema).fields),
            _ => None,
        });
        let count = schemas.clone().map(Vec::len).sum::<usize>() + scope.len() + self.locals.len();
        if count > MAX_NAMES {
            return None;
        }
        let mut names: Vec<&'static str> = self.locals.iter().map(|local| local.name.as_str()).collect();
        names.extend(schemas.flatten().map(|field| field.name.as_str()));
        names.extend(scope.keys().map(|name| name.as_str()));
        names.extend(self.decls.prelude.names.keys().map(|name| name.as_str()));
        names.sort_unstable();
        forge_base::suggest::nearest(name.as_str(), names)
    }

    /// Whether the object being built has a field of this name, so that `self.name` is suggested.
    fn self_field(&self, name: Name) -> bool {
        self.self_frame().is_some_and(|frame| self.frame_has(frame, name))
    }

    /// Whether the name is the whole value of an item of the same name: `self.name` is not suggested then.
    fn is_value_of(&self, name: Name, span: Span) -> bool {
        let text = &self.decls.module(self.module).source.text;
        let before = text.get(..span.start as usize).and_then(|text| text.trim_end().strip_suffix('='));
        before.is_some_and(|text| text.trim_end().ends_with(name.as_str()))
    }

    /// Whether an enclosing literal has a field of this name, and the global whose value this literal is, if any.
    fn outer_field(&self, name: Name) -> Option<Option<Name>> {
        let inner = self.self_frame()?;
        let found = (0..inner).rev().find(|frame| self.frame_has(*frame, name))?;
        let is_outermost = self.frames[..found].iter().all(|frame| matches!(frame.kind, FrameKind::Root));
        let global = match self.stack.query() {
            Query::Global(id) if is_outermost => self.decls.global(id),
            _ => return Some(None),
        };
        let item = self.decls.ast(self.module).items.get(global.item).map(|item| &item.kind);
        let value = match item {
            Some(ItemKind::Set(set)) => Some(&set.value),
            Some(ItemKind::Let(decl)) => Some(&decl.value),
            _ => None,
        };
        let is_literal =
            value.is_some_and(|value| matches!(value.kind, ast::ExprKind::Object(_) | ast::ExprKind::Derive(_)));
        Some(is_literal.then_some(global.name))
    }

    fn frame_has(&self, frame: usize, name: Name) -> bool {
        match &self.frames[frame].kind {
            FrameKind::Body(This::Value(ty)) => self.field_of(ty, name).is_some(),
            FrameKind::Body(This::Record(fields)) => fields.iter().any(|field| field.name == name),
            _ => false,
        }
    }
}

/// The name that is followed by `rest`, with all members that are read of it.
fn qualified_name(first: &str, rest: &str) -> String {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.')).unwrap_or(rest.len());
    format!("{first}{}", rest[..end].trim_end_matches('.'))
}

/// The dotted path and the paths around it, the longest first.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| Some(path.rsplit_once('.')?.0))
}
