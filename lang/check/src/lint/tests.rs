//! Lints, with uses recorded by name instead of by inference.

use forge_base::{Name, Span};

use super::{lint_names, lint_uses};
use crate::fixture::{Fixture, modules};
use crate::ids::Def;
use crate::reference::{Target, Uses};

/// Records each occurrence of a name in the first module after its declaration.
fn uses(fixture: &Fixture, locals: &[&str]) -> Uses {
    let source = &fixture.sources[0];
    let module = fixture.decls.module(source.id);
    let mut uses = Uses::default();
    for (name, def) in &module.scope {
        let places =
            source.text.match_indices(name.as_str()).map(|(at, text)| Span::new(source.file, at, at + text.len()));
        places.filter(|span| *span != module.name_spans[name]).for_each(|span| uses.name(*name, span, *def));
    }
    for name in locals {
        let places: Vec<usize> = source.text.match_indices(name).map(|(at, _)| at).collect();
        let declared = Span::new(source.file, places[0], places[0] + name.len());
        places[1..].iter().for_each(|at| uses.local(Span::new(source.file, *at, at + name.len()), declared));
    }
    uses
}

fn names(text: &str, locals: &[&str]) -> Vec<String> {
    let fixture = modules(&[("main", text), ("lib", "a = 1\nb = 2\nc = 3")]);
    let mut diags = Vec::new();
    lint_names(&fixture.decls, fixture.sources[0].id, &uses(&fixture, locals), Vec::new(), &mut diags);
    fixture.show(&diags).iter().map(|message| message.replace("main:", "")).collect()
}

#[test]
fn unused_imports_and_private_names_are_reported() {
    assert_eq!(
        names("import lib.{a, b, c}\nimport lib\nx = b\n_y = 1\n_z = 2\nlet w = _z", &[]),
        [
            "1:13 F0902 `a` is imported but never used: nothing in this module uses it",
            "1:19 F0902 `c` is imported but never used: nothing in this module uses it",
            "4:1 F0901 `_y` is never used: private to this module",
        ]
    );
}

#[test]
fn unused_locals_are_reported() {
    let text = "fn f(used: Int, extra: Int): Int = used\nx = [1].map(item => 2)\ny = { let local = 1, z = 2 }";
    assert_eq!(
        names(text, &["used"]),
        [
            "1:17 F0906 `extra` is never used: nothing reads it",
            "2:13 F0906 `item` is never used: nothing reads it",
            "3:11 F0901 `local` is never used: nothing reads it",
        ]
    );
}

#[test]
fn only_confusing_shadows_are_reported() {
    let text = "schema S {
  name: String
  fn f(name: String): String = name
  meta: {String: String} = { name = name }
  names: [String] = [\"a\"].map(name => name)
}";
    let found = names(text, &["=> name"]);
    assert!(found.iter().any(|message| message.starts_with("5:31 F0904 `name` shadows the field of `S`")), "{found:?}");
    assert_eq!(found.iter().filter(|message| message.contains("F0904")).count(), 1);
}

#[test]
fn allow_waives_a_warning() {
    assert_eq!(names("@allow(\"F0901\", \"kept\")\n_y = 1", &[]), [] as [String; 0]);
}

#[test]
fn deprecated_and_internal_uses_are_reported() {
    let fixture = modules(&[
        ("main", "import far.{old, hidden}\nx = old\ny = hidden"),
        ("far", "@deprecated(\"use new\")\nold = 1\n@internal\nhidden = 2"),
    ]);
    let mut diags = Vec::new();
    lint_uses(&fixture.decls, fixture.sources[0].id, &uses(&fixture, &[]), &mut diags);
    let mut shown = fixture.show(&diags);
    shown.sort();
    assert_eq!(
        shown,
        [
            "main:2:5 F0905 `old` is deprecated: use new",
            "main:3:5 F0907 `hidden` is internal to `far`: it may change or disappear without notice",
        ]
    );
    let fix = diags.iter().find_map(|diag| diag.fixes.first()).map(|fix| fix.title.as_str());
    assert_eq!(fix, Some("write `new`"));
}

#[test]
fn recursion_is_found_in_recorded_uses() {
    let text = "fn a(x: Int): Int = b(x)\nfn b(x: Int): Int = c(x)\nfn c(x: Int): Int = a(x)\nfn d(x: Int): Int = a(x)\nfn e(x: Int): Int = e(x)";
    let fixture = modules(&[("main", text)]);
    let mut uses = Uses::default();
    for (name, def) in &fixture.decls.module(fixture.sources[0].id).scope {
        let call = format!("{name}(x)");
        let places = text.match_indices(&call).filter(|(at, _)| !text[..*at].ends_with("fn "));
        places.for_each(|(at, _)| uses.name(*name, Span::new(fixture.sources[0].file, at, at + 1), *def));
    }
    let mut diags = Vec::new();
    crate::recursion::check_recursion(&fixture.decls, [(fixture.sources[0].id, &uses)], &mut diags);
    assert_eq!(
        fixture.show(&diags),
        [
            "main:1:4 F0422 `a` is recursive (through `b`): recursion is not allowed",
            "main:5:4 F0422 `e` is recursive: recursion is not allowed",
        ]
    );
    assert_eq!(diags[0].notes, ["the cycle is `a` → `b` → `c` → `a`"]);
}

#[test]
fn uses_record_their_targets() {
    let mut uses = Uses::default();
    let span = Span::new(forge_base::FileId(0), 0, 1);
    uses.name(Name::new("x"), span, Def::Error);
    assert_eq!(uses.targets, [(span, Target::Def(Def::Error))]);
}
