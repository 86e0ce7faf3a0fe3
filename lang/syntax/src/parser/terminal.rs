//! The terminals of the grammar, and how a range of the token tree becomes a row of them.
//!
//! Keywords are distinguished from names here, the braces of a head (`if x { … }`) from those of a value, and blocks from
//! objects; all of it by looking at tokens only.

use super::lookahead;
use crate::ast;
use crate::layout::TreeToken;
use crate::token::TokenKind;

/// A terminal. Numbers are indices of tree tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Terminal {
    /// The first terminal of each row, which selects the nonterminal.
    Start(Nonterminal),
    Word(u32),
    Int(u32),
    Float(u32),
    Quantity(u32),
    Duration(u32),
    Str(u32),
    Paren(u32),
    Bracket(u32),
    Brace(u32),
    /// Braces that hold a block, arms, or the items of an `if` or `for`.
    Block(u32),
    /// An operator or punctuation.
    Op(TokenKind),
    Keyword(Keyword),
    /// Text that cannot be parsed.
    Error,
    /// Stands for an expression, a type or a pattern that is missing. Like the two below it never comes from the text.
    Hole,
    /// Stands for a name that is missing.
    HoleName,
    /// Stands for braces or parameters that are missing.
    HoleBody,
}

/// What a row of terminals is parsed as.
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

/// A node of the tree, one kind for each [`Nonterminal`].
pub(crate) enum Node {
    Item(Box<ast::ItemKind>),
    Expr(ast::Expr),
    Type(ast::TypeExpr),
    Param(Box<ast::Param>),
    Arm(Box<ast::Arm>),
    Element(Box<ast::Element>),
}

/// The keywords. Each is a name as well where the grammar expects one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Keyword {
    Import,
    Export,
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
    Late,
    Each,
    Check,
    Warn,
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
}

impl Keyword {
    /// The keyword that is written as `text`.
    pub(crate) fn of(text: &str) -> Option<Keyword> {
        Some(match text {
            "import" => Keyword::Import,
            "export" => Keyword::Export,
            "as" => Keyword::As,
            "type" => Keyword::Type,
            "abstract" => Keyword::Abstract,
            "open" => Keyword::Open,
            "schema" => Keyword::Schema,
            "extends" => Keyword::Extends,
            "fn" => Keyword::Fn,
            "let" => Keyword::Let,
            "input" => Keyword::Input,
            "test" => Keyword::Test,
            "late" => Keyword::Late,
            "each" => Keyword::Each,
            "check" => Keyword::Check,
            "warn" => Keyword::Warn,
            "assert" => Keyword::Assert,
            "fails" => Keyword::Fails,
            "with" => Keyword::With,
            "snapshot" => Keyword::Snapshot,
            "delete" => Keyword::Delete,
            "if" => Keyword::If,
            "else" => Keyword::Else,
            "for" => Keyword::For,
            "in" => Keyword::In,
            "is" => Keyword::Is,
            "match" => Keyword::Match,
            "where" => Keyword::Where,
            "true" => Keyword::True,
            "false" => Keyword::False,
            "null" => Keyword::Null,
            "self" => Keyword::SelfRef,
            "super" => Keyword::Super,
            _ => return None,
        })
    }

    /// Whether it is a keyword wherever an expression or a type may continue.
    fn is_in_expressions(self) -> bool {
        use Keyword::*;
        matches!(self, If | Else | For | In | Is | Let | Fn | Match | True | False | Null | SelfRef | Super)
    }
}

impl Terminal {
    /// Whether an operand may end with it.
    pub(crate) fn ends_operand(self) -> bool {
        use Terminal::*;
        match self {
            Start(_) => false,
            Op(kind) => kind == TokenKind::Question,
            Keyword(word) => {
                use self::Keyword::*;
                matches!(word, True | False | Null | SelfRef | Super)
            }
            _ => true,
        }
    }
}

/// A change of the row that recovery makes before a token of the tree, or at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Edit {
    /// A synthetic terminal before the token.
    Insert(Terminal),
    /// The token, or group, as another terminal.
    Replace(Terminal),
    /// The tokens up to an index are left out.
    Skip(usize),
    /// The tokens up to an index are one [`Terminal::Error`].
    Cut(usize),
}

/// A terminal with its range in the source.
pub(crate) type Spanned = (u32, Terminal, u32);

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

/// The terminals of a range of the tree, one at a time.
pub(crate) struct TokenSource<'a> {
    text: &'a str,
    tree: &'a [TreeToken],
    goal: Nonterminal,
    /// The index of the next tree token.
    at: usize,
    end: usize,
    edits: &'a [(usize, Edit)],
    /// How many synthetic terminals were given at this index.
    inserted: usize,
    /// The index of the tree token of the last terminal; of a synthetic one, of the token that follows.
    pub(crate) index: usize,
    previous_end: u32,
    started: bool,
    words: Words,
    /// How many heads wait for their block.
    heads: u32,
    /// Whether the previous terminal ends an operand.
    operand: bool,
    last: Terminal,
    /// The keyword that began the item.
    keyword: Option<Keyword>,
}

impl<'a> TokenSource<'a> {
    pub(crate) fn new(
        text: &'a str,
        tree: &'a [TreeToken],
        goal: Nonterminal,
        at: usize,
        end: usize,
        edits: &'a [(usize, Edit)],
    ) -> TokenSource<'a> {
        let words = if goal == Nonterminal::Param { Words::Name } else { Words::Plain };
        let last = Terminal::Start(goal);
        TokenSource {
            text,
            tree,
            goal,
            at,
            end,
            edits,
            inserted: 0,
            index: at,
            previous_end: 0,
            started: false,
            words,
            heads: 0,
            operand: false,
            last,
            keyword: None,
        }
    }

    fn offset(&self) -> u32 {
        self.tree.get(self.at).map_or(self.text.len() as u32, |token| token.start)
    }

    /// The terminal for a word.
    fn word(&mut self) -> Terminal {
        let name = Terminal::Word(self.at as u32);
        if matches!(self.last, Terminal::Op(TokenKind::Dot | TokenKind::QuestionDot)) {
            if self.words == Words::Name {
                self.words = Words::Plain;
            }
            return name;
        }
        match self.words {
            Words::Path => return name,
            Words::Name if !self.lacks_name() => {
                self.words = Words::Plain;
                return name;
            }
            Words::Name | Words::Plain => {}
        }
        let token = self.tree[self.at];
        let text = &self.text[token.start as usize..token.end as usize];
        let begins_item = self.goal == Nonterminal::Item && matches!(self.last, Terminal::Start(_));
        if begins_item || matches!(self.last, Terminal::Keyword(Keyword::Abstract | Keyword::Open)) {
            let keyword = lookahead::item_keyword(self.text, self.tree, self.at, self.end, text);
            return keyword.map_or(name, Terminal::Keyword);
        }
        let Some(keyword) = Keyword::of(text) else { return name };
        let is_keyword = match keyword {
            Keyword::Where => self.operand,
            Keyword::As => matches!(self.keyword, Some(Keyword::Import | Keyword::Export)) || self.operand,
            Keyword::Extends => self.keyword == Some(Keyword::Schema),
            Keyword::With => self.keyword == Some(Keyword::Fails) && self.operand,
            keyword => keyword.is_in_expressions(),
        };
        if is_keyword { Terminal::Keyword(keyword) } else { name }
    }

    /// Whether the word at `at` follows a name that is missing: `schema extends A`, `for in xs`.
    fn lacks_name(&self) -> bool {
        let text =
            |at: usize| self.tree.get(at).and_then(|token| self.text.get(token.start as usize..token.end as usize));
        let is_name = self.at + 1 < self.end
            && matches!(self.tree[self.at + 1].kind, TokenKind::Ident | TokenKind::Quoted | TokenKind::LBracket);
        match self.last {
            Terminal::Keyword(Keyword::Schema) => is_name && text(self.at) == Some("extends"),
            Terminal::Keyword(Keyword::For) => {
                is_name && text(self.at) == Some("in") && text(self.at + 1) != Some("in")
            }
            _ => false,
        }
    }

    /// The terminal for the group or token at `at`, without words.
    fn other(&mut self, token: TreeToken) -> Terminal {
        let at = self.at as u32;
        match token.kind {
            TokenKind::Ident | TokenKind::Quoted => Terminal::Word(at),
            TokenKind::Int => Terminal::Int(at),
            TokenKind::Float => Terminal::Float(at),
            TokenKind::Quantity => Terminal::Quantity(at),
            TokenKind::Duration => Terminal::Duration(at),
            TokenKind::StrOpen => Terminal::Str(at),
            TokenKind::LParen => Terminal::Paren(at),
            TokenKind::LBracket => Terminal::Bracket(at),
            TokenKind::LBrace => self.brace(),
            TokenKind::Bad | TokenKind::BadNumber => Terminal::Error,
            kind => Terminal::Op(kind),
        }
    }

    /// Braces are the block of a head, a block after an arrow, or a body.
    fn brace(&mut self) -> Terminal {
        use Terminal::{Block, Brace, Op};
        let at = self.at as u32;
        // A type follows `is` and `as`, also in a head.
        if self.heads > 0 && !matches!(self.last, Terminal::Keyword(Keyword::Is | Keyword::As))
            || self.last == Terminal::Keyword(Keyword::Else)
        {
            return Block(at);
        }
        let block = match self.last {
            Op(TokenKind::FatArrow) => lookahead::is_block(self.text, self.tree, self.at),
            Op(TokenKind::Eq) => lookahead::is_let_block(self.text, self.tree, self.at),
            _ => false,
        };
        if block { Block(at) } else { Brace(at) }
    }

    /// Keeps track of what the terminal means for those that follow.
    #[inline]
    fn note(&mut self, terminal: Terminal) {
        use Terminal::*;
        let first = matches!(self.last, Start(_));
        match terminal {
            Block(_) if self.last != Keyword(self::Keyword::Else) => self.heads = self.heads.saturating_sub(1),
            Keyword(word) => self.note_keyword(word, first),
            Op(TokenKind::Comma) if self.keyword == Some(self::Keyword::For) || self.goal == Nonterminal::Element => {
                self.words = Words::Name;
            }
            Word(_) | Str(_) | Int(_) | Paren(_) | Op(TokenKind::Minus) if self.goal == Nonterminal::Item && first => {
                self.words = Words::Path;
            }
            Op(TokenKind::Eq | TokenKind::PlusEq | TokenKind::Colon | TokenKind::EqEq) | Brace(_) => {
                self.words = Words::Plain;
            }
            _ => {}
        }
        // A `!` after an operand belongs to it.
        self.operand = terminal.ends_operand() || self.operand && terminal == Op(TokenKind::Bang);
        self.last = terminal;
    }

    fn note_keyword(&mut self, word: Keyword, first: bool) {
        use Keyword::*;
        let is_flagged = matches!(self.last, Terminal::Keyword(Abstract | Open));
        match word {
            If if !self.operand => self.heads += 1,
            Match | For => self.heads += 1,
            _ => {}
        }
        if self.goal == Nonterminal::Item && (first || is_flagged) {
            self.keyword = Some(word);
            self.words = match word {
                Delete => Words::Path,
                Fn | Let | Schema | Type | Input | Import | Export | Late | For => Words::Name,
                _ => Words::Plain,
            };
        } else if word == For || word == Let && self.goal == Nonterminal::Element {
            self.words = Words::Name;
        }
    }

    /// What the edits make of the token at `at`: where it ends in the tree, and its terminal unless it is left out.
    fn edited(&self) -> Option<(usize, Option<Terminal>)> {
        self.edits.iter().rev().find(|(at, edit)| *at == self.at && !matches!(edit, Edit::Insert(_))).map(
            |(_, edit)| match *edit {
                Edit::Skip(to) => (to, None),
                Edit::Cut(to) => (to, Some(Terminal::Error)),
                Edit::Insert(terminal) | Edit::Replace(terminal) => {
                    (lookahead::after(self.tree, self.at), Some(terminal))
                }
            },
        )
    }

    /// The next synthetic terminal that is inserted at `at`.
    fn inserted(&mut self) -> Option<Terminal> {
        let mut here = self.edits.iter().filter_map(|&(at, edit)| match edit {
            Edit::Insert(terminal) if at == self.at => Some(terminal),
            _ => None,
        });
        let terminal = here.nth(self.inserted)?;
        self.inserted += 1;
        Some(terminal)
    }

    /// The next terminal, if recovery has changed something here. `None` inside is a token that is left out.
    fn next_edited(&mut self) -> Option<Option<Spanned>> {
        if let Some(terminal) = self.inserted() {
            let offset = self.previous_end;
            self.index = self.at;
            self.note(terminal);
            return Some(Some((offset, terminal, offset)));
        }
        let (next, terminal) = self.edited().filter(|_| self.at < self.end)?;
        let start = self.offset();
        self.index = self.at;
        self.at = next;
        self.inserted = 0;
        let Some(terminal) = terminal else { return Some(None) };
        let last = self.tree[..next].iter().rfind(|token| token.kind != TokenKind::Newline);
        self.previous_end = last.map_or(start, |token| token.end);
        self.note(terminal);
        Some(Some((start, terminal, self.previous_end)))
    }
}

impl Iterator for TokenSource<'_> {
    type Item = Result<Spanned, ()>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.started {
            self.started = true;
            self.previous_end = self.offset();
            return Some(Ok((self.previous_end, Terminal::Start(self.goal), self.previous_end)));
        }
        loop {
            while self.at < self.end && self.tree[self.at].kind == TokenKind::Newline {
                self.at += 1;
            }
            if self.edits.is_empty() {
                break;
            }
            match self.next_edited() {
                Some(Some(terminal)) => return Some(Ok(terminal)),
                Some(None) => {}
                None => break,
            }
        }
        if self.at >= self.end {
            return None;
        }
        let token = self.tree[self.at];
        let terminal = if token.kind == TokenKind::Ident { self.word() } else { self.other(token) };
        let last = lookahead::after(self.tree, self.at) - 1;
        self.index = self.at;
        self.at = last + 1;
        self.inserted = 0;
        self.previous_end = self.tree[last].end;
        self.note(terminal);
        Some(Ok((token.start, terminal, self.previous_end)))
    }
}
