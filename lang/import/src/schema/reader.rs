//! The state of an import, and the reporting of what cannot be represented.

use forge_base::{Code, Diag, Span};
use rustc_hash::FxHashMap;

use crate::interface::LossPolicy;
use crate::model::{SchemaArena, SchemaId, Validation};
use crate::node::Node;

/// The dialect of a schema.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dialect {
    /// `openAPIV3Schema` of a CustomResourceDefinition: closed objects, `nullable`, `x-kubernetes-…`.
    Kubernetes,
    /// JSON Schema, drafts 4 to 2020-12: objects are open.
    Json,
    /// JSON Schema of a chart's values: objects with properties are closed unless they say otherwise.
    Values,
}

/// Reads schemas into an arena.
pub(crate) struct SchemaReader<'n> {
    pub(crate) dialect: Dialect,
    pub(crate) loss: LossPolicy,
    pub(crate) arena: SchemaArena,
    pub(crate) diags: Vec<Diag>,
    /// The document that references point into.
    pub(crate) root: Option<&'n Node>,
    /// The path of keys from the root of the document to the current schema.
    pub(crate) schema_path: Vec<String>,
    /// The names from the root schema to the current one, from which type names are derived.
    pub(crate) name_path: Vec<String>,
    pub(super) definitions: FxHashMap<String, SchemaId>,
    /// The references that are being resolved.
    pub(super) following: Vec<String>,
    /// The total number of resolved references.
    pub(super) followed: usize,
    /// The rules of the items or values of the schema that was read last, lifted to the schema itself.
    pub(super) lifted: Vec<Validation>,
    /// Names that parameters in conditions must not shadow.
    pub(super) taken: Vec<String>,
}

impl<'n> SchemaReader<'n> {
    pub(crate) fn new(dialect: Dialect, loss: LossPolicy) -> SchemaReader<'n> {
        SchemaReader {
            dialect,
            loss,
            arena: SchemaArena::default(),
            diags: Vec::new(),
            root: None,
            schema_path: Vec::new(),
            name_path: Vec::new(),
            definitions: FxHashMap::default(),
            following: Vec::new(),
            followed: 0,
            lifted: Vec::new(),
            taken: Vec::new(),
        }
    }

    /// Runs `work` with these keys appended to the path of the current schema.
    pub(super) fn below<T>(&mut self, keys: &[&str], work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.schema_path.len();
        self.schema_path.extend(keys.iter().map(|key| (*key).to_owned()));
        let result = work(self);
        self.schema_path.truncate(before);
        result
    }

    /// Runs `work` with this name appended to the type name path.
    pub(super) fn named<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        self.name_path.push(name.to_owned());
        let result = work(self);
        self.name_path.pop();
        result
    }

    /// Reports something that cannot be represented, according to the [`LossPolicy`].
    pub(super) fn report_loss(&mut self, span: Span, what: &str, why: &str) {
        let headline = format!("{what} cannot be represented");
        let diag = match self.loss {
            LossPolicy::Reject => Diag::error(Code::NOT_REPRESENTABLE, headline)
                .help("import with `--lossy` to leave it out with a warning"),
            LossPolicy::Accept => Diag::warning(Code::LEFT_OUT, headline),
        };
        self.diags.push(diag.at(span, why).note(format!("at {}", self.json_path())));
    }

    /// Reports that the import is less strict than the schema.
    pub(super) fn warn(&mut self, span: Span, headline: String, label: &str) {
        let note = format!("at {}", self.json_path());
        self.diags.push(Diag::warning(Code::LEFT_OUT, headline).at(span, label).note(note));
    }

    /// The path of the current schema as a JSON path.
    fn json_path(&self) -> String {
        let mut path = String::from("$");
        for key in &self.schema_path {
            let is_plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let is_index = key.chars().all(|c| c.is_ascii_digit());
            match (is_index, is_plain) {
                (true, _) => path += &format!("[{key}]"),
                (false, true) => path += &format!(".{key}"),
                (false, false) => path += &format!("[{key:?}]"),
            }
        }
        path
    }
}
