//! Block scalars: strings of several lines without quotes.

/// Whether the header needs an indentation indicator, since the first line starts with a space or is empty.
pub(crate) fn needs_indicator(text: &str) -> bool {
    text.starts_with([' ', '\n'])
}

/// Writes `text` as a block scalar whose lines are indented by `indent` spaces, two more than its container. Returns the number of
/// line breaks written. The style of `text` must be `Style::Block`.
pub(crate) fn push(out: &mut String, text: &str, indent: usize) -> usize {
    out.reserve(text.len() + 8);
    out.push('|');
    if needs_indicator(text) {
        out.push('2');
    }
    let body = match text.strip_suffix('\n') {
        None => {
            out.push('-');
            text
        }
        Some(body) => {
            if body.ends_with('\n') {
                out.push('+');
            }
            body
        }
    };
    out.push('\n');
    let mut line_breaks = 1;
    for line in body.split('\n') {
        if !line.is_empty() {
            push_spaces(out, indent);
            out.push_str(line);
        }
        out.push('\n');
        line_breaks += 1;
    }
    line_breaks
}

/// Enough for the indentation of most lines.
const SPACES: &str = "                                                                ";

/// Writes `count` spaces.
#[inline]
pub(super) fn push_spaces(out: &mut String, count: usize) {
    match SPACES.get(..count) {
        Some(spaces) => out.push_str(spaces),
        None => out.extend(std::iter::repeat_n(' ', count)),
    }
}
