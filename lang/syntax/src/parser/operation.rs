//! From a row of operands and operators to a tree.

use forge_base::{Code, Diag, Span};

use super::Parser;
use crate::ast::*;

/// An operand and where it is, with the parentheses around it.
pub(crate) struct Operand {
    pub(crate) expr: Expr,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// What follows an operand.
pub(crate) enum Next {
    Infix(Infix, Span, Operand),
    /// `is` with its type, and where that ends.
    Is(TypeExpr, u32),
    /// `as` with its type, and where that ends.
    As(TypeExpr, u32),
}

/// What is between two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Infix {
    Binary(BinaryOp),
    Range { inclusive: bool },
}

/// How tightly an operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Compare,
    Coalesce,
    Range,
    Sum,
    Product,
    Cast,
}

impl Level {
    /// Whether an operator of this level ends what one of level `before` has begun.
    fn closes(self, before: Level) -> bool {
        before > self || before == self && self != Level::Coalesce
    }
}

impl Infix {
    fn level(self) -> Level {
        use BinaryOp::*;
        match self {
            Infix::Binary(Or) => Level::Or,
            Infix::Binary(And) => Level::And,
            Infix::Binary(Eq | Ne | Lt | Le | Gt | Ge | In) => Level::Compare,
            Infix::Binary(Coalesce) => Level::Coalesce,
            Infix::Range { .. } => Level::Range,
            Infix::Binary(Add | Sub) => Level::Sum,
            Infix::Binary(Mul | Div | Rem) => Level::Product,
        }
    }
}

impl Parser<'_> {
    /// The tree of `first` and what follows it.
    pub(crate) fn operation(&mut self, first: Operand, rest: Vec<Next>) -> Expr {
        let mut last = first;
        let mut waiting: Vec<(Operand, Infix, Span)> = Vec::new();
        for next in rest {
            let level = match &next {
                Next::Infix(infix, ..) => infix.level(),
                Next::Is(..) => Level::Compare,
                Next::As(..) => Level::Cast,
            };
            while let Some((left, infix, sign)) = waiting.pop_if(|(_, before, _)| level.closes(before.level())) {
                last = self.join(left, infix, sign, last);
            }
            match next {
                Next::Infix(infix, sign, right) => waiting.push((std::mem::replace(&mut last, right), infix, sign)),
                Next::Is(ty, end) => {
                    let start = last.start;
                    let kind = ExprKind::Is(Box::new(Is { value: last.expr, ty }));
                    last = Operand { expr: self.expr(kind, start, end), start, end };
                }
                Next::As(ty, end) => {
                    let start = last.start;
                    let kind = ExprKind::As(Box::new(As { value: last.expr, ty }));
                    last = Operand { expr: self.expr(kind, start, end), start, end };
                }
            }
        }
        while let Some((left, infix, sign)) = waiting.pop() {
            last = self.join(left, infix, sign, last);
        }
        last.expr
    }

    fn join(&mut self, left: Operand, infix: Infix, sign: Span, right: Operand) -> Operand {
        let (start, end) = (left.start, right.end);
        let expr = match infix {
            // `&` is reported by the lexer, and nobody who writes it means a condition.
            Infix::Binary(BinaryOp::And) if sign.end - sign.start == 1 => self.error(self.at(start, end)),
            Infix::Binary(op) if op.is_comparison() => self.comparison(op, left, sign, right),
            Infix::Binary(op) => self.binary(op, left, sign, right),
            Infix::Range { inclusive } => self.range(inclusive, left, sign, right),
        };
        Operand { expr, start, end }
    }

    fn binary(&mut self, op: BinaryOp, left: Operand, op_span: Span, right: Operand) -> Expr {
        let kind = ExprKind::Binary(Box::new(Binary { op, op_span, left: left.expr, right: right.expr }));
        self.expr(kind, left.start, right.end)
    }

    /// A comparison; `a < b < c` means nothing.
    fn comparison(&mut self, op: BinaryOp, left: Operand, op_span: Span, right: Operand) -> Expr {
        // A left side in parentheses begins after them.
        if let ExprKind::Binary(inner) = &left.expr.kind
            && inner.op.is_comparison()
            && left.expr.span.start == left.start
        {
            let (a, b) = (inner.op.sign(), op.sign());
            let diag = Diag::error(Code::SYNTAX, "comparisons do not chain")
                .at(op_span, "the second comparison")
                .label(inner.op_span, "the first one");
            let is_type =
                matches!(&inner.right.kind, ExprKind::Name(name) if name.as_str().starts_with(char::is_uppercase));
            self.diags.push(match is_type && (a, b) == ("<", ">") {
                true => diag.help("the types of a generic call follow from its arguments: leave out `<…>`"),
                false => diag.help(format!("compare twice: `a {a} b && b {b} c`")),
            });
            let span = self.at(left.start, right.end);
            return self.error(span);
        }
        self.binary(op, left, op_span, right)
    }

    /// A range; `a..=b..=c` means nothing.
    fn range(&mut self, inclusive: bool, left: Operand, sign: Span, right: Operand) -> Expr {
        if matches!(left.expr.kind, ExprKind::Range(_)) && left.expr.span.start == left.start {
            let diag = Diag::error(Code::SYNTAX, "ranges do not chain")
                .at(sign, "the second `..`")
                .label(left.expr.span, "a range already")
                .help("a range has a start and an end, as in `1..=3`");
            self.diags.push(diag);
            let span = self.at(left.start, right.end);
            return self.error(span);
        }
        let kind = ExprKind::Range(Box::new(Range { start: left.expr, end: right.expr, inclusive }));
        self.expr(kind, left.start, right.end)
    }
}
