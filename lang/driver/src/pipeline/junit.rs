//! Test results as JUnit XML.

use std::fmt::Write as _;
use std::time::Duration;

/// A test that ran.
#[derive(Clone, Debug)]
pub(crate) struct CaseResult {
    /// The module's path.
    pub(crate) module: String,
    /// The test's name.
    pub(crate) name: String,
    /// `file:line` of the test.
    pub(crate) location: String,
    /// Its duration.
    pub(crate) time: Duration,
    /// Its failures; none if it passed.
    pub(crate) failures: Vec<Failure>,
}

/// A failed assertion or an error.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Code and headline.
    pub(crate) message: String,
    /// `file:line:column`, if it has a span.
    pub(crate) location: Option<String>,
    /// Notes, such as the values of operands.
    pub(crate) notes: Vec<String>,
}

impl Failure {
    /// The failure with its location and notes, each on a line.
    fn text(&self) -> String {
        let location = self.location.as_ref().map(|location| format!("{location}: ")).unwrap_or_default();
        let notes = self.notes.iter().flat_map(|note| note.lines()).map(|line| format!("\n  {line}"));
        format!("{location}{}{}", self.message, notes.collect::<String>())
    }
}

/// Renders the results as a JUnit document.
pub(crate) fn render(cases: &[CaseResult]) -> String {
    let failed = cases.iter().filter(|case| !case.failures.is_empty()).count();
    let total: Duration = cases.iter().map(|case| case.time).sum();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let head = format!("tests=\"{}\" failures=\"{failed}\" time=\"{:.3}\"", cases.len(), total.as_secs_f64());
    _ = writeln!(text, "<testsuites name=\"forge\" {head}>");
    for cases in cases.chunk_by(|a, b| a.module == b.module) {
        let failed = cases.iter().filter(|case| !case.failures.is_empty()).count();
        let module = escape(&cases[0].module);
        _ = writeln!(text, "  <testsuite name=\"{module}\" tests=\"{}\" failures=\"{failed}\">", cases.len());
        cases.iter().for_each(|case| render_case(case, &module, &mut text));
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn render_case(case: &CaseResult, module: &str, text: &mut String) {
    let (name, seconds) = (escape(&case.name), case.time.as_secs_f64());
    _ = write!(text, "    <testcase classname=\"{module}\" name=\"{name}\" time=\"{seconds:.3}\"");
    if case.failures.is_empty() {
        text.push_str("/>\n");
        return;
    }
    let message = escape(&case.failures[0].message);
    let failures: Vec<String> = case.failures.iter().map(Failure::text).collect();
    let body = escape(&format!("{}\n{}", case.location, failures.join("\n")));
    _ = writeln!(text, ">\n      <failure message=\"{message}\">{body}</failure>\n    </testcase>");
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0 cannot represent other control characters.
            c if c.is_control() && c != '\n' && c != '\t' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_messages_are_escaped() {
        let case = CaseResult {
            module: "a".into(),
            name: "x < \"y\"".into(),
            location: "a.forge:1:1".into(),
            time: Duration::ZERO,
            failures: vec![Failure {
                message: "F0503: 1 & 2 \u{1b}[0m".into(),
                location: Some("a.forge:2:3".into()),
                notes: vec!["`x` is 1".into()],
            }],
        };
        let text = render(&[case]);
        assert!(text.contains("a.forge:2:3: F0503: 1 &amp; 2 \u{fffd}[0m\n  `x` is 1</failure>"), "{text}");
        assert!(text.contains("name=\"x &lt; &quot;y&quot;\"") && text.contains("1 &amp; 2 \u{fffd}[0m"), "{text}");
    }
}
