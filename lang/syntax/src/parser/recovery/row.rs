//! Rows of the table of foreign syntax: where they apply, what they report, and how they edit the terminals.

use forge_base::{Code, Diag, Span};

use super::table::FOREIGN;
use super::{Broken, Context};
use crate::parser::terminal::{Edit, Keyword, Nonterminal, Terminal};
use crate::parser::{BodyKind, Parser};
use crate::token::TokenKind::{self, *};
use Keyword::{Check, Else, Fn, For, If, Import, Match};
use Pattern::*;
use Recovery::*;

/// Where a row applies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum In {
    Anywhere,
    /// At the first terminal of an item: any, or one of a module, a schema or an object.
    Item,
    Module,
    Schema,
    Object,
    /// At the first terminal of a parameter or of a `match` arm.
    Param,
    Arm,
    /// Anywhere in an import, or in the head of a function or schema.
    Import,
    FnHead,
    SchemaHead,
    /// After the path that begins an item: of any item, of an item of an object or a test, of an item of a test.
    Path,
    ObjectPath,
    TestPath,
    /// At the end of a path of several names that begins an item of a module.
    ImportPath,
    /// In a type, in an expression, in a condition.
    Type,
    Value,
    Condition,
    /// Where an operand of an expression must begin.
    Operand,
    /// In the element type of a list or map.
    MapType,
    /// In an expression that a `:` follows.
    Ternary,
    /// In the condition of an `if` that no block follows.
    BareIf,
}

/// What one terminal has to be.
#[derive(Clone, Copy)]
pub(super) enum Pattern {
    /// One of these words, none of which is a keyword there.
    W(&'static str),
    Name,
    Upper,
    Lower,
    Op(TokenKind),
    /// An operator that touches the token before.
    Glued(TokenKind),
    Key(Keyword),
    Keys(&'static [Keyword]),
    /// `=`, `+=`, `:` or `.`.
    Sets,
    Str,
    /// A string that touches the token before.
    GluedStr,
    /// A binary operator that cannot begin an operand.
    Binary,
    /// `<`, `<=`, `>`, `>=` or `!=`.
    Compare,
    /// A literal or a list.
    Literal,
    Paren,
    Bracket,
    Brace,
    /// Braces that hold `name: Type`.
    TypeBrace,
    Block,
    Any,
    /// The end of the item.
    End,
}

/// What is parsed in the place of the matched tokens, and which fix that is.
#[derive(Clone, Copy)]
pub(super) enum Recovery {
    /// A token becomes another; the fix is certain.
    Replace(usize, &'static str),
    /// As [`Recovery::Replace`], but only a proposal.
    Propose(usize, &'static str),
    /// Two tokens become one.
    Join(usize, &'static str),
    /// A token is inserted before one.
    Insert(usize, &'static str),
    /// A token is left out.
    Remove(usize),
    /// The tokens from one to the next brace are left out.
    RemoveHead(usize),
    /// The expression or type that begins with a token is an error.
    Error(usize),
    /// The expression around is an error.
    ErrorAround,
    /// The item is an error.
    Item,
    /// The item and what follows on its line are an error.
    Line,
    /// The item and the deeper lines that follow are an error.
    Indented,
    /// A word becomes the keyword that it is elsewhere.
    Reread(usize),
    /// A keyword becomes a name, which needs backticks.
    Rename(usize),
    /// A token becomes the pattern that matches everything.
    Wildcard(usize),
    /// Everything else, by name.
    With(Special),
}

/// Recoveries that move tokens.
#[derive(Clone, Copy)]
pub(super) enum Special {
    /// `Int port` becomes `port: Int`.
    TypeFirst,
    /// `port?: Int` becomes `port: Int?`.
    QuestionAfterName,
    /// `"a-b": Int` becomes `` `a-b`: Int ``.
    QuotedField,
    /// `...rest` among parameters gets a default.
    RestParam,
    /// `elif` becomes `else if`.
    ElseIf,
    /// `in { … } { … }` becomes `in ({ … }) { … }`.
    ObjectInHead,
    /// `for (x in xs)` loses its parentheses.
    ParenthesesOfFor,
    /// `a.b.{c}` becomes `import a.b.{c}`.
    Import,
    /// `a == b` in a test becomes `assert a == b`.
    Assert,
    /// `List<T>` and what follows up to the closing bracket are an error.
    TypeArguments,
}

/// A row of the table.
pub(super) struct Foreign {
    pub(super) context: In,
    pub(super) pattern: &'static [Pattern],
    pub(super) headline: &'static str,
    pub(super) label: &'static str,
    pub(super) help: &'static str,
    pub(super) recovery: Recovery,
}

/// The terminal that is written as `text`.
fn terminal(text: &str) -> Terminal {
    use logos::Logos;
    match (Keyword::of(text), TokenKind::lexer(text).next()) {
        (Some(keyword), _) => Terminal::Keyword(keyword),
        (None, Some(Ok(kind))) => Terminal::Op(kind),
        _ => Terminal::Error,
    }
}

impl Parser<'_> {
    /// Applies the first row of the table that fits where the parser stopped. `None` if there is none; false if the item is an error.
    pub(super) fn foreign_syntax(&mut self, broken: &mut Broken, cx: &Context, at: usize) -> Option<bool> {
        for row in FOREIGN {
            let count = row.pattern.len();
            let first = (at.saturating_sub(count - 1).max(1)..=at).find(|&first| self.fits(row, broken, cx, first, at));
            if let Some(first) = first {
                return Some(self.take_row(row, broken, first, at));
            }
        }
        None
    }

    fn fits(&self, row: &Foreign, broken: &Broken, cx: &Context, first: usize, at: usize) -> bool {
        let mut pattern = row.pattern.iter().enumerate();
        pattern.all(|(index, pattern)| self.fits_one(*pattern, broken, first + index))
            && self.is_in(row.context, broken, cx, first, at)
    }

    fn fits_one(&self, pattern: Pattern, broken: &Broken, at: usize) -> bool {
        let Some(&placed) = broken.row.get(at) else { return matches!(pattern, End) };
        let here = placed.terminal;
        let starts = |test: fn(char) -> bool| self.word_of(broken, at).starts_with(test);
        let is_glued = at > 0 && broken.row[at - 1].end == placed.start;
        match pattern {
            W(words) => {
                let word = self.word_of(broken, at);
                !word.is_empty() && words.split(' ').any(|other| other == word)
            }
            Name => matches!(here, Terminal::Word(_)),
            Upper => starts(char::is_uppercase),
            Lower => starts(|c| c.is_ascii_lowercase() || c == '_'),
            Op(kind) => here == Terminal::Op(kind),
            Glued(kind) => here == Terminal::Op(kind) && is_glued,
            Key(keyword) => here == Terminal::Keyword(keyword),
            Keys(keywords) => matches!(here, Terminal::Keyword(keyword) if keywords.contains(&keyword)),
            Sets => matches!(here, Terminal::Op(Eq | PlusEq | Colon | Dot)),
            Str => matches!(here, Terminal::Str(_)),
            GluedStr => matches!(here, Terminal::Str(open) if is_glued && !self.is_open(open)),
            Binary => matches!(
                here,
                Terminal::Op(Plus | Star | Percent | AndAnd | OrOr | Coalesce | NotEq | Lt | Le | Gt | Ge)
            ),
            Compare => matches!(here, Terminal::Op(Lt | Le | Gt | Ge | NotEq)),
            Literal => {
                use Keyword::{False, Null, True};
                use Terminal::{Bracket, Duration, Float, Int, Quantity};
                matches!(here, Terminal::Str(_) | Int(_) | Float(_) | Quantity(_) | Duration(_) | Bracket(_))
                    || matches!(here, Terminal::Keyword(True | False | Null))
            }
            Paren => matches!(here, Terminal::Paren(_)),
            Bracket => matches!(here, Terminal::Bracket(_)),
            Brace => matches!(here, Terminal::Brace(_) | Terminal::Block(_)),
            TypeBrace => {
                let colon = self.tree.get(placed.index + 2).is_some_and(|token| token.kind == Colon);
                colon && matches!(here, Terminal::Brace(_) | Terminal::Block(_))
            }
            Block => matches!(here, Terminal::Block(_)),
            Any => true,
            End => false,
        }
    }

    fn is_in(&self, context: In, broken: &Broken, cx: &Context, first: usize, at: usize) -> bool {
        let is_first = |goal: Nonterminal| broken.goal == goal && first == 1;
        let in_body = |kind: BodyKind| is_first(Nonterminal::Item) && self.body_kind == kind;
        let is_path = || first == at && broken.is_path(at) && cx.keyword.is_none();
        let in_head = |keyword: Keyword| cx.keyword == Some(keyword) && !cx.has_eq;
        match context {
            In::Anywhere => true,
            In::Item => is_first(Nonterminal::Item),
            In::Module => in_body(BodyKind::Module),
            In::Schema => in_body(BodyKind::Schema),
            In::Object => in_body(BodyKind::Object),
            In::Param => is_first(Nonterminal::Param),
            In::Arm => broken.goal == Nonterminal::Arm && broken.find(1, |t| t == Terminal::Op(FatArrow)) >= at,
            In::Path => is_path(),
            In::ObjectPath => is_path() && matches!(self.body_kind, BodyKind::Object | BodyKind::Test),
            In::TestPath => is_path() && self.body_kind == BodyKind::Test,
            In::ImportPath => first + 1 == at && at > 2 && broken.is_path(at) && self.body_kind == BodyKind::Module,
            In::Import => in_head(Import),
            In::FnHead => in_head(Fn) && (cx.has_params || broken.find(1, |t| matches!(t, Terminal::Paren(_))) == at),
            In::SchemaHead => in_head(Keyword::Schema),
            In::Type => cx.in_type || broken.goal == Nonterminal::Type,
            In::Value => !cx.in_type && self.is_value(broken, cx, first),
            In::Operand => {
                let follows_operand = broken.row[at - 1].terminal.ends_operand();
                !follows_operand && (at == 1 || self.is_in(In::Value, broken, cx, first, at))
            }
            In::MapType => broken.goal == Nonterminal::Type,
            In::Ternary => {
                let has_colon = broken.find(first, |t| t == Terminal::Op(Colon)) < broken.row.len();
                has_colon && self.is_in(In::Value, broken, cx, first, at)
            }
            In::Condition => !cx.in_type && is_condition(broken, at),
            In::BareIf => is_bare_if(broken, cx, at),
        }
    }

    /// Whether an expression is being parsed at a place.
    fn is_value(&self, broken: &Broken, cx: &Context, first: usize) -> bool {
        use Keyword::{Assert, Fails, Snapshot};
        match broken.goal {
            Nonterminal::Item => {
                let is_claim = matches!(cx.keyword, Some(Check | Assert | Fails | Snapshot | If | For));
                first > 1 && (cx.has_eq || is_claim || broken.is_op(1, Ellipsis))
            }
            Nonterminal::Param => cx.has_eq,
            Nonterminal::Expr | Nonterminal::Element => true,
            Nonterminal::Arm => broken.find(1, |t| t == Terminal::Op(FatArrow)) < first,
            Nonterminal::Type => false,
        }
    }

    /// Reports a row and edits the terminals as it says.
    fn take_row(&mut self, row: &Foreign, broken: &mut Broken, first: usize, at: usize) -> bool {
        let mark = match row.recovery {
            Replace(at, _) | Propose(at, _) | Join(at, _) | Insert(at, _) | Remove(at) | RemoveHead(at) => first + at,
            Reread(at) | Rename(at) | Wildcard(at) | Error(at) => first + at,
            ErrorAround if matches!(row.pattern, [_, Glued(_), ..]) => first,
            ErrorAround => at.min(first + row.pattern.len() - 1),
            With(Special::Assert) => 1,
            With(Special::ObjectInHead | Special::ParenthesesOfFor) => first + 1,
            Item | Line | Indented | With(_) => first,
        };
        let fill = |text: &str| {
            (0..row.pattern.len()).fold(text.to_owned(), |text, at| {
                let hole = format!("{{{at}}}");
                if text.contains(&hole) { text.replace(&hole, self.source_of(broken, first + at)) } else { text }
            })
        };
        let mut diag =
            Diag::error(row_code(row), fill(row.headline)).at(self.span_of_row(row, broken, mark), row.label);
        if !row.help.is_empty() {
            diag = diag.help(fill(row.help));
        }
        let diag = self.with_row_fix(row, broken, mark, diag);
        if let With(special) = row.recovery {
            return self.take_special(special, broken, first, diag);
        }
        broken.report(diag);
        self.edit_by(row.recovery, broken, mark, at)
    }

    fn span_of_row(&self, row: &Foreign, broken: &Broken, mark: usize) -> Span {
        let span = self.place_of(broken, mark);
        let pairs = match row.pattern {
            [.., Glued(_)] | [Glued(_), ..] | [_, Glued(_), ..] => true,
            _ => matches!(row.recovery, With(Special::TypeFirst)),
        };
        if pairs { span.to(self.place_of(broken, mark + 1)) } else { span }
    }

    fn with_row_fix(&self, row: &Foreign, broken: &Broken, mark: usize, diag: Diag) -> Diag {
        let span = self.place_of(broken, mark);
        let next = self.place_of(broken, mark + 1);
        match row.recovery {
            // `not x` is `!x`, and `name: value` is `name = value`.
            Replace(_, "!") => diag.fix("write `!`", self.at(span.start, next.start), "!"),
            Replace(_, ".") if broken.is_op(mark - 1, Dot) => diag.fix("remove it", span, ""),
            Replace(_, text) => {
                let gap = self.text[..span.start as usize].ends_with(' ');
                let pad = if gap || !matches!(text, "=" | "=>") { "" } else { " " };
                diag.fix(format!("write `{text}`"), span, format!("{pad}{text}"))
            }
            Propose(_, "..<") => diag.maybe_fix("write `..=`, with the end", span, "..=").maybe_fix(
                "write `..<`, without the end",
                span,
                "..<",
            ),
            Propose(_, text) => diag.maybe_fix(format!("write `{text}`"), span, text),
            Join(_, text) => diag.fix(format!("write `{text}`"), span.to(next), text),
            Insert(_, text) => {
                let before = self.end_before(broken, mark);
                let padded = match text {
                    ":" | "," => text.to_owned(),
                    "for" | "type" | "schema" => format!("{text} "),
                    _ => format!(" {text}"),
                };
                let before = if padded.ends_with(' ') { span.at_start() } else { before };
                diag.fix(format!("write `{text}`"), before, padded)
            }
            Remove(_) if matches!(row.pattern, [.., GluedStr]) => diag.maybe_fix("remove it", span, ""),
            Remove(_) => diag.fix("remove it", self.at(span.start, next.start), ""),
            Rename(_) => {
                let word = self.source_of(broken, mark);
                diag.fix(format!("write `` `{word}` ``"), span, format!("`{word}`"))
            }
            Wildcard(_) => diag.fix("write `_`", span, "_"),
            Error(_) if matches!(row.pattern, [Name, Op(Arrow)]) => {
                let ours = format!("({})", self.source_of(broken, mark));
                diag.fix(format!("write `{ours}`"), span, ours)
            }
            _ => diag,
        }
    }

    fn edit_by(&mut self, recovery: Recovery, broken: &mut Broken, mark: usize, at: usize) -> bool {
        let index = broken.index(mark);
        match recovery {
            Replace(_, text) | Propose(_, text) => self.apply(broken, index, Edit::Replace(terminal(text))),
            Join(_, text) => {
                broken.edits.push((broken.index(mark + 1), Edit::Skip(broken.index(mark + 2))));
                self.apply(broken, index, Edit::Replace(terminal(text)));
            }
            Insert(_, text) => self.apply(broken, index, Edit::Insert(terminal(text))),
            Remove(_) if mark == 1 => {
                // What follows is the first token now, and a keyword perhaps.
                broken.start = broken.index(2);
                self.reread(broken);
            }
            Remove(_) => self.apply(broken, index, Edit::Skip(broken.index(mark + 1))),
            RemoveHead(_) => {
                let brace = broken.find(mark, |terminal| matches!(terminal, Terminal::Brace(_)));
                self.apply(broken, index, Edit::Skip(broken.index(brace)));
            }
            Reread(_) => {
                let keyword = terminal(self.source_of(broken, mark));
                self.apply(broken, index, Edit::Replace(keyword));
            }
            Rename(_) => self.apply(broken, index, Edit::Replace(Terminal::Word(index as u32))),
            Wildcard(_) => self.apply(broken, index, Edit::Replace(Terminal::Hole)),
            Error(_) => {
                let open = (0..mark).rev().find(|&open| self.opens_region(broken, open, mark));
                let Some(open) = open else { return false };
                let end = self.region_end(broken, open, at.max(mark));
                return self.cut_range(broken, mark, end);
            }
            ErrorAround => {
                let is_bare =
                    |broken: &Broken, open: usize| matches!(broken.terminal(open), Some(Terminal::Keyword(If)));
                let opens = |open: &usize| self.opens_region(broken, *open, at) && !is_bare(broken, *open);
                let Some(open) = (0..at).rev().find(opens) else { return false };
                broken.resume_at = self.end_of_else(broken.end).or(broken.resume_at);
                return self.cut_after(broken, open, at);
            }
            Line => {
                broken.resume_at = Some(self.end_of_line(broken.end));
                return false;
            }
            Indented => {
                broken.resume_at = Some(self.skip_indented(broken.start, broken.end));
                return false;
            }
            Item | With(_) => return false,
        }
        true
    }
}

/// A missing token has a code of its own.
fn row_code(row: &Foreign) -> Code {
    if row.headline.starts_with("missing") { Code::MISSING_VALUE } else { Code::SYNTAX }
}

/// Whether the innermost operand at `at` is a condition.
fn is_condition(broken: &Broken, at: usize) -> bool {
    use Keyword::Assert;
    let opening = broken.row[1..at].iter().rev().map(|placed| placed.terminal).find(|terminal| {
        matches!(
            terminal,
            Terminal::Keyword(If | Match | Assert | Check) | Terminal::Op(FatArrow | Eq) | Terminal::Block(_)
        )
    });
    match opening {
        Some(Terminal::Op(Eq) | Terminal::Block(_)) => false,
        Some(_) => at > 2,
        None => broken.goal == Nonterminal::Expr && at > 1,
    }
}

/// Whether `at` is in the condition of an `if` without braces that is a value.
fn is_bare_if(broken: &Broken, cx: &Context, at: usize) -> bool {
    let Some((If, head)) = cx.head else { return false };
    let has_block = broken.find(head, |terminal| matches!(terminal, Terminal::Block(_))) < broken.row.len();
    let has_else = broken.find(at, |terminal| terminal == Terminal::Keyword(Else)) < broken.row.len();
    let is_then = matches!(broken.terminal(at), Some(Terminal::Op(Colon) | Terminal::Word(_)));
    let is_value = !(broken.goal == Nonterminal::Item && head == 1);
    at > head + 1 && !has_block && is_value && (has_else || is_then)
}
