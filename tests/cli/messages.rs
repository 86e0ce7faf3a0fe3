//! The diagnostics of each kind of mistake, as printed on standard error. One mistake gives one diagnostic.

use crate::project::Project;

/// Runs a command on the files of a case. The first is `main.forge`; each further one starts with `@@ path`.
fn report(command: &str, files: &str) -> String {
    let mut parts = files.split("\n@@ ");
    let project = Project::new(&[]);
    if let Some(main) = parts.next().filter(|main| !main.trim().is_empty()) {
        project.write("main.forge", &format!("{}\n", main.trim()));
    }
    for part in parts {
        let (path, text) = part.split_once('\n').unwrap();
        project.write(path, text);
    }
    let args: Vec<&str> = command.split(' ').collect();
    let run = project.run(&args);
    // The closing line of `check` is not a message.
    let messages: String = run.err.split_inclusive('\n').filter(|line| !line.starts_with("checked ")).collect();
    format!("{messages}exit code {}", run.code)
}

macro_rules! reports {
    ($($name:ident: $command:literal, $files:literal;)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(report($command, $files));
        }
    )*};
}

reports! {
    f0414_parts_set_twice_by_a_body: "eval", r#"schema C { n: Int = 1, m: Int = 2 }
schema S { c: C = C {} }
let yes = true
a = S { c { n = 5 }, if yes { c { n = 6 } } }
let cs: {String: C} = { a = {} }
b = cs { for k in ["a", "a"] { "\(k)" { n = 2 } } }"#;
    f0401_constants_outside_a_union: "eval", r#"a: 1 | 3 | 5 = 4
b: true = false
c: Quantity = 1.5
d: Duration = 30
e: Duration = "1h30m""#;
    f0603_operands_and_their_sources: "eval", r#"schema S { total: Int = 10, parts: Int = 2, each: Int = total.div(parts) }
let zones = ["a", "b"]
let at = 5
a = S { parts = 0 }
b = zones[at]
c = [9223372036854775807 + at]"#;
    f0503_difference_of_two_values: "test", r#"schema Spec { replicas: Int = 1 }
schema Web { name: String, spec: Spec = Spec {}, args: [String] = [] }
let web = Web { name = "x", spec { replicas = 3 } }
test "differences" {
  assert web == Web { name = "x" }
  assert web.args == ["a"]
  assert web.name.length > 3 && web.args.all(arg => arg != "b")
}"#;
    f0201_syntax_of_other_languages: "check", r#"my-app = 1
let b = 1
  - 2
let c: Int? = 1
let d = c
  is Int
let e = [1].map(|x| x + 1)
let f = [1, 2}
input n = 1
schema S { xs: [Int] = [1] }
let g = S { xs[0] = 1 }
import std
import std.text.*
import std.net.host"#;
    f0601_cyclic_defaults: "eval", r#"schema Host { disk: Disk = Disk {} }
schema Disk { host: Host = Host {} }
a = Host {}"#;
    f0301_unknown_name: "eval", r#"let replicas = 3
a = replcas + 1"#;
    f0412_unknown_field: "eval", r#"schema Web { replicas: Int, image: String = "x" }
a = Web { replcas = 3 }"#;
    f0306_unknown_type: "eval", r#"schema Web { replicas: Inr }
a = Web { replicas = 3 }"#;
    f0306_lower_case_type_as_map_key: "eval", r#"schema Web { labels: {string: String} = {} }
a = Web { labels { "a/b" = "x" } }"#;
    f0310_built_in_type_as_value: "eval", r#"a = Int"#;
    f0303_unknown_imports: "eval", r#"import .lib.{pord}
import .lob
import std.txt
a = pord
@@ lib.forge
let port = 1"#;
    f0402_unknown_members: "eval", r#"let s = "abc"
a = s.uper()
b = [1, 2].fist()"#;
    f0401_nested_value_of_the_wrong_type: "eval", r#"type Port = Int where it in 1..=65535
schema C { ports: [Port], m: {String: Int} = {} }
schema Web { c: C }
a = Web { c { ports = [1, "2"], m = { x = true } } }"#;
    f0413_missing_nested_field: "eval", r#"schema Meta { name: String, ns: String }
schema Pod { meta: Meta }
schema App { pod: Pod = Pod { meta { name = "x" } }, n: Int }
a = App {}"#;
    f0501_constant_violates_its_refinement: "eval", r#"type Port = Int where it in 1..=65535
schema W { port: Port = 80 }
a = W { port = 99999 }"#;
    f0501_computed_value_violates_its_refinement: "eval", r#"type Port = Int where it in 1..=65535
schema W { base: Int, port: Port = base * 10 }
a = W { base = 9000 }"#;
    f0502_failed_check: "eval", r#"schema W {
  name: String, replicas: Int = 2, max: Int = 5
  check replicas <= max, "\(name) wants \(replicas)"
}
a = W { name = "x", replicas = 9 }
b = a { max = 3 }"#;
    f0503_failed_assertions: "test", r#"schema W { replicas: Int = 2 }
let a = W {}
test "two" {
  assert a.replicas == 3
  assert a.replicas > 3 && a.replicas < 10, "nope"
}
test "three" { fails a { replicas = 3 } with "hello" }"#;
    f0414_duplicate_keys: "eval", r#"schema W { a: Int, m: {String: Int} = {} }
a = W {
  a = 1
  a = 2
}
b = { x = 1, x = 2 }
a = 3"#;
    f0505_elements_with_the_same_key: "eval", r#"schema C { name: String, n: Int = 1 }
schema P { cs: [C by name] }
a = P { cs = [{ name = "a" }, { name = "a" }] }"#;
    f0504_refinement_of_missing_entries: "eval", r#"schema C { name: String, n: Int = 1 }
schema P { cs: [C by name] = [{ name = "app" }], m: {String: C} = {} }
a = P { cs { apq { n = 2 } } }
b = P { m { x { n = 2 } } }"#;
    f0410_plain_list_refined: "eval", r#"schema C { name: String, n: Int = 1 }
schema P { cs: [C] = [{ name = "app" }] }
a = P { cs { app { n = 2 } } }"#;
    f0601_cyclic_values: "eval", r#"a = b + 1
b = c + 1
c = a + 1"#;
    f0422_recursive_functions: "eval", r#"fn f(x: Int): Int = g(x)
fn g(x: Int): Int = h(x) + 1
fn h(x: Int): Int = f(x)
a = f(1)"#;
    f0309_cyclic_schemas_and_types: "eval", r#"schema A extends B { }
schema B extends C { }
schema C extends A { }
type T = U
type U = T"#;
    f0411_milli_for_minutes: "eval", r#"schema S { t: Duration = 5m }
a = S { t = 10m }
b = 1h + 5m"#;
    f0420_leaked_secrets: "eval", r#"import std.secrets
let s = secrets.reference(store = "v", key = "k")
schema S { p: Secret, any: Any = {} }
a = "x\(s)"
b = s == s
c = S { p = "hunter2" }
d = S { p = s, any = s }"#;
    f0703_emitted_secret: "build", r#"import std.secrets
schema R { apiVersion: String = "v1", kind: String = "R", p: Secret }
a = R { p = secrets.reference(store = "v", key = "k") }"#;
    f0415_non_exhaustive_matches: "eval", r#"type Env = "dev" | "staging" | "prod"
fn n(e: Env): Int = match e { "dev" => 1, "prod" => 3 }
fn m(e: Int): Int = match e { 1 => 1 }
a = n("dev")"#;
    f0416_unreachable_arms: "eval", r#"type Env = "dev" | "prod"
fn n(e: Env): Int = match e { "dev" => 1, "prod" => 3, "dev" => 4 }
fn m(e: Env): Int = match e { _ => 1, "prod" => 3 }
a = n("dev")"#;
    f0902_unused_items: "check", r#"import std.text
let _private = 2
schema S { a: Int = 1, b: Int = 2 }
x = S { a = 1 }
fn f(a: Int, b: Int): Int = b
y = f(1, 2)"#;
    f0904_confusing_shadowing: "check", r#"schema S {
  name: String
  inner: {String: String} = { let name = "z", a = name }
}
a = S { name = "y" }"#;
    f0905_deprecated_items: "check", r#"@deprecated("use `New`")
schema Old { x: Int = 1 }
schema New { @deprecated("use port") ports: Int = 2, port: Int = 1 }
a = Old {}
b = New { ports = 3 }"#;
    f0701_fields_without_output: "build", r#"a = 3
b = { x = "y" }"#;
    f0602_overflow: "eval", r#"let x = 4611686018427387904
a = x * 2
b = 9223372036854775807 + 1"#;
    f0603_division_by_zero: "eval", r#"let zero = 0
a = 1 / zero
b = 5 % zero"#;
    f0604_missing_index_and_key: "eval", r#"let xs = [1, 2]
a = xs[2]
let m: {String: Int} = { aa = 1 }
b = m["ab"]"#;
    f0606_invalid_regular_expression: "eval", r#"import std.regex
a = "x".matches("(a")
b = regex.find("x", "[z")"#;
    f0610_unreadable_and_escaping_files: "eval", r#"import std.files
a = files.read("nope.txt")
b = files.read("../../../../etc/passwd")
c = files.read("/etc/passwd")"#;
    f0612_invalid_data: "eval", r#"import std.encoding
import std.files
a = files.readJson("x.json")
b = encoding.fromYaml("a: [")
@@ x.json
{"a":"#;
    f0801_manifest_with_unknown_and_missing_keys: "eval", r#"a = 1
@@ forge.toml
[package]
nam = "x""#;
    f0801_manifest_is_not_toml: "eval", r#"a = 1
@@ forge.toml
[package
name = "x""#;
    f0803_missing_dependency: "eval app", r#"
@@ app/main.forge
import foo
a = foo.x
@@ app/forge.toml
[package]
name = "app"
edition = "2026"
[dependencies]
foo = { path = "../nope" }"#;
    f0802_cyclic_packages: "eval p", r#"
@@ p/forge.toml
[package]
name = "p"
edition = "2026"
[dependencies]
q = { path = "../q" }
@@ p/main.forge
import q
a = q.b
@@ q/forge.toml
[package]
name = "q"
edition = "2026"
[dependencies]
p = { path = "../p" }
@@ q/main.forge
import p
b = p.a"#;
    several_errors_are_reported_once_each: "eval", r#"schema S { a: Int, b: String }
x = S { a = "1", b = 2 }
y = x.c
z = nope
w = z + 1
v = y.d"#;
    f0408_lambda_without_parameter_types: "eval", r#"let f = (x, y) => x + y"#;
    f0205_function_body_of_other_languages: "eval", r#"fn f(a: Int): Int { return a }
b = f(1)"#;
    f0401_literal_matches_no_alternative: "eval", r#"schema F { kind: "f", x: Int }
schema G { kind: "g", y: Int }
b: F | G = { kind = "h", x = 1 }"#;
    f0412_fields_of_nested_schemas: "check", r#"schema Labels { tier: String = "web" }
schema Meta { name: String = "x", labels: Labels = Labels {} }
schema Spec { replicas: Int = 1, port: Int = 80, status: Int = 2 }
schema Probe { port: Int = 81 }
schema Web { meta: Meta = Meta {}, spec: Spec?, probe: Probe = Probe {} }
a = Web { replicas = 2 }
b = Web { tier = "x", port = 3 }
c = Web {}.replicas
d = Web {}.name"#;
    f0301_string_without_quotes: "check", r#"schema Web { name: String, port: Int = 80 }
a = Web { name = frontend }
b = Web { name = "x", port = frontend }"#;
    f0501_interpolation_of_other_languages: "check", r#"let env = "x"
a: DnsLabel = "web-${env}"
b: DnsLabel = "web-{{ .env }}"
c: DnsLabel = "web-$(env)"
d: DnsLabel = "Web""#;
    f0401_values_for_objects_lists_and_booleans: "check", r#"schema Port { number: Int, name: String = "p" }
schema Web { ports: [Port] = [], main: Port?, by: [Port by number] = [], tls: Bool = false, interval: String = "1h" }
let ports = [Port { number = 1 }]
a = Web { ports = [80] }
b = Web { ports = { number = 80 } }
c = Web { main = 80 }
d = Web { by = ports }
e = Web { tls = "yes" }
f = Web { interval = 90s }"#;
    f0201_value_after_a_colon: "check", r#"schema Web { name: String }
web: Web { name = "x" }
let other: Web { name = "y" }"#;
    f0413_fields_missing_on_one_line: "check", r#"schema Spec { a: Int, b: Int }
schema Web { name: String, spec: Spec?, host: String }
a = Web { name = "x"
  spec { a = 1 } }
b = Web { spec.a = 1, name = "x", host = "y" }"#;
    f0504_refinement_after_an_equals_sign: "eval", r#"schema C { name: String, n: Int = 1 }
schema S { cs: [C by name] = { app = {} } }
a = S { cs = { app { n = 2 } } }
b = S { cs = { other = {}, app { n = 2 } } }
c = S { cs { ap { n = 2 } } }"#;
    f0505_keys_set_in_several_iterations: "eval", r#"schema C { name: String, n: Int = 1 }
a: {String: Int} = { for i in 1..=2 { "k" = i } }
b: [C by name] = [for i in 1..=2 { { name = "z", n = i } }]
c: [C by name] = { x = { n = 1, name = "y" } }"#;
    f0503_sources_of_a_chain: "test", r#"schema Spec { hard: {String: Int}? = { pods = 1 } }
schema Quota { spec: Spec? = Spec {} }
let quota = Quota { spec { hard { pods = 8 } } }
test "pods" {
  assert quota.spec?.hard?.get("pods") == 4
  assert (quota.spec?.hard ?? {})["pods"] == 4
}"#;
    f0610_files_in_other_folders: "eval main.forge", r#"import a.b
x = b.x
@@ a/b.forge
import std.files
x = files.read("data.txt")
y = files.read("./dat.txt")
z = files.read("a/dtaa.txt")
@@ a/data.txt
hello"#;
    f0704_duplicate_output_paths: "build", r#"import std.output
a = output.Tree { files = { "x.yaml" = "1", "../y" = "2" } }
b = output.Tree { files { "x.yaml" = "3" } }"#;
    f0806_inputs_of_the_wrong_type: "eval -i env=stagin -i size=5x -i zones=a -i most=0", r#"input env: "staging" | "production"
input size: Quantity = 1
input zones: [String] = []
input most: Int where it > 0 = 1
a = env"#;
    f0806_input_violates_its_refinement: "eval -i most=0", r#"input most: Int where it > 0 = 1
a = most"#;
    f0801_manifest_with_invalid_values: "eval", r#"a = 1
@@ forge.toml
[package]
name = "My-Shop"
edition = 2026
kubernetes = 1.35
[dependencies]
y = "../y"
z = { git = "https://example.org" }"#;
    f0301_fields_of_enclosing_literals: "check", r#"schema Meta { name: String, host: String = "" }
schema Web { name: String, domain: String, meta: Meta = Meta { name = "m" }, more: [Meta] = [] }
a = Web { name = "x", domain = "y", meta { name = name, host = domain } }
b = [Web { name = "x", domain = "y", meta { host = "\(domain)" } }]
c = a { more = [for i in 1..=2 { { name = "n\(i)", host = domain } }] }"#;
    f0206_value_named_like_a_type: "check", r#"let String = 3
schema Web { name: String, tags: [String] = [] }
a: String = "x""#;
    f0301_functions_of_other_languages: "check", r#"a = env("HOME")
b = len([1])
c = merge({}, {})
d: String = required("x")
e = toYaml(1)
f = range(3)"#;
    f0201_condition_without_assert: "check", r#"let n = 2
test "n" {
  n == 1
}"#;
    f0203_conditions_and_loops_in_a_module: "check", r#"if true { a = 1 }
for x in [1] { b = x }"#;
}

#[test]
fn snapshots_named_after_a_code_contain_it() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cli/snapshots")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Some((_, code)) = name.split_once("__messages__f") else { continue };
        let code = format!("F{}]", &code[..4]);
        assert!(std::fs::read_to_string(&path).unwrap().contains(&code), "{name} has no {code}");
    }
}
