//! Relations between types, written in source syntax.

use crate::display::show;
use crate::fixture::{Fixture, module};
use crate::subtype::view::is_plain_data;
use crate::subtype::{Assignability, Solver, assignability, closest, join, narrow, strip_null, substitute, subtract};
use crate::ty::Ty;

const PROGRAM: &str = "
type Port = Int where it in 1..=65535
type Privileged = Port where it < 1024
type Kind = \"a\" | \"b\"
type Json = String | Int | [Json] | {String: Json}
type Yson = Int | String | {String: Yson} | [Yson]
abstract schema Delivery {}
schema Flux extends Delivery { interval: Duration? }
schema Argo extends Delivery { server: String? }
schema Vault { token: Secret }
schema Holder { vault: Vault? }
schema Item { name: String }
";

fn fixture() -> Fixture {
    let fixture = module(PROGRAM);
    assert_eq!(fixture.messages(), [] as [String; 0]);
    fixture
}

fn all_assign(expected: Assignability, pairs: &[(&str, &str)]) {
    let fixture = fixture();
    for (from, to) in pairs {
        assert_eq!(assignability(&fixture.decls, &fixture.ty(from), &fixture.ty(to)), expected, "{from} to {to}");
    }
}

#[test]
fn subtypes_need_no_coercion() {
    all_assign(
        Assignability::Yes,
        &[
            ("Int", "Int"),
            ("\"a\"", "String"),
            ("\"a\"", "Kind"),
            ("Kind", "String"),
            ("Kind", "\"b\" | \"a\" | \"c\""),
            ("Int", "Int?"),
            ("Null", "Int?"),
            ("Bool", "true | false | Int"),
            ("Port", "Int"),
            ("Privileged", "Port"),
            ("Port?", "Int?"),
            ("[Port]", "[Int]"),
            ("[Item by name]", "[Item]"),
            ("{Kind: Int}", "{String: Int?}"),
            ("Flux", "Delivery"),
            ("Flux | Argo", "Delivery"),
            ("[Flux]", "Any"),
            ("{ b: Int, a: String }", "{ a: String, b: Int }"),
            ("(Any) -> Flux", "(Int) -> Delivery"),
            ("Json", "Yson"),
            ("{ a: Int, b: \"x\" }", "{Kind: Int | String}"),
            ("[[Int]]", "Json"),
        ],
    );
}

#[test]
fn numbers_and_refinements_are_coerced() {
    all_assign(
        Assignability::Coerce,
        &[
            ("[Item]", "[Item by name]"),
            ("Int", "Float"),
            ("1", "Quantity"),
            ("Int", "Port"),
            ("80", "Port?"),
            ("Port", "Privileged"),
            ("[Int]", "[Float]"),
            ("{String: Int}", "{String: Quantity}"),
            ("[Item by name]", "[Item] where it.len() > 1"),
        ],
    );
}

#[test]
fn unrelated_types_are_not_assignable() {
    all_assign(
        Assignability::No,
        &[
            ("String", "Int"),
            ("String", "Kind"),
            ("Int?", "Int"),
            ("Float", "Int"),
            ("Any", "Int"),
            ("Delivery", "Flux"),
            ("Secret", "Any"),
            ("Holder", "Any"),
            ("[(Int) -> Int]", "Any"),
            ("{ c: Int }", "{Kind: Int}"),
            ("{ a: Int, b: String }", "{String: Int}"),
            ("{ a: Int }", "{ a: Int, b: Int? }"),
            ("(Int) -> Int", "(Int) -> Float"),
            ("(Int) -> Int", "(Any) -> Int"),
            ("Json", "[Json]"),
        ],
    );
}

#[test]
fn both_types_are_assignable_to_their_join() {
    let fixture = fixture();
    for (a, b, joined) in [
        ("\"a\"", "\"b\"", "String"),
        ("1", "Float", "Float"),
        ("Int", "Null", "Int?"),
        ("Int?", "Float", "Int | Float | Null"),
        ("Kind", "\"c\"", "\"a\" | \"b\" | \"c\""),
        ("Flux", "Argo", "Flux | Argo"),
        ("Flux", "Delivery", "Delivery"),
        ("[\"a\"]", "[\"b\"]", "[String]"),
        ("{ a: 1 }", "{ a: 2 }", "{ a: Int }"),
        ("{ a: Int }", "{ b: Int }", "{ a: Int } | { b: Int }"),
        ("[Item by name]", "[Item]", "[Item]"),
        ("Port", "Int", "Int"),
    ] {
        let ty = join(&fixture.decls, &fixture.ty(a), &fixture.ty(b));
        assert_eq!(show(&fixture.decls, &ty), joined, "{a} and {b}");
    }
}

#[test]
fn tests_narrow_both_branches() {
    let fixture = fixture();
    for (ty, test, yes, no) in [
        ("Int?", "Null", "Null", "Int"),
        ("Int | String | Null", "String", "String", "Int?"),
        ("Any", "String", "String", "Any"),
        ("Delivery", "Flux", "Flux", "Delivery"),
        ("Flux | Argo", "Flux", "Flux", "Argo"),
        ("Flux | Argo", "Delivery", "Flux | Argo", "_"),
        ("Kind", "\"a\"", "\"a\"", "\"b\""),
        ("Kind", "String", "Kind", "_"),
        ("Kind", "Int", "_", "Kind"),
        ("Bool", "true", "true", "false"),
        ("Int", "Port", "Port", "Int"),
        ("Json", "[Json]", "[Json]", "String | Int | {String: Json}"),
        ("Int", "String", "_", "Int"),
    ] {
        let (ty, test) = (fixture.ty(ty), fixture.ty(test));
        let shown = |ty: &Ty| show(&fixture.decls, ty);
        assert_eq!(shown(&narrow(&fixture.decls, &ty, &test)), yes, "{} is {}", shown(&ty), shown(&test));
        assert_eq!(shown(&subtract(&fixture.decls, &ty, &test)), no, "{} is not {}", shown(&ty), shown(&test));
    }
}

#[test]
fn null_is_stripped() {
    let fixture = fixture();
    for (ty, stripped) in [("Int?", "Int"), ("Port?", "Port"), ("Kind | Null", "Kind"), ("Null", "_"), ("Any", "Any")] {
        assert_eq!(show(&fixture.decls, &strip_null(&fixture.decls, &fixture.ty(ty))), stripped);
    }
}

#[test]
fn arguments_determine_generic_parameters() {
    let fixture = fixture();
    let list_of_t = fixture.ty("[T]");
    let t_or_null = fixture.ty("T?");
    let mut infer = Solver::new();
    let args = infer.fresh(1);
    infer.constrain(&fixture.decls, &fixture.ty("[Item by name]"), &substitute(&list_of_t, &args));
    assert_eq!(show(&fixture.decls, &infer.finish(&substitute(&t_or_null, &args))), "Item?");

    let mut infer = Solver::new();
    let args = infer.fresh(1);
    let param = substitute(&t_or_null, &args);
    infer.hint(&fixture.decls, &param, &fixture.ty("Float?"));
    assert_eq!(show(&fixture.decls, &infer.apply(&param)), "Float?");
    infer.constrain(&fixture.decls, &fixture.ty("1"), &param);
    assert_eq!(show(&fixture.decls, &infer.apply(&param)), "Float?");
    infer.constrain(&fixture.decls, &fixture.ty("String"), &param);
    assert_eq!(show(&fixture.decls, &infer.apply(&param)), "Int | String | Null");

    let mut infer = Solver::new();
    let param = &infer.fresh(1)[0];
    infer.hint(&fixture.decls, param, &fixture.ty("Kind"));
    infer.constrain(&fixture.decls, &fixture.ty("\"a\""), param);
    assert_eq!(show(&fixture.decls, &infer.apply(param)), "Kind");
    infer.constrain(&fixture.decls, &fixture.ty("\"c\""), param);
    assert_eq!(show(&fixture.decls, &infer.apply(param)), "String");
}

#[test]
fn an_unconstrained_variable_is_never() {
    let fixture = fixture();
    let mut infer = Solver::new();
    let args = infer.fresh(1);
    let list = substitute(&fixture.ty("[T]"), &args);
    assert!(infer.is_open(&list));
    assert_eq!(show(&fixture.decls, &infer.finish(&list)), "[_]");
}

#[test]
fn secrets_and_functions_are_found_through_names() {
    let fixture = fixture();
    assert!(is_plain_data(&fixture.decls, &fixture.ty("{String: [Flux | Json]}")));
    assert!(!is_plain_data(&fixture.decls, &fixture.ty("[Holder?]")));
    assert!(!is_plain_data(&fixture.decls, &fixture.ty("{ f: (Int) -> Int }")));
}

#[test]
fn the_most_similar_member_of_a_union_is_found() {
    let fixture = fixture();
    let near = |from: &str, to: &str| {
        closest(&fixture.decls, &fixture.ty(from), &fixture.ty(to)).map(|ty| show(&fixture.decls, &ty))
    };
    assert_eq!(near("\"latset\"", "\"latest\" | \"stable\""), Some(String::from("\"latest\"")));
    assert_eq!(near("{ server: Int }", "Flux | Argo"), Some(String::from("Argo")));
    assert_eq!(near("String", "Flux | Argo"), None);
}

#[test]
fn types_are_shown_in_source_syntax() {
    let fixture = fixture();
    for text in [
        "Int?",
        "\"a\" | \"b\"",
        "[Item by name]",
        "{String: Int?}",
        "(Int, String) -> [Int]",
        "((Int) -> Int)?",
        "{ a: Int, b: Kind }",
        "Port",
        "String | Int | Null",
    ] {
        assert_eq!(show(&fixture.decls, &fixture.ty(text)), text);
    }
    let long = fixture.ty("1 | 2 | 3 | 4 | 5 | 6 | 7");
    assert_eq!(show(&fixture.decls, &long), "1 | 2 | 3 | 4 | 5 | … 2 more");
}
