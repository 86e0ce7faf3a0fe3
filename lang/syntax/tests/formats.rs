//! How formatted programs look.

use forge_base::FileId;

fn format(text: &str) -> String {
    forge_syntax::format(FileId(0), text).expect("a program without errors")
}

#[test]
fn a_program_in_any_style_becomes_one_style() {
    insta::assert_snapshot!(format(include_str!("unformatted.forge")));
}

#[test]
fn the_author_chooses_between_one_line_and_many() {
    assert_eq!(format("a = {b = 1,c=2}"), "a = { b = 1, c = 2 }\n");
    assert_eq!(format("a = {b = 1\nc=2, d=3}"), "a = {\n  b = 1\n  c = 2\n  d = 3\n}\n");
    assert_eq!(format("a = [1,2,]"), "a = [1, 2]\n");
    assert_eq!(format("a = [1\n2]"), "a = [\n  1,\n  2\n]\n");
    assert_eq!(format("a = f(1,2)"), "a = f(1, 2)\n");
    assert_eq!(format("a = f(1,\n2)"), "a = f(\n  1,\n  2\n)\n");
    assert_eq!(format("a = f(x => {\n1})"), "a = f(x => {\n  1\n})\n");
    assert_eq!(format("a = b\n.c\n+d"), "a = b\n  .c\n  + d\n");
}

#[test]
fn calls_are_told_from_keywords() {
    let text = "type V = String where isValid(it)\nschema S extends a.B {\n  check f(x), g(y)\n}\ntest \"t\" {\n  assert f(x)\n  \
                fails f(x) with (y)\n  snapshot f(x)\n}\na = b is [Int] && c in [d(1)] && match(e)[0] { _ => not(1) }\n";
    let expected = text.replace("match(e)[0]", "match (e)[0]");
    assert_eq!(format(&expected), expected);
    assert_eq!(format("import a.{\nB, C}"), "import a.{\n  B,\n  C\n}\n");
}

#[test]
fn a_group_that_does_not_fit_is_broken_from_outside() {
    let long = "word, ".repeat(30);
    let lines = "    word,\n".repeat(29);
    assert_eq!(format(&format!("a = f([{long}], 1)")), format!("a = f(\n  [\n{lines}    word\n  ],\n  1\n)\n"));
}

#[test]
fn blank_lines_and_comments_stay() {
    let text = "// one\n\na = 1 // two\n\n// three\nb = { // four\n  c = 1 // five\n\n  // six\n}\n// seven\n";
    assert_eq!(format(text), text);
    assert_eq!(format("\n\n\na = 1\n\n\n\nb = 2\n\n\n"), "a = 1\n\nb = 2\n");
    assert_eq!(format("a = 1 + // why\n2"), "a = 1 + // why\n  2\n");
    assert_eq!(format(""), "");
    assert_eq!(format("// only"), "// only\n");
}

#[test]
fn a_program_with_errors_is_not_touched() {
    assert!(forge_syntax::format(FileId(0), "a = (").is_err());
}

#[test]
fn text_of_several_lines_is_not_moved() {
    let text = "a = {\n      b = \"\"\"\n        x\n        \"\"\"\n}\n";
    assert_eq!(format(text), "a = {\n  b = \"\"\"\n        x\n        \"\"\"\n}\n");
}

#[test]
fn a_separator_at_the_end_of_a_map_type_changes_nothing() {
    for text in ["a: {String: Int,} = {}\n", "a: {String: Int;} = {}\n", "a: {String: Int} = {}\n"] {
        assert_eq!(format(text), "a: {String: Int} = {}\n", "{text}");
    }
}

#[test]
fn a_bang_stays_with_the_operand_that_it_follows() {
    for line in ["a = x!", "a = x!.y![0]! + 1", "a = !x && y! == z", "a = f(x!) as Int? ?? 1", "a = [x!, !y]"] {
        assert_eq!(format(&format!("{line}\n")), format!("{line}\n"));
    }
}

#[test]
fn late_fields_checks_exports_and_bounds_have_one_style() {
    let text = "export .a.{B,C as D}\nfn f<T:A|[B],U>(x:T):T = x\nschema S {\n  late   x:Int\n  check x>1,\"m\",at=x,code=\"C1\"\n  warn (x),\"m\"\n  \
                ys { each{a=1} }\n}\n";
    let expected = "export .a.{B, C as D}\nfn f<T: A | [B], U>(x: T): T = x\nschema S {\n  late x: Int\n  check x > 1, \"m\", at = x, code = \"C1\"\n  \
                    warn (x), \"m\"\n  ys { each { a = 1 } }\n}\n";
    assert_eq!(format(text), expected);
    assert_eq!(
        format("schema S {\n  check x > 1, \"m\",\n    at = x\n}"),
        "schema S {\n  check x > 1, \"m\",\n    at = x\n}\n"
    );
}

#[test]
fn a_typed_refinement_has_a_space_after_its_colon() {
    let text = "a = b {\n  cilium: Cilium { on = true }\n  `cert-manager`: m.Cert { on = true }\n}\n";
    assert_eq!(format(text), text);
    assert_eq!(format("a = b { c:C{ x = 1 } }"), "a = b { c: C { x = 1 } }\n");
}
