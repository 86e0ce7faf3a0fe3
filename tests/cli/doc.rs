//! `doc`: sources and outlines of modules and declarations.

use crate::project::Project;

const MANIFEST: &str = "[package]\nname = \"shop\"\nedition = \"2026\"\n";
const WEB: &str = "//! The web.\n\n/// Something that we run.\n@deprecated(\"use Site\")\nschema App {\n  /// Its name.\n  name: String\n  fn url(): String = \"https://\\(name)/\"\n}\n\nlet port = 80\nlet _hidden = 1\n";

fn shop() -> Project {
    Project::new(&[("forge.toml", MANIFEST), ("web.forge", WEB)])
}

#[test]
fn doc_prints_a_module_as_source() {
    let project = shop();
    for what in ["web.forge", "shop.web"] {
        assert_eq!(project.run(&["doc", what]).code(0).out, WEB);
    }
    assert!(project.run(&["doc", "std.semver"]).code(0).out.contains("fn isRange(text: String): Bool"));
}

#[test]
fn doc_prints_a_declaration_with_its_documentation() {
    let project = shop();
    let run = project.run(&["doc", "shop.web.App"]).code(0);
    assert!(
        run.out.starts_with("/// Something that we run.\n@deprecated(\"use Site\")\nschema App {\n"),
        "{}",
        run.out
    );
    assert!(run.out.ends_with("(name)/\"\n}\n"), "{}", run.out);
    assert_eq!(project.run(&["doc", "web.forge.port"]).code(0).out, "let port = 80\n");
}

#[test]
fn doc_finds_names_of_the_prelude() {
    let project = shop();
    assert!(project.run(&["doc", "DnsLabel"]).code(0).out.contains("\ntype DnsLabel = String where "));
    assert!(project.run(&["doc", "string.matches"]).code(0).out.contains("\nfn matches(self: String, "));
}

#[test]
fn doc_prints_resources_of_kubernetes() {
    let project = shop();
    let run = project.run(&["doc", "std.k8s.apps.v1.Deployment"]).code(0);
    assert!(run.out.starts_with("/// ") && run.out.contains("\nschema Deployment extends "), "{}", run.out);
    assert!(run.out.contains("\n  spec: DeploymentSpec"), "{}", run.out);
    let whole = project.run(&["doc", "std.crds.cert_manager.v1"]).code(0).out;
    assert!(whole.starts_with("//! ") && whole.contains("\nschema Certificate extends "));
}

#[test]
fn doc_uses_the_kubernetes_version_of_the_package() {
    let with = |version: &str| {
        let project = Project::new(&[("forge.toml", &format!("{MANIFEST}kubernetes = \"{version}\"\n"))]);
        project.run(&["doc", "std.k8s.core.v1.PodSpec"]).code(0).out
    };
    assert_ne!(with("1.33"), with("1.35"));
}

#[test]
fn doc_lists_the_modules_of_a_folder() {
    let project = shop();
    let run = project.run(&["doc", "std.k8s.autoscaling"]).code(0);
    assert_eq!(run.out, "std.k8s.autoscaling.v1\nstd.k8s.autoscaling.v2\n");
    assert!(project.run(&["doc", "std"]).code(0).out.contains("std.semver\n"));
    assert_eq!(project.run(&["doc", "shop"]).code(0).out, "shop.web\n");
}

#[test]
fn doc_prints_names_kinds_and_documentation_as_json() {
    let project = shop();
    let squeezed = |out: String| out.split_whitespace().collect::<Vec<_>>().join(" ");
    let module = squeezed(project.run(&["doc", "shop.web", "--format", "json"]).code(0).out);
    for part in [
        "\"module\": \"shop.web\"",
        "\"doc\": \"The web.\"",
        "\"name\": \"App\", \"kind\": \"schema\"",
        "\"deprecated\": \"use Site\"",
        "\"name\": \"port\", \"kind\": \"let\"",
    ] {
        assert!(module.contains(part), "{part} is not in {module}");
    }
    assert!(!module.contains("_hidden"), "{module}");
    let schema = squeezed(project.run(&["doc", "shop.web.App", "--format", "json"]).code(0).out);
    for part in [
        "{ \"name\": \"name\", \"kind\": \"field\", \"doc\": \"Its name.\", \"type\": \"String\" }",
        "\"name\": \"url\", \"kind\": \"method\"",
        "\"source\": \"/// Something",
    ] {
        assert!(schema.contains(part), "{part} is not in {schema}");
    }
    let folder = squeezed(project.run(&["doc", "std.k8s.autoscaling", "--format", "json"]).code(0).out);
    assert_eq!(folder, "{ \"modules\": [ \"std.k8s.autoscaling.v1\", \"std.k8s.autoscaling.v2\" ] }");
}

#[test]
fn doc_suggests_similar_names() {
    let project = shop();
    let run = |what: &str| project.run(&["doc", what]).code(2).says("error[F0807]");
    run("std.k8s.apps.v1.Deploymnt").says("`std.k8s.apps.v1` has no `Deploymnt`").says("did you mean `Deployment`?");
    run("std.k8s.app.v1").says("did you mean `std.k8s.apps.v1`?");
    run("shop.wbe").says("did you mean `shop.web`?");
    run("shop.web.Zebra").says("forgec doc shop.web");
    assert_eq!(run("shop.web.Zebra").out, "");
    run("Deployment").says("add its module: `std.k8s.apps.v1.Deployment`");
    run("std.k8s.core.v1.PodSpec.containers").says("forgec doc std.k8s.core.v1.PodSpec");
    run("string.mathes").says("did you mean `matches`?");
}

#[test]
fn doc_shows_the_methods_of_a_type_by_its_name() {
    let project = shop();
    assert!(project.run(&["doc", "Int"]).code(0).out.contains("fn abs(self: Int): Int"));
    assert_eq!(project.run(&["doc", "String"]).code(0).out, project.run(&["doc", "string"]).code(0).out);
    assert!(project.run(&["doc", "String.length"]).code(0).out.contains("fn length(self: String): Int"));
}

#[test]
fn doc_of_a_module_with_errors_prints_them_and_the_source() {
    let project = Project::new(&[("a.forge", "x = = 1\n")]);
    assert_eq!(project.run(&["doc", "a.forge"]).code(1).says("error[F02").out, "x = = 1\n");
}
