//! Writes numbers so that YAML 1.1, YAML 1.2 and JSON read the same value.

use std::fmt::Write;

/// `00` to `99`.
const PAIRS: &[u8; 200] =
    b"0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/// Writes an integer.
pub(crate) fn push_int(out: &mut String, number: i64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    while rest >= 100 {
        let pair = (rest % 100) as usize * 2;
        rest /= 100;
        at -= 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    }
    if rest >= 10 {
        let pair = rest as usize * 2;
        at -= 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    } else {
        at -= 1;
        digits[at] = b'0' + rest as u8;
    }
    if number < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
}

/// Writes a finite number with the fewest digits that read back to it. It always has a decimal point, and an exponent always has a
/// sign: readers of YAML 1.1 read a string otherwise.
pub(crate) fn push_float(out: &mut String, number: f64) {
    let start = out.len();
    let size = number.abs();
    if size == 0.0 || (1e-5..1e16).contains(&size) {
        let _ = write!(out, "{number}");
        if !out[start..].contains('.') {
            out.push_str(".0");
        }
        return;
    }
    let _ = write!(out, "{number:e}");
    let Some(exponent) = out[start..].find('e').map(|at| start + at) else { return };
    if !out[exponent + 1..].starts_with('-') {
        out.insert(exponent + 1, '+');
    }
    if !out[start..exponent].contains('.') {
        out.insert_str(exponent, ".0");
    }
}
