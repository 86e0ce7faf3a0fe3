//! `forgec explain`: prints the page of an error code.

use forge_base::{Code, Diag, Files, suggest};

use crate::embedded;
use crate::pipeline::Outcome;

/// The page of a code such as `F0412`.
pub fn explain(text: &str) -> Outcome {
    let Some(code) = Code::parse(text) else {
        let diag = Diag::error(Code::UNKNOWN_CODE, format!("there is no code `{text}`"));
        let known: Vec<String> = Code::ALL.iter().map(|(code, _)| code.to_string()).collect();
        let wanted = text.to_uppercase();
        let diag = match suggest::nearest(&wanted, known.iter().map(String::as_str)) {
            Some(near) => diag.help(format!("did you mean `{near}`?")),
            None => diag.help("a code is `F` and four digits, such as `F0412`"),
        };
        return Outcome::failed(Files::default(), diag);
    };
    let output = match embedded::page(code) {
        Some(page) => page.to_owned(),
        None => format!("# {code}: {}\n\nThis code has no page yet.\n", code.title()),
    };
    Outcome { output, ..Outcome::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Exit;

    #[test]
    fn a_known_code_has_a_page() {
        assert!(explain("F0412").output.contains("F0412"));
        assert_eq!(explain("412").exit(), Exit::Success);
    }

    #[test]
    fn an_unknown_code_is_reported_with_help() {
        let outcome = explain("f0999");
        assert_eq!(outcome.exit(), Exit::CommandError);
        assert_eq!(explain("Web").diags[0].help.as_deref(), Some("a code is `F` and four digits, such as `F0412`"));
    }
}
