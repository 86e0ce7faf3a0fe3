//! Rounding of floats, and digits of integers.

/// A float as an `i64`, if it is an integer and fits.
pub(super) fn exact_int(number: f64) -> Option<i64> {
    (number.fract() == 0.0).then(|| nearest_int(number)).flatten()
}

/// An integral float as an `i64`, if it fits.
pub(super) fn nearest_int(number: f64) -> Option<i64> {
    // 2⁶³ is the first float that does not fit; −2⁶³ fits.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (-LIMIT..LIMIT).contains(&number).then_some(number as i64)
}

/// Rounds to a number of decimals, half away from zero. Rounds the digits that are printed, so that `1.115` becomes `1.12` although
/// its binary value is slightly less.
pub(super) fn round_to(number: f64, decimals: usize) -> f64 {
    let text = format!("{:e}", number.abs());
    let Some((mantissa, exponent)) = text.split_once('e') else { return number };
    let Ok(exponent) = exponent.parse::<i64>() else { return number };
    let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    // The number of digits that are kept.
    let kept = exponent + 1 + decimals as i64;
    let Ok(kept) = usize::try_from(kept) else { return 0.0 };
    if kept >= digits.len() {
        return number;
    }
    let up = digits[kept] >= 5;
    digits.truncate(kept);
    digits.insert(0, 0);
    if up {
        let last = digits.iter().rposition(|&digit| digit < 9).unwrap_or(0);
        digits[last] += 1;
        digits[last + 1..].fill(0);
    }
    let whole: String = digits.iter().map(|&digit| char::from(b'0' + digit)).collect();
    let rounded: f64 = format!("{whole}e-{decimals}").parse().unwrap_or(number);
    if number < 0.0 { -rounded } else { rounded }
}

/// Formats a number in a radix from 2 to 36.
pub(super) fn in_radix(number: i64, radix: u32) -> String {
    let mut remaining = number.unsigned_abs();
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((remaining % u64::from(radix)) as u32, radix).unwrap_or('0'));
        remaining /= u64::from(radix);
        if remaining == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push('-');
    }
    digits.into_iter().rev().collect()
}

/// Parses a number in a radix from 2 to 36.
pub(super) fn parse_radix(text: &str, radix: u32) -> Option<i64> {
    i64::from_str_radix(text, radix).ok()
}

/// Parses a finite decimal number.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let is_digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    text.parse().ok().filter(|number: &f64| is_digits && number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        for (number, decimals, expected) in [
            (1.256, 2, 1.26),
            (2.675, 1, 2.7),
            (1.115, 2, 1.12),
            (-1.115, 2, -1.12),
            (0.5, 0, 1.0),
            (0.05, 0, 0.0),
            (0.004, 2, 0.0),
            (0.005, 2, 0.01),
            (99.995, 2, 100.0),
            (1e300, 5, 1e300),
            (1e-300, 15, 0.0),
            (123.0, 2, 123.0),
            (0.0, 3, 0.0),
        ] {
            assert_eq!(round_to(number, decimals), expected, "{number} to {decimals}");
        }
    }

    #[test]
    fn digits_of_a_radix_read_back() {
        for number in [0, 1, -1, 255, -255, i64::MAX, i64::MIN] {
            for radix in [2, 8, 10, 16, 36] {
                assert_eq!(parse_radix(&in_radix(number, radix), radix), Some(number));
            }
        }
        assert_eq!(in_radix(-255, 16), "-ff");
    }

    #[test]
    fn only_decimal_numbers_are_read() {
        assert_eq!(parse_float(".5"), Some(0.5));
        assert_eq!(parse_float("2e3"), Some(2000.0));
        for text in ["", "inf", "NaN", "1e999", "0x1", " 1", "1_0", "infinity"] {
            assert_eq!(parse_float(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_beyond_64_bits_are_not_ints() {
        assert_eq!(nearest_int(9_223_372_036_854_775_808.0), None);
        assert_eq!(nearest_int(-9_223_372_036_854_775_808.0), Some(i64::MIN));
        assert_eq!(exact_int(2.5), None);
    }
}
