//! Kubernetes quantities with exact arithmetic.
//!
//! The value is a whole number of nano-units, as fine as Kubernetes keeps it. Reading rounds up to that, as Kubernetes does.

use std::cmp::Ordering;
use std::fmt;

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

/// A Kubernetes quantity: a count of nano-units and how it is written. Equal and ordered by value.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// The value in units of 10⁻⁹.
    pub nanos: i128,
    /// The family of suffixes that a computed value prints in.
    pub format: Format,
    /// The text as written, for a literal.
    pub literal: Option<Box<str>>,
}

/// Why a text is no quantity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QuantityError {
    /// It is not a number with a suffix.
    Malformed,
    /// The number is fine, but nothing is known by this suffix.
    Suffix,
    /// It is beyond ±(2⁶³ − 1) whole units, where Kubernetes loses digits.
    TooLarge,
}

/// Nano-units in one unit.
pub const UNIT: i128 = 1_000_000_000;
/// The largest whole value that Kubernetes keeps exactly.
pub const MAX_UNITS: i128 = i64::MAX as i128;

const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [(&str, u32); 6] = [("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5), ("Ei", 6)];

impl Quantity {
    /// A whole number of units.
    pub fn from_int(units: i64) -> Quantity {
        Quantity { nanos: i128::from(units) * UNIT, format: Format::Decimal, literal: None }
    }

    /// A computed quantity.
    pub fn computed(nanos: i128, format: Format) -> Quantity {
        Quantity { nanos, format, literal: None }
    }

    /// Reads what Kubernetes reads: `100m`, `1.5Gi`, `1e3`, `-5`. Keeps the text for printing.
    pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
        let (digits, suffix) = split(text).ok_or(QuantityError::Malformed)?;
        let (format, scale) = scale_of(suffix)?;
        let nanos = scaled(digits, scale)?;
        if nanos.unsigned_abs() > (MAX_UNITS * UNIT) as u128 {
            return Err(QuantityError::TooLarge);
        }
        Ok(Quantity { nanos, format, literal: Some(text.into()) })
    }

    /// The canonical text, whatever the literal says.
    pub fn canonical(&self) -> String {
        if self.nanos == 0 {
            return "0".into();
        }
        let small = self.nanos.unsigned_abs() < 1024 * UNIT as u128;
        match self.format {
            Format::Binary if !small => binary_text(self.nanos),
            Format::Exponent => decimal_text(self.nanos, true),
            Format::Decimal | Format::Binary => decimal_text(self.nanos, false),
        }
    }
}

/// The number and the suffix of a quantity's text.
fn split(text: &str) -> Option<(&str, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = text.len() - unsigned.len();
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let number = &unsigned[..end];
    let is_number = number.bytes().any(|b| b.is_ascii_digit()) && number.bytes().filter(|&b| b == b'.').count() <= 1;
    is_number.then(|| text.split_at(sign + end))
}

/// What a suffix multiplies by.
enum Scale {
    Ten(i32),
    Kibi(u32),
}

fn scale_of(suffix: &str) -> Result<(Format, Scale), QuantityError> {
    if let Some(&(_, power)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
        return Ok((Format::Decimal, Scale::Ten(power)));
    }
    if let Some(&(_, power)) = BINARY.iter().find(|(name, _)| *name == suffix) {
        return Ok((Format::Binary, Scale::Kibi(power)));
    }
    let exponent = suffix.strip_prefix(['e', 'E']).ok_or(QuantityError::Suffix)?;
    let power: i32 = exponent.parse().map_err(|_| QuantityError::Suffix)?;
    Ok((Format::Exponent, Scale::Ten(power)))
}

/// A decimal number times a scale in nano-units, rounded away from zero.
fn scaled(digits: &str, scale: Scale) -> Result<i128, QuantityError> {
    let negative = digits.starts_with('-');
    let digits = digits.trim_start_matches(['+', '-']);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let text = format!("{whole}{fraction}");
    let text = text.trim_start_matches('0');
    if text.is_empty() {
        return Ok(0);
    }
    if text.len() > 30 {
        return Err(QuantityError::TooLarge);
    }
    let mut number: i128 = text.parse().map_err(|_| QuantityError::Malformed)?;
    let power = match scale {
        Scale::Ten(power) => power,
        Scale::Kibi(power) => {
            number = number.checked_mul(1024i128.pow(power)).ok_or(QuantityError::TooLarge)?;
            0
        }
    };
    let power = power.saturating_add(9).saturating_sub(fraction.len() as i32);
    let nanos = if power >= 0 {
        let factor = 10i128.checked_pow(power as u32).ok_or(QuantityError::TooLarge)?;
        number.checked_mul(factor).ok_or(QuantityError::TooLarge)?
    } else {
        let divisor = 10i128.checked_pow(power.unsigned_abs()).unwrap_or(i128::MAX);
        number / divisor + i128::from(number % divisor != 0)
    };
    Ok(if negative { -nanos } else { nanos })
}

fn decimal_text(nanos: i128, exponent: bool) -> String {
    let (mut number, mut power) = (nanos, -9);
    while number % 1000 == 0 && power < 18 {
        number /= 1000;
        power += 3;
    }
    if exponent {
        return if power == 0 { number.to_string() } else { format!("{number}e{power}") };
    }
    let suffix = DECIMAL.iter().find(|(_, p)| *p == power).map_or("", |(name, _)| *name);
    format!("{number}{suffix}")
}

fn binary_text(nanos: i128) -> String {
    let rounded = nanos / UNIT + (nanos % UNIT).signum();
    let (mut number, mut power) = (rounded, 0);
    while number % 1024 == 0 && power < 6 {
        number /= 1024;
        power += 1;
    }
    let suffix = BINARY.iter().find(|(_, p)| *p == power).map_or("", |(name, _)| *name);
    format!("{number}{suffix}")
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.literal {
            Some(text) => f.write_str(text),
            None => f.write_str(&self.canonical()),
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Quantity) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Quantity) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Quantity) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl std::hash::Hash for Quantity {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.nanos.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Quantity::parse(text).unwrap().canonical()
    }

    #[test]
    fn canonical_forms_are_those_of_kubernetes() {
        for (text, expected) in [
            ("0", "0"),
            ("1", "1"),
            ("0.1", "100m"),
            ("1000m", "1"),
            ("1.5Gi", "1536Mi"),
            ("1024Mi", "1Gi"),
            ("0.5Ki", "512"),
            ("1000", "1k"),
            ("1500", "1500"),
            ("100M", "100M"),
            ("1e3", "1e3"),
            ("1500e0", "1500"),
            ("-5m", "-5m"),
            ("1.0000000001", "1000000001n"),
            ("4000Ki", "4000Ki"),
            ("12E", "12E"),
        ] {
            if text == "12E" {
                assert_eq!(Quantity::parse(text), Err(QuantityError::TooLarge));
            } else {
                assert_eq!(canonical(text), expected, "{text}");
            }
        }
    }

    #[test]
    fn malformed_texts_are_refused() {
        for text in ["", "m", "1K", "1mi", "1.2.3", "abc", "1 Gi", "--1"] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn literals_print_as_written_and_compare_by_value() {
        let a = Quantity::parse("1024Mi").unwrap();
        let b = Quantity::parse("1Gi").unwrap();
        assert_eq!(a, b);
        assert_eq!(a.to_string(), "1024Mi");
    }
}
