//! Scans one file of `k8s-openapi` line by line, relying on the fixed layout of the generated code.

use std::collections::BTreeMap;

use crate::model::{Decl, DeclKey, DeclKind, Deprecation, Field, META, ResourceKind, Scope, Ty};
use crate::names::core_module;
use crate::text::{between, deprecation, quoted};

/// The declaration in one file.
pub(super) struct DeclFile {
    pub(super) key: DeclKey,
    pub(super) decl: Decl,
    /// Maps Rust field names to JSON field names.
    pub(super) json_names: BTreeMap<String, String>,
    /// Lists merged by key: the field's JSON name and the key's Rust name.
    pub(super) keyed: Vec<(String, String)>,
}

/// Parses the file at `path`; `None` if it declares no schema.
pub(super) fn parse(path: &str, text: &str, versions: u8) -> Option<DeclFile> {
    let module = core_module(path.rsplit_once('/')?.0.rsplit('/'));
    let (head, body) = text.split_once("\npub struct ")?;
    if !head.starts_with("// Generated from definition") {
        return None;
    }
    if let Some((name, _)) = body.split_once("(pub crate::serde_json::Value);") {
        return free_object(module, name, head, versions);
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
        let deprecated = deprecation(&doc).map(|text| Deprecation { versions, text });
        Some(Field { name, doc, ty, required, versions, deprecated })
    };
    let fields: Vec<Field> = body.lines().take_while(|line| *line != "}").filter_map(field).collect();
    let keyed = keyed(body, &json_names);
    let kind = match kind(body) {
        Some(kind) => DeclKind::Resource(kind, fields),
        None => DeclKind::Schema(fields),
    };
    let deprecated = deprecation(&docs.own).map(|text| Deprecation { versions, text });
    let decl = Decl { name: name.to_owned(), doc: docs.own, versions, deprecated, kind };
    Some(DeclFile { key: (module, name.to_owned()), decl, json_names, keyed })
}

/// An object type without known fields. `RawExtension` and similar types are mapped in [`named_type`] instead.
fn free_object(module: String, name: &str, head: &str, versions: u8) -> Option<DeclFile> {
    if matches!(name, "RawExtension" | "JSON" | "FieldsV1") {
        return None;
    }
    let lines = head.lines().filter_map(|line| line.strip_prefix("///"));
    let doc = lines.map(str::trim).collect::<Vec<_>>().join("\n");
    let decl = Decl { name: name.to_owned(), doc, versions, deprecated: None, kind: DeclKind::Alias(Ty::object()) };
    Some(DeclFile { key: (module, name.to_owned()), decl, json_names: BTreeMap::new(), keyed: Vec::new() })
}

/// Collects match arms of the form `"hostIP" => Field::Key_host_ip,`.
fn json_names(body: &str) -> BTreeMap<String, String> {
    body.lines()
        .filter_map(|line| {
            let (json, rust) = line.split_once(" => Field::Key_")?;
            Some((rust.trim_end_matches(',').to_owned(), quoted(json)?))
        })
        .collect()
}

/// Collects the calls of `merge_strategies::list::map`, which have one argument per line.
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

fn kind(body: &str) -> Option<ResourceKind> {
    let constant = |name: &str| {
        let line = body.lines().find(|line| line.starts_with(&format!("    const {name}:")))?;
        quoted(line)
    };
    let scope = between(body, "type Scope = crate::", ";")?;
    Some(ResourceKind {
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

/// Reads the documentation from the JSON schema at the end of the file, where it is verbatim.
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

/// Converts a Rust type to a Forge type.
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
        "crate::ByteString" => Ty::Ref(META.to_owned(), "Base64".to_owned()),
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
