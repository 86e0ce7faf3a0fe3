//! Where an opening bracket is missing whose closing one is there.
//!
//! A bracket that closes nothing at the beginning of a line is opened at the end of the line above that is indented as much, if all
//! lines between are indented more. One within a line is opened between two operands, or after `=`, `:` or `=>`.

use crate::token::{Token, TokenKind};

/// How far a bracket is looked for on its line.
const MAX_TOKENS: usize = 1_000;

/// The bracket that is missing for the closing one at `close`, and the token before which it is.
pub(super) fn find(text: &str, tokens: &[Token], close: usize) -> Option<(usize, TokenKind)> {
    let kind = opener(tokens[close].kind)?;
    let (first, indent) = line_of(text, tokens, close);
    let at = if first == close { head(text, tokens, first, indent) } else { inside(text, tokens, first, close) };
    Some((at?, kind))
}

/// The opening bracket that a closing one needs.
fn opener(close: TokenKind) -> Option<TokenKind> {
    match close {
        TokenKind::RParen => Some(TokenKind::LParen),
        TokenKind::RBracket => Some(TokenKind::LBracket),
        TokenKind::RBrace => Some(TokenKind::LBrace),
        _ => None,
    }
}

/// The first token of the line of a token, and its indentation.
fn line_of(text: &str, tokens: &[Token], at: usize) -> (usize, usize) {
    let first =
        tokens[..at].iter().rposition(|token| token.kind == TokenKind::Newline).map_or(0, |newline| newline + 1);
    let start = tokens[first].start as usize;
    (first, start - text[..start].rfind('\n').map_or(0, |newline| newline + 1))
}

/// The end of the line that is indented like the closing bracket at `close`, above lines that are indented more.
fn head(text: &str, tokens: &[Token], close: usize, indent: usize) -> Option<usize> {
    let mut end = close.checked_sub(1)?;
    let mut inner = false;
    loop {
        let (first, own) = line_of(text, tokens, end);
        let is_blank = tokens[first..=end].iter().all(|token| token.kind.is_trivia());
        if !is_blank && own <= indent {
            let code = (first..=end).find(|&at| tokens[at].kind.is_trivia())?;
            let last = tokens[code.checked_sub(1)?].kind;
            let is_head =
                !matches!(last, TokenKind::Comma | TokenKind::RBrace) && opener(tokens[close].kind) != Some(last);
            return (own == indent && inner && is_head).then_some(code);
        }
        inner |= !is_blank;
        end = first.checked_sub(1)?;
    }
}

/// Where on its line the closing bracket at `close` was to be opened.
fn inside(text: &str, tokens: &[Token], first: usize, close: usize) -> Option<usize> {
    use TokenKind::*;
    let word = |at: usize| if tokens[at].kind == Ident { tokens[at].text(text) } else { "" };
    let ends = |at: usize| match tokens[at].kind {
        Ident => !KEYWORDS.contains(&word(at)),
        // The parameters of a generic function.
        Gt => word(first) == "fn",
        kind => matches!(kind, Quoted | RParen | RBracket | RBrace | StrClose),
    };
    let begins = |kind| matches!(kind, Ident | Quoted | StrOpen | Int | Float | Quantity | Duration | Minus);
    let (mut depth, mut sign, mut pair, mut comma) = (0usize, None, None, false);
    for at in (first..close).rev().take(MAX_TOKENS) {
        let kind = tokens[at].kind;
        if depth == 0 && pair.is_none() && at + 1 < close && ends(at) && begins(tokens[at + 1].kind) {
            pair = Some(at + 1).filter(|_| !KEYWORDS.contains(&word(at + 1)));
        }
        match kind {
            RParen | RBracket | RBrace | StrClose | InterpClose => depth += 1,
            LParen | LBracket | LBrace | StrOpen | InterpOpen if depth == 0 => break,
            LParen | LBracket | LBrace | StrOpen | InterpOpen => depth -= 1,
            Dot if depth == 0 && word(first) == "import" => return Some(at + 1),
            Comma if depth == 0 => comma = true,
            // Of several in one item the first one is outside of braces.
            Eq | Colon | FatArrow | PlusEq
                if depth == 0 && (sign.is_none() || tokens[close].kind == RBrace && !comma) =>
            {
                sign = Some(at + 1);
            }
            _ => {}
        }
    }
    let kind = |at: usize| tokens.get(at).map_or(Newline, |token| token.kind);
    let before = tokens[first.saturating_sub(MAX_TOKENS)..first].iter().rfind(|token| !token.kind.is_trivia());
    let is_element = kind(first) == Ident && matches!(before.map(|token| token.kind), Some(LBracket | Comma));
    let sign = sign.filter(|&sign| match tokens[close].kind {
        // What is set or declared between braces begins with a name.
        RBrace if sign == close => kind(sign - 1) == Eq,
        RBrace if kind(sign) == StrOpen => matches!(kind(sign + 3), Eq | LBrace),
        RBrace => kind(sign) == Ident && matches!(kind(sign + 1), Eq | Colon | LBrace | Dot | Ident),
        // One at the end of the line is more likely too many.
        RParen => sign < close && !matches!(kind(close + 1), Newline | Comma | RParen | RBracket | RBrace),
        _ => sign < close,
    });
    match tokens[close].kind {
        RBracket => sign.or(pair),
        RBrace if pair.is_none() && (sign.is_none() || comma) && is_element => Some(first),
        // Else it is in a group on the line, which the bracket of that group has closed.
        _ => pair.or(sign).or_else(|| {
            let mut places = (first + 1..close).rev().take(MAX_TOKENS);
            places.find(|&at| ends(at - 1) && begins(kind(at)) && !KEYWORDS.contains(&word(at)))
        }),
    }
}

/// Words after which, and before which, no bracket is missing.
const KEYWORDS: &[&str] = &[
    "fn", "let", "schema", "type", "import", "input", "if", "else", "for", "in", "is", "match", "check", "assert",
    "where", "by", "as", "extends", "abstract", "open", "test", "delete",
];
