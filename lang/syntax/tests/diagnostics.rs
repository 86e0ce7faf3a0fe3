//! Every message about syntax, as a user reads it, with the tree that is left.
//!
//! A case is a program; cases of one topic share a snapshot.

use std::fmt::Write;

use forge_base::{Diag, FileId, Label, SourceFile};
use forge_syntax::{debug_ast, parse};

const FILE: FileId = FileId(0);

fn write_label(out: &mut String, file: &SourceFile, label: &Label) {
    let at = file.line_column(label.span.start);
    let text = file.slice(label.span).escape_debug().to_string();
    writeln!(out, "    {}:{} `{text}` {}", at.line, at.column, label.text).expect("a string takes all");
}

fn write_diag(out: &mut String, file: &SourceFile, diag: &Diag) {
    writeln!(out, "  {}: {}", diag.code, diag.headline).expect("a string takes all");
    diag.primary.iter().chain(&diag.labels).for_each(|label| write_label(out, file, label));
    for note in &diag.notes {
        writeln!(out, "    note: {note}").expect("a string takes all");
    }
    for help in diag.help.iter() {
        writeln!(out, "    help: {help}").expect("a string takes all");
    }
    for fix in &diag.fixes {
        let mut fixed = file.text.to_string();
        for edit in fix.edits.iter().rev() {
            fixed.replace_range(edit.span.range(), &edit.text);
        }
        let kind = if fix.certain { "fix" } else { "maybe" };
        let line = file.line_column(diag.span().map_or(0, |span| span.start)).line;
        let fixed = fixed.lines().nth(line - 1).unwrap_or("").trim();
        writeln!(out, "    {kind}: {}: {fixed}", fix.title).expect("a string takes all");
    }
}

/// All cases of a topic, in the form of one snapshot.
fn report(cases: &[&str]) -> String {
    let mut out = String::new();
    for case in cases {
        let parsed = parse(FILE, case);
        let file = SourceFile::new(FILE, "case.forge".into(), (*case).into());
        assert!(!parsed.diags.is_empty(), "no message for {case:?}");
        for line in case.lines() {
            writeln!(out, "| {line}").expect("a string takes all");
        }
        parsed.diags.iter().for_each(|diag| write_diag(&mut out, &file, diag));
        writeln!(out, "{}", debug_ast(&parsed.module)).expect("a string takes all");
    }
    out
}

macro_rules! topics {
    ($($name:ident: $cases:expr;)*) => {
        $(
            #[test]
            fn $name() {
                insta::with_settings!({ omit_expression => true }, {
                    insta::assert_snapshot!(report(&$cases));
                });
            }
        )*
    };
}

topics! {
    characters_that_mean_nothing: [
        "a = $x",
        "a = ~1\nb = 2",
        "größe = 1",
        "a = `open\nb = 1",
        "a = “foo”",
        "a = 'it'\nb = '",
        "a = b\u{a0}+ c",
        "a = 1 # why\n",
        "/* two\nlines */ a = 1",
        "a = 1 /* open\nb = 2",
    ];
    signs_of_other_languages: [
        "a = b === c",
        "a = b !== c",
        "a := 1",
        "a = b & c",
        "a = &b { c = 1 }\nd = *b",
        "a = {} & { c = 1 }",
        "schema S { a: Int & >0 }",
        "#App: {\n  name: string\n}\na: #App & { b: 1 }",
        "{{- if .Values.a }}\na = {{ .Values.b | quote }}\n{{- end }}",
        "a = |||\n  text\n|||",
        "a = b | c",
        "a = b and c or not d",
        "a = b ? 1 : 2",
        "a = b ?: 2",
        "a = 1..6",
        "a: \"x\"\nb: 1",
        "a = x -> x + 1",
        "type F = (Int) => Int",
        "fn f(x: Int) -> Int = x",
        "fn f(x: Int) Int = x",
        "a = match b { \"x\" -> 1 }",
        "a = { b: 1, c: d.e(2) }",
        "a = { b == 1, c => 2 }",
        "a = f(x: 1)",
        "a = b < c < d",
        "a = [1; 2]",
    ];
    words_of_other_languages: [
        "class Web { port: Int }",
        "def f(x: Int): Int = x",
        "const a = 1\nvar b = 2",
        "variable a: Int = 1",
        "enum A = 1 | 2",
        "a = if b { 1 } elif c { 2 } else { 3 }",
        "import \"a/b.forge\"",
        "if = 3",
        "a = { for = 1, let: 2 }",
    ];
    forms_of_other_languages: [
        "schema C extends A, B { x: Int }",
        "schema S { Int a, b?: Int = 1, \"c-d\": Int, e: Map<String, List<Int>> = {} }",
        "schema S = { a: Int }",
        "fn f(Int a, ...b: [Int], c: Map<String, Int>): Int => a",
        "pub fn f(): Int = 1\nlet mut x = 1",
        "enum Color { Red, Green }",
        "let x == 3",
        "import { join } from \"std.text\"",
        "a = fn(x) { x }",
        "a = b.map(function(x) { return x })",
        "a = b.map { x => x }",
        "a = new S { x = 1 }",
        "a = { return 1 }",
        "a = switch b { case 1: 2, else => 3 }",
        "a = [for x of xs { x }]",
        "a = [for (x in xs) { x }]",
        "a = [for k in { b = 1 } { k }]",
        "a = [x for x in xs]",
        "a = if b then c else d",
        "a = if b: c\nelse: d\ne = 1",
        "a = b if c else d",
        "a = if b = c { 1 } else { 2 }",
        "a = f\"{b}\"",
        "a = b <> c",
        "a = b ** 2",
        "a = b ++ c",
        "a = b::c",
        "a = { **b }",
        "a = { <<: b }",
        "a = { app.kubernetes.io/name = \"x\" }",
        "a = { b, c }",
        "test a { assert b }",
        "resource \"x\" \"y\" { a = 1 }",
        "module a.b",
        "a = { b 1 }",
        "fn f(x: Int): Int = { x + 1 }",
        "schema S { f: Int -> Int }",
        "hidden a = 1\nschema S { hidden b: Int }",
        "schema S { a: Int, ... }",
        "schema S { a: Int | *1, b: >0, c: Int(isPositive) }",
        "schema S {\n  check:\n    a < 1\n    a > 0\n  b: Int\n}",
        "schema S { mixin [T] }",
        "schema Box<T> { a: T }",
        "amends \"b.pkl\"",
        "b A { c = 1 }",
        "a = { b [1, 2] }",
        "a: { b: \"x\", c: 3 }",
        "a: b: \"x\"",
        "a | Number = 1",
        "a = new Mapping { [\"b\"] = 1 }",
        "a = new { b = 1 }",
        "a = { [b]: 1 }",
        "a = { b:: 1, c+: { d: 2 }, e(f):: f }",
        "a = { when (b) { c = 1 } }",
        "a = { for k, v in { b = 1 } : k => v }",
        "a = [for k in b : k if k != \"\"]",
        "a = { dynamic \"b\" { c = 1 } }",
        "a = b[*].c",
        "a = import \"b.ncl\"",
        "a = error \"b\"",
        "a = function(b) b + 1",
        "a = format!(\"b\", 1)",
        "a = b:1.25",
        "a = 1\n---\nb = 2",
        "impl S { }",
        "import std/text",
        "import ./b",
        "from a.b import c, d\ne = 1",
    ];
    forms_that_go_on_by_indentation: [
        "a:\n  b: 1\n  c: 2\nd = 1",
        "a:\n  - 1\n  - 2\nd = 1",
        "a =\n  - 1\n  - 2\nd = 1",
        "a = [\n  - \"b\"\n  - \"c\"\n]\nd = 1",
        "schema A:\n  b: Int\nd = 1",
        "def f(x):\n  return x\nd = 1",
        "a = |\n  text\n  more: text\nd = 1",
        "a = >-\n  text\n  more text\nd = 1",
        "a = <<EOF\nb: 1\nEOF\nd = 1",
        "a = '''\nb\n'''\nd = 1",
        "a = \"b\nc: 1\n\"\nd = 1",
        "a = \"b\" \\\n  \"c\"\nd = 1",
        "a = { b = \"c, d = 1 }\ne = 2",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a",
    ];
    numbers: [
        "a = 1h30m",
        "a = 0123",
        "a = 0129",
        "a = 5kb + 3hours + 7q",
        "a = 0b101 + 0xg",
        "a = 1e5Mi",
        "a = 9223372036854775808",
        "a = 1e999",
        "a = 0.5n + 0.1ns",
        "a = 300000d",
    ];
    strings: [
        "a = \"open\nb = 1",
        "a = \"x \\(b\nc = 1",
        "a = \"x \\(b\"\nc = 1",
        "a = \"\"\"\n  open\nb = 1",
        "a = \"\\q \\r \\u{110000} \\u{12\"",
        "a = \"\\()\"",
        "a = \"\\(b c)\"",
        "a = \"\\(b, c)\"",
        "a = \"\"\"text\n  \"\"\"",
        "a = \"\"\"\n  text\"\"\"",
        "a = \"\"\"\n    text\n  less\n    \"\"\"",
    ];
    brackets: [
        "a = f(1,\nb = 2",
        "a = [1, 2\nb = 3",
        "a = Web {\n  b = 1\nc = Web {\n  d = 1\n}",
        "schema S {\n  a: Int = f(1\n  b: Int\n}",
        "a = { b = [1, (2 }\nc = 1",
        "a = 1 }\nb = 2",
        "a = f(1))\nb = 2",
        "a = [1)\nb = 2",
        "a = \"\\(f(1)\" + b",
        "a = {{{{",
        "a = B {\n  c d = 1 }\n}\ne = 1",
        "a = B\n  c = 1\n  d { e = 2 }\n}\nf = 1",
        "schema A { b: [C by d] = [\n    d = 1, e = 2 },\n    { d = 3 },\n  ]\n}\nf = 1",
        "a = f b, c)\nd = 1, 2]\ne = if f  1 } else { 2 }",
    ];
    things_that_are_missing: [
        "replicas =\nport = 3",
        "a = web.\nb = 2",
        "a = web?.",
        "a = f(1, , 2)\nb = [1,, 2]\nc = [, 1]",
        "a = f(x =)",
        "let\nlet b\nlet c =\nlet d: = 1",
        "schema\nschema S\nschema T extends\nabstract",
        "fn\nfn f\nfn g() =",
        "type\ntype T\ntype U =",
        "input\ninput a\ninput b:",
        "test\ntest \"x\"",
        "import\nimport a.\nimport a as\nimport a.{b c, 3}",
        "a = 1 +\nb = * 2\nc = !\nd = ()",
        "a = if b\nc = if d { 1 }\ne = if f { 1 } else",
        "a = match b\nc = match d { 1, 2 => }",
        "a = [for x]\nb = [for x in]\nc = [for x in y]\nd = [for in y {}]\ne = for x in y { x }",
        "a = x =>\nb = (x) =>\nc = (1) => 2",
        "a = b is\nc = b[]",
        "a = [...]\nb = { ...\n}",
        "schema S {\n  a:\n  b: [\n  c: Int where\n  check a\n  fn f(): \n}",
        "a: Int\nb: {String: Int}",
        "type A = []\ntype B = [Int by]\ntype C = {Int}\ntype D = { a: }\ntype E = ()",
        "x",
        "a = { b }",
        "a = { delete }",
    ];
    items_in_the_wrong_place: [
        "a.b = 1\na { b = 1 }\n...a\ndelete a\na += 1",
        "for x in y { a = x }\nif b { c = 1 }",
        "check a, \"m\"\nassert a\nfails a\nsnapshot a",
        "a = { import b }\nc = { schema S {} }\nd = { fn f(): Int = 1 }\ne = { input x: Int }",
        "schema S { ...a, assert b, test \"x\" {} }",
        "a = { b: Int = 1 }",
        "test \"x\" { a = 1, b: 2, if c { assert d } }",
        "@deprecated(\"x\")",
        "@",
        "test \"\\(x)\" {}",
        "type A = \"\\(x)\"",
    ];
    names_with_the_wrong_letter: [
        "schema web { Port: Int }",
        "type port = Int",
        "let A = 1\nFoo = 2\n`Bar` = 3\ninput N: Int = 1",
        "fn F<t>(X: Int): Int = [for Y in x { Z => 1 }]",
        "a = match b { Foo => 1, is A | B => 2 }",
        "type R = { a: Int, B: Int }",
    ];
    blocks_that_hold_no_value: [
        "a = if b { c = 1 } else { d { e = 1 }, f = 2 }",
        "a = if b { } else { 1 }",
        "a = if b { 1, 2 } else { 1 }",
        "a = match b { 1 => { let c = 1 } }",
        "a = if b { let c = 1 } else { for x in y { x } }",
        "a = (1, 2)",
        "type A = (Int, Int)",
    ];
    rows_that_make_no_sense: [
        "a = foo bar baz",
        "a = { b = 1 c = 2 }",
        "a = [1 2 3]",
        "a = f(b = c = d)",
        "a = b = c",
        "= 1",
        "{ a = 1 }",
        "a = else { 1 }",
        "a = @b",
        "a = [x for x in xs]",
        "schema S { a: List[Int], b: Map<String> }",
        "let a: Int",
        "a = \"x\ny\"",
        "a = let",
        "a = b?",
        "abstract abstract schema S {}",
        "schema S\n{ a: Int }",
        "=> => =>\na = 1",
        "a b c d e f g h i j k l m n o p\nq = 1",
    ];
}

#[test]
fn one_broken_item_costs_nothing_around_it() {
    let broken = [
        "x = web.",
        "x =",
        "x = f(1,",
        "x = [1, 2",
        "let x =",
        "x = \"open",
        "x = {",
        "x = web {",
        "x",
        "x = 1 @ 2",
        "let",
        "x = f(",
        "schema X",
        "schema X {",
        "x = if a {",
        "x = match a {",
        "x = y =>",
        "x = \"\\(a",
        "x = (",
        "type X =",
        "@",
        "fn f(",
        "import a.",
        "x = 'a",
        "x = `a",
        "x = a b",
        "x = }",
        "x = )",
        "x = 1h30m",
        "x = a ? b : c",
    ];
    for item in broken {
        let parsed = parse(FILE, &format!("before = 1\n{item}\nafter = {{ deep = 2 }}\nlet last = 3\n"));
        let tree = debug_ast(&parsed.module);
        for kept in ["(set (path before) 1)", "(set (path after) (object (set (path deep) 2)))", "(let last 3)"] {
            assert!(tree.contains(kept), "{item}:\n{tree}");
        }
        assert_eq!(parsed.diags.len(), 1, "{item}: {:?}", parsed.diags);
    }
}
