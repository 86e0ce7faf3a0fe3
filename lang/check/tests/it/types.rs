//! Types that expressions have.

use crate::fixture::module;

/// Checks that `x` of a program has a type.
fn has_type(text: &str, ty: &str) {
    let fixture = module(text);
    assert_eq!(fixture.report(), "");
    assert_eq!(fixture.ty("x"), ty);
}

#[test]
fn literals_widen_when_they_get_a_name() {
    has_type("x = \"a\"", "String");
    has_type("x = [1, 2]", "[Int]");
    has_type("x = { a = 1, b = [true] }", "{ a: Int, b: [Bool] }");
}

#[test]
fn keys_that_are_not_names_make_a_map() {
    has_type("x = { \"a/b\" = 1 }", "{String: Int}");
    has_type("x = { for k in [\"a\"] { \"\\(k)\" = 1 } }", "{String: Int}");
}

#[test]
fn paths_in_a_record_make_records() {
    has_type("x = { a.b = 1, a.c = \"d\" }", "{ a: { b: Int, c: String } }");
}

#[test]
fn spreads_of_records_make_a_record_and_of_maps_a_map() {
    has_type("let r = { a = 1 }\nx = { ...r, b = true }", "{ a: Int, b: Bool }");
    has_type("let m: {String: Int} = {}\nx = { ...m, b = 1 }", "{String: Int}");
}

#[test]
fn fields_of_a_record_see_each_other_in_any_order() {
    has_type("x = { a = self.b, b = self.c, c = 1 }.a", "Int");
}

#[test]
fn a_test_for_null_narrows_what_it_tests() {
    let schema = "schema S { n: Int? }\nlet s = S {}\n";
    has_type(&format!("{schema}x = if s.n != null {{ s.n + 1 }} else {{ 0 }}"), "Int");
    has_type(&format!("{schema}x = if s.n == null || s.n > 3 {{ 0 }} else {{ s.n }}"), "Int");
    has_type(&format!("{schema}x = [for t in [s] if t.n != null {{ t.n }}]"), "[Int]");
}

#[test]
fn a_discriminant_field_narrows_a_union() {
    let text = "schema A { kind: \"a\" = \"a\", n: Int = 1 }\nschema B { kind: \"b\" = \"b\", s: String = \"\" }
fn f(v: A | B): Int = if v.kind == \"a\" { v.n } else { v.s.length }
x = f(A {})";
    has_type(text, "Int");
}

#[test]
fn lambda_parameters_are_inferred_from_receiver_and_expectation() {
    has_type("x = [1, 2].map(n => \"\\(n)\")", "[String]");
    has_type("x = [1, 2].fold([], (all, n) => all + [n])", "[Int]");
    has_type("x = { a = 1 }.map((_, v) => v)", "[Int]");
    has_type("schema P { port: Int }\nx: [P] = [1].map(n => { port = n })", "[P]");
}

#[test]
fn super_is_nullable_if_there_may_be_no_previous_value() {
    has_type("schema S { n: Int = 1 }\nlet s = S { n = super + 1 }\nx = s.n", "Int");
    has_type("schema S { n: Int }\nlet s = S { n = (super ?? 1) + 1 }\nx = s.n", "Int");
}

#[test]
fn an_entry_that_may_be_missing_is_refined_with_a_default() {
    let text = "schema C { name: String, image: String? }\nschema S { cs: [C by name] = [] }
let s = S {}
x = s { cs { app = (super ?? C {}) { image = \"i\" } } }";
    has_type(text, "S");
}
