//! The full text of each message about bodies and expressions, one test a message.

use crate::fixture::module;

macro_rules! reports {
    ($($name:ident: $text:expr;)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(module($text).report());
        }
    )*};
}

reports! {
    // names
    f0301_unknown_name: "let color = 1\nx = colour";
    f0301_field_of_the_enclosing_object: "schema S { a: Int, b: Int = 1 }\nx = S { a = b }";
    f0310_schema_as_value: "schema S { a: Int = 1 }\nx = S";
    f0312_self_outside_a_body: "x = self.a";
    f0312_super_without_a_value: "x = super";
    f0601_cyclic_inferred_values: "a = [b]\nb = [a]";
    f0601_cyclic_let: "x = { let a = b, let b = a, c = a }";
    f0408_cyclic_record_field: "x = { a = self.b, b = self.a }";
    // types
    f0401_field_of_the_wrong_type: "schema S { n: Int }\nx = S { n = \"three\" }";
    f0401_number_in_quotes: "schema S { n: Int }\nx = S { n = \"3\" }";
    f0401_number_for_a_string: "schema S { s: String }\nx = S { s = 3 }";
    f0401_misspelled_literal: "schema S { p: \"Always\" | \"Never\" }\nx = S { p = \"Alway\" }";
    f0401_value_for_a_list: "schema S { xs: [String] }\nx = S { xs = \"a\" }";
    f0401_item_of_the_wrong_type: "schema S { xs: [String] }\nx = S { xs = [\"a\", 2] }";
    f0401_entry_of_the_wrong_type: "schema S { m: {String: Int} }\nx = S { m = { a = \"b\" } }";
    f0401_lambda_result_of_the_wrong_type: "x = [1].filter(n => n + 1)";
    f0420_plain_string_for_a_secret: "schema S { password: Secret }\nx = S { password = \"hunter2\" }";
    f0402_method_of_other_lists: "x = [1].join(\",\")";
    f0403_logical_operand: "x = 1 && true";
    f0408_cyclic_inferred_type: "x = { a = x.b, b = 1 }";
    f0303_unknown_module_member: "import std.text\nx = text.slugg(\"a\")";
    f0401_null_for_a_value: "schema S { n: Int }\nx = S { n = null }";
    f0401_branch_of_the_wrong_type: "schema S { n: Int }\nx = S { n = if true { 1 } else { \"b\" } }";
    f0406_nullable_value: "schema S { n: Int, m: Int? }\nfn f(s: S): S = S { n = s.m }";
    f0406_member_of_a_nullable_value: "schema S { s: String? }\nfn f(s: S): Int = s.s.length";
    f0411_milli_for_minutes: "schema S { d: Duration }\nx = S { d = 5m }";
    f0402_unknown_member: "x = \"a\".lenght";
    f0402_map_read_like_an_object: "let m: {String: Int} = { a = 1 }\nx = m.a";
    f0310_method_is_not_called: "x = \"a\".trim";
    f0404_called_property: "x = \"a\".length()";
    f0403_incompatible_operands: "x = 1 + \"a\"";
    f0427_comparison_is_always_false: "x = 1 == \"a\"";
    f0404_call_of_a_number: "let a = 1\nx = a(2)";
    f0404_call_of_a_schema: "schema S { a: Int }\nx = S(a = 1)";
    f0405_too_many_arguments: "fn f(a: Int): Int = a\nx = f(1, 2)";
    f0405_missing_argument: "fn f(a: Int, b: Int): Int = a + b\nx = f(1)";
    f0405_unknown_argument: "fn f(count: Int): Int = count\nx = f(cuont = 1)";
    f0401_argument_of_the_wrong_type: "fn f(count: Int): Int = count\nx = f(\"a\")";
    f0408_lambda_without_parameter_types: "x = { let f = a => a, b = 1 }";
    f0407_loop_over_a_number: "x = [for i in 3 { i }]";
    f0407_loop_over_a_map_with_one_name: "let m: {String: Int} = {}\nx = [for v in m { v }]";
    f0426_index_into_a_number: "let n = 1\nx = n[0]";
    f0401_object_in_a_string: "schema S { a: Int = 1 }\nlet s = S {}\nx = \"\\(s)\"";
    f0415_non_exhaustive_match: "schema S { p: \"a\" | \"b\" = \"a\" }\nx = match (S {}).p { \"a\" => 1 }";
    f0416_unreachable_arm: "let n = 1\nx = match n { _ => 1, 2 => 3 }";
    f0425_misspelled_pattern: "schema S { p: \"Always\" | \"Never\" = \"Never\" }\nx = match (S {}).p { \"Alway\" => 1, \"Never\" => 2 }";
    // bodies
    f0412_unknown_field: "schema S { replicas: Int = 1 }\nx = S { replcas = 2 }";
    f0412_unknown_field_without_suggestion: "schema S { replicas: Int = 1 }\nx = S { zone = 2 }";
    f0413_missing_fields: "schema P { port: Int }\nschema S { a: Int, p: P }\nx = S { p {} }";
    f0414_field_set_twice: "schema S { a: Int }\nx = S { a = 1, a = 2 }";
    f0410_plain_list_refined: "schema S { xs: [String] = [] }\nx = S { xs { a = 1 } }";
    f0409_number_refined: "schema S { n: Int = 1 }\nx = S { n { a = 1 } }";
    f0418_abstract_instance: "abstract schema S { a: Int = 1 }\nschema T extends S {}\nx = S {}";
    f0421_computed_field: "schema S { a: Int = 1 }\nlet k = \"a\"\nx = S { \"\\(k)\" = 2 }";
    f0421_loop_in_an_object: "schema S { a: Int = 1 }\nx = S { for i in [1] { a = i } }";
    f0409_deleted_field: "schema S { a: Int? = 1 }\nx = S { delete a }";
    f0403_append_to_a_number: "schema S { a: Int = 1 }\nx = S { a += 1 }";
    f0903_override_without_effect: "schema S { a: Int = 1 }\nx = S { a = 1 }";
    f0501_constant_violates_its_condition: "type Port = Int where it in 1..=65535\nschema S { p: Port }\nx = S { p = 70000 }";
    f0501_constant_violates_an_inline_condition: "schema S { n: Int where it > 0 }\nx = S { n = -1 }";
    f0401_ambiguous_literal: "schema A { x: Int = 1 }\nschema B { x: Int = 1 }\nschema S { v: A | B }\ny = S { v = { x = 2 } }";
    // secrets
    f0420_interpolated_secret: "import std.secrets\nlet s = secrets.reference(\"a\", \"b\")\nx = \"\\(s)\"";
    f0420_compared_secret: "import std.secrets\nlet s = secrets.reference(\"a\", \"b\")\nx = s == s";
    f0420_secret_as_any: "import std.secrets\nschema S { v: Any }\nx = S { v = secrets.reference(\"a\", \"b\") }";
}

#[test]
fn snapshots_named_after_a_code_contain_it() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/snapshots")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Some((_, code)) = name.split_once("__messages__f") else { continue };
        let code = format!("F{}]", &code[..4]);
        assert!(std::fs::read_to_string(&path).unwrap().contains(&code), "{name} has no {code}");
    }
}
