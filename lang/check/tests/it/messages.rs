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
    unknown_name: "let color = 1\nx = colour";
    unknown_name_that_is_a_field_of_the_object: "schema S { a: Int, b: Int = 1 }\nx = S { a = b }";
    schema_as_value: "schema S { a: Int = 1 }\nx = S";
    self_outside_a_body: "x = self.a";
    super_without_anything_to_replace: "x = super";
    values_whose_types_need_each_other: "a = [b]\nb = [a]";
    let_that_needs_itself: "x = { let a = b, let b = a, c = a }";
    record_field_that_needs_itself: "x = { a = self.b, b = self.a }";
    // types
    wrong_type_of_a_field: "schema S { n: Int }\nx = S { n = \"three\" }";
    number_in_quotes: "schema S { n: Int }\nx = S { n = \"3\" }";
    number_for_a_string: "schema S { s: String }\nx = S { s = 3 }";
    misspelled_literal: "schema S { p: \"Always\" | \"Never\" }\nx = S { p = \"Alway\" }";
    one_value_for_a_list: "schema S { xs: [String] }\nx = S { xs = \"a\" }";
    item_of_the_wrong_type: "schema S { xs: [String] }\nx = S { xs = [\"a\", 2] }";
    entry_of_the_wrong_type: "schema S { m: {String: Int} }\nx = S { m = { a = \"b\" } }";
    result_of_a_lambda_of_the_wrong_type: "x = [1].filter(n => n + 1)";
    plain_text_for_a_secret: "schema S { password: Secret }\nx = S { password = \"hunter2\" }";
    method_for_other_lists: "x = [1].join(\",\")";
    operand_of_logic: "x = 1 && true";
    type_that_needs_itself: "x = { a = x.b, b = 1 }";
    module_member_that_is_not_there: "import std.text\nx = text.slugg(\"a\")";
    null_for_a_value: "schema S { n: Int }\nx = S { n = null }";
    branch_of_the_wrong_type: "schema S { n: Int }\nx = S { n = if true { 1 } else { \"b\" } }";
    value_that_may_be_null: "schema S { n: Int, m: Int? }\nfn f(s: S): S = S { n = s.m }";
    member_of_what_may_be_null: "schema S { s: String? }\nfn f(s: S): Int = s.s.length";
    minutes_written_as_milli: "schema S { d: Duration }\nx = S { d = 5m }";
    unknown_member: "x = \"a\".lenght";
    map_read_like_an_object: "let m: {String: Int} = { a = 1 }\nx = m.a";
    method_that_is_not_called: "x = \"a\".trim";
    property_that_is_called: "x = \"a\".length()";
    operands_that_do_not_go_together: "x = 1 + \"a\"";
    comparison_that_never_holds: "x = 1 == \"a\"";
    call_of_a_number: "let a = 1\nx = a(2)";
    call_of_a_schema: "schema S { a: Int }\nx = S(a = 1)";
    too_many_arguments: "fn f(a: Int): Int = a\nx = f(1, 2)";
    missing_argument: "fn f(a: Int, b: Int): Int = a + b\nx = f(1)";
    unknown_argument: "fn f(count: Int): Int = count\nx = f(cuont = 1)";
    argument_of_the_wrong_type: "fn f(count: Int): Int = count\nx = f(\"a\")";
    lambda_of_which_nothing_is_known: "x = { let f = a => a, b = 1 }";
    loop_over_a_number: "x = [for i in 3 { i }]";
    loop_over_a_map_with_one_name: "let m: {String: Int} = {}\nx = [for v in m { v }]";
    index_into_a_number: "let n = 1\nx = n[0]";
    object_in_a_string: "schema S { a: Int = 1 }\nlet s = S {}\nx = \"\\(s)\"";
    match_that_leaves_values_out: "schema S { p: \"a\" | \"b\" = \"a\" }\nx = match (S {}).p { \"a\" => 1 }";
    arm_that_is_never_reached: "let n = 1\nx = match n { _ => 1, 2 => 3 }";
    case_that_is_misspelled: "schema S { p: \"Always\" | \"Never\" = \"Never\" }\nx = match (S {}).p { \"Alway\" => 1, \"Never\" => 2 }";
    // bodies
    unknown_field: "schema S { replicas: Int = 1 }\nx = S { replcas = 2 }";
    unknown_field_with_nothing_near: "schema S { replicas: Int = 1 }\nx = S { zone = 2 }";
    missing_fields: "schema P { port: Int }\nschema S { a: Int, p: P }\nx = S { p {} }";
    field_set_twice: "schema S { a: Int }\nx = S { a = 1, a = 2 }";
    plain_list_refined: "schema S { xs: [String] = [] }\nx = S { xs { a = 1 } }";
    number_refined: "schema S { n: Int = 1 }\nx = S { n { a = 1 } }";
    abstract_instance: "abstract schema S { a: Int = 1 }\nschema T extends S {}\nx = S {}";
    computed_field: "schema S { a: Int = 1 }\nlet k = \"a\"\nx = S { \"\\(k)\" = 2 }";
    for_in_an_object: "schema S { a: Int = 1 }\nx = S { for i in [1] { a = i } }";
    field_deleted: "schema S { a: Int? = 1 }\nx = S { delete a }";
    append_to_a_number: "schema S { a: Int = 1 }\nx = S { a += 1 }";
    override_that_changes_nothing: "schema S { a: Int = 1 }\nx = S { a = 1 }";
    constant_outside_its_condition: "type Port = Int where it in 1..=65535\nschema S { p: Port }\nx = S { p = 70000 }";
    constant_outside_a_condition_without_name: "schema S { n: Int where it > 0 }\nx = S { n = -1 }";
    unclear_literal: "schema A { x: Int = 1 }\nschema B { x: Int = 1 }\nschema S { v: A | B }\ny = S { v = { x = 2 } }";
    // secrets
    secret_in_a_string: "import std.secrets\nlet s = secrets.reference(\"a\", \"b\")\nx = \"\\(s)\"";
    secret_compared: "import std.secrets\nlet s = secrets.reference(\"a\", \"b\")\nx = s == s";
    secret_as_free_data: "import std.secrets\nschema S { v: Any }\nx = S { v = secrets.reference(\"a\", \"b\") }";
}
