//! Output folders: which files are written, removed, and never changed.

use std::fs;

use crate::project::{Project, WEB};

const MANIFEST: &str = ".forge-manifest.json";

fn tree(files: &str) -> Project {
    Project::new(&[("main.forge", &format!("import std.output\nout = output.Tree {{ files = {files} }}\n"))])
}

fn set_tree(project: &Project, files: &str) {
    project.write("main.forge", &format!("import std.output\nout = output.Tree {{ files = {files} }}\n"));
}

#[test]
fn a_folder_holds_exactly_the_output_of_the_build() {
    let project = tree(r#"{ "a/x.yaml" = { a = 1 }, "b.txt" = "text\n" }"#);
    project.run(&["build", "-o", "out"]).code(0).says("2 files in out: 2 written");
    assert_eq!(project.files("out"), [MANIFEST, "a/x.yaml", "b.txt"]);
    assert_eq!(project.read("out/a/x.yaml"), "a: 1\n");
    set_tree(&project, r#"{ "b.txt" = "text\n" }"#);
    project.run(&["build", "-o", "out"]).code(0).says("1 unchanged, 1 removed");
    assert_eq!(project.files("out"), [MANIFEST, "b.txt"]);
    assert!(!project.path("out/a").exists(), "empty folders go");
}

#[test]
fn a_second_build_changes_nothing() {
    let project = tree(r#"{ "a.yaml" = { a = 1 }, "b.yaml" = [1, 2] }"#);
    project.run(&["build", "-o", "one"]).code(0);
    project.run(&["build", "-o", "two", "-j", "1"]).code(0);
    for file in project.files("one") {
        assert_eq!(project.read(&format!("one/{file}")), project.read(&format!("two/{file}")), "{file}");
    }
}

#[test]
fn a_failing_build_writes_nothing() {
    let project = Project::new(&[("main.forge", WEB)]);
    project.run(&["build", "-o", "out"]).code(0);
    let before = project.read("out/main.yaml");
    project.run(&["build", "-o", "out", "-i", "replicas=0"]).code(1).says("error[F0501]");
    assert_eq!(project.read("out/main.yaml"), before);
    project.run(&["build", "-o", "fresh", "-i", "replicas=0"]).code(1);
    assert!(!project.path("fresh").exists());
}

#[test]
fn files_that_forgec_did_not_write_are_an_error_and_stay() {
    let project = Project::new(&[("main.forge", WEB), ("out/main.yaml", "mine\n"), ("out/other.yaml", "mine\n")]);
    project.run(&["build", "-o", "out"]).code(1).says("error[F0707]");
    project.run(&["build", "-o", "out", "--force"]).code(1).says("error[F0707]");
    assert_eq!(project.read("out/main.yaml"), "mine\n");
    fs::remove_file(project.path("out/main.yaml")).unwrap();
    project.run(&["build", "-o", "out"]).code(0);
    assert_eq!(project.files("out"), [MANIFEST, "main.yaml", "other.yaml"]);
}

#[test]
fn an_edited_file_is_overwritten_only_with_force() {
    let project = Project::new(&[("main.forge", WEB)]);
    project.run(&["build", "-o", "out"]).code(0);
    project.write("out/main.yaml", "edited\n");
    project.run(&["build", "-o", "out"]).code(1).says("was edited by hand");
    assert_eq!(project.read("out/main.yaml"), "edited\n");
    project.run(&["build", "-o", "out", "--force"]).code(0);
    assert!(project.read("out/main.yaml").contains("kind: Web"));
}

#[test]
fn check_prints_the_difference_and_writes_nothing() {
    let project = Project::new(&[("main.forge", WEB)]);
    project.run(&["build", "-o", "out", "--check"]).code(1).says("error[F0706]");
    assert!(!project.path("out").exists());
    project.run(&["build", "-o", "out"]).code(0);
    let clean = project.run(&["build", "-o", "out", "--check"]).code(0);
    assert_eq!((clean.out.as_str(), clean.err.as_str()), ("", ""));
    let run = project.run(&["build", "-o", "out", "--check", "-i", "replicas=3"]).code(1);
    assert!(run.out.contains("--- a/main.yaml") && run.out.contains("-replicas: 2\n+replicas: 3\n"), "{}", run.out);
    project.run(&["build", "--check"]).code(2).says("--out");
}

#[test]
fn paths_outside_the_folder_are_an_error() {
    for path in ["../x", "/tmp/forge-x", "a/../../x"] {
        let project = tree(&format!("{{ \"{path}\" = \"x\" }}"));
        project.run(&["build", "-o", "out"]).code(1).says("error[F0705]").says("main.forge:");
        assert!(!project.path("out").exists() && !project.path("x").exists());
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let project = tree(r#"{ "a/x.yaml" = "x" }"#);
    fs::create_dir_all(project.path("out")).unwrap();
    fs::create_dir_all(project.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(project.path("elsewhere"), project.path("out/a")).unwrap();
    project.run(&["build", "-o", "out"]).code(1).says("error[F0707]");
    assert!(project.files("elsewhere").is_empty());
}

#[test]
fn no_temporary_file_remains() {
    let project = tree(r#"{ "a/x.yaml" = "x", "b" = "y" }"#);
    project.run(&["build", "-o", "out"]).code(0);
    assert!(project.files("out").iter().all(|file| !file.contains("forge-tmp")));
}
