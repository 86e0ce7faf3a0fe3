//! Tokens: what the lexer cuts a source into.
//!
//! Every byte of the text is in exactly one token or is a blank between two (space, tab, carriage return, byte order
//! mark). Strings are several tokens, so that interpolated expressions are tokens like all others.

use logos::Logos;

/// One token: its kind and its byte range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Offset of its first byte.
    pub start: u32,
    /// Offset after its last byte. Equal to `start` for the ends of strings that the text leaves open.
    pub end: u32,
}

impl Token {
    /// Its range in the text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Its text.
    pub fn text(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }
}

/// All tokens of a source in order.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Tokens {
    /// The tokens, with comments and line ends.
    pub list: Vec<Token>,
}

impl Tokens {
    /// The index of the first token that ends after `offset`, which is the one that holds it unless it is blank.
    pub fn index_at(&self, offset: u32) -> usize {
        self.list.partition_point(|token| token.end <= offset)
    }
}

/// The kinds of tokens. Logos finds them outside of strings; where a pattern matches only the first characters of a token, or text that
/// another language writes for it, the lexer decides the rest.
#[derive(Logos, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[logos(skip r"[ \t\r]+")]
#[expect(missing_docs, reason = "operators are named after themselves")]
pub enum TokenKind {
    /// `\n` or `\r\n`.
    #[token("\n")]
    Newline,
    /// `// …`, and block and `#` comments, which are reported.
    #[regex(r"//[^\n]*", allow_greedy = true)]
    #[token("/*")]
    #[regex(r"#+")]
    Comment,
    /// `/// …`.
    DocComment,
    /// `//! …`.
    ModuleDoc,
    /// An identifier or a keyword, which depends on its position.
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*")]
    Ident,
    /// `` `any name` ``.
    #[regex(r"`[^`\n]*`")]
    Quoted,
    #[regex(r"[0-9]")]
    Int,
    Float,
    /// `500m`, `2Gi`.
    Quantity,
    /// `30s`.
    Duration,
    /// Digits that form no valid number; reported.
    BadNumber,
    /// The opening quotes, with their `#`.
    #[regex("#*\"")]
    #[regex("#*\"\"\"")]
    #[token("'")]
    StrOpen,
    /// Text between quotes and interpolations, escapes not yet resolved.
    StrText,
    /// `\(`, with the `#` of its string.
    InterpOpen,
    /// The `)` of an interpolation.
    InterpClose,
    /// The closing quotes, with their `#`.
    StrClose,
    #[token("(")]
    LParen,
    #[token(")")]
    RParen,
    #[token("[")]
    LBracket,
    #[token("]")]
    RBracket,
    #[token("{")]
    LBrace,
    #[token("}")]
    RBrace,
    #[token("=")]
    #[token(":=")]
    Eq,
    #[token("+=")]
    PlusEq,
    #[token("==")]
    #[token("===")]
    EqEq,
    #[token("!=")]
    #[token("!==")]
    NotEq,
    #[token("<")]
    Lt,
    #[token("<=")]
    Le,
    #[token(">")]
    Gt,
    #[token(">=")]
    Ge,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("%")]
    Percent,
    #[token("&&")]
    #[token("&")]
    AndAnd,
    #[token("||")]
    OrOr,
    #[token("!")]
    Bang,
    #[token("??")]
    Coalesce,
    #[token("?.")]
    QuestionDot,
    #[token("?")]
    Question,
    #[token(".")]
    Dot,
    #[token("..")]
    DotDot,
    #[token("...")]
    Ellipsis,
    #[token("..=")]
    RangeInclusive,
    #[token("..<")]
    RangeExclusive,
    #[token("=>")]
    FatArrow,
    #[token("->")]
    Arrow,
    #[token(":")]
    Colon,
    #[token(";")]
    Semicolon,
    #[token(",")]
    Comma,
    #[token("|")]
    Pipe,
    #[token("@")]
    At,
    /// A character without meaning; reported.
    Bad,
}

impl TokenKind {
    /// Whether it is a comment or a line end, which the grammar does not see.
    pub fn is_trivia(self) -> bool {
        matches!(self, TokenKind::Newline) || self.is_comment()
    }

    /// Whether it is a comment of any kind.
    pub fn is_comment(self) -> bool {
        matches!(self, TokenKind::Comment | TokenKind::DocComment | TokenKind::ModuleDoc)
    }
}
