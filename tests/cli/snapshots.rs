//! `test`: results, filters, snapshots, JUnit.

use crate::project::Project;

const TESTS: &str = r#"
let n = 2
let shape = { a = n }
test "small" { assert n < 3 }
test "shape" { snapshot shape }
"#;

#[test]
fn each_test_has_a_line_and_a_failure_has_a_location() {
    let project = Project::new(&[("main.forge", &TESTS.replace("n < 3", "n < 2"))]);
    let run = project.run(&["test"]).code(1).says("error[F0503]").says("main.forge:4:").says("1 passed, 1 failed");
    assert_eq!(run.out, "FAIL main: small\nok   main: shape\n");
}

#[test]
fn a_filter_selects_tests() {
    let project = Project::new(&[("main.forge", TESTS)]);
    assert_eq!(project.run(&["test", "--filter", "sma"]).code(0).out, "ok   main: small\n");
}

#[test]
fn a_new_snapshot_is_stored_and_then_compared() {
    let project = Project::new(&[("main.forge", TESTS)]);
    project.run(&["test", "--frozen"]).code(0);
    assert!(!project.path("main.forge.snap").exists());
    project.run(&["test"]).code(0).says("0 failed; snapshots: 1 added");
    assert!(project.read("main.forge.snap").contains("# test: shape\n# snapshot: shape\na: 2\n"));
    project.write("main.forge", &TESTS.replace("n = 2", "n = 1"));
    project.run(&["test"]).code(1).says("error[F0615]").says("-a: 2").says("+a: 1");
    project.run(&["test", "--update"]).code(0).says("snapshots: 1 updated");
    assert!(!project.run(&["test"]).code(0).err.contains("snapshots"));
    assert!(project.read("main.forge.snap").contains("a: 1\n"));
}

#[test]
fn an_update_removes_unused_snapshots() {
    let project = Project::new(&[("main.forge", TESTS)]);
    project.run(&["test"]).code(0);
    project.write("main.forge", "test \"none\" { assert true }\n");
    project.run(&["test", "--update"]).code(0).says("snapshots: 1 removed");
    assert!(!project.path("main.forge.snap").exists());
}

#[test]
fn results_are_written_for_ci() {
    let project = Project::new(&[("main.forge", &TESTS.replace("n < 3", "n < 2"))]);
    project.run(&["test", "--junit", "junit.xml"]).code(1);
    let xml = project.read("junit.xml");
    assert!(xml.contains("tests=\"2\" failures=\"1\"") && xml.contains("<failure message=\"F0503"), "{xml}");
    assert!(xml.contains("main.forge:4:23: F0503: assertion failed\n  `n` is 2"), "{xml}");
}

#[test]
fn all_modules_of_a_package_are_tested() {
    let project = Project::new(&[("main.forge", TESTS), ("a/b.forge", "test \"x\" { assert true }\n")]);
    let run = project.run(&["test", "--frozen", "-j", "4"]).code(0);
    assert_eq!(run.out, "ok   a.b: x\nok   main: small\nok   main: shape\n");
}
