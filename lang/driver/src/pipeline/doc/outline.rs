//! Names, kinds and documentation of a module's declarations, as JSON.

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ItemKind};
use serde_json::{Map, Value, json};

use crate::session::Parsed;

/// The name and the kind of a declaration.
pub(super) fn declared(item: &ast::Item) -> Option<(Name, &'static str)> {
    let kind = match &item.kind {
        ItemKind::Type(_) => "type",
        ItemKind::Schema(_) => "schema",
        ItemKind::Fn(_) => "fn",
        ItemKind::Let(_) => "let",
        ItemKind::Input(_) => "input",
        _ => "field",
    };
    Some((item.kind.declared()?.name, kind))
}

/// The modules below a folder.
pub(super) fn of_folder(paths: &[String]) -> String {
    print(&json!({ "modules": paths }))
}

/// A module with all its public declarations.
pub(super) fn of_module(path: &str, parsed: &Parsed) -> String {
    let exported = parsed.ast.items.iter().filter(|item| is_exported(item));
    let declarations: Vec<Value> = exported.filter_map(|item| entry(item, parsed)).map(Value::Object).collect();
    let doc = parsed.ast.doc.as_ref().map_or("", |doc| &doc.text);
    print(&json!({ "module": path, "doc": doc, "declarations": declarations }))
}

/// One declaration with its members and its source.
pub(super) fn of_declaration(path: &str, parsed: &Parsed, items: &[&ast::Item]) -> String {
    let Some(&item) = items.first() else { return String::new() };
    let mut whole = Map::new();
    whole.insert(String::from("module"), json!(path));
    whole.extend(entry(item, parsed).unwrap_or_default());
    if let ItemKind::Schema(decl) = &item.kind {
        let members: Vec<Value> = decl.body.items.iter().filter_map(|item| member(item, parsed)).collect();
        whole.insert(String::from("members"), json!(members));
    }
    whole.insert(String::from("source"), json!(super::source(item, parsed)));
    print(&Value::Object(whole))
}

fn is_exported(item: &ast::Item) -> bool {
    declared(item).is_some_and(|(name, _)| !name.is_private())
}

fn entry(item: &ast::Item, parsed: &Parsed) -> Option<Map<String, Value>> {
    let (name, kind) = declared(item)?;
    let mut entry = Map::new();
    entry.insert(String::from("name"), json!(name.as_str()));
    entry.insert(String::from("kind"), json!(kind));
    entry.insert(String::from("doc"), json!(item.doc.as_ref().map_or("", |doc| &doc.text)));
    let is_marked = |annotation: &&ast::Annotation| annotation.name.name.as_str() == "deprecated";
    if let Some(annotation) = item.annotations.iter().find(is_marked) {
        let advice = annotation.args.first().map_or("", |arg| text(arg.value.span, parsed));
        entry.insert(String::from("deprecated"), json!(advice.trim_matches('"')));
    }
    Some(entry)
}

/// A field or method of a schema.
fn member(item: &ast::Item, parsed: &Parsed) -> Option<Value> {
    let ty = match &item.kind {
        ItemKind::Declare(decl) => Some(text(decl.ty.span, parsed)),
        ItemKind::Fn(decl) => decl.ret.as_ref().map(|ty| text(ty.span, parsed)),
        _ => return None,
    };
    let mut entry = entry(item, parsed)?;
    if matches!(item.kind, ItemKind::Fn(_)) {
        entry.insert(String::from("kind"), json!("method"));
    }
    entry.insert(String::from("type"), json!(ty));
    Some(Value::Object(entry))
}

fn text(span: Span, parsed: &Parsed) -> &str {
    parsed.text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

fn print(value: &Value) -> String {
    format!("{value:#}\n")
}
