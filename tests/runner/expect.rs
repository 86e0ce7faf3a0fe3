//! The expectations in the comments of a program.

/// An expectation with its line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expectation {
    /// The line, from 1; 0 for a diagnostic without a location.
    pub line: usize,
    /// What is expected on that line.
    pub kind: Expected,
}

/// What is expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expected {
    /// An error or warning with this code and this part of its headline.
    Diag {
        /// `error` or `warning`.
        severity: &'static str,
        /// The code.
        code: String,
        /// A part of the headline.
        text: String,
    },
    /// The type of the first name on the line.
    Type(String),
    /// The value of the first name on the line, as JSON.
    Value(String),
}

const MARKERS: &[&str] = &["// error[", "// warning[", "// type: ", "// value: "];

/// All expectations of a source.
pub fn read(text: &str) -> Vec<Expectation> {
    let mut found = Vec::new();
    let mut last_program_line = 0;
    for (index, line) in text.lines().enumerate() {
        let starts = starts(line);
        let is_alone = starts.first().is_some_and(|&start| line[..start].trim().is_empty());
        if !is_alone {
            last_program_line = index + 1;
        }
        for (index, &start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(line.len());
            if let Some(kind) = parse(&line[start..end]) {
                found.push(Expectation { line: last_program_line, kind });
            }
        }
    }
    found
}

fn starts(line: &str) -> Vec<usize> {
    let mut starts: Vec<usize> =
        MARKERS.iter().flat_map(|marker| line.match_indices(marker).map(|(start, _)| start)).collect();
    starts.sort_unstable();
    starts
}

fn parse(comment: &str) -> Option<Expected> {
    let comment = comment.strip_prefix("// ")?;
    if let Some(ty) = comment.strip_prefix("type: ") {
        return Some(Expected::Type(ty.trim().to_owned()));
    }
    if let Some(value) = comment.strip_prefix("value: ") {
        return Some(Expected::Value(value.trim().to_owned()));
    }
    let (severity, rest) = match comment.strip_prefix("error[") {
        Some(rest) => ("error", rest),
        None => ("warning", comment.strip_prefix("warning[")?),
    };
    let (code, text) = rest.split_once(']')?;
    let text = text.trim().strip_prefix(':').unwrap_or("").trim();
    Some(Expected::Diag { severity, code: code.to_owned(), text: text.to_owned() })
}

/// The name and the first line of the module item that contains a line. Such an item starts at the left margin.
pub fn item_at(text: &str, line: usize) -> (String, usize) {
    let lines = text.lines().take(line).enumerate();
    let starts =
        lines.filter(|(_, text)| text.starts_with(|first: char| first.is_alphabetic() || "_`".contains(first)));
    match starts.last() {
        Some((index, text)) => (declared_name(text).unwrap_or_default(), index + 1),
        None => (String::new(), line),
    }
}

/// The first name on a line, which is what it declares.
pub fn declared_name(line: &str) -> Option<String> {
    let mut rest = line.trim_start();
    loop {
        let name = match rest.strip_prefix('`') {
            Some(quoted) => return quoted.split('`').next().map(str::to_owned),
            None => rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?,
        };
        match name {
            "let" | "input" | "fn" | "type" | "schema" | "abstract" | "open" => rest = rest[name.len()..].trim_start(),
            "" => return None,
            name => return Some(name.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diag(severity: &'static str, code: &str, text: &str) -> Expected {
        Expected::Diag { severity, code: code.into(), text: text.into() }
    }

    #[test]
    fn one_line_may_have_several_expectations() {
        let found = read("x = y // error[F0301]: a // warning[F0401]");
        assert_eq!(found[0], Expectation { line: 1, kind: diag("error", "F0301", "a") });
        assert_eq!(found[1], Expectation { line: 1, kind: diag("warning", "F0401", "") });
    }

    #[test]
    fn an_expectation_on_its_own_line_is_about_the_program_line_above() {
        let found = read("// error[F0801]\nx = 1\n  // error[F0401]: b\n  // type: Int\n");
        assert_eq!(found.iter().map(|expectation| expectation.line).collect::<Vec<_>>(), [0, 2, 2]);
        assert_eq!(found[2].kind, Expected::Type("Int".into()));
    }

    #[test]
    fn an_expectation_after_an_item_of_several_lines_is_about_its_first_line() {
        assert_eq!(item_at("a = 1\nb = [\n  c,\n] // value: 1", 4), (String::from("b"), 2));
    }

    #[test]
    fn the_declared_name_is_the_first_that_is_not_a_keyword() {
        assert_eq!(declared_name("let x: Int = 1").as_deref(), Some("x"));
        assert_eq!(declared_name("  `in` = 1").as_deref(), Some("in"));
        assert_eq!(declared_name("abstract schema Web {").as_deref(), Some("Web"));
        assert_eq!(declared_name("}"), None);
    }
}
