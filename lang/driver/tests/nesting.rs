//! Values that nest endlessly are errors, never a stack overflow.

use std::sync::Arc;

use forge_base::{Code, stack};
use forge_driver::pipeline::{EvalOptions, Limits, Notation, eval};
use forge_driver::{MemoryWorld, Session};

/// The codes of the errors of an evaluation.
fn errors(text: &str) -> Vec<Code> {
    let world = MemoryWorld::new().with("/p/main.forge", text);
    let mut session = Session::new(Arc::new(world), "/p");
    let options = EvalOptions {
        target: Some("main.forge".into()),
        expr: None,
        notation: Notation::Yaml,
        inputs: Vec::new(),
        limits: Limits::default(),
    };
    let outcome = stack::with_large_stack(|| eval(&mut session, &options));
    outcome.diags.iter().filter(|diag| diag.is_error()).map(|diag| diag.code).collect()
}

#[test]
fn a_long_chain_of_spreads_is_not_an_error() {
    let text = "x = (0..<500000).fold({ b = [1].length }, (acc, i) => { ...acc }).get(\"b\")";
    assert_eq!(errors(text), []);
}

#[test]
fn a_long_chain_of_filtered_maps_is_not_an_error() {
    let text = "x = (0..<500000).fold({ b = [1].length }, (acc, i) => acc.without([\"z\"])).get(\"b\")";
    assert_eq!(errors(text), []);
}

#[test]
fn deep_lists_are_compared_up_to_a_limit() {
    let deep = |name: &str| format!("let {name}: Any = (0..<500000).fold(none, (acc, i) => [acc])\n");
    let text = format!("let none: Any = null\n{}{}x = a == b\n", deep("a"), deep("b"));
    assert_eq!(errors(&text), [Code::TOO_DEEP_EVALUATION]);
}
