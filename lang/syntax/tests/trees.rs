//! What programs mean: their trees, as `forgec debug ast` prints them.

use forge_base::FileId;
use forge_syntax::ast::{ExprKind, ItemKind};
use forge_syntax::{TokenKind, debug_ast, debug_expr, debug_tokens, parse, parse_expr};

const FILE: FileId = FileId(0);

/// The tree of a program without errors.
fn tree(text: &str) -> String {
    let parsed = parse(FILE, text);
    assert_eq!(parsed.diags, [], "{text}");
    debug_ast(&parsed.module).trim_end().to_owned()
}

/// The tree of an expression without errors.
fn expr(text: &str) -> String {
    let (expr, diags) = parse_expr(FILE, text);
    assert_eq!(diags, [], "{text}");
    debug_expr(&expr).trim_end().to_owned()
}

#[test]
fn operators_bind_as_the_reference_says() {
    assert_eq!(expr("a || b && c == d ?? e + f * -g.h"), "(|| a (&& b (== c (?? d (+ e (* f (- (. g h))))))))");
    assert_eq!(expr("a - b - c"), "(- (- a b) c)");
    assert_eq!(expr("a ?? b ?? c"), "(?? a (?? b c))");
    assert_eq!(expr("it in 1..=65535"), "(in it (..= 1 65535))");
    assert_eq!(expr("0..<n + 1"), "(..< 0 (+ n 1))");
    assert_eq!(expr("!a is B && c"), "(&& (is (! a) B) c)");
    assert_eq!(expr("x is A | [B]? && y"), "(&& (is x (| A (? (list-of B)))) y)");
    assert_eq!(expr("x => y => x + y"), "(lambda (x) (lambda (y) (+ x y)))");
    assert_eq!(expr("-1.abs() + -1"), "(+ (- (call (. 1 abs))) -1)");
    assert_eq!(expr("-9223372036854775808"), "-9223372036854775808");
}

#[test]
fn literals_have_their_values() {
    assert_eq!(expr("[42, 1_000, 0xff, 0o644, 3.5, 1e3]"), "(list 42 1000 255 420 3.5 1000.0)");
    let ExprKind::List(elements) = parse_expr(FILE, "[500m, 2Gi, 1.5Ti, 10k, 1E, 5u, -5n]").0.kind else {
        panic!("a list")
    };
    let nanos: Vec<i128> = elements
        .iter()
        .filter_map(|element| match element {
            forge_syntax::ast::Element::Item(item) => Some(&item.kind),
            _ => None,
        })
        .filter_map(|kind| if let ExprKind::Quantity(quantity) = kind { Some(quantity.nanos) } else { None })
        .collect();
    let one = 1_000_000_000;
    assert_eq!(nanos, [one / 2, (2 << 30) * one, (3 << 39) * one, 10_000 * one, one * one * one, 5_000, -5]);
    assert_eq!(
        expr("[1ns, 2us, 250ms, 30s, 5min, 24h, 7d]"),
        "(list\n  (duration 1ns)\n  (duration 2000ns)\n  (duration 250000000ns)\n  (duration 30000000000ns)\n  (duration 300000000000ns)\n  (duration 86400000000000ns)\n  (duration 604800000000000ns))"
    );
    assert_eq!(expr("5m"), "(quantity 5m)");
}

#[test]
fn strings_of_all_forms_have_their_text() {
    assert_eq!(expr(r#""a\n\t\"\\\u{e9} ${x} {{ y }} $(z)""#), r#""a\n\t\"\\é ${x} {{ y }} $(z)""#);
    assert_eq!(expr(r#""a \(b + "c \(d)") e""#), r#"(str "a " (+ b (str "c " d)) " e")"#);
    assert_eq!(expr(r##"#"a \n "b" \(c) \#(d)"#"##), r#"(str "a \\n \"b\" \\(c) " d)"#);
    assert_eq!(expr("\"\"\"\n    a\n      b\n\n    c\n    \"\"\""), r#""a\n  b\n\nc""#);
    assert_eq!(expr("\"\"\"\n  a\n\n  \"\"\""), r#""a\n""#);
    assert_eq!(expr("\"\"\"\n\n  a\n  \"\"\""), r#""\na""#);
    assert_eq!(expr("\"\"\"\n  \"\"\""), r#""""#);
    assert_eq!(expr("\"\"\"\r\n  a\r\n  b\r\n  \"\"\""), r#""a\nb""#);
    assert_eq!(expr("\"\"\"\n  a \\(b)\n  \\(c) d\n  \"\"\""), r#"(str "a " b "\n" c " d")"#);
    assert_eq!(expr("#\"\"\"\n  a \\n \\#(b)\n  \"\"\"#"), r#"(str "a \\n " b)"#);
    assert_eq!(expr("\"\"\"\n  a \"\" b\n  \"\"\""), r#""a \"\" b""#);
}

#[test]
fn a_line_end_ends_an_item_unless_the_item_goes_on() {
    assert_eq!(tree("a = b\n  .c\n  ?.d\n  + e\n  && f"), "(module (set (path a) (&& (+ (?. (. b c) d) e) f)))");
    assert_eq!(tree("a =\n  b +\n  c"), "(module (set (path a) (+ b c)))");
    assert_eq!(tree("a = f(\n b\n + c\n)"), "(module (set (path a) (call f (+ b c))))");
    assert_eq!(tree("a = [\n b\n c\n]"), "(module (set (path a) (list b c)))");
    assert_eq!(tree("a = if b { 1 }\nelse { 2 }"), "(module (set (path a) (if b 1 2)))");
    assert_eq!(
        tree("a = { b {}\n else = 1 }"),
        "(module (set (path a) (object (refine (path b) (body)) (set (path else) 1))))"
    );
    assert_eq!(
        tree("a = 1;b = 2,c = 3\r\nd = 4"),
        "(module (set (path a) 1) (set (path b) 2) (set (path c) 3) (set (path d) 4))"
    );
    assert_eq!(
        tree("a = { b = 1\n  in = 2\n  is { c = 3 }\n}"),
        "(module\n  (set\n    (path a)\n    (object (set (path b) 1) (set (path in) 2) (refine (path is) (body (set (path c) 3))))))"
    );
}

#[test]
fn minus_at_the_start_of_a_line_begins_a_new_item() {
    let parsed = parse(FILE, "a = { b = c\n  -1 = d }");
    assert_eq!(parsed.diags, []);
    assert_eq!(
        debug_ast(&parsed.module).trim_end(),
        "(module (set (path a) (object (set (path b) c) (set (path -1) d))))"
    );
}

#[test]
fn keywords_are_names_where_a_name_is_expected() {
    let text =
        "schema S {\n  type: String = \"x\"\n  import: Int\n  match: Int = self.type.if.is\n  test { in = 1 }\n}";
    assert!(tree(text).contains("(declare match Int (. (. (. self type) if) is))"));
    assert_eq!(tree("a = f(in = 1, match = 2)"), "(module (set (path a) (call f (= in 1) (= match 2))))");
    assert_eq!(
        tree("schema = 1\ntype = 2\ninput = 3"),
        "(module (set (path schema) 1) (set (path type) 2) (set (path input) 3))"
    );
    assert_eq!(tree("a = where + by + as + with"), "(module (set (path a) (+ (+ (+ where by) as) with)))");
    assert_eq!(tree("`if` = `for`"), "(module (set (path if) for))");
}

#[test]
fn braces_are_what_they_hold() {
    assert_eq!(expr("x => { a = 1 }"), "(lambda (x) (object (set (path a) 1)))");
    assert_eq!(expr("x => { let y = x; y }"), "(lambda (x) (block (let y x) y))");
    assert_eq!(expr("x => { x + 1 }"), "(lambda (x) (+ x 1))");
    assert_eq!(expr("x => {}"), "(lambda (x) (object))");
    assert_eq!(expr("x => { a { b = 1 } }"), "(lambda (x) (derive a (body (set (path b) 1))))");
    assert_eq!(
        expr("x => { for y in x { \"\\(y)\" = 1 } }"),
        "(lambda (x) (object (for (y) x (body (set (path (str y)) 1)))))"
    );
    assert_eq!(expr("x => { if a { b = 1 } }"), "(lambda (x) (object (if a (body (set (path b) 1)))))");
    assert_eq!(expr("x => { if a { 1 } else { 2 } }"), "(lambda (x) (if a 1 2))");
    assert_eq!(expr("if a { { b = 1 } } else { c {} }"), "(if a (object (set (path b) 1)) (derive c (body)))");
    assert_eq!(
        tree("fn f(): Int = { let a = 1; a }"),
        "(module (fn f (params) (ret Int) (match null (arm _ => (block (let a 1) a)))))"
    );
    assert_eq!(tree("a = { let b = 1; c = b }"), "(module (set (path a) (object (let b 1) (set (path c) b))))");
}

#[test]
fn the_braces_behind_a_head_are_its_block() {
    assert_eq!(expr("if a { b } else { c }"), "(if a b c)");
    assert_eq!(expr("if (A { b = 1 }).c { d } else { e }"), "(if (. (derive A (body (set (path b) 1))) c) d e)");
    assert_eq!(expr("if match a { 1 => true } { b } else { c }"), "(if (match a (arm 1 => true)) b c)");
    assert_eq!(expr("[for a in b if c { d }]"), "(list (for-elements (a) b (guard c) d))");
    assert_eq!(expr("[for a in if b { c } else { d } { e }]"), "(list (for-elements (a) (if b c d) e))");
    assert_eq!(expr("[if a { 1 } else { 2 } + 3]"), "(list (+ (if a 1 2) 3))");
    assert_eq!(
        expr("[if a { 1, 2 } else if b { 3 }]"),
        "(list (if-elements a (then 1 2) (else (if-elements b (then 3)))))"
    );
    assert_eq!(
        expr("match a { x if x > 1 => 1, _ => 2 }"),
        "(match a (arm (bind x) (guard (> x 1)) => 1) (arm _ => 2))"
    );
}

#[test]
fn comments_of_documentation_belong_to_what_follows() {
    let text = "//! The module.\n//!  Two lines.\n\n/// About a.\n/// More.\na = 1 // not this\n\n/// About b.\n@internal\nb = 2\n";
    assert_eq!(
        tree(text),
        "(module\n  (doc \"The module.\\n Two lines.\")\n  (set (path a) 1 (doc \"About a.\\nMore.\"))\n  (set (path b) 2 (doc \"About b.\") (@internal)))"
    );
}

#[test]
fn spans_cover_the_text_of_a_node_without_its_parentheses() {
    let text = "x = (a + b).c";
    let parsed = parse(FILE, text);
    let ItemKind::Set(set) = &parsed.module.items[0].kind else { panic!("a field") };
    let ExprKind::Member(member) = &set.value.kind else { panic!("a member") };
    assert_eq!(&text[set.value.span.range()], "(a + b).c");
    assert_eq!(&text[member.recv.span.range()], "a + b");
    assert_eq!(&text[parsed.module.items[0].span.range()], text);
}

#[test]
fn a_byte_order_mark_and_crlf_are_accepted() {
    assert_eq!(tree("\u{feff}a = 1\r\n// c\r\nb = \"x\"\r\n"), "(module (set (path a) 1) (set (path b) \"x\"))");
}

#[test]
fn tokens_are_printed_one_a_line() {
    let text = "a = \"b\\(c)\" // d";
    let parsed = parse(FILE, text);
    assert_eq!(
        debug_tokens(text, &parsed.tokens),
        "1:1 Ident a\n1:3 Eq =\n1:5 StrOpen \\\"\n1:6 StrText b\n1:7 InterpOpen \\\\(\n1:9 Ident c\n1:10 InterpClose )\n1:11 StrClose \\\"\n1:13 Comment // d\n"
    );
    assert_eq!(parsed.tokens.list[parsed.tokens.index_at(9)].kind, TokenKind::InterpClose);
}

#[test]
fn everything_in_one_program_has_its_tree() {
    insta::assert_snapshot!(tree(include_str!("everything.forge")));
}
