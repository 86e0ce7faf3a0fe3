//! Reads one file of `k8s-openapi`, line by line. The files are generated, so their form is known.

use std::collections::BTreeMap;

use super::Key;
use crate::model::{Body, Decl, Deprecated, Field, Kind, Scope, Ty};
use crate::names::core_module;
use crate::text::{between, deprecation, quoted};

/// What one file declares.
pub(super) struct File {
    pub(super) key: Key,
    pub(super) decl: Decl,
    /// The names in JSON by those in Rust.
    pub(super) json_names: BTreeMap<String, String>,
    /// Lists that are merged by a key: the field's name in JSON, the key's name in Rust.
    pub(super) keyed: Vec<(String, String)>,
}

/// The declaration of the file at `path`, if it has one that is a schema.
pub(super) fn parse(path: &str, text: &str, mask: u8) -> Option<File> {
    let module = core_module(path.rsplit_once('/')?.0.rsplit('/'));
    let (head, body) = text.split_once("\npub struct ")?;
    if !head.starts_with("// Generated from definition") {
        return None;
    }
    if let Some((name, _)) = body.split_once("(pub crate::serde_json::Value);") {
        return free_object(module, name, head, mask);
    }
    let (name, body) = body.split_once(" {\n")?;
    if name.contains(['(', '<']) {
        return None;
    }
    let json_names = json_names(body);
    let docs = docs(body);
    let field = |line: &str| {
        let (rust, ty) = line.strip_prefix("    pub ")?.strip_suffix(',')?.split_once(": ")?;
        let name = json_names.get(rust.trim_start_matches("r#"))?.clone();
        let doc = docs.fields.get(&name).cloned().unwrap_or_default();
        let required = !ty.starts_with("Option<");
        let ty = rust_type(ty.strip_prefix("Option<").and_then(|ty| ty.strip_suffix('>')).unwrap_or(ty));
        let deprecated = deprecation(&doc).map(|text| Deprecated { mask, text });
        Some(Field { name, doc, ty, required, mask, deprecated })
    };
    let fields: Vec<Field> = body.lines().take_while(|line| *line != "}").filter_map(field).collect();
    let keyed = keyed(body, &json_names);
    let body = match kind(body) {
        Some(kind) => Body::Kind(kind, fields),
        None => Body::Schema(fields),
    };
    let deprecated = deprecation(&docs.own).map(|text| Deprecated { mask, text });
    let decl = Decl { name: name.to_owned(), doc: docs.own, mask, deprecated, body };
    Some(File { key: (module, name.to_owned()), decl, json_names, keyed })
}

/// A type of which only is known that it is an object; `RawExtension` and its like are written as what they are.
fn free_object(module: String, name: &str, head: &str, mask: u8) -> Option<File> {
    if matches!(name, "RawExtension" | "JSON" | "FieldsV1") {
        return None;
    }
    let lines = head.lines().filter_map(|line| line.strip_prefix("///"));
    let doc = lines.map(str::trim).collect::<Vec<_>>().join("\n");
    let decl = Decl { name: name.to_owned(), doc, mask, deprecated: None, body: Body::Alias(Ty::object()) };
    Some(File { key: (module, name.to_owned()), decl, json_names: BTreeMap::new(), keyed: Vec::new() })
}

/// Reads the arms `"hostIP" => Field::Key_host_ip,`.
fn json_names(body: &str) -> BTreeMap<String, String> {
    body.lines()
        .filter_map(|line| {
            let (json, rust) = line.split_once(" => Field::Key_")?;
            Some((rust.trim_end_matches(',').to_owned(), quoted(json)?))
        })
        .collect()
}

/// Reads the calls of `merge_strategies::list::map`, whose arguments have a line each.
fn keyed(body: &str, json_names: &BTreeMap<String, String>) -> Vec<(String, String)> {
    body.split("merge_strategies::list::map(")
        .skip(1)
        .filter_map(|call| {
            let field = between(call, "&mut self.", ",")?;
            let key = between(call, "lhs.", " ==")?;
            Some((json_names.get(field.trim_start_matches("r#"))?.clone(), key.to_owned()))
        })
        .collect()
}

fn kind(body: &str) -> Option<Kind> {
    let constant = |name: &str| {
        let line = body.lines().find(|line| line.starts_with(&format!("    const {name}:")))?;
        quoted(line)
    };
    let scope = between(body, "type Scope = crate::", ";")?;
    Some(Kind {
        group: constant("GROUP")?,
        version: constant("VERSION")?,
        plural: constant("URL_PATH_SEGMENT")?,
        scope: match scope {
            "ClusterResourceScope" => Scope::Cluster,
            "NamespaceResourceScope" => Scope::Namespaced,
            _ => Scope::Subresource,
        },
    })
}

struct Docs {
    own: String,
    fields: BTreeMap<String, String>,
}

/// Takes the docs from the schema at the end of the file, where they are verbatim.
fn docs(body: &str) -> Docs {
    let mut docs = Docs { own: String::new(), fields: BTreeMap::new() };
    let mut field = String::new();
    for line in body.lines().skip_while(|line| !line.contains("json_schema!")) {
        let indent = line.len() - line.trim_start().len();
        if let Some(text) = line.strip_prefix("            \"description\": ") {
            docs.own = quoted(text).unwrap_or_default();
        } else if indent == 16 && line.trim_start().starts_with('"') {
            field = quoted(line).unwrap_or_default();
        } else if let Some(text) = line.strip_prefix("                    \"description\": ") {
            docs.fields.extend(quoted(text).map(|text| (field.clone(), text)));
        } else if let Some((_, text)) = line.split_once(".insert(\"description\".into(), ") {
            docs.fields.extend(quoted(text).map(|text| (field.clone(), text)));
        }
    }
    docs
}

/// A type as Rust writes it, in our words.
fn rust_type(text: &str) -> Ty {
    let inside = |open: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix('>'));
    if let Some(item) = inside("std::vec::Vec<") {
        return rust_type(item).list();
    }
    if let Some(value) = inside("std::collections::BTreeMap<std::string::String, ") {
        return rust_type(value).map();
    }
    if let Some(inner) = inside("std::boxed::Box<") {
        return rust_type(inner);
    }
    match text {
        "std::string::String" => Ty::string(),
        "bool" => Ty::prelude("Bool"),
        "i32" | "i64" => Ty::prelude("Int"),
        "f64" => Ty::prelude("Float"),
        "crate::ByteString" => Ty::Ref(super::META.to_owned(), "Base64".to_owned()),
        _ => named_type(text),
    }
}

fn named_type(text: &str) -> Ty {
    let Some((path, name)) = text.rsplit_once("::") else { return Ty::prelude(&format!("?{text}")) };
    let module = core_module(path.rsplit("::"));
    let schema = |name: &str| Ty::Ref(module.clone(), name.to_owned());
    match name {
        "Quantity" => Ty::prelude("Quantity"),
        "IntOrString" => Ty::Union(vec![Ty::prelude("Int"), Ty::string()]),
        "RawExtension" | "JSON" => Ty::any(),
        "FieldsV1" => Ty::object(),
        "JSONSchemaPropsOrArray" => Ty::Union(vec![schema("JSONSchemaProps"), schema("JSONSchemaProps").list()]),
        "JSONSchemaPropsOrBool" => Ty::Union(vec![schema("JSONSchemaProps"), Ty::prelude("Bool")]),
        "JSONSchemaPropsOrStringArray" => Ty::Union(vec![schema("JSONSchemaProps"), Ty::string().list()]),
        _ => schema(name),
    }
}
