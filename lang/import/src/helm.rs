//! Helm chart values: one schema `Values` from `values.schema.json` and `values.yaml`.
//!
//! The values are converted to a JSON Schema with defaults and documentation, the chart's own schema is merged over it,
//! and the result is read like any other schema.

use forge_base::{Code, Diag, Span};
use forge_syntax::write::can_be_quoted;

use crate::interface::{Imported, Input, LossPolicy};
use crate::json_schema::read_all;
use crate::node::{Comment, Comments, Document, Entry, Node, Value};
use crate::schema::{Dialect, SchemaReader};
use crate::yaml;

/// The files of a chart that describe its values.
#[derive(Clone, Default, Debug)]
pub struct Chart {
    /// `values.schema.json`.
    pub schema: Option<Input>,
    /// `values.yaml`.
    pub values: Option<Input>,
    /// `Chart.yaml`.
    pub chart: Option<Input>,
}

/// Suffixes of keys whose values are free-form maps.
const FREE: &[&str] = &[
    "labels",
    "annotations",
    "nodeselector",
    "matchlabels",
    "affinity",
    "resources",
    "limits",
    "requests",
    "securitycontext",
    "env",
    "extraenv",
    "selector",
];

/// Imports the values of a chart as a module with the schema `Values`.
pub fn helm_values(chart: &Chart, loss: LossPolicy) -> Imported {
    let mut imported = Imported::default();
    let schema = one(chart.schema.as_ref(), &mut imported);
    let values = one(chart.values.as_ref(), &mut imported);
    let about = one(chart.chart.as_ref(), &mut imported);
    if imported.diags.iter().any(Diag::is_error) {
        return imported;
    }
    let Some(span) = schema.as_ref().or(values.as_ref()).map(|document| document.root.span) else {
        let headline = "there are no values to import";
        imported.diags.push(
            Diag::error(Code::NOTHING_TO_IMPORT, headline).help("pass the folder of a chart or its `values.yaml`"),
        );
        return imported;
    };
    let mut root = match &values {
        Some(document) => of_map(&first_comments(document), None),
        None => mapping(span, Vec::new()),
    };
    if let Some(document) = &about {
        add_subcharts(&mut root, &document.root);
    }
    if let Some(document) = schema {
        root = overlaid(document.root, root);
    }
    let mut reader = SchemaReader::new(Dialect::Values, loss);
    read_all(&mut reader, &root, "Values");
    let name = about.as_ref().and_then(|document| document.root.text_of("name")).unwrap_or("a chart");
    let doc =
        format!("Values of {name}.\n\nMade by `forgec import helm-values`. Changes are lost when it is made again.");
    imported.finish(String::from("values.forge"), &doc, reader);
    imported
}

fn one(input: Option<&Input>, imported: &mut Imported) -> Option<Document> {
    let input = input?;
    let (documents, diags) = yaml::read(input.file, &input.text);
    imported.diags.extend(diags);
    let document = documents.into_iter().next()?;
    if matches!(document.root.value, Value::Map(_)) {
        return Some(document);
    }
    let label = format!("this is {}", document.root.kind());
    imported.diags.push(Diag::error(Code::BAD_IMPORT, "chart values must be a mapping").at(document.root.span, label));
    None
}

/// The root, with the comments before the document attached to its first entry.
fn first_comments(document: &Document) -> Node {
    let mut root = document.root.clone();
    if let Value::Map(entries) = &mut root.value
        && let Some(first) = entries.first_mut().filter(|first| first.comments.above.is_empty())
    {
        first.comments.above.clone_from(&document.comments);
    }
    root
}

fn mapping(span: Span, entries: Vec<(&str, Node)>) -> Node {
    let entry = |(key, node): (&str, Node)| Entry {
        key: key.to_owned(),
        key_span: node.span,
        node,
        comments: Comments::default(),
    };
    Node { span, value: Value::Map(entries.into_iter().map(entry).collect()) }
}

fn string(span: Span, text: &str) -> Node {
    Node { span, value: Value::Str(text.to_owned()) }
}

/// Converts a mapping of values to a schema.
fn of_map(node: &Node, doc: Option<String>) -> Node {
    let span = node.span;
    let properties = node.entries().iter().map(|entry| Entry {
        key: entry.key.clone(),
        key_span: entry.key_span,
        node: of_value(&entry.key, &entry.node, documentation(&entry.comments)),
        comments: Comments::default(),
    });
    let properties = Node { span, value: Value::Map(properties.collect()) };
    let mut entries = vec![("type", string(span, "object")), ("properties", properties)];
    entries.extend(doc.map(|doc| ("description", string(span, &doc))));
    entries.push(("default", mapping(span, Vec::new())));
    mapping(span, entries)
}

/// Converts one value to a schema with its type, its default and its documentation.
fn of_value(key: &str, node: &Node, doc: Option<String>) -> Node {
    let span = node.span;
    if matches!(&node.value, Value::Map(entries) if !entries.is_empty()) && !is_free(key, node) {
        return of_map(node, doc);
    }
    let mut entries = match &node.value {
        Value::Null => Vec::new(),
        Value::Bool(_) => vec![("type", string(span, "boolean"))],
        Value::Int(_) => vec![("type", string(span, "integer"))],
        Value::Float(_) => vec![("type", string(span, "number"))],
        Value::Str(_) => vec![("type", string(span, "string"))],
        Value::List(items) => {
            let item = shared_type(items.iter().map(|item| &item.node));
            vec![("type", string(span, "array"))]
                .into_iter()
                .chain(item.map(|ty| ("items", mapping(span, vec![("type", string(span, ty))]))))
                .collect()
        }
        Value::Map(found) => {
            let value = shared_type(found.iter().map(|entry| &entry.node)).filter(|ty| *ty == "string");
            let values = match value {
                Some(ty) => mapping(span, vec![("type", string(span, ty))]),
                None => mapping(span, Vec::new()),
            };
            vec![("type", string(span, "object")), ("additionalProperties", values)]
        }
    };
    entries.extend(doc.map(|doc| ("description", string(span, &doc))));
    entries.push(("default", node.clone()));
    mapping(span, entries)
}

/// Whether a mapping is free-form, judging by its name or because its keys are not identifiers.
fn is_free(key: &str, node: &Node) -> bool {
    let key = key.to_lowercase();
    FREE.iter().any(|ending| key.ends_with(ending))
        || node.entries().iter().any(|entry| entry.key.contains(['/', '.', ' ']) || !can_be_quoted(&entry.key))
}

/// The common type of several scalars.
fn shared_type<'n>(nodes: impl Iterator<Item = &'n Node>) -> Option<&'static str> {
    let mut found = None;
    for node in nodes {
        let ty = match node.value {
            Value::Bool(_) => "boolean",
            Value::Int(_) => "integer",
            Value::Float(_) => "number",
            Value::Str(_) => "string",
            _ => return None,
        };
        if found.is_some_and(|other| other != ty) {
            return None;
        }
        found = Some(ty);
    }
    found
}

/// Extracts documentation from the comments directly above an entry.
fn documentation(comments: &Comments) -> Option<String> {
    let block = block_above(comments);
    let mut lines: Vec<String> = Vec::new();
    let mut in_schema = false;
    for comment in block {
        let line = comment.text.trim_start_matches('#');
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        let word = line.trim_start();
        if word.starts_with("@schema") {
            in_schema = !in_schema;
            continue;
        }
        if in_schema
            || word.starts_with("@default")
            || word.starts_with("@section")
            || word.starts_with("@raw")
            || word.starts_with("@notation")
        {
            continue;
        }
        // In helm-docs, comments before `--` are not part of the documentation.
        if let Some(text) = word.strip_prefix("-- ").or((word == "--").then_some("")) {
            lines = vec![without_hint(text).to_owned()];
            continue;
        }
        if let Some(rest) = word.strip_prefix("@param ").or_else(|| word.strip_prefix("@extra ")) {
            let text = rest.split_once(' ').map_or("", |(_, text)| text.trim_start());
            lines = vec![match (text.starts_with('['), text.split_once("] ")) {
                (true, Some((_, text))) => text.to_owned(),
                _ => text.to_owned(),
            }];
            continue;
        }
        lines.push(line.to_owned());
    }
    let text = lines.join("\n");
    let right = || comments.right.as_deref().map(|text| text.trim().trim_start_matches("-- ").to_owned());
    Some(text.trim().to_owned()).filter(|text| !text.is_empty()).or_else(right).filter(|text| !text.is_empty())
}

/// Removes a type hint such as `(string)` from the start of a description.
fn without_hint(text: &str) -> &str {
    let hint = text.strip_prefix('(').and_then(|rest| rest.split_once(") "));
    match hint {
        Some((hint, rest)) if !hint.contains(' ') => rest,
        _ => text,
    }
}

/// The comment lines directly above an entry that start in its column.
fn block_above(comments: &Comments) -> &[Comment] {
    let mut start = comments.above.len();
    let mut line = comments.line;
    while start > 0 {
        let comment = &comments.above[start - 1];
        if comment.line + 1 != line || comment.column != comments.column {
            break;
        }
        line = comment.line;
        start -= 1;
    }
    &comments.above[start..]
}

/// Adds a property for each subchart and for `global`.
fn add_subcharts(root: &mut Node, chart: &Node) {
    let span = root.span;
    let mut names = vec![(String::from("global"), String::from("Values that all charts see."))];
    for dependency in chart.get("dependencies").map(Node::items).unwrap_or_default() {
        let name = dependency.node.text_of("alias").or(dependency.node.text_of("name"));
        names.extend(name.map(|name| (name.to_owned(), format!("Values of the subchart `{name}`."))));
    }
    let Value::Map(entries) = &mut root.value else { return };
    let properties = match entries.iter_mut().find(|entry| entry.key == "properties") {
        Some(entry) => &mut entry.node,
        None => {
            entries.extend(map_entries(
                span,
                vec![("type", string(span, "object")), ("properties", mapping(span, Vec::new()))],
            ));
            match entries.last_mut() {
                Some(entry) => &mut entry.node,
                None => return,
            }
        }
    };
    let Value::Map(properties) = &mut properties.value else { return };
    for (name, doc) in names {
        match properties.iter_mut().find(|entry| entry.key == name) {
            // A subchart has more values than its parent sets.
            Some(entry) => open(&mut entry.node),
            None => {
                let fields = vec![
                    ("type", string(span, "object")),
                    ("additionalProperties", mapping(span, Vec::new())),
                    ("description", string(span, &doc)),
                ];
                properties.extend(map_entries(span, vec![(&name, mapping(span, fields))]));
            }
        }
    }
}

fn map_entries(span: Span, entries: Vec<(&str, Node)>) -> Vec<Entry> {
    match mapping(span, entries).value {
        Value::Map(entries) => entries,
        _ => Vec::new(),
    }
}

/// Allows additional properties in a schema.
fn open(schema: &mut Node) {
    let span = schema.span;
    if let Value::Map(entries) = &mut schema.value
        && entries.iter().all(|entry| entry.key != "additionalProperties")
    {
        entries.extend(map_entries(span, vec![("additionalProperties", Node { span, value: Value::Bool(true) })]));
    }
}

/// Merges a chart's schema with the schema of its values, which contributes defaults and documentation. The chart's
/// schema takes precedence for types.
fn overlaid(mut schema: Node, mut values: Node) -> Node {
    if schema.get("$ref").is_some() {
        // The definition has everything except the default.
        add_missing(&mut schema, &mut values, &["default", "description"]);
        return schema;
    }
    let is_map = schema.get("properties").is_none();
    if is_map
        && schema.text_of("type") == Some("object")
        && schema.get("additionalProperties").is_some_and(|node| node.value != Value::Bool(false))
    {
        // For a map, the whole value is the default.
        let default = whole_default(&values);
        if let (Value::Map(entries), None) = (&mut schema.value, schema_default(&values)) {
            entries.extend(map_entries(values.span, vec![("default", default)]));
        }
        add_missing(&mut schema, &mut values, &["description", "default"]);
        return schema;
    }
    let says_nothing = schema
        .entries()
        .iter()
        .all(|entry| matches!(entry.key.as_str(), "description" | "title" | "default" | "examples"));
    if says_nothing {
        add_all(&mut schema, values);
        return schema;
    }
    if schema.get("properties").is_some()
        || (schema.text_of("type") == Some("object") && values.get("properties").is_some())
    {
        overlay_properties(&mut schema, &mut values);
    }
    let has_parts = schema.get("anyOf").or(schema.get("oneOf")).or(schema.get("type")).is_some();
    let keys: &[&str] = if has_parts { &["default", "description"] } else { &["default", "description", "type"] };
    add_default(&mut schema, &mut values, keys);
    schema
}

fn schema_default(values: &Node) -> Option<&Node> {
    values.get("default").filter(|_| values.get("properties").is_none())
}

/// The value from which a schema was built.
fn whole_default(schema: &Node) -> Node {
    match schema.get("properties") {
        Some(properties) => {
            let entry = |entry: &Entry| Entry { node: whole_default(&entry.node), ..entry.clone() };
            Node { span: schema.span, value: Value::Map(properties.entries().iter().map(entry).collect()) }
        }
        None => schema.get("default").cloned().unwrap_or(Node { span: schema.span, value: Value::Null }),
    }
}

fn overlay_properties(schema: &mut Node, values: &mut Node) {
    let Value::Map(entries) = &mut schema.value else { return };
    let Some(found) = values.get("properties").cloned() else { return };
    if entries.iter().all(|entry| entry.key != "properties") {
        entries.extend(map_entries(found.span, vec![("properties", mapping(found.span, Vec::new()))]));
    }
    let Some(properties) = entries.iter_mut().find(|entry| entry.key == "properties") else { return };
    let Value::Map(properties) = &mut properties.node.value else { return };
    for value in found.entries() {
        match properties.iter_mut().find(|entry| entry.key == value.key) {
            Some(entry) => {
                let old = std::mem::replace(&mut entry.node, Node { span: value.node.span, value: Value::Null });
                entry.node = overlaid(old, value.node.clone());
            }
            None => properties.push(value.clone()),
        }
    }
}

/// Takes the default from the values, and other keys only if the schema lacks them.
fn add_default(schema: &mut Node, values: &mut Node, keys: &[&str]) {
    if let (Value::Map(entries), Some(_)) = (&mut schema.value, values.get("default")) {
        entries.retain(|entry| entry.key != "default");
    }
    add_missing(schema, values, keys);
}

fn add_missing(schema: &mut Node, values: &mut Node, keys: &[&str]) {
    let Value::Map(entries) = &mut schema.value else { return };
    for found in values.entries() {
        if keys.contains(&found.key.as_str()) && entries.iter().all(|entry| entry.key != found.key) {
            entries.push(found.clone());
        }
    }
}

fn add_all(schema: &mut Node, values: Node) {
    let Value::Map(entries) = &mut schema.value else { return };
    entries.retain(|entry| entry.key != "default");
    for found in values.entries() {
        if entries.iter().all(|entry| entry.key != found.key) {
            entries.push(found.clone());
        }
    }
}
