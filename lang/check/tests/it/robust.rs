//! Invalid, large and deeply nested programs are checked without a panic and in reasonable time.

use crate::fixture::{broken_module, module};

const PROGRAM: &str = r#"
type Port = Int where it in 1..=65535
abstract schema Base { name: String, port: Port = 80, fn url(): String }
schema Web extends Base {
  labels: {String: String} = { app = name }
  next: Web? = null
  let host = "\(name):\(port)"
  fn url(): String = "http://\(host)"
  check port > 0, "no port"
}
let webs = [for i, n in ["a", "b"] if n != "c" { Web { name = n, port = 80 + i, labels { "x/\(n)" = n } } }]
x = match webs.first { null => 0, _ => webs[0].port + 1 }
y = webs.map(w => w { port = super + 1 }).fold(0, (acc, w) => acc + w.port)
z = { a = 1, b = self.a ?? 2, ...{ c = webs[0].next?.next?.name } }
"#;

/// Fragments that change the meaning of the code around them.
const FRAGMENTS: [&str; 14] =
    ["{", "}", "(", "]", " self ", " super ", " null ", "?.", ".x", " = ", " { a = 1 }", "...", " is Int", "\"\\("];

#[test]
fn a_program_that_ends_anywhere_is_checked() {
    for end in (0..PROGRAM.len()).step_by(3) {
        broken_module(&PROGRAM[..end]);
    }
}

#[test]
fn a_program_with_a_stray_fragment_anywhere_is_checked() {
    for (number, index) in (0..PROGRAM.len()).step_by(5).enumerate() {
        let mut text = PROGRAM.to_owned();
        text.insert_str(index, FRAGMENTS[number % FRAGMENTS.len()]);
        broken_module(&text);
    }
}

#[test]
fn a_long_sum_is_checked() {
    let text = format!("x = 1{}", " + 1".repeat(400));
    assert_eq!(module(&text).report(), "");
}

#[test]
fn a_long_list_is_checked() {
    let text = format!("x: [Int] = [{}]", "1, ".repeat(100_000));
    assert_eq!(module(&text).report(), "");
}

#[test]
fn a_long_chain_of_values_is_checked() {
    let mut text = String::from("x0 = 1\n");
    for n in 1..2000 {
        text.insert_str(0, &format!("x{n} = x{} + 1\n", n - 1));
    }
    assert_eq!(module(&text).report(), "");
}

#[test]
fn deep_nesting_is_checked() {
    let text = format!("x = {}1{}", "[".repeat(400), "]".repeat(400));
    assert_eq!(module(&text).report(), "");
}

#[test]
fn the_number_of_diagnostics_is_limited() {
    let mut text = String::new();
    for n in 0..60_000 {
        text.push_str(&format!("let a{n}: Int = z{n}\n"));
    }
    let found = crate::fixture::slip(&text).len();
    assert!((10_000..=20_000).contains(&found), "{found}");
    // The last of many warnings is an error all the same.
    let odd =
        "type P = \"Always\" | \"Never\" | String\nx: [P] = [\n".to_owned() + &"\"Alway\"\n".repeat(11_000) + "]\n";
    assert_eq!(crate::fixture::slip(&format!("{odd}y: Int = \"\"\n")), ["`y` takes `Int`, not `String`"]);
}

#[test]
fn a_function_with_very_many_parameters_is_checked() {
    let params: Vec<String> = (0..50_000).map(|n| format!("a{n}: Int")).collect();
    assert!(module(&format!("fn f({}): Int = 1", params.join(", "))).checked.diags.len() <= 10_000);
    let twice = crate::fixture::slip(&format!("fn f({}, a7: Int): Int = 1", params.join(", ")));
    assert_eq!(twice.len(), 1, "{twice:?}");
}

#[test]
fn a_match_with_very_many_numbers_is_checked() {
    let arms: String = (0..30_000).map(|n| format!("  {} => {n}\n", n * 7 % 30_001)).collect();
    let checked = module(&format!("fn f(x: Int): Int = match x {{\n{arms}  _ => 0\n}}"));
    assert!(checked.report().is_empty());
}
