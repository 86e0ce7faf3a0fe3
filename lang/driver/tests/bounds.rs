//! Programs that would exhaust time or memory end early, with an error.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use forge_base::{Code, stack};
use forge_driver::pipeline::{EvalOptions, Limits, Notation, eval};
use forge_driver::{MemoryWorld, Session};

/// Far more than any of these programs takes, and far less than an unlimited one.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// The distinct codes of the errors of an evaluation.
fn errors(text: String) -> Vec<Code> {
    let start = Instant::now();
    let mut session = Session::new(Arc::new(MemoryWorld::new().with("/p/main.forge", text)), "/p");
    let options = EvalOptions {
        target: Some("main.forge".into()),
        expr: None,
        notation: Notation::Yaml,
        inputs: Vec::new(),
        limits: Limits { memory: 256 << 20, steps: 10_000_000, ..Limits::default() },
    };
    let outcome = stack::with_large_stack(|| eval(&mut session, &options));
    let mut codes: Vec<Code> = outcome.diags.iter().filter(|diag| diag.is_error()).map(|diag| diag.code).collect();
    codes.dedup();
    assert!(start.elapsed() < TIME_LIMIT, "{:?}", start.elapsed());
    codes
}

/// `first`, then `line` for each number below `count`, then `last`. In `line`, `#` is the number and `+` the next one.
fn chain(first: &str, line: &str, count: usize, last: &str) -> String {
    let mut text = format!("{first}\n");
    for number in 0..count {
        let line = line.replace('#', &number.to_string()).replace('+', &(number + 1).to_string());
        writeln!(text, "{line}").expect("memory");
    }
    text + last + "\n"
}

#[test]
fn types_that_double_with_each_name_are_compared_once() {
    let types = chain("type T0 = Int", "type T+ = { a: T#, b: T# }", 60, "type U0 = Int");
    let text = chain(&types, "type U+ = { a: U#, b: U# }", 60, "fn f(x: T60): U60 = x\nx = 1");
    assert_eq!(errors(text), []);
    let types = chain("type T0 = Int", "type T+ = { a: T#, b: T#, c: [T60] }", 60, "type U0 = String");
    let text = chain(&types, "type U+ = { a: U#, b: U#, c: [U60] }", 60, "fn f(x: T60): U60 = x\nx = 1");
    assert_eq!(errors(text), [Code::MISMATCH]);
}

#[test]
fn inferred_types_are_bounded_in_size() {
    for line in [
        "let a+ = { l = a#, r = a# }",
        "let a+ = if true { { l = a#, r = a# } } else { { l = a#, r = a# } }",
        "let a+ = if true { { l# = a#, r = a# } } else { { r# = a#, r = [a#] } }",
        "fn a+() = { l = a#(), r = a#() }",
    ] {
        let first = if line.starts_with("fn") { "fn a0() = 1" } else { "let a0 = 1" };
        assert_eq!(errors(chain(first, line, 60, "x = 1")), [Code::NEEDS_ANNOTATION], "{line}");
    }
    assert_eq!(errors(chain("let a0 = [1]", "let a+ = [a#]", 3_000, "x = 1")), [Code::NEEDS_ANNOTATION]);
}

#[test]
fn nested_lambdas_are_not_inferred_repeatedly() {
    let mut text = String::from("fn d<A, B>(a: A, f: (A) -> B): { l: B, r: B } = { l = f(a), r = f(a) }\nx = ");
    (0..60).for_each(|number| write!(text, "d({number}, v{number} => ").expect("memory"));
    text = text + "1" + &")".repeat(60) + "\n";
    assert!(errors(text).contains(&Code::NEEDS_ANNOTATION));
}

#[test]
fn long_chains_of_values_without_types_do_not_overflow_the_stack() {
    let deep = format!("let a# = {}a+{}", "{ b = ".repeat(240), " }".repeat(240));
    for (line, count) in [("let a# = a+", 30_000), (deep.as_str(), 1_000)] {
        let text = chain("", line, count, &format!("let a{count} = 1\nx = 1"));
        assert_eq!(errors(text), [Code::NEEDS_ANNOTATION], "{count}");
    }
}

#[test]
fn long_cycles_are_reported() {
    let lets = chain("", "a# = a+", 3_000, "a3000 = a0");
    let fns = chain("", "fn f#(x: Int): Int = f+(x)", 20_000, "fn f20000(x: Int): Int = f0(x)");
    let schemas = chain("", "schema S# extends S+ {}", 20_000, "schema S20000 extends S0 {}");
    for (text, code) in [(lets, Code::VALUE_CYCLE), (fns, Code::RECURSION), (schemas, Code::TYPE_CYCLE)] {
        assert_eq!(errors(text), [code]);
    }
}

#[test]
fn long_chains_of_names_and_conditions_are_errors() {
    let names = chain("type T0 = Int", "type T+ = T#", 20_000, "x: T20000 = 1");
    let turned = chain("", "type T# = T+", 20_000, "type T20000 = Int\nx: T0 = 1");
    let conditions = chain("type T0 = Int", "type T+ = T# where it != #", 2_000, "x: T2000 = 9_999");
    for text in [names, turned, conditions] {
        assert_eq!(errors(text), [Code::TOO_DEEP]);
    }
    assert_eq!(errors(chain("type T0 = Int", "type T+ = T# where it != #", 300, "x: T300 = 9_999")), []);
}

#[test]
fn very_many_wrong_names_are_reported_in_time() {
    assert_eq!(errors(chain("", "a# = zz#", 10_000, "")), [Code::UNKNOWN_NAME]);
    assert_eq!(errors(chain("", "import std.mth#", 20_000, "x = 1")), [Code::UNKNOWN_MODULE]);
}

#[test]
fn values_that_share_parts_are_not_walked_endlessly() {
    let tree = |name: &str| {
        chain(&format!("let {name}0: Any = [1]"), &format!("let {name}+: Any = [{name}#, {name}#]"), 60, "")
    };
    assert_eq!(errors(format!("{}{}x = s60 == t60\n", tree("s"), tree("t"))), [Code::BUDGET_STEPS]);
    let recursive = "type J = Int | [J]\n";
    assert_eq!(errors(format!("{recursive}{}x = s60 is J\n", tree("s"))), [Code::BUDGET_STEPS]);
    let json = format!("import std.encoding.{{toJson}}\n{}x = toJson(s60)\n", tree("s"));
    assert!(matches!(errors(json)[..], [Code::BUDGET_STEPS | Code::BUDGET_MEMORY]));
    assert!(matches!(errors(format!("{}x = s60\n", tree("s")))[..], [Code::BUDGET_STEPS | Code::BUDGET_MEMORY]));
}

#[test]
fn values_that_grow_endlessly_exceed_the_budget() {
    let mut programs = vec![
        String::from("x = [for i in 0..<9_000_000_000 { i }]\n"),
        String::from("x = (0..<9_000_000_000).length\n"),
        String::from("let n = 0..<10_000\nx = [for a in n { for b in n { for c in n { a } } }]\n"),
        String::from("let n = 0..<10_000\nx = [for a in n { for b in n { for c in n if false { a } } }]\n"),
        String::from("x = \"abc\".repeat(9_000_000_000)\n"),
        String::from("let a = \"a\".repeat(100_000)\nx = a.replace(\"a\", a)\n"),
        String::from("x = [for i in 0..<1_000_000 { \"abc\".matches(\"a\\(i)\\\\w{50}\") }].length\n"),
    ];
    programs.push(chain("let s0 = \"0123456789\"", "let s+ = \"\\(s#)\\(s#)\"", 60, "x = s60"));
    programs.push(chain("let s0 = [1]", "let s+ = [...s#, ...s#]", 60, "x = s60"));
    programs.push(chain("fn f0(x: Int): Int = x", "fn f+(x: Int): Int = f#(f#(x))", 60, "x = f60(1)"));
    for text in programs {
        let found = errors(text.clone());
        assert!(matches!(found[..], [Code::BUDGET_STEPS | Code::BUDGET_MEMORY]), "{found:?}: {}", &text[..60]);
    }
}
