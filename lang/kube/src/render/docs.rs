//! Docs as comments.

use forge_syntax::ast::Doc;

use super::page::{Page, WIDTH};
use crate::table::{ModuleId, Sort};

impl Page {
    /// `/// …`, indented; nothing for an empty doc.
    pub(super) fn doc(&mut self, doc: &str, indent: usize) -> Option<Doc> {
        let doc = doc.trim();
        (!doc.is_empty()).then(|| self.comment("///", doc, indent))
    }

    /// `//! …`.
    pub(super) fn module_doc(&mut self, doc: &str) -> Doc {
        self.comment("//!", doc, 0)
    }

    fn comment(&mut self, sign: &str, doc: &str, indent: usize) -> Doc {
        let mut text = String::with_capacity(doc.len());
        let mut start = None;
        let mut end = 0;
        for line in doc.lines().flat_map(|line| wrap(line, WIDTH - indent - sign.len() - 1)) {
            self.spaces(indent);
            if start.is_some() {
                text.push('\n');
            }
            start.get_or_insert(self.text.len());
            self.push(sign);
            if !line.is_empty() {
                self.push(" ");
                self.push(line);
                text.push_str(line);
            }
            end = self.text.len();
            self.push("\n");
        }
        let mut span = self.span(start.unwrap_or(end));
        span.end = end as u32;
        Doc { text: text.into(), span }
    }
}

/// Cuts a line at blanks, so that each piece has at most `width` characters where that is possible.
fn wrap(line: &str, width: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(line.trim_end());
    std::iter::from_fn(move || {
        let line = rest.take()?;
        let Some((limit, _)) = line.char_indices().nth(width) else { return Some(line) };
        let words = line.len() - line.trim_start().len();
        let cut = line[words..limit].rfind(' ').or_else(|| line[words..].find(' '));
        let Some(cut) = cut.map(|cut| cut + words) else { return Some(line) };
        rest = Some(line[cut..].trim_start());
        Some(line[..cut].trim_end())
    })
}

/// What a module is.
pub(super) fn of_module(module: ModuleId) -> String {
    let kind = module.decls().find_map(|decl| match decl.read().sort {
        Sort::Kind(kind) => Some(kind),
        _ => None,
    });
    match kind {
        Some(kind) if kind.group.is_empty() => format!("The core API of Kubernetes, version {}.", kind.version),
        Some(kind) => format!("The API `{}`, version {}.", kind.group, kind.version),
        None => "What the kinds of Kubernetes share.".to_owned(),
    }
}
