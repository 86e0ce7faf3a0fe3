//! Formatting twice is formatting once, and what is formatted still parses.

#![no_main]

use forge_base::FileId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(once) = forge_syntax::format(FileId(0), text) else { return };
    match forge_syntax::format(FileId(0), &once) {
        Ok(twice) => assert_eq!(once, twice),
        Err(diags) => panic!("formatted text does not parse: {diags:?}\n{once}"),
    }
});
