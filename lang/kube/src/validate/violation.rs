//! Violations: diagnostics whose labels refer to parts of resources.

use forge_base::{Code, Diag};

use crate::resource::Data;

/// A diagnostic whose labels are not resolved to source spans yet. `P` is the type that identifies a part.
#[derive(Clone, Debug)]
pub struct Violation<P> {
    /// The diagnostic without labels.
    pub diag: Diag,
    /// The primary label.
    pub at: (P, String),
    /// The secondary labels.
    pub also: Vec<(P, String)>,
}

impl<P> Violation<P> {
    /// Something that the API server rejects or that can never work.
    pub fn error(code: Code, headline: impl Into<String>, at: P, label: impl Into<String>) -> Violation<P> {
        Violation { diag: Diag::error(code, headline), at: (at, label.into()), also: Vec::new() }
    }

    /// Something that the API server accepts but that is probably a mistake.
    pub fn warning(code: Code, headline: impl Into<String>, at: P, label: impl Into<String>) -> Violation<P> {
        Violation { diag: Diag::warning(code, headline), at: (at, label.into()), also: Vec::new() }
    }

    /// Adds a secondary label.
    pub fn also(mut self, at: P, label: impl Into<String>) -> Violation<P> {
        self.also.push((at, label.into()));
        self
    }

    /// Adds a note.
    pub fn note(mut self, text: impl Into<String>) -> Violation<P> {
        self.diag = self.diag.note(text);
        self
    }

    /// Adds a help text.
    pub fn help(mut self, text: impl Into<String>) -> Violation<P> {
        self.diag = self.diag.help(text);
        self
    }

    /// Suggests a similar string, if there is one.
    pub fn did_you_mean(self, near: Option<&str>) -> Violation<P> {
        match near {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// Converts the parts that the labels refer to.
    pub fn map<Q>(self, mut convert: impl FnMut(P) -> Q) -> Violation<Q> {
        Violation {
            diag: self.diag,
            at: (convert(self.at.0), self.at.1),
            also: self.also.into_iter().map(|(at, label)| (convert(at), label)).collect(),
        }
    }
}

/// The violations in one resource. They refer to parts of its data.
pub type Violations<'a> = Vec<Violation<&'a Data<'a>>>;
