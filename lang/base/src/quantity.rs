//! Kubernetes quantities with exact arithmetic.

/// The family of suffixes that a quantity prints in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// `n u m k M G T P E`.
    Decimal,
    /// `Ki Mi Gi Ti Pi Ei`.
    Binary,
    /// `e3`-like.
    Exponent,
}

/// A Kubernetes quantity: a count of nano-units and how it is written.
#[derive(Clone, PartialEq, Debug)]
pub struct Quantity {
    /// The value in units of 10⁻⁹.
    pub nanos: i128,
    /// The family of suffixes that a computed value prints in.
    pub format: Format,
    /// The text as written, for a literal.
    pub literal: Option<Box<str>>,
}
