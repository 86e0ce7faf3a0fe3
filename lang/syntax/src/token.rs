//! Tokens: what the lexer cuts a text into.
//!
//! Every byte of the text is in exactly one token or is a blank between two (space, tab, carriage return, byte order
//! mark). Strings are several tokens, so that interpolated expressions are tokens like all others.

/// One token: its kind and its byte range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Offset of its first byte.
    pub start: u32,
    /// Offset behind its last byte. Equal to `start` for the ends of strings that the text leaves open.
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

/// All tokens of a text in order.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Tokens {
    /// The tokens, with comments and line ends.
    pub list: Vec<Token>,
}

impl Tokens {
    /// The index of the first token that ends behind `offset`, which is the one that holds it unless it is blank.
    pub fn index_at(&self, offset: u32) -> usize {
        self.list.partition_point(|token| token.end <= offset)
    }
}

/// The kinds of tokens.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[expect(missing_docs, reason = "signs are named after themselves")]
pub enum TokenKind {
    /// `\n` or `\r\n`.
    Newline,
    /// `// …`, and block and `#` comments, which are reported.
    Comment,
    /// `/// …`.
    DocComment,
    /// `//! …`.
    ModuleDoc,
    /// A name or a keyword: which, depends on where it stands.
    Ident,
    /// `` `any name` ``.
    Quoted,
    Int,
    Float,
    /// `500m`, `2Gi`.
    Quantity,
    /// `30s`.
    Duration,
    /// Digits that make no number; reported.
    BadNumber,
    /// The opening quotes, with their `#`.
    StrOpen,
    /// Text between quotes and interpolations, escapes not yet resolved.
    StrText,
    /// `\(`, with the `#` of its string.
    InterpOpen,
    /// The `)` of an interpolation.
    InterpClose,
    /// The closing quotes, with their `#`.
    StrClose,
    LParen,
    RParen,
    LBracket,
    RBracket,
    LBrace,
    RBrace,
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
    Semicolon,
    Comma,
    Pipe,
    At,
    /// What means nothing; reported.
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
