//! The words of each kind of mistake, as a stranger reads them on standard error. One mistake gives one message.

use crate::project::Project;

/// Runs a command on the files of a case. The first is `main.forge`; each other begins with `@@ path`.
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
    format!("{}exit code {}", run.err, run.code)
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
    parts_that_one_body_sets_twice: "eval", r#"schema C { n: Int = 1, m: Int = 2 }
schema S { c: C = C {} }
let yes = true
a = S { c { n = 5 }, if yes { c { n = 6 } } }
let cs: {String: C} = { a = {} }
b = cs { for k in ["a", "a"] { "\(k)" { n = 2 } } }"#;
    constants_that_are_none_of_those_that_fit: "eval", r#"a: 1 | 3 | 5 = 4
b: true = false
c: Quantity = 1.5
d: Duration = 30
e: Duration = "1h30m""#;
    operands_and_who_set_them: "eval", r#"schema S { total: Int = 10, parts: Int = 2, each: Int = total.div(parts) }
let zones = ["a", "b"]
let at = 5
a = S { parts = 0 }
b = zones[at]
c = [9223372036854775807 + at]"#;
    where_two_values_differ: "test", r#"schema Spec { replicas: Int = 1 }
schema Web { name: String, spec: Spec = Spec {}, args: [String] = [] }
let web = Web { name = "x", spec { replicas = 3 } }
test "differences" {
  assert web == Web { name = "x" }
  assert web.args == ["a"]
  assert web.name.length > 3 && web.args.all(arg => arg != "b")
}"#;
    habits_of_other_languages: "check", r#"my-app = 1
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
    circle_of_defaults: "eval", r#"schema Host { disk: Disk = Disk {} }
schema Disk { host: Host = Host {} }
a = Host {}"#;
    unknown_name: "eval", r#"let replicas = 3
a = replcas + 1"#;
    unknown_field: "eval", r#"schema Web { replicas: Int, image: String = "x" }
a = Web { replcas = 3 }"#;
    unknown_type: "eval", r#"schema Web { replicas: Inr }
a = Web { replicas = 3 }"#;
    type_in_lower_case_as_the_key_of_a_map: "eval", r#"schema Web { labels: {string: String} = {} }
a = Web { labels { "a/b" = "x" } }"#;
    built_in_type_as_value: "eval", r#"a = Int"#;
    unknown_imports: "eval", r#"import .lib.{pord}
import .lob
import std.txt
a = pord
@@ lib.forge
let port = 1"#;
    unknown_members: "eval", r#"let s = "abc"
a = s.uper()
b = [1, 2].fist()"#;
    value_of_the_wrong_type_far_below_the_declaration: "eval", r#"type Port = Int where it in 1..=65535
schema C { ports: [Port], m: {String: Int} = {} }
schema Web { c: C }
a = Web { c { ports = [1, "2"], m = { x = true } } }"#;
    missing_field_with_its_whole_path: "eval", r#"schema Meta { name: String, ns: String }
schema Pod { meta: Meta }
schema App { pod: Pod = Pod { meta { name = "x" } }, n: Int }
a = App {}"#;
    constant_outside_its_refinement: "eval", r#"type Port = Int where it in 1..=65535
schema W { port: Port = 80 }
a = W { port = 99999 }"#;
    computed_value_outside_its_refinement: "eval", r#"type Port = Int where it in 1..=65535
schema W { base: Int, port: Port = base * 10 }
a = W { base = 9000 }"#;
    failed_check: "eval", r#"schema W {
  name: String, replicas: Int = 2, max: Int = 5
  check replicas <= max, "\(name) wants \(replicas)"
}
a = W { name = "x", replicas = 9 }
b = a { max = 3 }"#;
    failed_assertions: "test", r#"schema W { replicas: Int = 2 }
let a = W {}
test "two" {
  assert a.replicas == 3
  assert a.replicas > 3 && a.replicas < 10, "nope"
}
test "three" { fails a { replicas = 3 } with "hello" }"#;
    keys_given_twice: "eval", r#"schema W { a: Int, m: {String: Int} = {} }
a = W {
  a = 1
  a = 2
}
b = { x = 1, x = 2 }
a = 3"#;
    elements_with_one_key: "eval", r#"schema C { name: String, n: Int = 1 }
schema P { cs: [C by name] }
a = P { cs = [{ name = "a" }, { name = "a" }] }"#;
    refinement_of_what_is_not_there: "eval", r#"schema C { name: String, n: Int = 1 }
schema P { cs: [C by name] = [{ name = "app" }], m: {String: C} = {} }
a = P { cs { apq { n = 2 } } }
b = P { m { x { n = 2 } } }"#;
    plain_list_refined: "eval", r#"schema C { name: String, n: Int = 1 }
schema P { cs: [C] = [{ name = "app" }] }
a = P { cs { app { n = 2 } } }"#;
    circle_of_values: "eval", r#"a = b + 1
b = c + 1
c = a + 1"#;
    circle_of_functions: "eval", r#"fn f(x: Int): Int = g(x)
fn g(x: Int): Int = h(x) + 1
fn h(x: Int): Int = f(x)
a = f(1)"#;
    circle_of_schemas_and_types: "eval", r#"schema A extends B { }
schema B extends C { }
schema C extends A { }
type T = U
type U = T"#;
    minutes_written_as_milli: "eval", r#"schema S { t: Duration = 5m }
a = S { t = 10m }
b = 1h + 5m"#;
    leaked_secrets: "eval", r#"import std.secrets
let s = secrets.reference(store = "v", key = "k")
schema S { p: Secret, any: Any = {} }
a = "x\(s)"
b = s == s
c = S { p = "hunter2" }
d = S { p = s, any = s }"#;
    emitted_secret: "build", r#"import std.secrets
schema R { apiVersion: String = "v1", kind: String = "R", p: Secret }
a = R { p = secrets.reference(store = "v", key = "k") }"#;
    matches_that_leave_values_out: "eval", r#"type Env = "dev" | "staging" | "prod"
fn n(e: Env): Int = match e { "dev" => 1, "prod" => 3 }
fn m(e: Int): Int = match e { 1 => 1 }
a = n("dev")"#;
    unreachable_arms: "eval", r#"type Env = "dev" | "prod"
fn n(e: Env): Int = match e { "dev" => 1, "prod" => 3, "dev" => 4 }
fn m(e: Env): Int = match e { _ => 1, "prod" => 3 }
a = n("dev")"#;
    unused_things: "check", r#"import std.text
let _private = 2
schema S { a: Int = 1, b: Int = 2 }
x = S { a = 1 }
fn f(a: Int, b: Int): Int = b
y = f(1, 2)"#;
    confusing_shadowing: "check", r#"schema S {
  name: String
  inner: {String: String} = { let name = "z", a = name }
}
a = S { name = "y" }"#;
    deprecated_uses: "check", r#"@deprecated("use `New`")
schema Old { x: Int = 1 }
schema New { @deprecated("use port") ports: Int = 2, port: Int = 1 }
a = Old {}
b = New { ports = 3 }"#;
    fields_that_a_build_cannot_write: "build", r#"a = 3
b = { x = "y" }"#;
    overflow: "eval", r#"let x = 4611686018427387904
a = x * 2
b = 9223372036854775807 + 1"#;
    division_by_zero: "eval", r#"let zero = 0
a = 1 / zero
b = 5 % zero"#;
    index_and_key_that_are_not_there: "eval", r#"let xs = [1, 2]
a = xs[2]
let m: {String: Int} = { aa = 1 }
b = m["ab"]"#;
    broken_regex: "eval", r#"import std.regex
a = "x".matches("(a")
b = regex.find("x", "[z")"#;
    unreadable_and_escaping_files: "eval", r#"import std.files
a = files.read("nope.txt")
b = files.read("../../../../etc/passwd")
c = files.read("/etc/passwd")"#;
    data_that_cannot_be_read: "eval", r#"import std.encoding
import std.files
a = files.readJson("x.json")
b = encoding.fromYaml("a: [")
@@ x.json
{"a":"#;
    manifest_with_unknown_and_missing_keys: "eval", r#"a = 1
@@ forge.toml
[package]
nam = "x""#;
    manifest_that_is_not_toml: "eval", r#"a = 1
@@ forge.toml
[package
name = "x""#;
    dependency_that_is_not_there: "eval app", r#"
@@ app/main.forge
import foo
a = foo.x
@@ app/forge.toml
[package]
name = "app"
edition = "2026"
[dependencies]
foo = { path = "../nope" }"#;
    circle_of_packages: "eval p", r#"
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
    several_mistakes_each_once: "eval", r#"schema S { a: Int, b: String }
x = S { a = "1", b = 2 }
y = x.c
z = nope
w = z + 1
v = y.d"#;
    lambda_of_which_nothing_is_known: "eval", r#"let f = (x, y) => x + y"#;
    function_with_a_body_of_other_languages: "eval", r#"fn f(a: Int): Int { return a }
b = f(1)"#;
    literal_of_no_alternative: "eval", r#"schema F { kind: "f", x: Int }
schema G { kind: "g", y: Int }
b: F | G = { kind = "h", x = 1 }"#;
    fields_that_stand_deeper: "check", r#"schema Labels { tier: String = "web" }
schema Meta { name: String = "x", labels: Labels = Labels {} }
schema Spec { replicas: Int = 1, port: Int = 80, status: Int = 2 }
schema Probe { port: Int = 81 }
schema Web { meta: Meta = Meta {}, spec: Spec?, probe: Probe = Probe {} }
a = Web { replicas = 2 }
b = Web { tier = "x", port = 3 }
c = Web {}.replicas
d = Web {}.name"#;
    text_without_quotes: "check", r#"schema Web { name: String, port: Int = 80 }
a = Web { name = frontend }
b = Web { name = "x", port = frontend }"#;
    values_in_texts_of_other_languages: "check", r#"let env = "x"
a: DnsLabel = "web-${env}"
b: DnsLabel = "web-{{ .env }}"
c: DnsLabel = "web-$(env)"
d: DnsLabel = "Web""#;
    values_for_objects_lists_and_switches: "check", r#"schema Port { number: Int, name: String = "p" }
schema Web { ports: [Port] = [], main: Port?, by: [Port by number] = [], tls: Bool = false, interval: String = "1h" }
let ports = [Port { number = 1 }]
a = Web { ports = [80] }
b = Web { ports = { number = 80 } }
c = Web { main = 80 }
d = Web { by = ports }
e = Web { tls = "yes" }
f = Web { interval = 90s }"#;
    value_behind_a_colon: "check", r#"schema Web { name: String }
web: Web { name = "x" }
let other: Web { name = "y" }"#;
    what_is_missing_in_braces_on_one_line: "check", r#"schema Spec { a: Int, b: Int }
schema Web { name: String, spec: Spec?, host: String }
a = Web { name = "x"
  spec { a = 1 } }
b = Web { spec.a = 1, name = "x", host = "y" }"#;
    refinement_behind_an_equals_sign: "eval", r#"schema C { name: String, n: Int = 1 }
schema S { cs: [C by name] = { app = {} } }
a = S { cs = { app { n = 2 } } }
b = S { cs = { other = {}, app { n = 2 } } }
c = S { cs { ap { n = 2 } } }"#;
    keys_of_more_than_one_round: "eval", r#"schema C { name: String, n: Int = 1 }
a: {String: Int} = { for i in 1..=2 { "k" = i } }
b: [C by name] = [for i in 1..=2 { { name = "z", n = i } }]
c: [C by name] = { x = { n = 1, name = "y" } }"#;
    who_set_what_a_chain_reads: "test", r#"schema Spec { hard: {String: Int}? = { pods = 1 } }
schema Quota { spec: Spec? = Spec {} }
let quota = Quota { spec { hard { pods = 8 } } }
test "pods" {
  assert quota.spec?.hard?.get("pods") == 4
  assert (quota.spec?.hard ?? {})["pods"] == 4
}"#;
    files_that_lie_elsewhere: "eval main.forge", r#"import a.b
x = b.x
@@ a/b.forge
import std.files
x = files.read("data.txt")
y = files.read("./dat.txt")
z = files.read("a/dtaa.txt")
@@ a/data.txt
hello"#;
    files_of_one_name: "build", r#"import std.output
a = output.Tree { files = { "x.yaml" = "1", "../y" = "2" } }
b = output.Tree { files { "x.yaml" = "3" } }"#;
    inputs_that_do_not_fit: "eval -i env=stagin -i size=5x -i zones=a -i most=0", r#"input env: "staging" | "production"
input size: Quantity = 1
input zones: [String] = []
input most: Int where it > 0 = 1
a = env"#;
    input_outside_its_refinement: "eval -i most=0", r#"input most: Int where it > 0 = 1
a = most"#;
    manifest_with_values_of_other_types: "eval", r#"a = 1
@@ forge.toml
[package]
name = "My-Shop"
edition = 2026
kubernetes = 1.35
[dependencies]
y = "../y"
z = { git = "https://example.org" }"#;
    names_of_literals_further_out: "check", r#"schema Meta { name: String, host: String = "" }
schema Web { name: String, domain: String, meta: Meta = Meta { name = "m" }, more: [Meta] = [] }
a = Web { name = "x", domain = "y", meta { name = name, host = domain } }
b = [Web { name = "x", domain = "y", meta { host = "\(domain)" } }]
c = a { more = [for i in 1..=2 { { name = "n\(i)", host = domain } }] }"#;
    value_named_like_a_type: "check", r#"let String = 3
schema Web { name: String, tags: [String] = [] }
a: String = "x""#;
    functions_of_other_languages: "check", r#"a = env("HOME")
b = len([1])
c = merge({}, {})
d: String = required("x")
e = toYaml(1)
f = range(3)"#;
    claims_without_assert: "check", r#"let n = 2
test "n" {
  n == 1
}"#;
    choices_and_loops_of_a_module: "check", r#"if true { a = 1 }
for x in [1] { b = x }"#;
}
