//! What people write who come from elsewhere: one slip gives one error, whatever follows from it, and nothing around it is lost.

use crate::fixture::slip;

/// What the slips use.
const AROUND: &str = "schema A { a: Int = 1 }
schema S { port: Int = 80, name: String = \"x\", tags: [String] = [], labels: {String: String} = {} }
";

/// A mistake and the headline of its only error.
const SLIPS: &[(&str, &str)] = &[
    ("schema B {}\nschema C extends A, B {}\nx = C {}", "a schema has one parent"),
    ("schema B {}\nschema C extends A, B {\n  z: Int = 1\n}\nx = C {}.z", "a schema has one parent"),
    ("let t = \"one\n  two\n  three\"\nx = 1", "a string between `\"` and `\"` must end on its line"),
    ("x = \"one\ntwo: 3\n\"\ny = 1", "a string between `\"` and `\"` must end on its line"),
    ("x = [for k in { a = 1, b = 2 } { k }]", "an object after `in` is written in parentheses"),
    ("import .\nlet x = 1", "missing name after `.`"),
    ("let m: Map<String, Int> = {}", "types take no arguments"),
    ("schema T { m: Map<String, Int>\n  n: Int }", "types take no arguments"),
    ("fn f(m: Map<String, Int>): Int = 1", "types take no arguments"),
    ("fn f(m: Int): Map<String, Int> = {}", "types take no arguments"),
    ("type M = Map<String, Int>", "types take no arguments"),
    ("schema T { m: Map<String, Map<String, Int>> = {}\n  n: Int = 1}\nx = T {}.n", "types take no arguments"),
    ("let f = fn(x) { x }\ny = f(1)", "a function without a name is written `x => …`"),
    ("let f = fn(x: Int): Int { x }\ny = f(1)", "a function without a name is written `x => …`"),
    ("y = [1,2].map(fn(x) { x + 1 })", "a function without a name is written `x => …`"),
    ("y = [1,2].map(lambda x: x + 1)", "a function without a name is written `x => …`"),
    ("y = [1,2].map(function(x) { return x + 1 })", "a function without a name is written `x => …`"),
    ("fn f(x: Int): Int => x + 1\ny = f(1)", "the body of a function follows `=`"),
    ("def f(x): Int:\n  return x\ny = 1", "a body is written in braces, not by indentation"),
    ("x = f(1 2)\nfn f(a: Int, b: Int): Int = a", "unexpected `2`"),
    ("x = S { name = \"abc, port = 1 }\ny = 2", "string without an end"),
    ("x = S {\n  name = abc\"\n  port = 1\n}\ny = 2", "string without an end"),
    ("x = if true { 1 else { 2 }\ny = 2", "`{` is never closed"),
    ("x = S(port: 80)", "`S` is a schema: instantiate it with `S { … }`"),
    ("x = new S { port = 80 }", "there is no `new`"),
    ("x = if true then 1 else 2", "the branches of an `if` are written in braces"),
    ("x = if (true) 1 else 2", "the branches of an `if` are written in braces"),
    ("x = 1 if true else 2", "`if` precedes what it chooses from"),
    ("x = if true: 1\nelse: 2\ny = 2", "the branches of an `if` are written in braces"),
    ("let mut x = 1\ny = x", "there is no `mut`"),
    ("export let x = 1\ny = x", "there is no `export`"),
    ("pub fn f(x: Int): Int = x\ny = f(1)", "there is no `pub`"),
    ("export const x = 1\ny = x", "there is no `export`"),
    ("schema T:\n  a: int\n  b: str\nx = 1", "a body is written in braces, not by indentation"),
    ("enum Color { Red, Green }\nx = 1", "there is no `enum`; a type lists its values"),
    ("resource \"aws\" \"x\" {\n  a = 1\n}\ny = 1", "a block takes no labels"),
    ("variable \"x\" {\n  default = 1\n}\ny = 1", "a block takes no labels"),
    ("module a.b\nx = 1", "there is no `module`"),
    ("package foo\nx = 1", "there is no `package`"),
    ("import { join } from \"std.text\"\nx = 1", "an import names the module first"),
    ("let x == 3\ny = x", "a `let` takes its value after `=`, not `==`"),
    ("x = if 1 = 1 { 2 } else { 3 }", "values are compared with `==`, not `=`"),
    ("x = [1,2].filter(i => i = 1)", "values are compared with `==`, not `=`"),
    ("x = 1 <> 2", "there is no `<>`"),
    ("\"\"\"\nDoc string\n\"\"\"\nx = 1", "a string is not an item"),
    ("x = ${a}", "unexpected character `$`"),
    ("x = f\"{y}\"\ny = 1", "strings have no prefix `f`"),
    ("x = '''\nabc\n'''\ny = 1", "a string of several lines is written between `\"\"\"` and `\"\"\"`"),
    ("x = <<EOF\nabc: def\n  more\nEOF\ny = 1", "a string of several lines is written between `\"\"\"` and `\"\"\"`"),
    (
        "x = |\n  abc: def\n  more text here\ny = 1",
        "a string of several lines is written between `\"\"\"` and `\"\"\"`",
    ),
    (
        "x = >-\n  abc def\n  more text here\ny = 1",
        "a string of several lines is written between `\"\"\"` and `\"\"\"`",
    ),
    ("x = \"abc\" \\\n  \"def\"\ny = 1", "a line is not continued with `\\`"),
    ("x:\n  - a\n  - b\ny = 1", "a list is written in brackets, not with dashes"),
    ("x =\n  - a\n  - b\ny = 1", "a list is written in brackets, not with dashes"),
    ("x = S {\n  tags =\n    - \"a\"\n    - \"b\"\n}\ny = 1", "a list is written in brackets, not with dashes"),
    ("x:\n  port: 80\n  name: a\ny = 1", "a body is written in braces, not by indentation"),
    ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: b", "this is YAML, not Forge"),
    ("x = S {\n  tags = [\n    - \"a\"\n    - \"b\"\n  ]\n}\ny = 1", "list elements are written without dashes"),
    ("x = S {\n  labels:\n    a: b\n}\ny = 1", "a body is written in braces, not by indentation"),
    ("x = S {\n  <<: *base\n  port = 1\n}\ny = 1", "there is no `<<`"),
    ("fn f(a: Int", "`(` is never closed"),
    ("x = f(", "`(` is never closed"),
    ("x = \"a \\(b", "interpolation without its `)`"),
    ("fn f\nx = 1", "function `f` without parameters"),
    ("schema {\n  a: Int = 1\n  b: String = \"x\"\n}\nx = 1", "missing name after `schema`"),
    ("schema B extends {\n  b: Int\n}\nx = B { b = 1, c = 2 }\ny = x.b + x.d", "missing name after `extends`"),
    (
        "schema B extends A\n{\n  b: Int = 1\n}\nx = B { b = 2 }\ny = x.b",
        "the `{` of a body is on the line of its head",
    ),
    ("x = S {\n  name = \"a\".\n  labels { a = \"b\" }\n}\ny = x.labels", "missing name after `.`"),
    ("x = match 1 {\n  1 => \"a\".\n  _ => \"z\"\n}", "missing name after `.`"),
    ("let q:  = 3\ny = q + 1", "missing type after `:`"),
    ("x = S {\n  name =\n  labels { a = \"b\" }\n}\ny = x.labels", "`name` has no value"),
    ("import std.math.{abs sqrt, floor}\nx = sqrt(2.0)\ny = floor(1.5)", "missing separator between `abs` and `sqrt`"),
    ("import std.math.{sq\nx = sqrt(2.0)\ny = 1", "`{` is never closed"),
    ("std.math.{sqrt}\nx = sqrt(2.0)\ny = sqrt(3.0)", "missing `import`"),
    ("fn f(x: Int): Int { return x }\ny = f(1)", "missing `=` before the function body"),
    ("let s: S { port = 1 }\ny = s.port", "`s` is set with `=`, not `:`"),
    ("fn f(\nx = 1", "`(` is never closed"),
    ("fn f()\nx = 1", "`f` has no body"),
    ("fn f(): \nx = 1", "missing type after `:`"),
    ("x = S.\ny = 1", "missing name after `.`"),
    ("@deprecated(\nx = 1", "`(` is never closed"),
    ("x = match 1\ny = 1", "`match` without arms"),
    ("x = match 1 {\ny = 1", "`{` is never closed"),
    ("x = match 1 { case 1 => 2, default => 3 }", "there is no `case`"),
    ("x = switch 1 { 1 => 2, _ => 3 }", "there is no `switch`; the keyword is `match`"),
    ("x = match 1 { 1 => 2, else => 3 }", "the arm for all other values is `_`, not `else`"),
    ("x = [i for i in [1,2]]", "`for` precedes what it yields"),
    ("x = [i * 2 for i in [1,2] if i > 1]", "`for` precedes what it yields"),
    ("x = [for (i in [1,2]) { i }]", "the head of a `for` has no parentheses"),
    ("x = [for i of [1,2] { i }]", "a `for` iterates over what follows `in`, not `of`"),
    ("x = S { port = 1, ..S {} }", "there is no `..`"),
    ("schema T {\n  a: [String]?\n  b: {[key: string]: Int}\n}\nx = 1", "a map type is written in braces"),
    ("schema T {\n  a: Int & >= 1\n}\nx = 1", "`&` is not an operator"),
    ("schema T {\n  a: >=1 & <=10\n}\nx = 1", "`&` is not an operator"),
    ("schema T {\n  a: Int = 1 where it > 0\n}\nx = 1", "unexpected `where`"),
    ("schema T {\n  \"a-b\": Int\n}\nx = 1", "the name of a field is written in backticks, not in quotes"),
    ("schema T {\n  a: Int = 1\n  check: a > 0\n}\nx = 1", "each check is an item of its own"),
    ("schema T {\n  b: Int = 1\n} extends A\nx = 1", "unexpected `extends`"),
    ("schema T = {\n  b: Int\n}\nx = 1", "the body of a schema follows its name"),
    ("x = S {\n  labels = { app.kubernetes.io/name = \"x\" }\n}", "`app.kubernetes.io/name` is not a valid identifier"),
    ("x = S { port }\nlet port = 1", "`port` has no value"),
    ("x = 2 ** 3", "there is no `**`"),
    ("x = 1++", "there is no `++`"),
    ("x = \"a\" ++ \"b\"", "there is no `++`"),
    ("x = 1 | 2", "the operator is written `||`, not `|`"),
    ("x = typeof 1", "there is no `typeof`"),
    ("x = y?[0]\nlet y: [Int]? = [1]", "unexpected `?`"),
    ("x = await y\nlet y = 1", "there is no `await`"),
    ("fn f(x: Int): Int = {\n  let y = x\n  return y\n}\ny = f(1)", "there is no `return`"),
    ("fn f(x: Int): Int = {\n  y = x\n  y\n}\nz = f(1)", "`y` has no value"),
    ("fn f(Int x): Int = x\nz = f(1)", "a type follows the name of its parameter"),
    ("fn f(x: Int, ...y: [Int]): Int = x\nz = f(1)", "a function takes a fixed number of arguments"),
    ("let f(x) = x\nz = f(1)", "unexpected `(`"),
    ("f(x) = x\nz = f(1)", "unexpected `(`"),
    ("x = let y = 1 in y\nz = 1", "unexpected `let`"),
    ("x = do { 1 }\nz = 1", "there is no `do`"),
    ("x = () => { return 1 }\nz = 1", "there is no `return`"),
    ("x = [1].map((x: Int) => { let y = x; return y })\nz = 1", "there is no `return`"),
    ("x = [1].map { x => x }\nz = 1", "a lambda is passed in parentheses"),
    ("x = [1].map(&:a)\nz = 1", "`&` is not an operator"),
    ("test \"a\" {\n  assert(1 == 1)\n  assert 1 = 1\n}", "values are compared with `==`, not `=`"),
    ("test a {\n  assert 1 == 1\n}", "the name of a test is a string"),
    ("test(\"a\") {\n  assert 1 == 1\n}", "the name of a test is a string"),
    ("test \"a\" {\n  x = 1\n  assert x == 1\n}", "assignments are not allowed in a test"),
    ("schema T {\n  [String]: Int\n}\nx = 1", "unexpected `[`"),
    ("x = \"a\" & \"b\"", "`&` is not an operator"),
    ("x = [for i := range xs { i }]", "`:=` is not an operator"),
    ("import std/text\nx = 1", "the parts of a module path are separated by dots"),
    ("from a.b import c, d\nx = c", "an import names the module first"),
    ("fn f(x: Int): Int = { x + 1 }\nz = f(1)", "these braces hold fields, not a value"),
    ("let f = x => \ny = 1", "missing value after `=>`"),
    ("let f: Int -> Int = x => x\ny = f(1)", "the parameters of a function type are written in parentheses"),
];

#[test]
fn one_slip_gives_one_error() {
    let mut wrong = Vec::new();
    for (text, headline) in SLIPS {
        let found = slip(&format!("{AROUND}{text}\n"));
        if found != [*headline] {
            wrong.push(format!("{text}\n  expected {headline:?}\n  found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn code_around_a_slip_is_checked() {
    for (text, headline) in SLIPS {
        // What is open at the end of the slip takes what follows for its own.
        if headline.contains("never closed") || headline.contains("without") || headline.contains("YAML, not") {
            continue;
        }
        let found = slip(&format!("{AROUND}let before: Int = \"a\"\n{text}\nlet after: Int = \"b\"\n"));
        assert_eq!(found.len(), 3, "{text}\n{found:?}");
    }
}
