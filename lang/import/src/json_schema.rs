//! JSON Schema: one module with a schema for the root and one for each definition.

use forge_base::{Code, Diag};

use crate::interface::{Imported, Input, LossPolicy, Output, internal_error};
use crate::node::Node;
use crate::print;
use crate::schema::{Dialect, SchemaReader};
use crate::{case, yaml};

/// Imports a JSON Schema, drafts 4 to 2020-12, as JSON or YAML.
pub fn json_schema(input: &Input, loss: LossPolicy) -> Imported {
    let (documents, diags) = yaml::read(input.file, &input.text);
    let mut imported = Imported { diags, ..Imported::default() };
    if imported.diags.iter().any(Diag::is_error) {
        return imported;
    }
    let [document] = documents.as_slice() else {
        let headline = "a JSON Schema must be a single document";
        imported
            .diags
            .push(Diag::error(Code::BAD_IMPORT, headline).note(format!("found {} documents", documents.len())));
        return imported;
    };
    let stem = input.name.trim_end_matches(".schema");
    let wish = document.root.text_of("title").map(case::upper_camel).filter(|name| (1..=40).contains(&name.len()));
    let name = wish.unwrap_or_else(|| case::upper_camel(stem));
    let mut reader = SchemaReader::new(Dialect::Json, loss);
    read_all(&mut reader, &document.root, if name.is_empty() { "Root" } else { &name });
    let path = format!("{}.forge", case::module_name(stem));
    let title = document.root.text_of("title").unwrap_or(stem);
    let doc = format!("{title}.\n\nMade by `forgec import json-schema`. Changes are lost when it is made again.");
    imported.finish(path, &doc, reader);
    imported
}

/// Reads all definitions, and the root unless it has nothing but definitions.
pub(crate) fn read_all<'n>(reader: &mut SchemaReader<'n>, root: &'n Node, name: &str) {
    reader.root = Some(root);
    reader.name_path = vec![name.to_owned()];
    let is_library = root.entries().iter().all(|entry| {
        matches!(
            entry.key.as_str(),
            "$schema" | "$id" | "id" | "$defs" | "definitions" | "title" | "description" | "$comment"
        )
    });
    if !is_library {
        reader.read_definition("#", name, root);
    }
    for key in ["definitions", "$defs"] {
        for entry in root.get(key).map(Node::entries).unwrap_or_default() {
            let target = format!("#/{key}/{}", entry.key.replace('~', "~0").replace('/', "~1"));
            if !reader.has_definition(&target) {
                reader.read_definition(&target, &entry.key, &entry.node);
            }
        }
    }
}

impl Imported {
    /// Prints the schemas of a reader as one module.
    pub(crate) fn finish(&mut self, path: String, doc: &str, mut reader: SchemaReader<'_>) {
        self.diags.append(&mut reader.diags);
        match print::module(doc, &reader.arena) {
            Ok(text) => self.outputs.push(Output { path, text }),
            Err(reason) => self.diags.push(internal_error(&path, &reason)),
        }
    }
}
