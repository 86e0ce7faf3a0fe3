//! Formatting is idempotent and does not change the syntax tree.

#![no_main]

use forge_base::FileId;
use forge_syntax::{debug_ast, format, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let Ok(once) = format(FileId(0), &text) else { return };
    let (before, after) = (parse(FileId(0), &text), parse(FileId(0), &once));
    assert!(after.diags.iter().all(|diag| !diag.is_error()), "{once}");
    assert_eq!(debug_ast(&before.module), debug_ast(&after.module));
    assert_eq!(format(FileId(0), &once).as_ref(), Ok(&once));
});
