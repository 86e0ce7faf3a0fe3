//! `forgec explain`: prints the page of an error code, or of the code of a check.

use forge_base::{AnyCode, Code, Diag, Files, Name, suggest};
use forge_syntax::ast::{CheckItem, ExprKind, Item, ItemKind};
use forge_syntax::visit::{self, Visitor};

use crate::embedded;
use crate::pipeline::Outcome;
use crate::session::Session;

/// The page of a code such as `F0412`, or of the code of a check in the package, what it imports, and the standard library.
pub fn explain(session: &mut Session, text: &str) -> Outcome {
    match AnyCode::parse(text).or_else(|| AnyCode::parse(&text.to_uppercase())) {
        Some(AnyCode::Check(name)) => match explain_check(session, name) {
            Some(output) => Outcome { output, ..Outcome::default() },
            None => explain_built_in(text),
        },
        _ => explain_built_in(text),
    }
}

/// The page of a check: its doc comment.
fn explain_check(session: &mut Session, code: Name) -> Option<String> {
    let modules = session.find_modules(None).ok()?;
    let loaded = session.load(&modules);
    let mut found = loaded.sources.iter().filter_map(|source| {
        let mut search = CheckSearch { code, schema: None, found: None };
        visit::walk_module(&mut search, &source.ast);
        search.found
    });
    let check = found.next()?;
    let about = if check.doc.is_empty() { "This check has no documentation." } else { &check.doc };
    let location = loaded.files.location(check.span);
    Some(format!("# {code}: a check of `{}`\n\n{about}\n\nDeclared at {location}.\n", check.schema))
}

/// A check with a code.
struct CodedCheck {
    schema: Name,
    doc: String,
    span: forge_base::Span,
}

/// A search for the check with a code.
struct CheckSearch {
    code: Name,
    /// The schema around the current item.
    schema: Option<Name>,
    found: Option<CodedCheck>,
}

impl CheckSearch {
    fn has_code(&self, check: &CheckItem) -> bool {
        match check.arg("code").map(|code| &code.kind) {
            Some(ExprKind::Str(text)) => text.plain() == Some(self.code.as_str()),
            _ => false,
        }
    }
}

impl Visitor for CheckSearch {
    fn visit_item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Schema(schema) => self.schema = schema.name.map(|name| name.name),
            ItemKind::Check(check) | ItemKind::Warn(check) if self.found.is_none() && self.has_code(check) => {
                let doc = item.doc.as_ref().map(|doc| doc.text.to_string()).unwrap_or_default();
                self.found = self.schema.map(|schema| CodedCheck { schema, doc, span: item.span });
            }
            _ => {}
        }
        visit::walk_item(self, item);
    }
}

fn explain_built_in(text: &str) -> Outcome {
    let Some(code) = Code::parse(text) else {
        let diag = Diag::error(Code::UNKNOWN_CODE, format!("there is no code `{text}`"));
        let known: Vec<String> = Code::ALL.iter().map(|(code, _)| code.to_string()).collect();
        let wanted = text.to_uppercase();
        let diag = match suggest::nearest(&wanted, known.iter().map(String::as_str)) {
            Some(near) => diag.help(format!("did you mean `{near}`?")),
            None => diag.help("a code is `F` and four digits, such as `F0412`, or the code of a check in this package"),
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
    use std::sync::Arc;

    use super::*;
    use crate::MemoryWorld;
    use crate::pipeline::Exit;

    fn explained(text: &str) -> Outcome {
        let source = "schema S {\n  n: Int\n  /// Small numbers are reserved.\n  check n > 9, \"too small\", code = \"NUM1\"\n}\n";
        let manifest = "[package]\nname = \"p\"\nedition = \"2026\"\n";
        let world = MemoryWorld::new().with("/p/forge.toml", manifest).with("/p/main.forge", source);
        explain(&mut Session::new(Arc::new(world), "/p"), text)
    }

    #[test]
    fn a_known_code_has_a_page() {
        assert!(explained("F0412").output.contains("F0412"));
        assert_eq!(explained("412").exit(), Exit::Success);
    }

    #[test]
    fn the_page_of_a_check_is_its_doc_comment() {
        let page = "# NUM1: a check of `S`\n\nSmall numbers are reserved.\n\nDeclared at main.forge:4:3.\n";
        assert_eq!(explained("NUM1").output, page);
        assert_eq!(explained("NUM2").exit(), Exit::CommandError);
    }

    #[test]
    fn an_unknown_code_is_reported_with_help() {
        assert_eq!(explained("f0999").exit(), Exit::CommandError);
        let help = "a code is `F` and four digits, such as `F0412`, or the code of a check in this package";
        assert_eq!(explained("Web").diags[0].help.as_deref(), Some(help));
    }
}
