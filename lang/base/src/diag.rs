//! Diagnostics as data. Every stage creates them; only [`crate::render`] and the language server turn them into text.

use crate::code::{AnyCode, Code};
use crate::name::Name;
use crate::span::Span;

/// The severity of a diagnostic.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The program is invalid: nothing is built.
    Error,
    /// The program is valid but probably not what was intended.
    Warning,
    /// A suggestion.
    Hint,
}

/// A span with an explanation.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Label {
    /// The span.
    pub span: Span,
    /// What the span has to do with the diagnostic; a phrase in lower case.
    pub text: String,
}

/// One replacement in one file.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TextEdit {
    /// The range that is replaced; empty for an insertion.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// Edits that fix the program.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Fix {
    /// What the fix does, in the imperative: "write `replicas`".
    pub title: String,
    /// The edits; they never overlap.
    pub edits: Vec<TextEdit>,
    /// Whether the fix is certainly right, so that a tool may apply it without asking.
    pub certain: bool,
}

/// How many names are shown at either end of a long cycle.
const CYCLE_END: usize = 8;

/// A diagnostic. Equal causes give equal diagnostics, so that duplicates can be removed.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Diag {
    /// Its code, which has a page in `docs/errors/`.
    pub code: Code,
    /// The code of the check that failed, if it has one of its own.
    pub check_code: Option<Name>,
    /// Its severity.
    pub severity: Severity,
    /// The headline: at most 80 characters, lower case, names in backticks; understandable without the source.
    pub headline: String,
    /// The primary span and its label. `None` for diagnostics that are not about a source file.
    pub primary: Option<Label>,
    /// Further spans, such as the origin of an expectation.
    pub labels: Vec<Label>,
    /// Facts, one in each note.
    pub notes: Vec<String>,
    /// The values that it is about, such as `` `apps[1].probe` ``, which a note names too; see [`crate::diags::merge_instances`].
    pub instances: Vec<String>,
    /// Advice, where no edit is certain.
    pub help: Option<String>,
    /// Possible fixes.
    pub fixes: Vec<Fix>,
    /// Whether the primary span is code without effect, which editors gray out.
    pub unnecessary: bool,
    /// Whether the primary span uses something deprecated, which editors strike out.
    pub deprecated: bool,
}

/// Constructors are cold: the code of diagnostics is laid out apart from the code that runs for a program without errors.
impl Diag {
    fn new(severity: Severity, code: Code, headline: impl Into<String>) -> Diag {
        Diag {
            code,
            check_code: None,
            severity,
            headline: headline.into(),
            primary: None,
            labels: Vec::new(),
            notes: Vec::new(),
            instances: Vec::new(),
            help: None,
            fixes: Vec::new(),
            unnecessary: false,
            deprecated: false,
        }
    }

    /// An error.
    #[cold]
    pub fn error(code: Code, headline: impl Into<String>) -> Diag {
        Diag::new(Severity::Error, code, headline)
    }

    /// A warning.
    #[cold]
    pub fn warning(code: Code, headline: impl Into<String>) -> Diag {
        Diag::new(Severity::Warning, code, headline)
    }

    /// Sets the primary span and its label.
    #[cold]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Diag {
        self.primary = Some(Label { span, text: text.into() });
        self
    }

    /// Sets the primary span and its label, if the span is known.
    #[cold]
    pub fn at_opt(self, span: Option<Span>, text: impl Into<String>) -> Diag {
        match span {
            Some(span) => self.at(span, text),
            None => self,
        }
    }

    /// Adds a further span with a label.
    #[cold]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diag {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a note.
    #[cold]
    pub fn note(mut self, text: impl Into<String>) -> Diag {
        self.notes.push(text.into());
        self
    }

    /// Sets the help.
    #[cold]
    pub fn help(mut self, text: impl Into<String>) -> Diag {
        self.help = Some(text.into());
        self
    }

    /// Adds a fix that replaces `span` and is certainly right.
    #[cold]
    pub fn fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Diag {
        self.multipart_fix(title, vec![TextEdit { span, text: text.into() }])
    }

    /// Adds a fix that replaces `span` and may be wrong.
    #[cold]
    pub fn maybe_fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Diag {
        self.maybe_multipart_fix(title, vec![TextEdit { span, text: text.into() }])
    }

    /// Adds a fix of several edits that is certainly right.
    #[cold]
    pub fn multipart_fix(mut self, title: impl Into<String>, edits: Vec<TextEdit>) -> Diag {
        self.fixes.push(Fix { title: title.into(), edits, certain: true });
        self
    }

    /// Adds a fix of several edits that may be wrong.
    #[cold]
    pub fn maybe_multipart_fix(mut self, title: impl Into<String>, edits: Vec<TextEdit>) -> Diag {
        self.fixes.push(Fix { title: title.into(), edits, certain: false });
        self
    }

    /// Marks the primary span as code without effect.
    pub fn unnecessary(mut self) -> Diag {
        self.unnecessary = true;
        self
    }

    /// Marks the primary span as a deprecated use.
    pub fn deprecated(mut self) -> Diag {
        self.deprecated = true;
        self
    }

    /// Adds a note that lists the members of a cycle; a long one is abbreviated in the middle.
    pub fn cycle<S: AsRef<str>>(self, names: &[S]) -> Diag {
        let mut path: Vec<String> =
            names.iter().chain(names.first()).map(|name| format!("`{}`", name.as_ref())).collect();
        if path.len() > 2 * CYCLE_END {
            let left_out = path.len() - 2 * CYCLE_END;
            path.splice(CYCLE_END..CYCLE_END + left_out, [format!("{left_out} more")]);
        }
        self.note(format!("the cycle is {}", path.join(" → ")))
    }

    /// Its code: that of the check, or its own.
    pub fn any_code(&self) -> AnyCode {
        self.check_code.map_or(AnyCode::BuiltIn(self.code), AnyCode::Check)
    }

    /// Whether it stops a build.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The primary span.
    pub fn span(&self) -> Option<Span> {
        self.primary.as_ref().map(|label| label.span)
    }
}
