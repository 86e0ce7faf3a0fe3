//! The terminals of the grammar, and how a segment of the token tree becomes a row of them.
//!
//! Here keywords are told from names, the braces of a head (`if x { … }`) from those of a value, and blocks from
//! objects; all of it by looking at tokens only.

use super::lookahead;
use crate::ast;
use crate::layout::TreeToken;
use crate::token::TokenKind;

/// A terminal. Numbers are indices of entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tok {
    StartItem,
    StartExpr,
    StartType,
    StartParam,
    StartArm,
    StartElement,
    Word(u32),
    Int(u32),
    Float(u32),
    Quantity(u32),
    Duration(u32),
    Str(u32),
    Paren(u32),
    Bracket(u32),
    Brace(u32),
    Block(u32),
    Bad,
    Hole,
    HoleName,
    HoleBody,
    Import,
    As,
    Type,
    Abstract,
    Open,
    Schema,
    Extends,
    Fn,
    Let,
    Input,
    Test,
    Check,
    Assert,
    Fails,
    With,
    Snapshot,
    Delete,
    If,
    Else,
    For,
    In,
    Is,
    Match,
    Where,
    True,
    False,
    Null,
    SelfRef,
    Super,
    Eq,
    PlusEq,
    EqEq,
    NotEq,
    Lt,
    Le,
    Gt,
    Ge,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    AndAnd,
    OrOr,
    Bang,
    Coalesce,
    QuestionDot,
    Question,
    Dot,
    DotDot,
    Ellipsis,
    RangeInclusive,
    RangeExclusive,
    FatArrow,
    Arrow,
    Colon,
    Comma,
    Semicolon,
    Pipe,
    At,
}

/// What the grammar makes of one segment.
pub(crate) enum Node {
    Item(Box<ast::ItemKind>),
    Expr(ast::Expr),
    Type(ast::TypeExpr),
    Param(Box<ast::Param>),
    Arm(Box<ast::Arm>),
    Element(Box<ast::Element>),
}

/// What a segment is read as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Nonterminal {
    Item,
    Expr,
    Type,
    Param,
    Arm,
    /// `if`, `for` and `let` between the brackets of a list.
    Element,
}

impl Nonterminal {
    fn start(self) -> Tok {
        match self {
            Nonterminal::Item => Tok::StartItem,
            Nonterminal::Expr => Tok::StartExpr,
            Nonterminal::Type => Tok::StartType,
            Nonterminal::Param => Tok::StartParam,
            Nonterminal::Arm => Tok::StartArm,
            Nonterminal::Element => Tok::StartElement,
        }
    }
}

/// How words are read at the moment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// Every word is a name, until an operator ends the path.
    Path,
    /// The next word is a name.
    Name,
    /// Words may be keywords.
    Plain,
}

/// The terminals of one segment, one at a time.
pub(crate) struct TokenSource<'a> {
    text: &'a str,
    tree: &'a [TreeToken],
    mode: Nonterminal,
    at: usize,
    end: usize,
    started: bool,
    words: Words,
    /// How many heads wait for their block.
    heads: u32,
    /// Whether what came last ends an operand.
    operand: bool,
    last: Tok,
    /// The keyword that began the item.
    keyword: Option<Tok>,
}

impl<'a> TokenSource<'a> {
    pub(crate) fn new(
        text: &'a str,
        tree: &'a [TreeToken],
        mode: Nonterminal,
        at: usize,
        end: usize,
    ) -> TokenSource<'a> {
        let words = if mode == Nonterminal::Param { Words::Name } else { Words::Plain };
        let last = mode.start();
        TokenSource { text, tree, mode, at, end, started: false, words, heads: 0, operand: false, last, keyword: None }
    }

    fn offset(&self) -> u32 {
        self.tree.get(self.at).map_or(self.text.len() as u32, |entry| entry.start)
    }

    fn word_text(&self, at: usize) -> &'a str {
        let entry = self.tree[at];
        &self.text[entry.start as usize..entry.end as usize]
    }

    /// The terminal for a word.
    fn word(&mut self) -> Tok {
        let at = self.at;
        let name = Tok::Word(at as u32);
        if matches!(self.last, Tok::Dot | Tok::QuestionDot) {
            if self.words == Words::Name {
                self.words = Words::Plain;
            }
            return name;
        }
        match self.words {
            Words::Path => return name,
            Words::Name => {
                self.words = Words::Plain;
                return name;
            }
            Words::Plain => {}
        }
        let text = self.word_text(at);
        if self.mode == Nonterminal::Item && self.last == Tok::StartItem
            || matches!(self.last, Tok::Abstract | Tok::Open)
        {
            return self.item_word(text, name);
        }
        match text {
            "where" if self.operand => Tok::Where,
            "as" if self.keyword == Some(Tok::Import) => Tok::As,
            "extends" if self.keyword == Some(Tok::Schema) => Tok::Extends,
            "with" if self.keyword == Some(Tok::Fails) && self.operand => Tok::With,
            _ => expr_keyword(text).unwrap_or(name),
        }
    }

    /// A word that begins an item: a keyword or the first name of a path.
    fn item_word(&mut self, text: &str, name: Tok) -> Tok {
        let keyword = lookahead::item_keyword(self.text, self.tree, self.at, self.end, text);
        self.words = match keyword {
            None | Some(Tok::Delete) => Words::Path,
            Some(Tok::Fn | Tok::Let | Tok::Schema | Tok::Type | Tok::Input | Tok::Import) => Words::Name,
            Some(_) => Words::Plain,
        };
        self.keyword = keyword;
        keyword.unwrap_or(name)
    }

    /// The terminal for the group or token at `at`, without words.
    fn other(&mut self, entry: TreeToken) -> Tok {
        let at = self.at as u32;
        match entry.kind {
            TokenKind::Ident | TokenKind::Quoted => Tok::Word(at),
            TokenKind::Int => Tok::Int(at),
            TokenKind::Float => Tok::Float(at),
            TokenKind::Quantity => Tok::Quantity(at),
            TokenKind::Duration => Tok::Duration(at),
            TokenKind::StrOpen => Tok::Str(at),
            TokenKind::LParen => Tok::Paren(at),
            TokenKind::LBracket => Tok::Bracket(at),
            TokenKind::LBrace => self.brace(),
            kind => sign(kind),
        }
    }

    /// Braces are the block of a head, a block behind an arrow, or a body.
    fn brace(&mut self) -> Tok {
        let at = self.at as u32;
        if self.last == Tok::Else {
            return Tok::Block(at);
        }
        // Behind `is` stands a type, also in a head.
        if self.heads > 0 && self.last != Tok::Is {
            self.heads -= 1;
            return Tok::Block(at);
        }
        let block = match self.last {
            Tok::FatArrow => lookahead::is_block(self.text, self.tree, self.at),
            Tok::Eq => lookahead::is_let_block(self.text, self.tree, self.at),
            _ => false,
        };
        if block { Tok::Block(at) } else { Tok::Brace(at) }
    }

    /// Keeps track of what the terminal means for those behind it.
    fn note(&mut self, tok: Tok) {
        match tok {
            Tok::If if !self.operand => self.heads += 1,
            Tok::Match | Tok::For => self.heads += 1,
            _ => {}
        }
        let first = self.last == self.mode.start();
        match tok {
            Tok::For => self.words = Words::Name,
            Tok::Comma if self.keyword == Some(Tok::For) || self.mode == Nonterminal::Element => {
                self.words = Words::Name
            }
            Tok::Let if self.mode == Nonterminal::Element => self.words = Words::Name,
            Tok::Str(_) | Tok::Int(_) | Tok::Paren(_) | Tok::Minus if self.mode == Nonterminal::Item && first => {
                self.words = Words::Path;
            }
            Tok::Eq | Tok::PlusEq | Tok::Colon | Tok::Brace(_) | Tok::EqEq => self.words = Words::Plain,
            _ => {}
        }
        self.operand = matches!(
            tok,
            Tok::Word(_)
                | Tok::Int(_)
                | Tok::Float(_)
                | Tok::Quantity(_)
                | Tok::Duration(_)
                | Tok::Str(_)
                | Tok::Paren(_)
                | Tok::Bracket(_)
                | Tok::Brace(_)
                | Tok::Block(_)
                | Tok::Bad
                | Tok::True
                | Tok::False
                | Tok::Null
                | Tok::SelfRef
                | Tok::Super
                | Tok::Question
        );
        self.last = tok;
    }
}

impl Iterator for TokenSource<'_> {
    type Item = Result<(u32, Tok, u32), ()>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.started {
            self.started = true;
            let offset = self.offset();
            return Some(Ok((offset, self.mode.start(), offset)));
        }
        while self.at < self.end && self.tree[self.at].kind == TokenKind::Newline {
            self.at += 1;
        }
        if self.at >= self.end {
            return None;
        }
        let entry = self.tree[self.at];
        let tok = if entry.kind == TokenKind::Ident { self.word() } else { self.other(entry) };
        let last = entry.matching.max(self.at as u32) as usize;
        self.at = last + 1;
        self.note(tok);
        Some(Ok((entry.start, tok, self.tree[last].end)))
    }
}

/// The keywords of expressions and types.
pub(crate) fn expr_keyword(text: &str) -> Option<Tok> {
    Some(match text {
        "if" => Tok::If,
        "else" => Tok::Else,
        "for" => Tok::For,
        "in" => Tok::In,
        "is" => Tok::Is,
        "let" => Tok::Let,
        "fn" => Tok::Fn,
        "match" => Tok::Match,
        "true" => Tok::True,
        "false" => Tok::False,
        "null" => Tok::Null,
        "self" => Tok::SelfRef,
        "super" => Tok::Super,
        _ => return None,
    })
}

fn sign(kind: TokenKind) -> Tok {
    match kind {
        TokenKind::Eq => Tok::Eq,
        TokenKind::PlusEq => Tok::PlusEq,
        TokenKind::EqEq => Tok::EqEq,
        TokenKind::NotEq => Tok::NotEq,
        TokenKind::Lt => Tok::Lt,
        TokenKind::Le => Tok::Le,
        TokenKind::Gt => Tok::Gt,
        TokenKind::Ge => Tok::Ge,
        TokenKind::Plus => Tok::Plus,
        TokenKind::Minus => Tok::Minus,
        TokenKind::Star => Tok::Star,
        TokenKind::Slash => Tok::Slash,
        TokenKind::Percent => Tok::Percent,
        TokenKind::AndAnd => Tok::AndAnd,
        TokenKind::OrOr => Tok::OrOr,
        TokenKind::Bang => Tok::Bang,
        TokenKind::Coalesce => Tok::Coalesce,
        TokenKind::QuestionDot => Tok::QuestionDot,
        TokenKind::Question => Tok::Question,
        TokenKind::Dot => Tok::Dot,
        TokenKind::DotDot => Tok::DotDot,
        TokenKind::Ellipsis => Tok::Ellipsis,
        TokenKind::RangeInclusive => Tok::RangeInclusive,
        TokenKind::RangeExclusive => Tok::RangeExclusive,
        TokenKind::FatArrow => Tok::FatArrow,
        TokenKind::Arrow => Tok::Arrow,
        TokenKind::Colon => Tok::Colon,
        TokenKind::Comma => Tok::Comma,
        TokenKind::Semicolon => Tok::Semicolon,
        TokenKind::Pipe => Tok::Pipe,
        TokenKind::At => Tok::At,
        _ => Tok::Bad,
    }
}
