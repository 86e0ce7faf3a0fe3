//! Every program is checked, evaluated and printed without a panic and within its budgets.

#![no_main]

use std::sync::Arc;

use forge_base::stack;
use forge_driver::pipeline::{EvalOptions, Limits, Notation, eval};
use forge_driver::{MemoryWorld, Session};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    stack::with_large_stack(|| {
        let mut session = Session::new(Arc::new(MemoryWorld::new().with("/p/main.forge", text)), "/p");
        let options = EvalOptions {
            target: Some("main.forge".into()),
            expr: None,
            notation: Notation::Yaml,
            inputs: Vec::new(),
            limits: Limits { steps: 200_000, memory: 64 << 20, jobs: 1 },
        };
        let outcome = eval(&mut session, &options);
        // An internal error is a bug in the compiler, even if it is reported as a diagnostic.
        let internal = outcome.diags.iter().find(|diag| diag.code == forge_base::Code::INTERNAL);
        assert!(internal.is_none(), "{internal:?}");
        let _ = forge_base::render::text(&outcome.files, &outcome.diags, forge_base::render::Color::Never);
    });
});
