//! CustomResourceDefinitions: one module per API group and version.

use std::collections::BTreeMap;

use forge_base::{Code, Diag, Span};
use rayon::prelude::*;

use crate::interface::{Imported, Input, LossPolicy, Output, internal_error};
use crate::model::{DefaultValue, Field, Literal, NamedType, Schema, Type, Validation};
use crate::node::{Node, Value};
use crate::print;
use crate::schema::{Dialect, SchemaReader};
use crate::{case, yaml};

/// Imports CustomResourceDefinitions as modules named `GROUP/VERSION.forge`.
pub fn crds(inputs: &[Input], loss: LossPolicy) -> Imported {
    let read: Vec<_> = inputs.par_iter().map(|input| yaml::read(input.file, &input.text)).collect();
    let mut imported = Imported::default();
    let mut documents = Vec::new();
    for (found, diags) in read {
        imported.diags.extend(diags);
        documents.extend(found);
    }
    let mut versions: BTreeMap<(String, String), Vec<Version<'_>>> = BTreeMap::new();
    let mut definitions = Vec::new();
    documents.iter().for_each(|document| find_definitions(&document.root, &mut definitions));
    for (at, definition) in definitions.iter().enumerate() {
        for version in versions_of(definition, at, &mut imported.diags) {
            let key = (version.group.to_owned(), version.name.to_owned());
            add_version(versions.entry(key).or_default(), version, &mut imported.diags);
        }
    }
    if definitions.is_empty() && imported.diags.is_empty() {
        imported.diags.push(
            Diag::error(Code::NOTHING_TO_IMPORT, "there is no CustomResourceDefinition in the input")
                .note(format!("read {} documents", documents.len())),
        );
    }
    let made: Vec<_> = versions.into_par_iter().map(|(key, kinds)| module(&key.0, &key.1, &kinds, loss)).collect();
    for (output, diags) in made {
        imported.outputs.extend(output);
        imported.diags.extend(diags);
    }
    imported
}

/// One version of a kind.
struct Version<'n> {
    group: &'n str,
    name: &'n str,
    kind: &'n str,
    kind_span: Span,
    schema: Option<&'n Node>,
    deprecated: Option<String>,
    /// The index of its definition in the input.
    definition: usize,
}

fn find_definitions<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    let api = node.text_of("apiVersion").unwrap_or_default();
    match node.text_of("kind") {
        Some("CustomResourceDefinition") if api.starts_with("apiextensions.k8s.io/") => found.push(node),
        Some("List" | "CustomResourceDefinitionList") => {
            node.get("items")
                .map(Node::items)
                .unwrap_or_default()
                .iter()
                .for_each(|item| find_definitions(&item.node, found));
        }
        _ => {}
    }
}

fn versions_of<'n>(definition: &'n Node, at: usize, diags: &mut Vec<Diag>) -> Vec<Version<'n>> {
    let mut reject = |what: &str, span: Span| {
        let headline = "invalid CustomResourceDefinition";
        diags.push(Diag::error(Code::BAD_IMPORT, headline).at(span, what));
        Vec::new()
    };
    let (Some(spec), Some(kind)) = (definition.get("spec"), definition.at(&["spec", "names", "kind"])) else {
        return reject("it has no `spec.names.kind`", definition.span);
    };
    let (Some(group), Some(kind_name)) = (spec.text_of("group"), kind.text()) else {
        return reject("it has no `spec.group`", spec.span);
    };
    let shared = spec.at(&["validation", "openAPIV3Schema"]);
    let version = |node: &'n Node, name: &'n str| Version {
        group,
        name,
        kind: kind_name,
        kind_span: kind.span,
        schema: node.at(&["schema", "openAPIV3Schema"]).or(shared),
        deprecated: advice(node, group, name),
        definition: at,
    };
    let listed = spec.get("versions").map(Node::items).unwrap_or_default();
    let mut found: Vec<Version<'n>> =
        listed.iter().filter_map(|item| Some(version(&item.node, item.node.text_of("name")?))).collect();
    if let (true, Some(name)) = (found.is_empty(), spec.text_of("version")) {
        found.push(version(spec, name));
    }
    if found.is_empty() { reject("it has no versions", spec.span) } else { found }
}

fn advice(node: &Node, group: &str, name: &str) -> Option<String> {
    if node.is_set("deprecated") {
        let warning = node.text_of("deprecationWarning");
        return Some(warning.map_or_else(|| format!("{group}/{name} is deprecated"), str::to_owned));
    }
    let is_served = node.get("served").is_none_or(|served| served.value != Value::Bool(false));
    (!is_served).then(|| format!("{group}/{name} is not served"))
}

fn add_version<'n>(known: &mut Vec<Version<'n>>, version: Version<'n>, diags: &mut Vec<Diag>) {
    let Some(old) = known.iter().find(|old| old.kind == version.kind) else {
        known.push(version);
        return;
    };
    // The same definition may be in two files, but one definition must not list a version twice.
    if old.schema != version.schema || old.definition == version.definition {
        let headline = format!("`{}/{}` has two kinds `{}`", version.group, version.name, version.kind);
        diags.push(
            Diag::error(Code::BAD_IMPORT, headline)
                .at(version.kind_span, "the second, with a different schema")
                .label(old.kind_span, "the first"),
        );
    }
}

fn module(group: &str, version: &str, kinds: &[Version<'_>], loss: LossPolicy) -> (Option<Output>, Vec<Diag>) {
    let mut reader = SchemaReader::new(Dialect::Kubernetes, loss);
    for kind in kinds {
        reader.name_path = vec![kind.kind.to_owned()];
        reader.schema_path = Vec::new();
        read_kind(&mut reader, kind);
    }
    let names: Vec<&str> = kinds.iter().map(|kind| kind.kind).collect();
    let doc = format!(
        "Resources of `{group}/{version}`: {}.\n\nGenerated by `forgec import crd`. Changes are lost when it is generated again.",
        names.join(", ")
    );
    let mut diags = std::mem::take(&mut reader.diags);
    let path = format!("{}/{}.forge", case::module_name(group), case::module_name(version));
    match print::module(&doc, &reader.arena) {
        Ok(text) => (Some(Output { path, text }), diags),
        Err(reason) => {
            diags.push(internal_error(&path, &reason));
            (None, diags)
        }
    }
}

fn read_kind<'n>(reader: &mut SchemaReader<'n>, kind: &Version<'n>) {
    let api_version = format!("{}/{}", kind.group, kind.name);
    let span = kind.kind_span;
    let mut schema = Schema {
        name: kind.kind.to_owned(),
        parent: Some(NamedType::Resource),
        deprecated: kind.deprecated.clone(),
        ..Schema::default()
    };
    schema.fields.push(constant("apiVersion", &api_version, span));
    schema.fields.push(constant("kind", kind.kind, span));
    schema.fields.push(metadata());
    if let Some(node) = kind.schema {
        let keys = ["spec", "versions", kind.name, "schema", "openAPIV3Schema"];
        reader.schema_path = keys.iter().map(|key| (*key).to_owned()).collect();
        read_root(reader, node, &mut schema);
    } else {
        schema.is_open = true;
    }
    let path = vec![kind.kind.to_owned()];
    reader.arena.intern(schema, &path);
}

/// Adds the fields of a kind that are not common to all kinds.
fn read_root<'n>(reader: &mut SchemaReader<'n>, node: &'n Node, schema: &mut Schema) {
    let read = reader.read(&[node]);
    schema.doc = read.doc;
    schema.validations = read.validations;
    match read.ty {
        Type::Schema(id) => {
            let inner = reader.arena.get(id).clone();
            schema.is_open = inner.is_open;
            schema.checks = inner.checks;
            schema.validations.extend(inner.validations);
            let own = |field: &Field| !matches!(field.name.as_str(), "apiVersion" | "kind" | "metadata");
            schema.fields.extend(inner.fields.into_iter().filter(own));
        }
        _ => schema.is_open = true,
    }
    let metadata = node.at(&["properties", "metadata", "properties"]);
    for entry in metadata.map(Node::entries).unwrap_or_default() {
        if matches!(entry.key.as_str(), "name" | "generateName") {
            schema.validations.extend(name_rules(&entry.key, &entry.node));
        }
    }
}

/// The constraints on the name of a resource, as validation rules, since all kinds share one type of `metadata`.
fn name_rules(field: &str, node: &Node) -> Vec<Validation> {
    let mut found = Vec::new();
    let mut add = |cond: String, message: String| {
        found.push(Validation { rule: format!("!has(self.metadata.{field}) || {cond}"), message });
    };
    if let Some(pattern) = node.text_of("pattern") {
        let quoted = format!("'{}'", pattern.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n"));
        add(format!("self.metadata.{field}.matches({quoted})"), format!("`metadata.{field}` must match {pattern}"));
    }
    for (key, operator, word) in [("maxLength", "<=", "at most"), ("minLength", ">=", "at least")] {
        if let Some(Value::Int(length)) = node.get(key).map(|node| &node.value) {
            let message = format!("`metadata.{field}` must have {word} {length} characters");
            add(format!("self.metadata.{field}.size() {operator} {length}"), message);
        }
    }
    found
}

fn metadata() -> Field {
    Field {
        name: String::from("metadata"),
        doc: String::new(),
        ty: Type::Named(NamedType::ObjectMeta),
        is_nullable: false,
        default: None,
        deprecated: None,
        validations: Vec::new(),
    }
}

/// A field with a constant value.
fn constant(name: &str, value: &str, span: Span) -> Field {
    Field {
        name: name.to_owned(),
        ty: Type::Literal(Literal::Str(value.to_owned())),
        default: Some(DefaultValue(Node { span, value: Value::Str(value.to_owned()) })),
        ..metadata()
    }
}
