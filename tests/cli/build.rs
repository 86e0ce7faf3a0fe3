//! `build`, `eval` and `check`: results, inputs, exit codes.

use crate::project::{Project, WEB};

fn web() -> Project {
    Project::new(&[("main.forge", WEB)])
}

#[test]
fn a_build_prints_yaml_and_nothing_else() {
    let run = web().run(&["build"]).code(0);
    assert_eq!(run.out, "apiVersion: example.org/v1\nkind: Web\nname: web\nreplicas: 2\n");
    assert_eq!(run.err, "");
}

#[test]
fn a_target_is_a_file_a_folder_or_a_module_path() {
    let manifest = "[package]\nname = \"shop\"\nedition = \"2026\"\n";
    let project = Project::new(&[("forge.toml", manifest), ("a/web.forge", WEB), ("b/main.forge", WEB)]);
    for target in ["a/web.forge", "b", "b/", "b/main.forge", "shop.a.web", "shop.b"] {
        project.run(&["build", target]).code(0);
    }
    project.run(&["build", "b", "-C", "a"]).code(2).says("F0807");
    project.run(&["build", "web.forge", "-C", "a"]).code(0);
    project.run(&["build", "a"]).code(2).says("has no `main.forge`").says("a/web.forge");
}

#[test]
fn a_target_that_does_not_exist_is_a_command_error() {
    let run = web().run(&["build", "mian.forge"]).code(2).says("error[F0807]").says("did you mean `main.forge`?");
    assert_eq!(run.out, "");
}

#[test]
fn a_program_with_errors_exits_with_1_and_prints_no_output() {
    let project = Project::new(&[("main.forge", &WEB.replace("name = \"web\"", "name = 1"))]);
    let run = project.run(&["build"]).code(1).says("error[F0401]").says("main.forge:9:");
    assert_eq!(run.out, "");
    assert_eq!(project.run(&["check"]).code(1).out, "");
}

#[test]
fn warnings_exit_with_0() {
    let project = Project::new(&[("main.forge", &format!("import std.math\n{WEB}"))]);
    project.run(&["build"]).code(0).says("warning[F0902]");
}

#[test]
fn inputs_are_parsed_by_their_type() {
    let project = web();
    assert!(project.run(&["build", "--input", "replicas=5"]).code(0).out.contains("replicas: 5\n"));
    project.run(&["build", "-i", "replicas=many"]).code(2).says("error[F0806]").says("such as `3`");
    project.run(&["build", "-i", "replica=5"]).code(2).says("error[F0804]").says("did you mean `replicas`?");
    project.run(&["build", "-i", "replicas"]).code(2).says("name=value");
}

#[test]
fn lists_and_maps_are_set_as_json() {
    let program = "input hosts: [String]\ninput labels: {String: Int} = {}\na = hosts\nb = labels\n";
    let project = Project::new(&[("main.forge", program)]);
    let run = project.run(&["eval", "-o", "json", "-i", "hosts=[\"x\"]", "-i", "labels={\"a\": 1}"]).code(0);
    assert_eq!(run.out.split_whitespace().collect::<String>(), r#"{"a":["x"],"b":{"a":1}}"#);
    project.run(&["eval"]).code(2).says("error[F0805]").says("--input hosts=");
    project.run(&["eval", "-i", "hosts=x"]).code(2).says("error[F0806]");
    project.run(&["eval", "-i", "hosts=[1]"]).code(2).says("error[F0806]");
}

#[test]
fn an_expression_is_evaluated_in_the_scope_of_the_target() {
    let project = web();
    assert_eq!(project.run(&["eval", "-e", "web.replicas + 1", "main.forge"]).code(0).out, "3\n");
    assert_eq!(project.run(&["eval", "-e", "[1, 2].map(x => x * 2)", "-o", "json"]).code(0).out, "[\n  2,\n  4\n]\n");
    assert_eq!(project.run(&["eval", "-e", "web.replicas"]).code(0).out, "2\n");
    project.run(&["eval", "-e", "wbe", "main.forge"]).code(1).says("error[F0301]");
    project.run(&["eval", "-e", "1 +"]).code(1).says("error[F02");
}

#[test]
fn an_expression_without_a_module_can_use_the_prelude() {
    let project = Project::new(&[("other.forge", "x = 1\n")]);
    assert_eq!(project.run(&["eval", "-e", "[1, 2].length"]).code(0).out, "2\n");
    project.run(&["eval", "-e", "x"]).code(1).says("error[F0301]");
}

#[test]
fn a_build_without_output_is_reported() {
    let project = Project::new(&[("main.forge", "let x = 1\n")]);
    let run = project.run(&["build"]).code(0).says("nothing to write: no field of `main`");
    assert_eq!(run.out, "");
}

#[test]
fn a_folder_of_packages_is_not_a_package() {
    let package = |name: &str| format!("[package]\nname = \"{name}\"\nedition = \"2026\"\n");
    let (shop, base) = (package("shop"), package("base"));
    let files =
        [("shop/forge.toml", &*shop), ("shop/main.forge", ""), ("lib/base/forge.toml", &base), ("lib/x.forge", "")];
    let project = Project::new(&files);
    for command in ["check", "test"] {
        project.run(&[command]).code(2).says("`.` is not a package").says("name a package: `lib/base`, `shop`");
    }
    project.run(&["build"]).code(2).says("has no `main.forge`").says("name a package: `lib/base`, `shop`");
    project.run(&["check", "lib"]).code(0);
    project.run(&["check", "shop"]).code(0);
}

#[test]
fn limits_stop_an_evaluation() {
    let program = "a = [for i in 0..<100000 { i * i }]\n";
    let project = Project::new(&[("main.forge", program)]);
    project.run(&["eval", "--max-steps", "1000"]).code(1).says("error[F0607]");
    project.run(&["eval", "--max-memory", "1"]).code(1).says("error[F0608]");
    project.run(&["eval", "--max-steps", "0"]).code(2);
}

#[test]
fn a_small_value_with_endless_output_is_stopped() {
    for doubled in ["[a@, a@]", "{ x = a@, y = a@ }"] {
        let steps = (1..60).map(|i| format!("let a{i}: Any = {}\n", doubled.replace('@', &(i - 1).to_string())));
        let program = format!("let a0: Any = [1]\n{}a = a59\n", steps.collect::<String>());
        let project = Project::new(&[("main.forge", &program)]);
        project.run(&["eval", "--max-steps", "100000"]).code(1).says("error[F0607]");
        project.run(&["eval", "--max-memory", "1"]).code(1).says("error[F0608]");
    }
}

#[test]
fn a_name_as_long_as_a_file_is_not_repeated() {
    let project = Project::new(&[("main.forge", &format!("let b = 1\na = {}\n", "x".repeat(100_000)))]);
    let run = project.run(&["eval"]).code(1).says("error[F0301]");
    assert!(run.err.len() < 5_000, "{} bytes", run.err.len());
}

#[test]
fn large_literals_are_read_in_time_with_their_size() {
    let entries: String = (0..20_000).map(|i| format!("  k{i} = {i}\n")).collect();
    let items: String = (0..20_000).map(|i| format!("{{ name = \"n{i}\" }}\n")).collect();
    let program =
        format!("schema C {{ name: String }}\nlet cs: [C by name] = [\n{items}]\na = {{\n{entries}}}\nb = cs.length\n");
    let run = Project::new(&[("main.forge", &program)]).run(&["eval"]).code(0);
    assert!(run.out.ends_with("b: 20000\n"));
}

#[test]
fn bytes_that_are_not_utf8_are_an_error_with_a_location() {
    let project = Project::new(&[("nul.forge", "a = \"x\0y\"\nb = \0\n")]);
    project.run(&["eval", "nul.forge"]).code(1).says("error[F0101]").says("nul.forge:2:5");
    std::fs::write(project.path("bytes.forge"), b"a = \"\xff\xfe\"\n").unwrap();
    project.run(&["eval", "bytes.forge"]).code(1).says("error[F0106]");
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_package_are_not_followed() {
    let project =
        Project::new(&[("secret.txt", "x"), ("p/forge.toml", "[package]\nname = \"p\"\nedition = \"2026\"\n")]);
    project
        .write("p/main.forge", "import std.files\na = files.read(\"link.txt\")\nb = files.read(\"out/secret.txt\")\n");
    std::os::unix::fs::symlink("../secret.txt", project.path("p/link.txt")).unwrap();
    std::os::unix::fs::symlink("..", project.path("p/out")).unwrap();
    let run = project.run(&["eval", "p"]).code(1);
    assert_eq!(run.err.matches("error[F0611]").count(), 2, "{}", run.err);
}

#[test]
fn the_output_does_not_depend_on_the_number_of_threads() {
    let program = format!("{WEB}\nmany = [for i in 0..<400 {{ Web {{ name = \"w\\(i)\", replicas = i % 7 + 1 }} }}]\n");
    let project = Project::new(&[("main.forge", &program)]);
    let one = project.run(&["build", "-j", "1"]).code(0).out;
    assert_eq!(one.matches("kind: Web").count(), 401);
    for jobs in ["2", "3", "8"] {
        assert_eq!(project.run(&["build", "-j", jobs]).code(0).out, one, "{jobs} threads");
    }
}

#[test]
fn errors_do_not_depend_on_the_number_of_threads() {
    let program = format!("{WEB}\nmany = [for i in 0..<400 {{ Web {{ name = \"w\\(i)\", replicas = i - 50 }} }}]\n");
    let project = Project::new(&[("main.forge", &program)]);
    let one = project.run(&["build", "-j", "1"]).code(1).err;
    for jobs in ["2", "8"] {
        assert_eq!(project.run(&["build", "-j", jobs]).code(1).err, one, "{jobs} threads");
    }
}
