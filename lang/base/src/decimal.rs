//! Exact products and quotients of integers and decimal numbers, for units.
//!
//! A Float represents the shortest decimal number that parses to it: `0.1` is a tenth here, not the nearest binary fraction.

/// Larger exponents make every product zero or too large.
const MAX_EXPONENT: i64 = 100;

/// A product whose fraction may have been truncated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Product {
    /// The whole part.
    pub(crate) whole: i128,
    /// Whether a fraction was truncated.
    pub(crate) is_truncated: bool,
}

/// The number with these decimal digits and the decimal point after the first `point` of them, times `unit`. `None` if it is too large.
///
/// `digits` must be ASCII digits, `unit` must not be negative.
pub(crate) fn product(digits: &str, point: i64, unit: i128) -> Option<Product> {
    let leading = digits.len() - digits.trim_start_matches('0').len();
    let digits = &digits.as_bytes()[leading..];
    let point = point.saturating_sub(leading as i64);
    if digits.is_empty() {
        return Some(Product { whole: 0, is_truncated: false });
    }
    if point > MAX_EXPONENT {
        return None;
    }
    if point < -MAX_EXPONENT {
        return Some(Product { whole: 0, is_truncated: true });
    }
    let mut whole: i128 = 0;
    for index in 0..point.max(0) as usize {
        whole = whole.checked_mul(10)?.checked_add(digit(digits, index))?;
    }
    let whole = whole.checked_mul(unit)?;
    let (mut fraction, mut is_truncated) = (0, false);
    for index in (point.max(0) as usize..digits.len()).rev() {
        let sum = digit(digits, index).checked_mul(unit)?.checked_add(fraction)?;
        fraction = sum / 10;
        is_truncated |= sum % 10 != 0;
    }
    for _ in point..0 {
        is_truncated |= fraction % 10 != 0;
        fraction /= 10;
    }
    Some(Product { whole: whole.checked_add(fraction)?, is_truncated })
}

fn digit(digits: &[u8], index: usize) -> i128 {
    digits.get(index).map_or(0, |byte| i128::from(byte - b'0'))
}

/// `number` times `by`, rounded to the nearest integer, halves away from zero. `None` if it is too large or not a number.
pub fn times(number: i128, by: f64) -> Option<i128> {
    let (digits, point) = shortest(by)?;
    let ten_times = product(&digits, point + 1, i128::try_from(number.unsigned_abs()).ok()?)?;
    let rounded = (ten_times.whole.checked_add(5)?) / 10;
    Some(if (number < 0) == by.is_sign_negative() { rounded } else { -rounded })
}

/// `number` divided by `by`, truncated. `None` if it is too large or not a number.
pub fn divide(number: i128, by: f64) -> Option<i128> {
    let (digits, point) = shortest(by)?;
    let mut power = digits.len() as i64 - point;
    let divisor: i128 = digits.parse().ok().filter(|divisor| *divisor != 0)?;
    let number_size = i128::try_from(number.unsigned_abs()).ok()?;
    let (mut quotient, mut rest) = (number_size / divisor, number_size % divisor);
    while power > 0 && (quotient, rest) != (0, 0) {
        rest *= 10;
        quotient = quotient.checked_mul(10)?.checked_add(rest / divisor)?;
        rest %= divisor;
        power -= 1;
    }
    while power < 0 && quotient != 0 {
        quotient /= 10;
        power += 1;
    }
    Some(if (number < 0) == by.is_sign_negative() { quotient } else { -quotient })
}

/// The Float nearest to `a / b`. `None` if `b` is zero.
pub fn ratio(a: i128, b: i128) -> Option<f64> {
    let divisor = i128::try_from(common_divisor(a.unsigned_abs(), b.unsigned_abs())).unwrap_or(1);
    (b != 0).then(|| (a / divisor) as f64 / (b / divisor) as f64)
}

fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// The digits of a number's absolute value and the position of its decimal point. `None` if it is not finite.
fn shortest(number: f64) -> Option<(String, i64)> {
    let text = format!("{:e}", number.abs());
    let (mantissa, exponent) = text.split_once('e')?;
    Some((mantissa.replace('.', ""), exponent.parse::<i64>().ok()? + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn floats_represent_the_decimals_that_they_print_as() {
        assert_eq!(times(3 << 30, 0.7), Some(2_254_857_830));
        assert_eq!(times(9_000_000_000_000_000_000_000_000_000, 0.1), Some(900_000_000_000_000_000_000_000_000));
        assert_eq!(times(5, 0.1), Some(1));
        assert_eq!(times(-5, 0.1), Some(-1));
        assert_eq!(times(4, 0.1), Some(0));
        assert_eq!(divide(3, 0.1), Some(30));
        assert_eq!(divide(10, -4.0), Some(-2));
        assert_eq!(divide(7, 1e300), Some(0));
        assert_eq!(divide(7, 5e-324), None);
        assert_eq!(divide(0, 5e-324), Some(0));
    }

    #[test]
    fn operands_that_are_not_numbers_give_nothing() {
        for by in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(times(1, by), None);
            assert_eq!(divide(1, by), None);
        }
        assert_eq!(divide(1, 0.0), None);
        assert_eq!(times(i128::MIN, 1.0), None);
        assert_eq!(times(i128::MAX, 1e300), None);
        assert_eq!(ratio(1, 0), None);
    }

    #[test]
    fn a_ratio_is_reduced_before_it_is_rounded() {
        assert_eq!(ratio(3 * 10i128.pow(30), 10i128.pow(30)), Some(3.0));
        assert_eq!(ratio(-1, 4), Some(-0.25));
        assert_eq!(ratio(i128::MIN, i128::MIN), Some(1.0));
    }

    proptest! {
        #[test]
        fn times_a_whole_number_is_multiplication(a in -1_000_000_000_000i128..1_000_000_000_000, b in -1_000_000i32..1_000_000) {
            prop_assert_eq!(times(a, f64::from(b)), Some(a * i128::from(b)));
        }

        #[test]
        fn division_undoes_multiplication(a in any::<i64>(), b in 1..1_000_000i32) {
            let product = i128::from(a) * i128::from(b);
            prop_assert_eq!(divide(product, f64::from(b)), Some(i128::from(a)));
            prop_assert_eq!(divide(product, -f64::from(b)), Some(-i128::from(a)));
        }

        #[test]
        fn no_operands_panic(a in any::<i128>(), b in any::<i128>(), by in any::<f64>(), digits in "[0-9]{0,60}", point in any::<i64>()) {
            let _ = (times(a, by), divide(a, by), ratio(a, b), product(&digits, point, b.saturating_abs()));
        }
    }
}
