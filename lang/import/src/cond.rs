//! Boolean expressions, simplified while they are built.

/// A condition.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Cond {
    True,
    False,
    /// An expression that needs no parentheses as an operand of `&&`, `||` and `==`.
    Call(String),
    /// A comparison, which needs parentheses as an operand of `==`.
    Compare(String),
    Not(Box<Cond>),
    /// At least two conditions, none of which is a `Join` with the same operator.
    Join(LogicalOp, Vec<Cond>),
    /// The number of conditions that hold, the name of a lambda parameter, and a comparison such as `== 1`.
    Count(Vec<Cond>, String, String),
}

/// A logical operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LogicalOp {
    And,
    Or,
}

impl LogicalOp {
    /// The absorbing element: the result as soon as one operand has this value.
    fn decisive(self) -> Cond {
        match self {
            LogicalOp::And => Cond::False,
            LogicalOp::Or => Cond::True,
        }
    }

    fn text(self) -> &'static str {
        match self {
            LogicalOp::And => " && ",
            LogicalOp::Or => " || ",
        }
    }
}

impl Cond {
    pub(crate) fn compare(text: impl Into<String>) -> Cond {
        Cond::Compare(text.into())
    }

    pub(crate) fn and(parts: Vec<Cond>) -> Cond {
        Cond::join(LogicalOp::And, parts)
    }

    pub(crate) fn or(parts: Vec<Cond>) -> Cond {
        Cond::join(LogicalOp::Or, parts)
    }

    fn join(op: LogicalOp, parts: Vec<Cond>) -> Cond {
        let decisive = op.decisive();
        let neutral = decisive.clone().not();
        let mut kept = Vec::new();
        for part in parts {
            match part {
                part if part == decisive => return decisive,
                Cond::Join(inner, parts) if inner == op => kept.extend(parts),
                part if part == neutral || kept.contains(&part) => {}
                part => kept.push(part),
            }
        }
        if kept.iter().any(|part| kept.contains(&part.clone().not())) {
            return decisive;
        }
        match kept.len() {
            0 => neutral,
            1 => kept.remove(0),
            _ => Cond::Join(op, kept),
        }
    }

    pub(crate) fn not(self) -> Cond {
        match self {
            Cond::True => Cond::False,
            Cond::False => Cond::True,
            Cond::Not(inner) => *inner,
            Cond::Compare(text) if text.ends_with(" == null") => {
                Cond::Compare(format!("{} != null", text.trim_end_matches(" == null")))
            }
            Cond::Compare(text) if text.ends_with(" != null") => {
                Cond::Compare(format!("{} == null", text.trim_end_matches(" != null")))
            }
            cond => Cond::Not(Box::new(cond)),
        }
    }

    /// Holds if exactly one of `parts` holds. `param` is the name of the lambda parameter.
    pub(crate) fn exactly_one(parts: Vec<Cond>, param: &str) -> Cond {
        let always = parts.iter().filter(|part| **part == Cond::True).count();
        let open: Vec<Cond> = parts.into_iter().filter(|part| !matches!(part, Cond::True | Cond::False)).collect();
        match (always, open.len()) {
            (0, 0) | (2.., _) => Cond::False,
            (1, _) => Cond::or(open).not(),
            (0, 1) => open.into_iter().next().unwrap_or(Cond::False),
            _ => Cond::Count(open, param.to_owned(), String::from("== 1")),
        }
    }

    /// The source of the expression.
    pub(crate) fn text(&self) -> String {
        match self {
            Cond::True => String::from("true"),
            Cond::False => String::from("false"),
            Cond::Call(text) | Cond::Compare(text) => text.clone(),
            Cond::Not(inner) => match &**inner {
                Cond::Call(text) => format!("!{text}"),
                inner => format!("!({})", inner.text()),
            },
            Cond::Join(op, parts) => {
                let operand = |part: &Cond| match part {
                    Cond::Join(..) => format!("({})", part.text()),
                    part => part.text(),
                };
                parts.iter().map(operand).collect::<Vec<_>>().join(op.text())
            }
            Cond::Count(parts, param, compare) => {
                let parts: Vec<String> = parts.iter().map(Cond::text).collect();
                format!("[{}].count({param} => {param}) {compare}", parts.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_stand_where_the_operators_need_them() {
        let a = || Cond::compare("a > 1");
        let b = || Cond::compare("b == null");
        let both = Cond::and(vec![a(), Cond::or(vec![b(), Cond::Call("c".into())])]);
        assert_eq!(both.text(), "a > 1 && (b == null || c)");
        assert_eq!(b().not().text(), "b != null");
        assert_eq!(both.not().text(), "!(a > 1 && (b == null || c))");
        assert_eq!(Cond::exactly_one(vec![a(), b()], "x").text(), "[a > 1, b == null].count(x => x) == 1");
        assert_eq!(Cond::exactly_one(vec![a(), Cond::True], "x").text(), "!(a > 1)");
    }
}
