//! `why`: where values come from, by path, by line of the output, and by line of the program.

use crate::project::{Project, WEB};

/// Quotas that are computed from budgets.
const TENANTS: &str = r#"schema Meta { name: String }
schema Quota {
  apiVersion: String = "v1"
  kind: String = "ResourceQuota"
  metadata: Meta
  spec: {String: Quantity} = {}
  pods: Int = 1
}
schema Budget { memory: Quantity = 1Gi }
input production: Bool = false
let big = Budget { memory = 4Gi }
schema Tenant {
  name: String
  budget: Budget = Budget {}
  quota: Quota = Quota {
    let spare = if production { 3 } else { 2 }
    metadata { name = name }
    spec = { "requests.memory" = budget.memory }
    pods = spare + 1
  }
}
tenants = [Tenant { name = "a", budget = big }, Tenant { name = "b" }]
team = { x = Tenant { name = "c" } }
"#;

fn tenants() -> Project {
    Project::new(&[("main.forge", TENANTS)])
}

#[test]
fn it_shows_what_set_a_value_and_what_that_replaced() {
    let project = Project::new(&[("main.forge", &format!("{WEB}\nbig = web {{ replicas = 9 }}\n"))]);
    let run = project.run(&["why", "big.replicas"]).code(0);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[..2], ["big.replicas = 9", "  in Web web: replicas"]);
    assert!(lines[2].contains("main.forge:11:13") && lines[2].contains("set"), "{}", run.out);
    assert!(lines[3].contains("replaced") && lines[4].contains("replaced"), "{}", run.out);
    project.run(&["why", "big.replcas"]).code(2).says("did you mean `replicas`?");
}

#[test]
fn it_follows_the_values_that_a_value_was_computed_from() {
    let run = tenants().run(&["why", "tenants[0].quota.spec[\"requests.memory\"]"]).code(0);
    let expected = r#"tenants[0].quota.spec."requests.memory" = 4Gi
  in ResourceQuota a: spec."requests.memory"
  main.forge:18:14  set           spec = { "requests.memory" = budget.memory }
      budget.memory = 4Gi
        main.forge:11:20  set           let big = Budget { memory = 4Gi }
        main.forge:9:17   replaced      schema Budget { memory: Quantity = 1Gi }
"#;
    assert_eq!(run.out, expected);
}

#[test]
fn it_shows_the_branch_that_was_taken_and_the_input_it_depends_on() {
    let out = tenants().run(&["why", "tenants[0].quota.pods", "-i", "production=true"]).code(0).out;
    assert!(out.contains("spare = 3") && out.contains("production = true"), "{out}");
    assert!(out.contains("main.forge:10:7  given"), "{out}");
    let out = tenants().run(&["why", "tenants[0].quota.pods"]).code(0).out;
    assert!(out.contains("main.forge:10:7  set"), "{out}");
}

#[test]
fn a_path_starts_with_a_field_a_module_or_a_resource() {
    let project = tenants();
    let first = project.run(&["why", "tenants[1].quota.pods"]).code(0).out;
    for same in ["tenants.1.quota.pods", "main.tenants[1].quota.pods", "ResourceQuota/b.pods"] {
        assert_eq!(project.run(&["why", same]).code(0).out, first, "{same}");
    }
    assert!(project.run(&["why", "ResourceQuota/c"]).code(0).out.starts_with("team.x.quota = "));
    project.run(&["why", "ResourceQuota/d"]).code(2).says("error[F0807]").says("did you mean `ResourceQuota/");
    project.run(&["why", "ResourceQuota/c.pod"]).code(2).says("did you mean `pods`?");
    project.run(&["why", "tenants[7]"]).code(2).says("there is no value `tenants[7]`");
    project.run(&["why", "tenants[x]"]).code(2).says("error[F0811]");
}

#[test]
fn a_resource_in_several_namespaces_is_named_with_its_namespace() {
    let text = r#"schema App {
  apiVersion: String = "example.org/v1"
  kind: String = "App"
  metadata: { name: String, namespace: String? }
  size: Int = 1
}
a = App { metadata = { name = "web", namespace = "blue" } }
b = App { metadata = { name = "web", namespace = "green" }, size = 2 }
c = App { metadata = { name = "lone.app" } }
"#;
    let project = Project::new(&[("main.forge", text)]);
    assert!(project.run(&["why", "App/green/web.size"]).code(0).out.starts_with("b.size = 2\n"));
    assert!(project.run(&["why", "App/lone.app.size"]).code(0).out.starts_with("c.size = 1\n"));
    let run = project.run(&["why", "App/web.size"]).code(2).says("`App/web` names 2 resources");
    assert!(run.err.contains("`App/blue/web.size`, `App/green/web.size`"), "{}", run.err);
    project.run(&["why", "App/red/web"]).code(2).says("did you mean `App/");
    project.run(&["why", "Service/x"]).code(2).says("`Kind/namespace/name`");
    project.run(&["why", "c.metadata.nme"]).code(2).says("did you mean `name`?");
    project.run(&["why", "c.metadata.x"]).code(2).says("it has `name`, `namespace`");
}

#[test]
fn a_line_of_the_output_is_explained_by_its_path_in_the_program() {
    let project = tenants();
    project.run(&["build", "-o", "out"]).code(0);
    let run = project.run(&["why", "out/main.yaml:14"]).code(0);
    assert!(run.out.starts_with("tenants[1].quota.spec.\"requests.memory\" = 1Gi\n"), "{}", run.out);
    let run = project.run(&["why", "out/main.yaml:22"]).code(0);
    assert!(run.out.starts_with("team.x.quota.spec.\"requests.memory\" = 1Gi\n"), "{}", run.out);
    project.run(&["why", "out/main.yaml:99"]).code(2).says("there is no value on line 99 of this build");
    project.run(&["why", "out/other.yaml:1"]).code(2).says("there is no file");
}

#[test]
fn a_line_of_the_program_is_explained_by_all_values_that_it_sets() {
    let project = tenants();
    let run = project.run(&["why", "main.forge:18"]).code(0);
    assert_eq!(run.out.matches("  sets ").count(), 6, "{}", run.out);
    assert!(run.out.contains("main.yaml:14  tenants[1].quota.spec.\"requests.memory\" = 1Gi"), "{}", run.out);
    let run = project.run(&["why", "main.forge:11"]).code(0);
    let expected = r#"main.forge:11  let big = Budget { memory = 4Gi }
  reaches   main.yaml:6  tenants[0].quota.spec."requests.memory" = 4Gi
"#;
    assert_eq!(run.out, expected);
    let run = project.run(&["why", "main.forge:7"]).code(0);
    assert!(run.out.contains("  replaced  ") && run.out.contains("set at main.forge:19:5"), "{}", run.out);
    project.run(&["why", "main.forge:20"]).code(2).says("line 20 of `main.forge` affects no value of the output");
    project.run(&["why", "main.forge:999"]).code(2).says("no line 999");
    assert_eq!(project.run(&["why", "main.forge:11:5"]).code(0).out, expected);
}

#[test]
fn a_line_of_an_imported_file_is_found() {
    let library = "schema Size { cpu: Int = 2 }\nlet small = Size {}\n";
    let program = "import .size\nschema R { apiVersion: String = \"v1\", kind: String = \"R\", cpu: Int }\n\
                   r = R { cpu = size.small.cpu }\n";
    let project = Project::new(&[("size.forge", library), ("main.forge", program), ("other.forge", "let a = 1\n")]);
    let run = project.run(&["why", "size.forge:1"]).code(0);
    assert!(run.out.contains("reaches   main.yaml:3  r.cpu = 2"), "{}", run.out);
    project.run(&["why", "other.forge:1"]).code(2).says("`other.forge` is not part of this build");
}

#[test]
fn a_line_of_a_dependency_is_found() {
    let package = "[package]\nname = \"lib\"\nedition = \"2026\"\n";
    let shop = "[package]\nname = \"shop\"\nedition = \"2026\"\n[dependencies]\nlib = { path = \"../lib\" }\n";
    let program = "import lib.size\nschema R { apiVersion: String = \"v1\", kind: String = \"R\", cpu: Int }\n\
                   r = R { cpu = size.cpu }\n";
    let project = Project::new(&[
        ("lib/forge.toml", package),
        ("lib/size.forge", "let cpu = 2\n"),
        ("shop/forge.toml", shop),
        ("shop/main.forge", program),
    ]);
    let run = project.run(&["-C", "shop", "why", "../lib/size.forge:1"]).code(0);
    assert!(run.out.contains("../lib/size.forge:1  let cpu = 2\n  reaches   shop.yaml:3  r.cpu = 2"), "{}", run.out);
    let run = project.run(&["-C", "shop", "why", "r.cpu"]).code(0);
    assert!(run.out.contains("../lib/size.forge:1:5  set"), "{}", run.out);
}

#[test]
fn a_default_is_shown_as_one() {
    let project =
        Project::new(&[("main.forge", "schema S { n: Int = 1, m: Int = 2 }\na = S {}\nb = S { ...{ n = 3 } }\n")]);
    assert!(project.run(&["why", "a.n"]).code(0).out.contains("main.forge:1:12  default       schema S"));
    assert!(project.run(&["why", "b.n"]).code(0).out.contains("spread        b = S"));
}
