//! Programs that need a deep stack or much memory, where the address space is limited: an error, never an abort.

use std::fmt::Write as _;

use crate::project::{Project, Run};

/// Limits on the address space in KiB, from more than enough to hardly enough to run.
const LIMITS: [u32; 6] = [6_000_000, 2_500_000, 1_300_000, 900_000, 450_000, 300_000];

/// Runs `forgec` with a limited address space.
fn run_limited(project: &Project, kibibytes: u32, args: &str) -> Run {
    let script = format!("ulimit -v {kibibytes}; exec {} {args}", env!("CARGO_BIN_EXE_forgec"));
    let output = project.shell(&script).output().unwrap();
    Run::new(&output)
}

/// Runs a program at each limit: it terminates normally and without an internal error. Returns the exit codes.
fn codes_of(source: &str) -> Vec<i32> {
    let project = Project::new(&[("main.forge", source)]);
    let run = |&limit: &u32| {
        let run = run_limited(&project, limit, "eval main.forge --jobs 2");
        assert!((0..=1).contains(&run.code), "{limit}: exit code {}\n{}", run.code, run.err);
        assert!(!run.err.contains("internal compiler error"), "{limit}: {}", run.err);
        run.code
    };
    LIMITS.iter().map(run).collect()
}

/// `line` for each number below `count`: `#` is the number, `+` the next one.
fn lines(count: usize, line: &str) -> String {
    let mut source = String::new();
    for number in 0..count {
        let line = line.replace('#', &number.to_string()).replace('+', &(number + 1).to_string());
        writeln!(source, "{line}").unwrap();
    }
    source
}

#[test]
fn small_programs_run_at_every_limit() {
    assert_eq!(codes_of("x = [1, 2].length\n"), [0; 6]);
}

#[test]
fn long_chains_of_values_exceed_a_limit_that_fits_the_stack() {
    let codes = codes_of(&(lines(10_000, "let a+: Int = a# - 1") + "let a0 = 1\nx = a10000\n"));
    assert_eq!((codes[0], codes[5]), (0, 1), "{codes:?}");
}

#[test]
fn long_chains_of_inferred_types_exceed_a_limit_that_fits_the_stack() {
    let codes = codes_of(&(lines(10_000, "let a# = a+") + "let a10000 = 1\nx = 1\n"));
    assert_eq!(codes, [1; 6]);
}

#[test]
fn deeply_nested_sources_run_at_every_limit() {
    let source = format!("x = {}1{}\n", "[".repeat(480), "]".repeat(480));
    assert_eq!(codes_of(&source), [0; 6]);
    codes_of(&format!("x = {}1{}\n", "[".repeat(5_000), "]".repeat(5_000)));
}

#[test]
fn long_folds_of_spreads_run_unless_memory_is_scarce() {
    let codes = codes_of("x = (0..<500000).fold({ b = [1].length }, (acc, i) => { ...acc }).get(\"b\")\n");
    assert_eq!(codes[0], 0, "{codes:?}");
}

#[test]
fn large_values_exceed_a_budget_that_fits_the_address_space() {
    let project = Project::new(&[("main.forge", "x = [for i in 0..<200_000_000 { i }].length\n")]);
    for limit in [900_000, 450_000, 300_000] {
        run_limited(&project, limit, "eval main.forge").code(1).says("error[F0608]");
    }
}

#[test]
fn a_stack_that_cannot_be_reserved_is_reported() {
    let project = Project::new(&[("main.forge", "x = 1\n")]);
    run_limited(&project, 60_000, "eval main.forge").code(2).says("error[F0818]: cannot reserve 128 MiB of memory");
}
