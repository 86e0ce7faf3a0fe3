//! What a rule has found: a diagnostic whose places are parts of resources.

use forge_base::{Code, Diag};

/// A diagnostic whose places are not known yet as places of a text. `P` says how a place is named.
#[derive(Clone, Debug)]
pub struct Finding<P> {
    /// Everything but the places.
    pub diag: Diag,
    /// The main place and what is to be said there.
    pub at: (P, String),
    /// Further places.
    pub also: Vec<(P, String)>,
}

impl<P> Finding<P> {
    /// Something that an API server refuses, or that can never work.
    pub fn error(code: Code, headline: impl Into<String>, at: P, label: impl Into<String>) -> Finding<P> {
        Finding { diag: Diag::error(code, headline), at: (at, label.into()), also: Vec::new() }
    }

    /// Something that an API server takes, and that hardly does what is meant.
    pub fn warning(code: Code, headline: impl Into<String>, at: P, label: impl Into<String>) -> Finding<P> {
        Finding { diag: Diag::warning(code, headline), at: (at, label.into()), also: Vec::new() }
    }

    /// Adds a further place.
    pub fn also(mut self, place: P, label: impl Into<String>) -> Finding<P> {
        self.also.push((place, label.into()));
        self
    }

    /// Adds a fact.
    pub fn note(mut self, text: impl Into<String>) -> Finding<P> {
        self.diag = self.diag.note(text);
        self
    }

    /// Says what to do about it.
    pub fn help(mut self, text: impl Into<String>) -> Finding<P> {
        self.diag = self.diag.help(text);
        self
    }

    /// Offers a near text, if there is one.
    pub fn did_you_mean(self, near: Option<&str>) -> Finding<P> {
        match near {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// The same with places named otherwise.
    pub fn map<Q>(self, mut place: impl FnMut(P) -> Q) -> Finding<Q> {
        Finding {
            diag: self.diag,
            at: (place(self.at.0), self.at.1),
            also: self.also.into_iter().map(|(at, label)| (place(at), label)).collect(),
        }
    }
}
