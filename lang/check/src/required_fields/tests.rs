//! Missing fields of whole programs.

use crate::check::check;
use crate::fixture::module;

const SCHEMAS: &str = "
schema Meta { name: String, note: String? }
schema Container { name: String, image: String }
schema Pod { meta: Meta = Meta {}, containers: [Container by name] = [], extra: [Meta] = [] }
schema Web { title: String, pod: Pod = Pod { containers { app = {} } } }
";

/// The headlines of the errors in a program with the schemas above.
fn lacks(text: &str) -> Vec<String> {
    let fixture = module(&format!("{SCHEMAS}{text}"));
    check(&fixture.sources).diags.iter().filter(|diag| diag.is_error()).map(|diag| diag.headline.clone()).collect()
}

#[test]
fn schemas_may_be_incomplete() {
    assert_eq!(lacks(""), [] as [String; 0]);
}

#[test]
fn all_paths_of_a_literal_are_one_error() {
    assert_eq!(lacks("a = Web {}"), ["`Web` lacks 3 required fields"]);
    assert_eq!(lacks("a = Web { title = \"t\", pod.meta.name = \"x\" }"), ["`Web` lacks `pod.containers.app.image`"]);
}

#[test]
fn later_layers_complete_what_earlier_ones_leave_out() {
    let text = "a = Web { title = \"t\" } { pod { meta { name = \"x\" }, containers.app.image = \"i\" } }";
    assert_eq!(lacks(text), [] as [String; 0]);
    let text = "schema Named extends Web { pod.meta.name = title }\na = Named { title = \"t\", pod.containers { delete app } }";
    assert_eq!(lacks(text), [] as [String; 0]);
}

#[test]
fn fields_that_may_be_set_are_left_to_the_evaluator() {
    assert_eq!(lacks("a = Meta { if 1 > 2 { name = \"x\" } }"), [] as [String; 0]);
    assert_eq!(lacks("let m = Meta { name = \"x\" }\na = Meta { ...m }"), [] as [String; 0]);
}

#[test]
fn the_key_of_an_entry_sets_the_first_key_field() {
    let text = "a: [Container by name] = { app = { image = \"i\" } }\nb: [Container by name] = { app = {} }";
    assert_eq!(lacks(text), ["this value lacks `app.image`"]);
}

#[test]
fn items_and_branches_are_checked_on_their_own() {
    assert_eq!(lacks("a = [Meta {}, Meta { name = \"x\" }]"), ["`Meta` lacks `name`"]);
    assert_eq!(lacks("a = if 1 > 2 { Meta {} } else { Meta { name = \"x\" } }"), ["`Meta` lacks `name`"]);
    assert_eq!(lacks("schema S { metas: [Meta] = [Meta {}] }"), ["`Meta` lacks `name`"]);
}

#[test]
fn a_change_of_a_complete_value_may_bring_incomplete_ones() {
    let text = "let p = Pod { meta.name = \"x\" }\na = p { extra = [{}], meta = {} }";
    let mut found = lacks(text);
    found.sort();
    assert_eq!(found, ["`Meta` lacks `name`", "this value lacks `meta.name`"]);
}

#[test]
fn a_default_that_contains_itself_terminates() {
    let text = "schema Tree { left: Tree = Tree {}, right: Tree = Tree {}, name: String }\na = Tree { name = \"x\" }";
    assert_eq!(lacks(text), ["`Tree` lacks 4 required fields"]);
}

#[test]
fn the_fix_adds_the_missing_items() {
    let fixture =
        module(&format!("{SCHEMAS}a = Meta {{ note = \"n\" }}\nb = Container {{\n  name = \"x\"\n}}\nc = Meta {{}}"));
    let checked = check(&fixture.sources);
    let edits: Vec<&str> = checked.diags.iter().map(|diag| diag.fixes[0].edits[0].text.as_str()).collect();
    assert_eq!(edits, [", name =", "  image = \n", " name = "]);
}
