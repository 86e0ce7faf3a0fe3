//! Brackets: which belong together.

use crate::token::TokenKind;

/// The closing bracket that matches an opening one.
pub(crate) fn closer(open: TokenKind) -> TokenKind {
    match open {
        TokenKind::LParen => TokenKind::RParen,
        TokenKind::LBracket => TokenKind::RBracket,
        TokenKind::LBrace => TokenKind::RBrace,
        TokenKind::InterpOpen => TokenKind::InterpClose,
        _ => TokenKind::StrClose,
    }
}

/// How a bracket is written.
pub(crate) fn sign(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::LParen => "(",
        TokenKind::RParen => ")",
        TokenKind::LBracket => "[",
        TokenKind::RBracket => "]",
        TokenKind::LBrace => "{",
        _ => "}",
    }
}

/// Which of the three pairs a bracket belongs to, round, square and curly.
pub(crate) fn slot(kind: TokenKind) -> Option<usize> {
    match kind {
        TokenKind::LParen | TokenKind::RParen => Some(0),
        TokenKind::LBracket | TokenKind::RBracket => Some(1),
        TokenKind::LBrace | TokenKind::RBrace => Some(2),
        _ => None,
    }
}
