//! `recv.name` as a value: a name of a module, a field of an object or record, a property of a built-in type.

use forge_base::{Name, Span};
use forge_syntax::ast::{self, BinaryOp, ExprKind, Ident};

use super::access_path::AccessPath;
use super::cx::{Expectation, FrameKind, InferCx, This};
use super::expr::{Typed, broken, constant, make};
use super::suggest_path::Access;
use crate::hir::{self, Const};
use crate::ids::Def;
use crate::subtype;
use crate::ty::Ty;

/// A read of a member: `recv.name`.
pub(crate) struct MemberRead {
    /// The receiver.
    pub(crate) recv: hir::Expr,
    /// Its type without null.
    pub(crate) ty: Ty,
    /// The member.
    pub(crate) name: Ident,
    /// Whether a null receiver yields null.
    pub(crate) optional: bool,
    /// The whole expression.
    pub(crate) span: Span,
}

impl<'a> InferCx<'a> {
    /// `recv.name`, `recv?.name`.
    pub(crate) fn infer_member(
        &mut self,
        member: &'a ast::Member,
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        if let Some(Def::Module(module)) = self.visible_def(&member.recv) {
            self.use_def(&member.recv);
            return self.infer_module_member(module, member, span, expected);
        }
        let Some(name) = member.name else {
            if self.visible_def(&member.recv).is_none() {
                self.infer(&member.recv);
            }
            return broken(span);
        };
        if let Some(Def::Alias(id)) = self.visible_def(&member.recv)
            && name.name.as_str() == "values"
            && let Some(typed) = self.alias_values(id, span)
        {
            self.use_def(&member.recv);
            return typed;
        }
        if let Some(typed) = self.own_record_field(member, name, span) {
            return typed;
        }
        let (recv, ty) = self.infer(&member.recv);
        if ty == Ty::Error {
            return broken(span);
        }
        let Some((ty, optional)) = self.receiver_ty(&ty, member, name) else { return broken(span) };
        let read = MemberRead { recv, ty, name, optional, span };
        let (value, ty) = self.read_member(read);
        let path = self.member_access_path(member, name);
        if optional {
            self.chain = Some((span, ty.clone()));
        }
        let ty = if optional { subtype::union([ty, Ty::Null]) } else { ty };
        (value, self.narrowed_ty(path.as_ref(), ty))
    }

    fn member_access_path(&self, member: &ast::Member, name: Ident) -> Option<AccessPath> {
        Some(self.access_path(&member.recv)?.then(name.name))
    }

    fn infer_module_member(
        &mut self,
        module: crate::ids::ModuleId,
        member: &'a ast::Member,
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        let Some(name) = member.name else { return broken(span) };
        match self.module_member(member) {
            Some(def) => {
                self.out.uses.member(name.span, def);
                self.infer_def(def, name.name, span, expected)
            }
            None => {
                let (uses, diags) = (&mut self.out.uses, &mut self.out.diags);
                crate::resolve_type::resolve_member(self.decls, self.module, module, name, uses, diags);
                broken(span)
            }
        }
    }

    /// `self.x` in a record whose type is being inferred.
    fn own_record_field(&mut self, member: &'a ast::Member, name: Ident, span: Span) -> Option<Typed> {
        let ExprKind::SelfRef = member.recv.kind else { return None };
        let frame = self.self_frame()?;
        let FrameKind::Body(This::Record(_)) = self.frames[frame].kind else { return None };
        let recv = make(hir::ExprKind::This { up: self.up_to(frame) }, member.recv.span);
        let Some(ty) = self.record_field_ty(frame, name) else {
            let names = self.record_names(frame);
            self.report(crate::diagnostics::unknown_member("this record", name, &names, "field"));
            return Some(broken(span));
        };
        let path = self.member_access_path(member, name);
        let ty = self.narrowed_ty(path.as_ref(), ty);
        let kind = hir::ExprKind::Entry { recv: Box::new(recv), name: name.name, optional: false };
        Some((make(kind, span), ty))
    }

    /// The receiver's type without null, and whether null must be tested for. Reports a receiver that may be null.
    pub(crate) fn receiver_ty(&mut self, ty: &Ty, member: &ast::Member, name: Ident) -> Option<(Ty, bool)> {
        if !self.may_be_null(ty) {
            return Some((ty.clone(), false));
        }
        let bare = subtype::strip_null(self.decls, ty);
        if bare == Ty::Never {
            self.report(crate::diagnostics::always_null(name, member.recv.span));
            return None;
        }
        let is_cut = matches!(&self.chain, Some((span, own)) if *span == member.recv.span && !self.may_be_null(own));
        if !member.optional && !is_cut {
            let shown = self.show(ty);
            let dots = self.dots_to_null(&bare, name, member.recv.span);
            self.report(crate::diagnostics::maybe_null_member(name, &shown, member.recv.span, &dots));
            return None;
        }
        Some((bare, true))
    }

    /// The dots of the chain that begins with `.name` after a receiver of type `ty` that follow a value that may be null.
    fn dots_to_null(&self, ty: &Ty, name: Ident, recv: Span) -> Vec<Span> {
        let text = &self.decls.module(self.module).source.text;
        let mut dots = vec![Span { start: recv.end, end: name.span.start, ..recv }];
        let (mut ty, mut name, mut end) = (ty.clone(), name.name, name.span.end);
        while let Some(field) = self.field_of(&ty, name) {
            let rest = text.get(end as usize..).unwrap_or("");
            let next = rest.trim_start_matches('?');
            let Some(next) = next.strip_prefix('.') else { break };
            let dot = rest.len() - next.len();
            let length = next.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(next.len());
            if length == 0 {
                break;
            }
            let start = end + dot as u32;
            if dot == 1 && self.may_be_null(&field) {
                dots.push(Span { start: end, end: start, ..recv });
            }
            name = Name::new(&next[..length]);
            (ty, end) = (subtype::strip_null(self.decls, &field), start + length as u32);
        }
        dots
    }

    /// Reads a member of a value that is not null.
    pub(crate) fn read_member(&mut self, read: MemberRead) -> Typed {
        let span = read.span;
        match self.unfold(&read.ty) {
            Ty::Error => broken(span),
            Ty::Schema(id) => self.read_schema_member(read, id),
            Ty::Record(fields) => match fields.iter().find(|(own, _)| *own == read.name.name) {
                Some((_, ty)) => (entry(read), ty.clone()),
                None => self.read_property(read),
            },
            Ty::Union(_) => self.read_union_member(read),
            _ => self.read_property(read),
        }
    }

    fn read_schema_member(&mut self, read: MemberRead, id: crate::ids::SchemaId) -> Typed {
        let schema = self.decls.schema(id);
        let name = read.name.name;
        if let Some(field) = schema.field_index(name) {
            self.out.uses.field(read.name.span, id, field);
            let ty = schema.fields[field as usize].ty.clone();
            let kind = hir::ExprKind::Field { recv: Box::new(read.recv), field, name, optional: read.optional };
            return (make(kind, read.span), ty);
        }
        if let Some(method) = schema.methods.iter().position(|own| own.name == name) {
            let function = schema.methods[method].function;
            self.out.uses.method(read.name.span, function);
            let ty = self.fn_ty(function);
            let kind = hir::ExprKind::BoundMethod { recv: Box::new(read.recv), method: method as u32 };
            return (make(kind, read.span), ty);
        }
        if schema.is_open {
            return (entry(read), Ty::Any);
        }
        if schema.is_incomplete {
            return broken(read.span);
        }
        let names: Vec<&'static str> = schema
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .chain(schema.methods.iter().map(|method| method.name.as_str()))
            .collect();
        let diag = crate::diagnostics::unknown_member(&format!("`{}`", schema.name), read.name, &names, "field");
        let diag = self.suggest_path(diag, id, name, read.name.span, Access::Read);
        self.report(diag);
        broken(read.span)
    }

    fn read_union_member(&mut self, read: MemberRead) -> Typed {
        let members = subtype::members(self.decls, &read.ty);
        let mut types = Vec::with_capacity(members.len());
        let mut lacking = None;
        for member in &members {
            match self.field_of(member, read.name.name) {
                Some(ty) => types.push(ty),
                None => lacking = Some(member),
            }
        }
        let Some(lacking) = lacking else {
            for member in &members {
                if let Ty::Schema(id) = self.unfold(member)
                    && let Some(field) = self.decls.schema(id).field_index(read.name.name)
                {
                    self.out.uses.field(read.name.span, id, field);
                }
            }
            return (entry(read), subtype::union(types));
        };
        if types.is_empty() {
            return self.read_property(read);
        }
        let (whole, lacking) = (self.show(&read.ty), self.show(lacking));
        self.report(crate::diagnostics::union_lacks_member(&whole, &lacking, read.name));
        broken(read.span)
    }

    /// A property of a built-in type, such as `length`.
    fn read_property(&mut self, read: MemberRead) -> Typed {
        if let Some((id, name)) = self.builtin_method(&read.ty, read.name.name) {
            self.out.uses.method(read.name.span, id);
            let decl = self.decls.function(id);
            if !is_property(decl) {
                self.report(crate::diagnostics::uncalled_method(read.name));
                return broken(read.span);
            }
            let ty = self.builtin_result(id, &read.ty);
            let span = read.span;
            return match read.optional {
                false => (make(hir::ExprKind::CallBuiltin { name, args: vec![read.recv] }, span), ty),
                true => self.unless_null(read.recv, span, |_, recv| {
                    (make(hir::ExprKind::CallBuiltin { name, args: vec![recv] }, span), ty)
                }),
            };
        }
        self.report_unknown_member(&read.ty, read.name, read.recv.span, "member");
        broken(read.span)
    }

    /// Reports a member that a type does not have; `what` names the kind of member.
    pub(crate) fn report_unknown_member(&mut self, ty: &Ty, name: Ident, recv: Span, what: &str) {
        if self.decls.prelude.is_incomplete {
            return;
        }
        let shown = self.show(&subtype::widen_literal(ty));
        let diag = match self.unfold(ty) {
            Ty::Map(_) => crate::diagnostics::map_member(name, recv),
            Ty::Any => crate::diagnostics::any_member(name),
            Ty::Record(fields) => {
                let names: Vec<&'static str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                crate::diagnostics::unknown_member("this record", name, &names, "field")
            }
            bare => {
                let names = self.builtin_names(ty);
                let diag = crate::diagnostics::unknown_member(&format!("`{shown}`"), name, &names, what);
                if let Ty::Fn(_) = bare { diag.help("this is a function: call it with `(…)`") } else { diag }
            }
        };
        let diag = match self.hidden_module(recv) {
            Some(module) => diag.note(format!("the module `{module}` is shadowed by another declaration of this name")),
            None => diag,
        };
        self.report(diag);
    }

    /// The name at a span, if it is a module that a local or field shadows.
    fn hidden_module(&self, span: Span) -> Option<&'a str> {
        let module = self.decls.module(self.module);
        let text = module.source.text.get(span.range())?;
        matches!(module.scope.get(&Name::new(text)), Some(Def::Module(_))).then_some(text)
    }

    /// The value that `make_value` creates from `recv`, or null if `recv` is null.
    pub(crate) fn unless_null(
        &mut self,
        recv: hir::Expr,
        span: Span,
        make_value: impl FnOnce(&mut Self, hir::Expr) -> Typed,
    ) -> Typed {
        let slot = self.new_slot();
        let local = || make(hir::ExprKind::Local { up: 0, slot }, recv.span);
        let (read, tested) = (local(), local());
        let (value, ty) = make_value(self, read);
        let null = constant(Const::Null, span);
        let cond = hir::ExprKind::Binary { op: BinaryOp::Eq, left: Box::new(tested), right: Box::new(null.clone()) };
        let choice =
            hir::ExprKind::If { cond: Box::new(make(cond, span)), then: Box::new(null), otherwise: Box::new(value) };
        let lets = vec![hir::Let { slot, name: Name::new("value"), value: recv }];
        let kind = hir::ExprKind::Block { lets, value: Box::new(make(choice, span)) };
        (make(kind, span), subtype::union([ty, Ty::Null]))
    }
}

fn entry(read: MemberRead) -> hir::Expr {
    let kind = hir::ExprKind::Entry { recv: Box::new(read.recv), name: read.name.name, optional: read.optional };
    make(kind, read.span)
}

/// Whether a built-in method is read without parentheses.
pub(crate) fn is_property(decl: &crate::decl::FnDecl) -> bool {
    decl.annotations.is_property
}
