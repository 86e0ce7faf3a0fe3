//! Test results as JUnit XML, which most CI systems read.

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
    pub(crate) place: String,
    /// How long it took.
    pub(crate) time: Duration,
    /// What does not hold; none if it passed.
    pub(crate) failures: Vec<Failure>,
}

/// Something that does not hold.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Code and headline.
    pub(crate) message: String,
    /// `file:line:column`, if it has a place.
    pub(crate) place: Option<String>,
    /// What explains it, such as the values of its parts.
    pub(crate) notes: Vec<String>,
}

impl Failure {
    /// All of it, one line a fact.
    fn text(&self) -> String {
        let place = self.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
        let notes = self.notes.iter().flat_map(|note| note.lines()).map(|line| format!("\n  {line}"));
        format!("{place}{}{}", self.message, notes.collect::<String>())
    }
}

/// The document.
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
    let body = escape(&format!("{}\n{}", case.place, failures.join("\n")));
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
            // XML 1.0 has no way to write other control characters.
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
            place: "a.forge:1:1".into(),
            time: Duration::ZERO,
            failures: vec![Failure {
                message: "F0503: 1 & 2 \u{1b}[0m".into(),
                place: Some("a.forge:2:3".into()),
                notes: vec!["`x` is 1".into()],
            }],
        };
        let text = render(&[case]);
        assert!(text.contains("a.forge:2:3: F0503: 1 &amp; 2 \u{fffd}[0m\n  `x` is 1</failure>"), "{text}");
        assert!(text.contains("name=\"x &lt; &quot;y&quot;\"") && text.contains("1 &amp; 2 \u{fffd}[0m"), "{text}");
    }
}
