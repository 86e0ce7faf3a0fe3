//! Block scalars: text of several lines, written as it is.

/// Whether the header must say how far the text is indented, since its first line would mislead.
pub(crate) fn needs_indicator(text: &str) -> bool {
    text.starts_with([' ', '\n'])
}

/// Writes `text` as a block scalar whose lines are indented by `indent`, two more than what holds it. Gives the number of
/// line breaks written. `text` must be what [`super::scalar::style`] calls a block.
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
            super::push_blanks(out, indent);
            out.push_str(line);
        }
        out.push('\n');
        line_breaks += 1;
    }
    line_breaks
}
