//! Small actions of the grammar: nodes that need no look at groups.

use forge_base::{Code, Diag, Span};

use super::{BodyKind, Parser};
use crate::ast::*;

/// The braces after something: their entry (`u32::MAX` if they are missing) and their place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Braces {
    pub(crate) group: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A word before `schema`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Flag {
    Abstract(Span),
    Open(Span),
}

/// A bare expression as a block.
pub(crate) fn bare_block(value: Expr) -> Block {
    let span = value.span;
    Block { lets: Vec::new(), value, span }
}

/// What an import or export names.
pub(crate) fn import(dots: u32, path: Vec<Ident>, binds: ImportBinds) -> Box<Import> {
    Box::new(Import { dots, path, binds })
}

/// An `if` among the elements of a list.
pub(crate) fn if_element(element: IfElement) -> Box<Element> {
    Box::new(Element::If(Box::new(element)))
}

/// `else if` as a body that holds one `if`.
pub(crate) fn else_if(item: IfItem, span: Span) -> Body {
    let item = Item { kind: ItemKind::If(item), doc: None, annotations: Vec::new(), span };
    Body { items: vec![item], span }
}

impl Parser<'_> {
    pub(crate) fn schema(
        &mut self,
        flags: Vec<Flag>,
        name: Option<Ident>,
        parent: Option<Vec<Ident>>,
        body: Braces,
    ) -> Box<ItemKind> {
        let (mut abstract_, mut open) = (None, None);
        for flag in flags {
            let (slot, span, word) = match flag {
                Flag::Abstract(span) => (&mut abstract_, span, "abstract"),
                Flag::Open(span) => (&mut open, span, "open"),
            };
            if slot.replace(span).is_some() {
                self.diags.push(Diag::error(Code::SYNTAX, format!("`{word}` twice")).at(span, "once is enough"));
            }
        }
        let body = self.body_of(body, BodyKind::Schema);
        Box::new(ItemKind::Schema(SchemaDecl { abstract_, open, name, parent, body }))
    }

    pub(crate) fn test(&mut self, name: u32, l: u32, r: u32, body: Braces) -> Box<ItemKind> {
        let literal = self.string(name);
        let name_span = self.at(l, r);
        if literal.plain().is_none() {
            let diag = Diag::error(Code::SYNTAX, "name of a test with interpolation")
                .at(name_span, "the name must be plain text, so that it can be asked for");
            self.diags.push(diag);
        }
        let name = literal.plain().unwrap_or("").into();
        let body = self.body_of(body, BodyKind::Test);
        Box::new(ItemKind::Test(TestDecl { name, name_span, body }))
    }

    /// A test whose name is missing, which is reported.
    pub(crate) fn nameless_test(&mut self, at: u32, body: Braces) -> Box<ItemKind> {
        let body = self.body_of(body, BodyKind::Test);
        Box::new(ItemKind::Test(TestDecl { name: "".into(), name_span: self.at(at, at), body }))
    }

    pub(crate) fn for_head(&mut self, vars: Vec<Option<Ident>>, iter: Expr, guard: Option<Expr>) -> Box<ForHead> {
        let vars: Vec<Ident> = vars.into_iter().flatten().collect();
        for var in &vars {
            self.expect_lower(*var, "a loop variable");
        }
        Box::new(ForHead { vars, iter: Box::new(iter), guard: guard.map(Box::new) })
    }

    /// What follows `check` and `warn`. Reports arguments that they do not have.
    pub(crate) fn condition(&mut self, cond: Expr, message: Expr, args: Vec<CheckArg>) -> Box<CheckItem> {
        for (index, arg) in args.iter().enumerate() {
            let name = arg.name.name;
            let again = args[..index].iter().any(|earlier| earlier.name.name == name);
            let label = match name.as_str() {
                "at" | "code" if again => "given twice",
                "at" | "code" => continue,
                _ => "a check takes `at = value` and `code = \"C01\"`",
            };
            self.diags.push(
                Diag::error(Code::SYNTAX, format!("unexpected argument `{name}` of a check")).at(arg.name.span, label),
            );
        }
        Box::new(CheckItem { cond, message: Some(message), args })
    }

    /// `x => …`.
    pub(crate) fn short_lambda(&mut self, name: u32, body: Block, l: u32, r: u32) -> Expr {
        let name = self.ident(name);
        self.expect_lower(name, "a parameter");
        let param = Param { name, ty: None, default: None, span: name.span };
        self.lambda(vec![param], body, l, r)
    }

    pub(crate) fn lambda(&mut self, params: Vec<Param>, body: Block, l: u32, r: u32) -> Expr {
        self.expr(ExprKind::Lambda(Box::new(Lambda { params, body })), l, r)
    }

    /// `-x`; a number takes the sign into itself.
    pub(crate) fn negate(&mut self, operand: Expr, l: u32, r: u32) -> Expr {
        let bare = operand.span.end == r;
        let kind = match operand.kind {
            ExprKind::Int(value) if bare && value > 0 => ExprKind::Int(-value),
            ExprKind::Int(value) if bare && value == i64::MIN => ExprKind::Int(value),
            ExprKind::Int(value) if bare => ExprKind::Int(value.wrapping_neg()),
            ExprKind::Float(value) if bare => ExprKind::Float(-value),
            ExprKind::Duration(value) if bare => {
                ExprKind::Duration(forge_base::Duration { nanos: value.nanos.wrapping_neg() })
            }
            ExprKind::Quantity(mut value) if bare => {
                value.nanos = -value.nanos;
                value.literal = value.literal.map(|text| format!("-{text}").into());
                ExprKind::Quantity(value)
            }
            kind => ExprKind::Unary(UnaryOp::Neg, Box::new(Expr { kind, span: operand.span })),
        };
        self.expr(kind, l, r)
    }

    /// A type that is one string.
    pub(crate) fn string_type(&mut self, at: u32, l: u32, r: u32) -> TypeExpr {
        let literal = self.string(at);
        match literal.plain() {
            Some(text) => self.ty(TypeKind::Str(text.into()), l, r),
            None => {
                let diag = Diag::error(Code::SYNTAX, "type with interpolation")
                    .at(self.at(l, r), "a literal type is plain text");
                self.diags.push(diag);
                self.ty(TypeKind::Error, l, r)
            }
        }
    }
}
