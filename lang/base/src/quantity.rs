//! Kubernetes quantities with exact arithmetic.
//!
//! The value is an integer number of nano-units, the precision of Kubernetes. Parsing rounds away from zero, as Kubernetes does. Values
//! that Kubernetes would cap (beyond ±(2⁶³ − 1) units) are rejected.

use std::cmp::Ordering;
use std::fmt::{self, Write};

use crate::decimal;

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

/// A Kubernetes quantity: a number of nano-units and its notation. Compared by value.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// The value in units of 10⁻⁹.
    pub nanos: i128,
    /// The family of suffixes that a computed value prints in.
    pub format: Format,
    /// The notation of a literal.
    pub literal: Option<Box<str>>,
}

/// Why a string is not a quantity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QuantityError {
    /// It is not a number with a suffix.
    Malformed,
    /// The suffix is unknown.
    Suffix,
    /// It is beyond ±(2⁶³ − 1) units, where Kubernetes loses digits.
    TooLarge,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            QuantityError::Malformed => "not a number with a suffix such as `500m` or `1.5Gi`",
            QuantityError::Suffix => {
                "unknown suffix; suffixes are n u m k M G T P E, Ki Mi Gi Ti Pi Ei and exponents such as e3"
            }
            QuantityError::TooLarge => "larger than the maximum of Kubernetes, 2^63 - 1 units",
        })
    }
}

/// Nano-units in one unit.
pub const UNIT: i128 = 1_000_000_000;
/// The largest value in units that Kubernetes represents exactly.
pub const MAX_UNITS: i128 = i64::MAX as i128;

const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [(&str, u32); 6] = [("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5), ("Ei", 6)];

impl Quantity {
    /// An integer number of units.
    pub fn from_int(units: i64) -> Quantity {
        Quantity::computed(i128::from(units) * UNIT, Format::Decimal)
    }

    /// A computed quantity.
    pub fn computed(nanos: i128, format: Format) -> Quantity {
        Quantity { nanos, format, literal: None }
    }

    /// Parses what Kubernetes parses: `100m`, `1.5Gi`, `1e3`, `-5`. Keeps the notation for printing.
    pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
        let (number, suffix) = split(text).ok_or(QuantityError::Malformed)?;
        let (format, scale) = scale_of(suffix)?;
        let nanos = scaled(number, scale).ok_or(QuantityError::TooLarge)?;
        Ok(Quantity { nanos, format, literal: Some(text.into()) })
    }

    /// The canonical form of Kubernetes, independent of the literal.
    pub fn canonical(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = write_canonical(&mut text, self.nanos, self.format);
        text
    }
}

/// Whether Kubernetes represents this number of nano-units exactly.
pub fn is_representable(nanos: i128) -> bool {
    nanos.unsigned_abs() <= (MAX_UNITS * UNIT).unsigned_abs()
}

/// Writes the canonical form of Kubernetes: the largest suffix that needs no fraction. A binary suffix is used only for integers from
/// 1024.
pub fn write_canonical(out: &mut impl Write, nanos: i128, format: Format) -> fmt::Result {
    let is_binary = format == Format::Binary && nanos.unsigned_abs() >= 1024 * UNIT.unsigned_abs() && nanos % UNIT == 0;
    if nanos == 0 {
        out.write_char('0')
    } else if is_binary {
        write_binary(out, nanos / UNIT)
    } else {
        write_decimal(out, nanos, format)
    }
}

fn write_binary(out: &mut impl Write, mut number: i128) -> fmt::Result {
    let mut suffix = "";
    for (name, _) in BINARY {
        if number % 1024 != 0 {
            break;
        }
        number /= 1024;
        suffix = name;
    }
    write!(out, "{number}{suffix}")
}

fn write_decimal(out: &mut impl Write, mut number: i128, format: Format) -> fmt::Result {
    let (mut suffix, mut power) = DECIMAL[0];
    for (name, larger) in &DECIMAL[1..] {
        if number % 1000 != 0 {
            break;
        }
        number /= 1000;
        (suffix, power) = (name, *larger);
    }
    if format == Format::Exponent && power != 0 {
        write!(out, "{number}e{power}")
    } else {
        write!(out, "{number}{suffix}")
    }
}

/// The number and the suffix of a quantity.
fn split(text: &str) -> Option<(&str, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = text.len() - unsigned.len();
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let number = &unsigned[..end];
    let is_number = number.bytes().any(|b| b.is_ascii_digit()) && number.bytes().filter(|&b| b == b'.').count() <= 1;
    is_number.then(|| text.split_at(sign + end))
}

/// The factor of a suffix.
#[derive(Clone, Copy)]
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
fn scaled(number: &str, scale: Scale) -> Option<i128> {
    let is_negative = number.starts_with('-');
    let number = number.trim_start_matches(['+', '-']);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    let (shift, unit) = match scale {
        Scale::Ten(power) => (i64::from(power) + 9, 1),
        Scale::Kibi(power) => (0, UNIT << (10 * power)),
    };
    let product = decimal::product(&digits, whole.len() as i64 + shift, unit)?;
    let nanos = product.whole.checked_add(i128::from(product.is_truncated)).filter(|nanos| is_representable(*nanos))?;
    Some(if is_negative { -nanos } else { nanos })
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.literal {
            Some(text) => f.write_str(text),
            None => write_canonical(f, self.nanos, self.format),
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
    use proptest::prelude::*;

    use super::*;

    fn canonical(text: &str) -> String {
        Quantity::parse(text).unwrap().canonical()
    }

    #[test]
    fn canonical_forms_are_those_of_kubernetes() {
        for (text, expected) in [
            ("0", "0"),
            ("0Gi", "0"),
            ("1", "1"),
            ("0.1", "100m"),
            ("1000m", "1"),
            ("1.5Gi", "1536Mi"),
            ("1024Mi", "1Gi"),
            ("0.5Ki", "512"),
            ("1.3Ki", "1331200m"),
            ("0.0001Ki", "102400u"),
            ("1000", "1k"),
            ("1500", "1500"),
            ("100M", "100M"),
            ("1e3", "1e3"),
            ("1e4", "10e3"),
            ("1500e0", "1500"),
            ("-5m", "-5m"),
            ("1.0000000001", "1000000001n"),
            ("1.0000000000000000000000000000000000000001", "1000000001n"),
            ("1e-30", "1e-9"),
            ("4000Ki", "4000Ki"),
            ("9223372036854775807", "9223372036854775807"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn values_that_kubernetes_would_cap_are_rejected() {
        for text in ["8Ei", "12E", "9223372036854775808", "1e19", "1e2000000000", "-1e99", "9223372036854775807.5"] {
            assert_eq!(Quantity::parse(text), Err(QuantityError::TooLarge), "{text}");
        }
    }

    #[test]
    fn malformed_strings_are_rejected() {
        for text in ["", ".", "m", "e3", "1.2.3", "abc", "--1", "+-1", "Gi"] {
            assert_eq!(Quantity::parse(text), Err(QuantityError::Malformed), "{text}");
        }
        for text in ["1K", "1mi", "1 Gi", "1Gib", "1e", "1e1.5", "1e3m", "0x10", "1_000", "1é"] {
            assert_eq!(Quantity::parse(text), Err(QuantityError::Suffix), "{text}");
        }
    }

    #[test]
    fn literals_print_as_written_and_compare_by_value() {
        let a = Quantity::parse("1024Mi").unwrap();
        let b = Quantity::parse("1Gi").unwrap();
        assert_eq!(a, b);
        assert_eq!(a.to_string(), "1024Mi");
        assert!(Quantity::parse("1G").unwrap() < b);
    }

    #[test]
    fn a_computed_quantity_prints_in_its_format() {
        let mebi = 1_048_576 * UNIT;
        for (nanos, decimal, binary, exponent) in [
            (2 * mebi, "2097152", "2Mi", "2097152"),
            (mebi + 1000 * UNIT, "1049576", "1049576", "1049576"),
            (mebi / 10, "104857600m", "104857600m", "104857600e-3"),
            (-5000 * UNIT, "-5k", "-5000", "-5e3"),
            (-mebi, "-1048576", "-1Mi", "-1048576"),
            (0, "0", "0", "0"),
        ] {
            let texts =
                [Format::Decimal, Format::Binary, Format::Exponent].map(|f| Quantity::computed(nanos, f).to_string());
            assert_eq!(texts, [decimal, binary, exponent]);
        }
    }

    fn any_quantity() -> impl Strategy<Value = Quantity> {
        let format = prop_oneof![Just(Format::Decimal), Just(Format::Binary), Just(Format::Exponent)];
        let nanos = (any::<i64>(), 0..10u32).prop_map(|(number, power)| i128::from(number) * 10i128.pow(power));
        (nanos, format).prop_map(|(nanos, format)| Quantity::computed(nanos, format))
    }

    proptest! {
        #[test]
        fn printed_quantities_parse_to_the_same_value(quantity in any_quantity()) {
            let read = Quantity::parse(&quantity.to_string()).unwrap();
            prop_assert_eq!(&read, &quantity);
            // Without a suffix, a binary quantity is read as a decimal one.
            if read.format == quantity.format {
                prop_assert_eq!(read.canonical(), quantity.canonical());
            }
        }

        #[test]
        fn a_literal_has_the_value_of_its_canonical_form(text in "-?[0-9]{1,12}(\\.[0-9]{1,12})?([numkMGTP]|[KMGT]i|e-?[0-9])?") {
            if let Ok(quantity) = Quantity::parse(&text) {
                prop_assert_eq!(quantity.to_string(), text);
                prop_assert_eq!(Quantity::parse(&quantity.canonical()), Ok(quantity));
            }
        }

        #[test]
        fn no_string_panics(text in "\\PC{0,12}|[-+]?[0-9.]{0,40}[a-zA-Z]{0,2}[-+]?[0-9]{0,12}") {
            let _ = Quantity::parse(&text);
        }
    }
}
