//! Laws of the parser and the formatter, on any text, on rows of tokens, on generated programs and on all programs of
//! the repository.

use std::path::Path as FsPath;

use forge_base::{FileId, Span};
use forge_syntax::ast::{Body, Expr, Ident, Item, Path, Pattern, TypeExpr};
use forge_syntax::visit::{self, Visitor};
use forge_syntax::{debug_ast, format, parse, parse_expr};
use proptest::prelude::*;

const FILE: FileId = FileId(0);

/// Checks that spans are within the source and begin and end between characters.
struct Spans<'a> {
    text: &'a str,
}

impl Spans<'_> {
    fn check(&self, span: Span) {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start <= end && end <= self.text.len(), "{span:?} in {:?}", self.text);
        assert!(self.text.is_char_boundary(start) && self.text.is_char_boundary(end), "{span:?} in {:?}", self.text);
    }
}

impl Visitor for Spans<'_> {
    fn visit_item(&mut self, item: &Item) {
        self.check(item.span);
        item.doc.iter().for_each(|doc| self.check(doc.span));
        visit::walk_item(self, item);
    }
    fn visit_body(&mut self, body: &Body) {
        self.check(body.span);
        visit::walk_body(self, body);
    }
    fn visit_expr(&mut self, expr: &Expr) {
        self.check(expr.span);
        visit::walk_expr(self, expr);
    }
    fn visit_type(&mut self, ty: &TypeExpr) {
        self.check(ty.span);
        visit::walk_type(self, ty);
    }
    fn visit_pattern(&mut self, pattern: &Pattern) {
        self.check(pattern.span);
        visit::walk_pattern(self, pattern);
    }
    fn visit_path(&mut self, path: &Path) {
        self.check(path.span);
        visit::walk_path(self, path);
    }
    fn visit_ident(&mut self, ident: &Ident) {
        self.check(ident.span);
    }
}

/// What holds for any text.
fn check_parse(text: &str) {
    let parsed = parse(FILE, text);
    let mut spans = Spans { text };
    visit::walk_module(&mut spans, &parsed.module);
    for diag in &parsed.diags {
        assert!(diag.headline.chars().count() <= 200, "{}", diag.headline);
        diag.primary.iter().chain(&diag.labels).for_each(|label| spans.check(label.span));
        diag.fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| spans.check(edit.span));
    }
    let mut end = 0;
    for token in &parsed.tokens.list {
        assert!(token.start as usize >= end, "{token:?} in {text:?}");
        let blank = &text[end..token.start as usize];
        assert!(blank.chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '\u{feff}')), "{blank:?} in {text:?}");
        end = token.end as usize;
    }
    assert!(text[end..].chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '\u{feff}')), "{text:?}");
    let (expr, _) = parse_expr(FILE, text);
    spans.visit_expr(&expr);
}

/// What holds for the formatter on any text.
fn check_format(text: &str) {
    let before = parse(FILE, text);
    let Ok(once) = format(FILE, text) else {
        assert!(!before.diags.is_empty());
        return;
    };
    let after = parse(FILE, &once);
    assert_eq!(after.diags.len(), before.diags.len(), "{text}\n=>\n{once}\n{:?}", after.diags);
    assert_eq!(debug_ast(&before.module), debug_ast(&after.module), "{text}\n=>\n{once}");
    let twice = format(FILE, &once).expect("what is formatted has no errors");
    assert_eq!(once, twice, "{text}");
    assert!(!once.lines().any(|line| line.ends_with(' ') && !text.contains("\"\"\"")), "{once:?}");
}

/// Pieces that programs are made of, and some that they are not.
const PIECES: &[&str] = &[
    "a",
    "b",
    "foo",
    "Web",
    "Int",
    "String",
    "x.y",
    "_",
    "`odd name`",
    "1",
    "0xff",
    "1.5",
    "500m",
    "30s",
    "1h30m",
    "\"s\"",
    "\"\\(",
    ")\"",
    "#\"r\\#(",
    "\"\"\"\n  t\n  \"\"\"",
    "\"\"\"",
    "'c'",
    "\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{}",
    "=",
    "+=",
    "==",
    "!=",
    "<",
    ">",
    "<=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "&&",
    "||",
    "!",
    "??",
    "?.",
    "?",
    ".",
    "..",
    "...",
    "..=",
    "..<",
    "=>",
    "->",
    ":",
    ";",
    ",",
    "|",
    "@",
    "@x(1)",
    "if",
    "else",
    "for",
    "in",
    "is",
    "match",
    "let",
    "fn",
    "schema",
    "type",
    "import",
    "input",
    "test",
    "check",
    "assert",
    "fails",
    "with",
    "snapshot",
    "delete",
    "where",
    "by",
    "as",
    "extends",
    "abstract",
    "open",
    "true",
    "null",
    "self",
    "super",
    "and",
    "not",
    "elif",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    "// c",
    "// c\n",
    "/// d\n",
    "//! m\n",
    "/*",
    "#",
    "$",
    "é",
    "“",
    "\u{feff}",
    "\t",
    "name = ",
    "name: ",
    "x => ",
    "(a, b) => ",
];

fn soup() -> impl Strategy<Value = String> {
    let piece = (proptest::sample::select(PIECES), prop_oneof![3 => Just(" "), 1 => Just("")]);
    proptest::collection::vec(piece, 0..40)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap]).collect())
}

fn name() -> impl Strategy<Value = String> {
    proptest::sample::select(&["a", "b", "foo", "spec", "type", "match", "in", "`if`", "_x"][..]).prop_map(String::from)
}

fn variable() -> impl Strategy<Value = String> {
    proptest::sample::select(&["a", "b", "foo", "type", "where", "_x", "self", "it", "super"][..])
        .prop_map(String::from)
}

fn types() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(&["Int", "String", "v1.Pod", "\"a\"", "-1", "null", "true"][..])
        .prop_map(String::from);
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|t| format!("({t})?")),
            inner.clone().prop_map(|t| format!("[{t}]")),
            inner.clone().prop_map(|t| format!("[{t} by name,port]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}|{b}")),
            inner.clone().prop_map(|t| format!("{{String:{t}}}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{a:{a},\n b : {b} }}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(({a} , {b}) -> Int)")),
            inner.prop_map(|t| format!("({t} where it>=1)")),
        ]
    })
}

/// A separator between items, with or without comments and blank lines.
fn separator() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(
        &["\n", "\n\n\n", "\n  // own line\n", " // behind\n", ",\n", "; ", ", ", ",  // comma\n\n", "\n/// doc\n"][..],
    )
}

/// A separator between elements.
fn list_separator() -> impl Strategy<Value = &'static str> {
    separator().prop_map(|separator| if separator == "; " { ", " } else { separator })
}

fn join(items: Vec<(String, &'static str)>) -> String {
    items.into_iter().map(|(item, separator)| format!("{item}{separator}")).collect()
}

fn exprs() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        variable(),
        proptest::sample::select(
            &[
                "1",
                "-1",
                "0xff",
                "1.5e3",
                "500m",
                "30s",
                "true",
                "null",
                "\"s\"",
                "\"a\\(b  +  c)d\"",
                "#\"r\\n\"#",
                "[]",
                "{}",
                "\"\"\"\n    t \\(x)\n\n    \"\"\""
            ][..]
        )
        .prop_map(String::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let items = proptest::collection::vec((items(inner.clone(), false), separator()), 0..4).prop_map(join).boxed();
        let list = proptest::collection::vec((elements(inner.clone()), list_separator()), 0..5).prop_map(join);
        let operator = proptest::sample::select(
            &["+", "-", "*", "/", "%", "&&", "||", "??", "in", " +\n ", "\n    || ", " + // why\n", "\n// own\n * "][..],
        );
        let block = (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{let q={a}; {b}}}"));
        let value_block = inner.clone().prop_map(|a| format!("{{{a}}}"));
        let lambda_value = inner.clone().prop_map(|a| format!("({a})"));
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("({a}) {o} ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})<({b})")),
            (inner.clone(), name()).prop_map(|(a, n)| format!("({a}).{n}")),
            (inner.clone(), name()).prop_map(|(a, n)| format!("({a})\n  ?.{n} (1)\n  .b")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("foo({a},x={b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("foo (\n{a}, // one\n\n {b},\n)")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) [{b}]")),
            (inner.clone(), types()).prop_map(|(a, t)| format!("({a}) is ({t})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})..=({b})")),
            inner.clone().prop_map(|a| format!("- ({a})")),
            inner.clone().prop_map(|a| format!("! ({a})")),
            items.clone().prop_map(|i| format!("{{ {i} }}")),
            items.clone().prop_map(|i| format!("Web{{{i}}}")),
            (inner.clone(), items).prop_map(|(a, i)| format!("({a}) {{\n{i}}}")),
            list.prop_map(|l| format!("[{l}]")),
            (inner.clone(), block.clone(), value_block).prop_map(|(c, a, b)| format!("(if ({c}) {a} \n else {b})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(c, a, b)| format!("match ({c}){{\"a\"|-1=>({a}),is Int if true=>{{let z=1;({b})}}\n x => (x)\n\n _ => 1}}")),
            (block, lambda_value).prop_map(|(a, b)| format!("foo(x=>{a},(a,b:Int)=>{b})")),
        ]
    })
}

fn elements(inner: impl Strategy<Value = String> + Clone + 'static) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => inner.clone().prop_map(|a| format!("({a})")),
        1 => inner.clone().prop_map(|a| format!("...({a})")),
        1 => (inner.clone(), inner.clone()).prop_map(|(c, a)| format!("if ({c}) {{ ({a}), 1 }} else if b {{2}} else {{ }}")),
        1 => (inner.clone(), inner).prop_map(|(c, a)| format!("for k,v in ({c}) if k {{ let z = 1; ({a})\n }}")),
    ]
}

fn items(inner: impl Strategy<Value = String> + Clone + 'static, schema: bool) -> BoxedStrategy<String> {
    let base = prop_oneof![
        4 => (name(), inner.clone()).prop_map(|(n, a)| format!("{n}={a}")),
        1 => (name(), name(), inner.clone()).prop_map(|(m, n, a)| format!("{m}.{n}.\"c/d\" = ({a})")),
        1 => (name(), inner.clone()).prop_map(|(n, a)| format!("{n} {{x={a}}}")),
        1 => inner.clone().prop_map(|a| format!("\"\\(k)\"={a}")),
        1 => inner.clone().prop_map(|a| format!("80 {{ y={a} ; z=1}}")),
        1 => inner.clone().prop_map(|a| format!("(53,\"UDP\")+=({a})")),
        1 => name().prop_map(|n| format!("delete {n}.x")),
        1 => inner.clone().prop_map(|a| format!("let z = ({a})")),
        1 => (inner.clone(), inner.clone()).prop_map(|(c, a)| format!("if ({c}) {{ x = {a} }}\nelse if b {{}} else {{\ny=1}}")),
        1 => (inner.clone(), inner.clone()).prop_map(|(c, a)| format!("for k , v in ({c}) {{ x = {a} }}")),
    ];
    if !schema {
        let spread = inner.prop_map(|a| format!("...({a})"));
        return prop_oneof![10 => base, 1 => spread].boxed();
    }
    prop_oneof![
        2 => base,
        2 => (name(), types(), inner.clone()).prop_map(|(n, t, a)| format!("{n}:({t})=({a})")),
        1 => (name(), types()).prop_map(|(n, t)| format!("@deprecated(\"x\")\n{n} : ({t})")),
        1 => (name(), types()).prop_map(|(n, t)| format!("@internal fn {n}(x:({t})):Int")),
        1 => (inner.clone(), inner).prop_map(|(a, b)| format!("check ({a}),({b})")),
    ]
    .boxed()
}

fn programs() -> impl Strategy<Value = String> {
    let line = proptest::sample::select(&["\n", "\n\n", " // behind\n", "\n// own\n\n", "\n/// doc\n"][..]);
    let item = prop_oneof![
        Just(String::from("import  a.b.{ C,d as e }")),
        Just(String::from("import ..a")),
        types().prop_map(|t| format!("type X=({t}) where it>1")),
        exprs().prop_map(|e| format!("x={e}")),
        exprs().prop_map(|e| format!("let y : Int=({e})")),
        exprs().prop_map(|e| format!("input z:Int=({e})")),
        (types(), exprs()).prop_map(|(t, e)| format!("fn  f<T,U> (a:({t}),b:Int=1):T? = ({e})")),
        exprs().prop_map(|e| format!("fn g()={{let q=1\n ({e})}}")),
        proptest::collection::vec((items(exprs().boxed(), true), separator()), 0..4)
            .prop_map(|items| format!("abstract open  schema S extends a.B{{{}}}", join(items))),
        exprs()
            .prop_map(|e| format!("test \"t\"{{assert ({e}),\"m\"; assert x\nfails ({e}) with \"w\"\n snapshot x}}")),
    ];
    proptest::collection::vec((item, line), 0..6).prop_map(join)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(400), max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "\\PC*") {
        check_parse(&text);
        check_format(&text);
    }

    #[test]
    fn any_bytes_that_are_text_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        check_parse(&text);
        check_format(&text);
    }

    #[test]
    fn any_row_of_tokens_is_read(text in soup()) {
        check_parse(&text);
        check_format(&text);
    }

    #[test]
    fn generated_programs_are_read_and_formatted(text in programs()) {
        let parsed = parse(FILE, &text);
        prop_assert!(parsed.diags.is_empty(), "{text}\n{:?}", parsed.diags);
        check_parse(&text);
        check_format(&text);
    }

    #[test]
    fn a_program_cut_anywhere_is_read(text in programs(), at in any::<proptest::sample::Index>()) {
        let mut at = at.index(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        check_parse(&text[..at]);
        check_parse(&text[at..]);
    }
}

/// All programs below a folder.
fn programs_in(folder: &FsPath, found: &mut Vec<std::path::PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && name != "node_modules" && name != ".git" {
            programs_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "forge") {
            found.push(path);
        }
    }
}

#[test]
fn all_programs_of_the_repository_obey_the_laws() {
    let mut found = Vec::new();
    programs_in(&FsPath::new(env!("CARGO_MANIFEST_DIR")).join("../.."), &mut found);
    for path in found {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        check_parse(&text);
        check_format(&text);
    }
}
