//! Questions about the token tree that need no grammar: where a item ends, what braces hold, what a word begins.

use super::terminal::Keyword;
use crate::layout::TreeToken;
use crate::token::TokenKind;

/// The index after the token or group at `at`.
pub(crate) fn after(tree: &[TreeToken], at: usize) -> usize {
    (tree[at].matching as usize).max(at) + 1
}

fn text_of<'a>(text: &'a str, entry: &TreeToken) -> &'a str {
    &text[entry.start as usize..entry.end as usize]
}

fn is_word(text: &str, tree: &[TreeToken], at: usize, end: usize, word: &str) -> bool {
    at < end && tree[at].kind == TokenKind::Ident && text_of(text, &tree[at]) == word
}

/// Whether an entry separates items: a line end, `,` or `;`.
pub(crate) fn separates(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Newline | TokenKind::Comma | TokenKind::Semicolon)
}

/// At most so many items are between two tokens. Lists of nodes are made of this size: nodes are large, and a list that grows by
/// doubling leaves a third of its memory unused.
pub(crate) fn most_segments(tree: &[TreeToken], mut at: usize, end: usize) -> usize {
    let mut count = 1;
    while at < end {
        count += usize::from(separates(tree[at].kind));
        at = after(tree, at);
    }
    count
}

/// Whether an entry is a closing bracket.
pub(crate) fn closes(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::RParen | TokenKind::RBracket | TokenKind::RBrace)
}

/// The first separator at or after `at`, or `end`.
pub(crate) fn segment_end(tree: &[TreeToken], mut at: usize, end: usize) -> usize {
    while at < end && !separates(tree[at].kind) {
        at = after(tree, at);
    }
    at.min(end)
}

/// The end of the item at `at`. Commas in its head do not end it: `for k, v in`, `fn f<A, B>`, `check c, "m"`.
pub(crate) fn item_end(text: &str, tree: &[TreeToken], at: usize, end: usize) -> usize {
    let stop = segment_end(tree, at, end);
    let comma = |stop: usize| stop < end && tree[stop].kind == TokenKind::Comma;
    if !comma(stop) || tree[at].kind != TokenKind::Ident {
        return stop;
    }
    match text_of(text, &tree[at]) {
        "for" => for_end(text, tree, at, stop, end),
        "fn" => generics_end(tree, at + 1, end).unwrap_or(stop),
        "check" => condition_end(text, tree, stop, end),
        word @ "warn" if item_keyword(text, tree, at, end, word).is_some() => condition_end(text, tree, stop, end),
        // Other languages have several parents, which is reported.
        "schema" | "abstract" | "open" => parents_end(tree, at, end).unwrap_or(stop),
        word @ "assert" if item_keyword(text, tree, at, end, word).is_some() => {
            let next = stop + 1;
            if next < end && begins_test_item(text, tree, next, end) { stop } else { segment_end(tree, next, end) }
        }
        _ => stop,
    }
}

/// The end of a check whose condition ends at the comma at `comma`: after its message, or after the arguments that follow.
fn condition_end(text: &str, tree: &[TreeToken], comma: usize, end: usize) -> usize {
    let mut stop = segment_end(tree, comma + 1, end);
    loop {
        let next = stop + 1;
        let is_comma = stop < end && tree[stop].kind == TokenKind::Comma;
        let names_argument = ["at", "code"].iter().any(|word| is_word(text, tree, next, end, word));
        if !is_comma || !names_argument || tree.get(next + 1).is_none_or(|token| token.kind != TokenKind::Eq) {
            return stop;
        }
        stop = segment_end(tree, next, end);
    }
}

fn begins_test_item(text: &str, tree: &[TreeToken], at: usize, end: usize) -> bool {
    separates(tree[at].kind)
        || ["assert", "fails", "snapshot", "let"].iter().any(|word| is_word(text, tree, at, end, word))
}

/// A `for` whose first separator is the comma between its two names.
fn for_end(text: &str, tree: &[TreeToken], at: usize, comma: usize, end: usize) -> usize {
    let mut names = at..comma;
    let has_in = names.any(|i| is_word(text, tree, i, end, "in"));
    if has_in { comma } else { segment_end(tree, comma + 1, end) }
}

/// The end of the braces that follow a row of names and commas.
fn parents_end(tree: &[TreeToken], mut at: usize, end: usize) -> Option<usize> {
    while at < end && matches!(tree[at].kind, TokenKind::Ident | TokenKind::Dot | TokenKind::Comma) {
        at += 1;
    }
    (at < end && tree[at].kind == TokenKind::LBrace).then(|| segment_end(tree, at, end))
}

/// The end of a function whose first separator is a comma between type parameters.
fn generics_end(tree: &[TreeToken], mut at: usize, end: usize) -> Option<usize> {
    use TokenKind::{Colon, Comma, Dot, Gt, Ident, Int, LBrace, LBracket, Lt, Minus, Pipe, Question, StrOpen};
    let may_be_inside = |kind| {
        matches!(
            kind,
            Lt | Gt | Comma | Ident | Colon | Dot | Pipe | Question | LBrace | LBracket | StrOpen | Int | Minus
        )
    };
    while at < end && may_be_inside(tree[at].kind) {
        at = after(tree, at);
    }
    (at < end && tree[at].kind == TokenKind::LParen).then(|| segment_end(tree, at, end))
}

/// The keyword that the word at `at` is when it begins an item; `None` for a field's name.
pub(crate) fn item_keyword(text: &str, tree: &[TreeToken], at: usize, end: usize, word: &str) -> Option<Keyword> {
    let next = (at + 1 < end).then(|| &tree[at + 1]);
    let keyword = Keyword::of(word)?;
    match keyword {
        Keyword::If | Keyword::For | Keyword::Let | Keyword::Check | Keyword::Fn | Keyword::Delete => {
            return Some(keyword);
        }
        Keyword::Import | Keyword::Type | Keyword::Schema | Keyword::Abstract | Keyword::Open | Keyword::Input => {}
        Keyword::Test | Keyword::Assert | Keyword::Fails | Keyword::Snapshot => {}
        Keyword::Export | Keyword::Late | Keyword::Each | Keyword::Warn => {}
        _ => return None,
    }
    let is_keyword = match (keyword, next) {
        (Keyword::Import | Keyword::Export, Some(next))
            if matches!(next.kind, TokenKind::Dot | TokenKind::DotDot | TokenKind::Ellipsis) =>
        {
            next.start > tree[at].end
        }
        // `export let x`, as other languages write it.
        (Keyword::Export, Some(_))
            if tree.get(at + 2).is_some_and(|token| {
                at + 2 < end && token.kind == TokenKind::Ident && text_of(text, token) != "as"
            }) =>
        {
            false
        }
        (Keyword::Each, next) => next.is_some_and(|next| next.kind == TokenKind::LBrace),
        (Keyword::Late, Some(next)) => {
            matches!(next.kind, TokenKind::Ident | TokenKind::Quoted)
                && tree.get(at + 2).is_some_and(|token| token.kind == TokenKind::Colon)
        }
        (Keyword::Assert | Keyword::Fails | Keyword::Snapshot | Keyword::Warn, Some(next)) => {
            !matches!(
                next.kind,
                TokenKind::Eq | TokenKind::PlusEq | TokenKind::Colon | TokenKind::Dot | TokenKind::LBrace
            ) || next.kind == TokenKind::LBrace
                && keyword == Keyword::Fails
                && is_word(text, tree, after(tree, at + 1), end, "with")
        }
        (Keyword::Import, Some(next)) if next.kind == TokenKind::StrOpen => true,
        (Keyword::Test, Some(next)) => next.kind == TokenKind::StrOpen,
        (_, Some(next)) => matches!(next.kind, TokenKind::Ident | TokenKind::Quoted),
        (_, None) => true,
    };
    is_keyword.then_some(keyword)
}

/// Where the left side of an item ends: after `a.b."c"`. `None` if there is no path at `at`.
pub(crate) fn path_end(tree: &[TreeToken], mut at: usize, end: usize) -> Option<usize> {
    loop {
        if at < end && tree[at].kind == TokenKind::Minus {
            at += 1;
        }
        let key = at < end
            && matches!(
                tree[at].kind,
                TokenKind::Ident | TokenKind::Quoted | TokenKind::StrOpen | TokenKind::Int | TokenKind::LParen
            );
        if !key {
            return None;
        }
        at = after(tree, at);
        if at < end && tree[at].kind == TokenKind::Dot {
            at += 1;
        } else {
            return Some(at);
        }
    }
}

/// What one item between braces looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    /// `let x = …`.
    Let,
    /// What only a body can hold: `a = …`, `delete a`, `...x`.
    Item,
    /// `a { … }` with a lower-case name: a refinement or a changed copy.
    Refine,
    /// A value.
    Value,
}

fn shape(text: &str, tree: &[TreeToken], at: usize, end: usize) -> Shape {
    let mut at = at;
    let mut end = end;
    // An `if` or `for` is what its first block holds first.
    loop {
        let entry = &tree[at];
        if entry.kind == TokenKind::Ellipsis || entry.kind == TokenKind::At {
            return Shape::Item;
        }
        let word = if entry.kind == TokenKind::Ident { text_of(text, entry) } else { "" };
        match word {
            "let" => return Shape::Let,
            "delete" | "check" | "fn" => return Shape::Item,
            "each" | "late" | "warn" if item_keyword(text, tree, at, end, word).is_some() => return Shape::Item,
            "for" => return Shape::Item,
            "if" => match first_block_segment(text, tree, at + 1, end) {
                Some((start, stop)) => (at, end) = (start, stop),
                None => return Shape::Value,
            },
            _ => break,
        }
    }
    let Some(behind) = path_end(tree, at, end).filter(|&behind| behind < end) else { return Shape::Value };
    match tree[behind].kind {
        TokenKind::Eq | TokenKind::PlusEq | TokenKind::Colon => Shape::Item,
        TokenKind::LBrace if after(tree, behind) == end => {
            let first = text_of(text, &tree[at]).chars().next();
            if first.is_some_and(|c| c.is_ascii_uppercase() || c == '(') { Shape::Value } else { Shape::Refine }
        }
        _ => Shape::Value,
    }
}

/// The first item other than a `let` in the first braces after `at`.
fn first_block_segment(text: &str, tree: &[TreeToken], at: usize, end: usize) -> Option<(usize, usize)> {
    let mut at = at;
    while at < end && tree[at].kind != TokenKind::LBrace {
        at = after(tree, at);
    }
    if at >= end {
        return None;
    }
    segments(text, tree, at)
        .find(|&(start, _)| tree[start].kind != TokenKind::Ident || text_of(text, &tree[start]) != "let")
}

/// The items of the group that opens at `open`: where each begins and ends.
pub(crate) fn segments<'a>(
    text: &'a str,
    tree: &'a [TreeToken],
    open: usize,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let end = tree[open].matching as usize;
    let mut at = open + 1;
    std::iter::from_fn(move || {
        while at < end && separates(tree[at].kind) {
            at += 1;
        }
        if at >= end {
            return None;
        }
        let start = at;
        at = item_end(text, tree, at, end).max(start + 1);
        Some((start, at.min(end)))
    })
}

/// Whether the braces after an arrow hold a block (`let`s and one value) rather than an object's items.
pub(crate) fn is_block(text: &str, tree: &[TreeToken], open: usize) -> bool {
    let (mut values, mut lets) = (0, 0);
    for (start, end) in segments(text, tree, open) {
        match shape(text, tree, start, end) {
            Shape::Let => lets += 1,
            Shape::Item => return false,
            Shape::Refine | Shape::Value => values += 1,
        }
        if values > 1 {
            return false;
        }
    }
    values + lets > 0
}

/// Whether braces after `=` hold `let`s and then one value.
pub(crate) fn is_let_block(text: &str, tree: &[TreeToken], open: usize) -> bool {
    let mut values = 0;
    for (index, (start, end)) in segments(text, tree, open).enumerate() {
        match shape(text, tree, start, end) {
            Shape::Let => {}
            Shape::Value if index > 0 => values += 1,
            _ => return false,
        }
    }
    values == 1
}

/// The first item in braces that only a body can hold, if there is one.
pub(crate) fn first_item(text: &str, tree: &[TreeToken], open: usize) -> Option<(usize, usize)> {
    segments(text, tree, open).find(|&(start, end)| shape(text, tree, start, end) == Shape::Item)
}

/// Where a chain of `if … { } else if … { } else { }` that begins at `at` ends.
pub(crate) fn if_chain_end(text: &str, tree: &[TreeToken], mut at: usize, end: usize) -> usize {
    loop {
        let mut heads = 0;
        let mut operand = false;
        // The head, up to its block.
        while at < end {
            let entry = &tree[at];
            let word = if entry.kind == TokenKind::Ident { text_of(text, entry) } else { "" };
            if word == "match" || word == "if" && !operand {
                heads += 1;
                operand = false;
            } else {
                operand = entry.kind == TokenKind::Ident || entry.matching as usize != at;
            }
            let brace = entry.kind == TokenKind::LBrace;
            at = after(tree, at);
            if brace {
                heads -= 1;
                if heads <= 0 {
                    break;
                }
            }
        }
        if !is_word(text, tree, at, end, "else") {
            return at;
        }
        at += 1;
        if !is_word(text, tree, at, end, "if") {
            return if at < end { after(tree, at) } else { end };
        }
    }
}
