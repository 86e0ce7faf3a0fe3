//! Schemas that cannot be expressed as conditions.

use forge_base::Span;

use crate::cond::Cond;

/// The reason why a schema cannot be expressed as a condition.
#[derive(Debug)]
pub(crate) struct Unsupported {
    pub(crate) span: Option<Span>,
    pub(crate) why: String,
}

/// A condition, or the reason why there is none.
pub(super) type CondResult = Result<Cond, Unsupported>;

pub(super) fn unsupported(span: Option<Span>, why: impl Into<String>) -> Unsupported {
    Unsupported { span, why: why.into() }
}
