//! Small commands, global options and output formats.

use std::fs;
use std::io::Read;

use crate::project::{Project, WEB};

#[test]
fn an_invalid_command_line_exits_with_2() {
    let project = Project::new(&[]);
    project.run(&[]).code(2);
    project.run(&["biuld"]).code(2);
    project.run(&["build", "--nope"]).code(2);
    project.run(&["check", "-C", "nowhere"]).code(2).says("error[F0811]");
    project.run(&["check"]).code(2).says("error[F0807]");
    project.run(&["--help"]).code(0);
    assert!(project.run(&["--version"]).code(0).out.starts_with("forgec "));
}

#[test]
fn a_new_package_builds_checks_tests_and_is_formatted() {
    let project = Project::new(&[]);
    project.run(&["new", "my-shop"]).code(0).says("forgec build my-shop");
    assert!(project.read("my-shop/forge.toml").contains("name = \"my_shop\""));
    for command in ["build", "check", "test"] {
        project.run(&[command, "my-shop"]).code(0);
    }
    project.run(&["fmt", "--check", "my-shop"]).code(0);
    project.run(&["new", "my-shop"]).code(2).says("is not empty");
    project.run(&["new", "9"]).code(2).says("is not a valid package name");
}

#[test]
fn fmt_rewrites_files_and_check_only_prints_differences() {
    let project = Project::new(&[("a.forge", "x   =  1\n"), ("b/c.forge", "y = 2\n")]);
    let run = project.run(&["fmt", "--check"]).code(1).says("error[F0908]");
    assert!(run.out.contains("-x   =  1\n+x = 1\n"), "{}", run.out);
    assert_eq!(project.read("a.forge"), "x   =  1\n");
    project.run(&["fmt"]).code(0).says("formatted 1 of 2 files");
    assert_eq!(project.read("a.forge"), "x = 1\n");
    project.run(&["fmt", "--check"]).code(0);
}

#[test]
fn fmt_reads_standard_input() {
    let project = Project::new(&[]);
    assert_eq!(project.run_with(&["fmt", "-"], "x   =  1").code(0).out, "x = 1\n");
    project.run_with(&["fmt", "-", "--check"], "x   =  1").code(1);
    project.run_with(&["fmt", "-"], "x = (").code(1).says("<stdin>:1:");
}

#[test]
fn fmt_does_not_change_files_with_syntax_errors() {
    let project = Project::new(&[("a.forge", "x = = 1\n"), ("b.forge", "y  = 2\n")]);
    project.run(&["fmt"]).code(1).says("error[F02");
    assert_eq!((project.read("a.forge"), project.read("b.forge")), ("x = = 1\n".into(), "y = 2\n".into()));
}

#[cfg(unix)]
#[test]
fn fmt_keeps_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("a.forge", "x  = 1\n")]);
    fs::set_permissions(project.path("a.forge"), fs::Permissions::from_mode(0o640)).unwrap();
    project.run(&["fmt"]).code(0);
    assert_eq!(fs::metadata(project.path("a.forge")).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn explain_prints_the_page_of_a_code() {
    let project = Project::new(&[]);
    assert!(project.run(&["explain", "F0412"]).code(0).out.starts_with("# F0412"));
    project.run(&["explain", "F9999"]).code(2).says("error[F0809]");
}

#[test]
fn debug_prints_the_result_of_each_stage() {
    let project = Project::new(&[("main.forge", WEB)]);
    for stage in ["tokens", "ast", "types"] {
        assert!(!project.run(&["debug", stage]).code(0).out.is_empty(), "{stage}");
    }
    let types = project.run(&["debug", "types"]).code(0).out;
    assert!(types.contains("schema Web\n  apiVersion: String\n") && types.ends_with("web: Web\n"), "{types}");
}

#[test]
fn completions_and_manuals_are_generated() {
    let project = Project::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(project.run(&["completions", shell]).code(0).out.contains("forgec"), "{shell}");
    }
    project.run(&["man", "man"]).code(0);
    assert!(project.files("man").contains(&"forgec-build.1".to_owned()));
}

#[test]
fn diagnostics_are_json_or_sarif_on_request() {
    let project = Project::new(&[("main.forge", "a = b\n")]);
    let json = project.run(&["build", "--format", "json"]).code(1).err;
    assert!(json.starts_with('{') && json.contains("\"code\": \"F0301\""), "{json}");
    let sarif = project.run(&["build", "--format", "sarif"]).code(1).err;
    assert!(sarif.contains("\"2.1.0\"") && sarif.contains("F0301"), "{sarif}");
}

#[test]
fn colors_are_used_only_on_request_or_on_a_terminal() {
    let project = Project::new(&[("main.forge", "a = b\n")]);
    assert!(!project.run(&["build"]).code(1).err.contains('\u{1b}'));
    assert!(project.run(&["build", "--color", "always"]).code(1).err.contains('\u{1b}'));
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let program = format!("{WEB}\nmany = [for i in 0..<5000 {{ Web {{ name = \"w\\(i)\" }} }}]\n");
    let project = Project::new(&[("main.forge", &program)]);
    let mut child = project.command(&["build"]).spawn().unwrap();
    let mut first = [0; 1];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    for (open, close) in [("[", "]"), ("{ a = ", " }"), ("(", ")")] {
        let program = format!("a = {}1{}\n", open.repeat(20_000), close.repeat(20_000));
        let project = Project::new(&[("main.forge", &program)]);
        project.run(&["eval"]).code(1).says("error[F0204]");
    }
}

#[test]
fn files_that_are_not_text_are_reported() {
    let project = Project::new(&[]);
    fs::write(project.path("main.forge"), [0xff, 0xfe, 0x00]).unwrap();
    project.run(&["build"]).code(1).says("error[F0106]");
}

#[cfg(unix)]
#[test]
fn a_module_linked_from_outside_the_package_is_an_error() {
    let project = Project::new(&[("secret.forge", "x = 1\n"), ("p/main.forge", "import .a\ny = a.x\n")]);
    std::os::unix::fs::symlink(project.path("secret.forge"), project.path("p/a.forge")).unwrap();
    project.run(&["eval", "p"]).code(1).says("error[F0611]");
}
