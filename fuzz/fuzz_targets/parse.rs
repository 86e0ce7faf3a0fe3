//! Any bytes parse without a panic, and all messages lie inside the text.

#![no_main]

use forge_base::{FileId, Files};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut files = Files::default();
    let file: FileId = files.add("main.forge", text.as_ref());
    let parsed = forge_syntax::parse(file, &text);
    for diag in &parsed.diags {
        if let Some(span) = diag.span() {
            assert!(span.end as usize <= text.len() && text.is_char_boundary(span.start as usize), "{diag:?}");
        }
    }
    let _ = forge_base::render::text(&files, &parsed.diags, forge_base::render::Color::Never);
});
