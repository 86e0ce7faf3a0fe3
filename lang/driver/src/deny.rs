//! Warnings that count as errors: `--deny warnings` and `--deny CODE`.

use forge_base::{AnyCode, Diag, Severity};

use crate::session::Session;

/// Which warnings count as errors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Denied {
    /// All of them.
    Warnings,
    /// Those with this code, which may be that of a check.
    Code(AnyCode),
}

impl Denied {
    /// Reads `warnings` or a code.
    ///
    /// # Errors
    /// If it is neither; the reason is a phrase.
    pub fn parse(text: &str) -> Result<Denied, String> {
        if text == "warnings" {
            return Ok(Denied::Warnings);
        }
        let code = AnyCode::parse(text).ok_or("expected `warnings` or the code of a warning, such as `F0905`")?;
        Ok(Denied::Code(code))
    }

    fn includes(self, diag: &Diag) -> bool {
        match self {
            Denied::Warnings => true,
            Denied::Code(code) => diag.any_code() == code,
        }
    }

    /// The option that denies a warning.
    fn option(self) -> String {
        match self {
            Denied::Warnings => String::from("--deny warnings"),
            Denied::Code(code) => format!("--deny {code}"),
        }
    }
}

impl Session {
    /// Selects the warnings that count as errors.
    pub fn set_denied(&mut self, denied: Vec<Denied>) {
        self.denied = denied;
    }

    /// Makes errors of the warnings that count as such.
    pub(crate) fn deny(&self, diags: &mut [Diag]) {
        for diag in diags.iter_mut().filter(|diag| diag.severity == Severity::Warning) {
            if let Some(denied) = self.denied.iter().find(|denied| denied.includes(diag)) {
                diag.severity = Severity::Error;
                diag.notes.push(format!("a warning, which counts as an error because of `{}`", denied.option()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use forge_base::Code;

    use super::*;
    use crate::MemoryWorld;

    #[test]
    fn warnings_become_errors_by_code_or_all_together() {
        let errors = |denied: &[&str]| {
            let mut session = Session::new(Arc::new(MemoryWorld::new()), "/w");
            session.set_denied(denied.iter().map(|text| Denied::parse(text).unwrap()).collect());
            let mut diags = vec![Diag::warning(Code::UNUSED_LET, "a"), Diag::warning(Code::DEPRECATED, "b")];
            session.deny(&mut diags);
            diags.into_iter().filter(Diag::is_error).map(|diag| diag.headline).collect::<String>()
        };
        assert_eq!(errors(&[]), "");
        assert_eq!(errors(&["F0905"]), "b");
        assert_eq!(errors(&["f0901", "F0905"]), "ab");
        assert_eq!(errors(&["warnings"]), "ab");
        assert!(Denied::parse("warning").is_err() && Denied::parse("F9999").is_err());
    }
}
