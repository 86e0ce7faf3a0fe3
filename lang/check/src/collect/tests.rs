//! Declarations and their diagnostics.

use forge_base::Name;
use forge_base::{AnyCode, Code};

use crate::decl::SchemaRole;
use crate::display::show;
use crate::fixture::{module, modules};
use crate::ids::Def;
use crate::ty::Ty;

/// The diagnostics of one module's declarations, without the module's name.
fn messages(text: &str) -> Vec<String> {
    module(text).messages().iter().map(|message| message.replace("main:", "")).collect()
}

#[test]
fn valid_declarations_have_no_diagnostics() {
    let text = "
type Port = Int where it in 1..=65535
abstract schema Delivery { fn render(cluster: String): [String] }
schema Flux extends Delivery {
  interval: Duration = 1h
  fn render(cluster: String): [String] = [cluster]
}
fn first<T>(xs: [T]): T? = xs.get(0)
schema Node { name: String, next: Node?, children: [Node by name] = [] }
type Json = String | Int | [Json] | {String: Json}
x = 1
let y: Port = 2
";
    assert_eq!(messages(text), [] as [String; 0]);
}

#[test]
fn a_name_is_declared_once() {
    assert_eq!(
        messages("x = 1\nlet x = 2\nfn x(): Int = 3"),
        [
            "2:5 F0305 `x` is declared twice: declared again here",
            "3:4 F0305 `x` is declared twice: declared again here"
        ]
    );
    assert_eq!(
        messages("schema S {\n  a: Int\n  fn a(): Int = 1\n}"),
        ["3:6 F0305 `a` is declared twice: declared again here"]
    );
    assert_eq!(
        messages("schema S {\n  a: Int\n  a: Int\n}"),
        ["3:3 F0414 field `a` is declared twice: declared again here"]
    );
    assert_eq!(messages("test \"a\" {}\ntest \"a\" {}"), ["2:6 F0305 test `a` is declared twice: declared again here"]);
    assert_eq!(
        messages("fn f(a: Int, a: Int): Int = 1\nfn g<T, T>(x: T): T = x"),
        [
            "1:14 F0305 `a` is declared twice: declared again here",
            "2:9 F0305 `T` is declared twice: declared again here"
        ]
    );
}

#[test]
fn imports_bind_modules_and_members() {
    let fixture = modules(&[
        ("main", "import lib\nimport lib.{Port, sub, web as other}\ntype P = lib.Port"),
        ("lib", "import main\ntype Port = Int\nweb = 1"),
        ("lib.sub", "x = 1"),
    ]);
    assert_eq!(fixture.messages(), [] as [String; 0]);
    let scope = &fixture.decls.module(fixture.sources[0].id).scope;
    assert!(matches!(scope[&Name::new("lib")], Def::Module(_)));
    assert!(matches!(scope[&Name::new("Port")], Def::Alias(_)));
    assert!(matches!(scope[&Name::new("sub")], Def::Module(_)));
    assert!(matches!(scope[&Name::new("other")], Def::Global(_)));
}

#[test]
fn invalid_imports_are_reported() {
    let fixture = modules(&[
        ("main", "import lib.{Prot, _hidden, web, web2}\nimport lib.{web}\nimport asks\nlet web2 = 1"),
        ("lib", "import far.{web2}\ntype Port = Int\n_hidden = 1\nweb = 1"),
        ("far", "web2 = 1"),
        ("asks", "input n: Int"),
    ]);
    assert_eq!(
        fixture.messages(),
        [
            "main:1:13 F0303 `lib` has no `Prot`: did you mean `Port`?",
            "main:1:19 F0304 `_hidden` is private to `lib`: names with a leading `_` are private to their module",
            "main:1:33 F0303 `lib` has no `web2`: `lib` imports this name but does not declare it",
            "main:2:13 F0305 `web` is imported twice: imported again here",
            "main:3:8 F0307 `asks` has inputs and cannot be imported: a module with inputs is built, not imported",
            "main:4:5 F0305 `web2` is declared twice: declared again here",
        ]
    );
}

#[test]
fn unknown_types_are_reported() {
    assert_eq!(
        messages("schema Web { a: Wbe, b: string, c: x, d: Web.Port, e: [Web by nam], f: {Int: Int} }\nx = 1"),
        [
            "1:17 F0306 unknown type `Wbe`: did you mean `Web`?",
            "1:25 F0306 unknown type `string`: did you mean `String`?",
            "1:36 F0311 `x` is a value, not a type: a type is expected here",
            "1:42 F0311 `Web` contains no types: only modules contain types",
            "1:63 F0412 `Web` has no field `nam`: the key of a keyed list must be a field of its items",
            "1:73 F0401 map keys must be strings, not `Int`: expected `String`, a refinement of it, or a union of strings",
        ]
    );
}

#[test]
fn cycles_are_reported_once_and_cut() {
    let text = "schema A extends B {}\nschema B extends A {}\nschema C extends C {}\ntype T = U | Int\ntype U = T where true\nschema D extends A { x: T }";
    assert_eq!(
        messages(text),
        [
            "1:8 F0309 `A` extends itself (through `B`): the cycle starts here",
            "3:8 F0309 `C` extends itself: the cycle starts here",
            "4:6 F0309 `T` is defined as itself (through `U`): the cycle starts here",
        ]
    );
}

#[test]
fn inherited_fields_keep_their_order_and_may_be_narrowed() {
    let fixture = module(
        "schema A { a: Int, b: String? }\nschema B extends A { c: Bool, b: String }\nschema C extends B { a: Float, d: \"x\" }",
    );
    assert_eq!(
        fixture.messages(),
        ["main:3:25 F0417 `a` of `C` widens the inherited type: `Float` allows values that `Int` does not"]
    );
    let module = fixture.decls.module(fixture.sources[0].id);
    let fields: Vec<String> = module.schemas[2]
        .fields
        .iter()
        .map(|field| format!("{}: {}", field.name, show(&fixture.decls, &field.ty)))
        .collect();
    assert_eq!(fields, ["a: Float", "b: String", "c: Bool", "d: \"x\""]);
    assert!(module.schemas[1].fields[1].is_narrowed);
    assert!(!module.schemas[1].fields[0].is_narrowed);
}

#[test]
fn methods_conform_to_inherited_ones_and_have_bodies() {
    let text = "
abstract schema D { fn render(x: Int): String, fn name(): String }
schema Wrong extends D { fn render(y: Int): String = \"\", fn name(): Int = 1 }
schema Open extends D { fn name() = \"x\" }
schema Bare { fn f(): Int }
fn g(): Int
";
    assert_eq!(
        messages(text),
        [
            "3:39 F0424 `render` of `Wrong` is incompatible with the inherited method: the parameter is named `x` in the inherited method",
            "3:61 F0424 `name` of `Wrong` is incompatible with the inherited method: this returns `Int`, but callers expect `String`",
            "4:8 F0419 `Open` does not implement `render`: inherits abstract methods without a body",
            "5:18 F0419 `f` has no body, but `Bare` is not abstract: only abstract schemas can have methods without a body",
            "6:4 F0205 `g` has no body: a function needs `= value` after its parameters",
        ]
    );
    let fixture = module("abstract schema D { fn f(): String }\nschema E extends D { fn f() = \"x\" }");
    let id = fixture.decls.module(fixture.sources[0].id).schemas[1].methods[0].function;
    assert_eq!(fixture.decls.function(id).ret, Some(Ty::Str));
}

#[test]
fn annotations_are_read() {
    let fixture = module(
        "@deprecated(\"use y\") @since(\"1.2\")\nx = 1\n@internal\nschema S {\n  @allow(\"F0903\", \"why\")\n  a: Int\n}\n@deprecatd\ny = 1\n@since(1)\nz = 1",
    );
    assert_eq!(
        fixture.messages(),
        [
            "main:8:2 F0301 unknown annotation `@deprecatd`: did you mean `@deprecated`?",
            "main:10:1 F0405 wrong arguments for `@since`: expected `@since(\"1.2\")`",
        ]
    );
    let module = fixture.decls.module(fixture.sources[0].id);
    assert_eq!(module.globals[0].annotations.deprecated.as_deref(), Some("use y"));
    assert!(module.schemas[0].annotations.internal);
    assert_eq!(module.schemas[0].fields[0].annotations.allowed, [AnyCode::BuiltIn(Code::UNUSED_OVERRIDE)]);
}

#[test]
fn the_prelude_needs_no_import() {
    let fixture = modules(&[
        ("main", "schema S { name: DnsLabel }"),
        ("std.prelude", "type DnsLabel = String where it != \"\""),
        ("std.prelude.list", "fn map<T, U>(xs: [T], f: (T) -> U): [U]"),
    ]);
    assert_eq!(fixture.messages(), [] as [String; 0]);
    assert!(fixture.decls.prelude.methods.contains_key(&(Name::new("list"), Name::new("map"))));
}

#[test]
fn long_chains_of_ancestors_and_wide_types_take_linear_time() {
    let chain: String = (1..2000).map(|at| format!("schema S{at} extends S{} {{}}\n", at - 1)).collect();
    let found = messages(&format!("schema S0 {{}}\n{chain}"));
    assert_eq!(found[0], "501:21 F0204 `S500` has more than 500 ancestors: this chain of `extends` is too long");
    assert_eq!(found.len(), 3);
    let wide: Vec<String> = (0..400).map(|at| format!("\"{at}\"")).collect();
    assert_eq!(messages(&format!("type Wide = {}", wide.join(" | "))), [] as [String; 0]);
    let fields: String = (0..50_000).map(|at| format!("f{at}: Int\n")).collect();
    assert_eq!(messages(&format!("schema Wide {{\n{fields}}}")), [] as [String; 0]);
}

#[test]
fn facts_about_fields_follow_from_their_types() {
    let fixture = module(
        "type Odd = Int where it % 2 == 1
type Few = [Int] where it.length < 3
abstract schema Base { kind: String, n: Int? }
schema Leaf extends Base { n: Int }
schema S { a: Odd, b: Few, c: Leaf?, d: Base, e: Leaf | Base, f: [Leaf by kind], g: {String: Few}? }",
    );
    assert_eq!(fixture.messages(), [] as [String; 0]);
    let module = fixture.decls.module(fixture.sources[0].id);
    let facts = |schema: usize| -> Vec<(&str, bool, bool, bool)> {
        let fields = module.schemas[schema].fields.iter();
        fields.map(|field| (field.name.as_str(), field.nullable, field.fresh.is_some(), field.verify)).collect()
    };
    assert_eq!(facts(1), [("kind", false, false, false), ("n", false, false, true)]);
    assert_eq!(
        facts(2),
        [
            ("a", false, false, false),
            ("b", false, false, true),
            ("c", true, true, false),
            ("d", false, false, false),
            ("e", false, false, false),
            ("f", false, true, false),
            ("g", true, true, true),
        ]
    );
}

#[test]
fn roles_of_schemas_follow_from_their_fields_and_ancestors() {
    let fixture = modules(&[
        (
            "main",
            "import std.output.{Tree}\nschema Files extends Tree {}\nschema Pod { apiVersion: String, kind: String }\nschema Kind { kind: String }",
        ),
        ("std.output", "schema Tree { files: [String] }"),
    ]);
    assert_eq!(fixture.messages(), [] as [String; 0]);
    let roles: Vec<SchemaRole> =
        fixture.decls.module(fixture.sources[0].id).schemas.iter().map(|schema| schema.role).collect();
    assert_eq!(roles, [SchemaRole::FileTree, SchemaRole::Resource, SchemaRole::Plain]);
}
