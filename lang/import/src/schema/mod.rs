//! From JSON Schema, and what Kubernetes makes of it in `openAPIV3Schema`, to types.
//!
//! [`Reader::read`] is the door. A schema is first flattened into [`Keywords`], with its `allOf` merged in; then its type is
//! made, and what the type cannot say becomes conditions. What neither can say is reported, never dropped.

mod cel;
mod condition;
mod default;
mod junctor;
mod keywords;
mod object;
mod pattern;
mod read;
mod scalar;

use forge_base::{Code, Diag, Span};
use rustc_hash::FxHashMap;

use crate::model::{Arena, SchemaId, Validation};
use crate::node::Node;

/// Which rules a schema follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dialect {
    /// `openAPIV3Schema` of a CustomResourceDefinition: closed objects, `nullable`, `x-kubernetes-…`.
    Kubernetes,
    /// JSON Schema, drafts 4 to 2020-12: objects are open.
    Json,
    /// JSON Schema of a chart's values: objects with properties are closed unless they say otherwise.
    Values,
}

/// What happens to what cannot be represented.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Loss {
    /// It is an error.
    #[default]
    Refused,
    /// It is left out with a warning.
    Accepted,
}

/// Reads schemas into an arena.
pub(crate) struct Reader<'n> {
    pub(crate) dialect: Dialect,
    pub(crate) loss: Loss,
    pub(crate) arena: Arena,
    pub(crate) diags: Vec<Diag>,
    /// The text that references point into.
    pub(crate) root: Option<&'n Node>,
    /// The keys from the root of the text to the schema.
    pub(crate) place: Vec<String>,
    /// The names from the root schema down, for the names of types.
    pub(crate) path: Vec<String>,
    definitions: FxHashMap<String, SchemaId>,
    /// References that are being followed.
    following: Vec<String>,
    /// How many references were followed, over and over.
    followed: usize,
    /// The rules of the items or values of what was read last.
    lifted: Vec<Validation>,
    /// Names that parameters in conditions must not have.
    taken: Vec<String>,
}

impl<'n> Reader<'n> {
    pub(crate) fn new(dialect: Dialect, loss: Loss) -> Reader<'n> {
        Reader {
            dialect,
            loss,
            arena: Arena::default(),
            diags: Vec::new(),
            root: None,
            place: Vec::new(),
            path: Vec::new(),
            definitions: FxHashMap::default(),
            following: Vec::new(),
            followed: 0,
            lifted: Vec::new(),
            taken: Vec::new(),
        }
    }

    /// Does something below a part of the schema.
    fn below<T>(&mut self, keys: &[&str], work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.place.len();
        self.place.extend(keys.iter().map(|key| (*key).to_owned()));
        let result = work(self);
        self.place.truncate(before);
        result
    }

    /// Does something for the type with a name below this one.
    fn named<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(name.to_owned());
        let result = work(self);
        self.path.pop();
        result
    }

    /// Says that something cannot be represented.
    fn refuse(&mut self, span: Span, what: &str, why: &str) {
        let headline = format!("{what} cannot be represented");
        let diag = match self.loss {
            Loss::Refused => Diag::error(Code::NOT_REPRESENTABLE, headline)
                .help("import with `--lossy` to leave it out with a warning"),
            Loss::Accepted => Diag::warning(Code::LEFT_OUT, headline),
        };
        self.diags.push(diag.at(span, why).note(format!("at {}", self.json_path())));
    }

    /// Says that something is not as exact as in the schema.
    fn warn(&mut self, span: Span, headline: String, label: &str) {
        let note = format!("at {}", self.json_path());
        self.diags.push(Diag::warning(Code::LEFT_OUT, headline).at(span, label).note(note));
    }

    /// Where the schema is, as a JSON path.
    fn json_path(&self) -> String {
        let mut path = String::from("$");
        for key in &self.place {
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
