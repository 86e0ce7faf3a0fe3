//! What one evaluation is given from outside: limits, inputs, and the way to files.

use std::path::PathBuf;

use forge_base::{FileId, Span, World};
use forge_check::GlobalId;
use rustc_hash::FxHashMap;

use crate::evaluator::Evaluator;
use crate::value::{Eval, Value};

/// How many steps an evaluation may make unless told otherwise.
pub const MAX_STEPS: u64 = 1_000_000_000;
/// How many bytes of values an evaluation may hold unless told otherwise.
pub const MAX_MEMORY: usize = 2 << 30;
/// How deeply evaluations may nest. The thread needs a deep stack for it, as [`forge_base::stack`] has them.
pub const MAX_DEPTH: u32 = 30_000;

/// Writes values as YAML documents with `---` between them; the place is blamed for what has no written form.
pub type WriteYaml = for<'e, 'a> fn(&'e Evaluator<'a>, &[Value<'a>], Span) -> Eval<String>;

/// Limits, inputs, and the way to files.
pub struct Options<'a> {
    /// See [`MAX_STEPS`].
    pub max_steps: u64,
    /// See [`MAX_MEMORY`].
    pub max_memory: usize,
    /// See [`MAX_DEPTH`].
    pub max_depth: u32,
    /// Values of inputs, given on the command line.
    pub inputs: FxHashMap<GlobalId, Data>,
    /// The way to files, for `std.files`.
    pub world: Option<&'a dyn World>,
    /// The root folder of the package that each source file belongs to; what is not here may not read files.
    pub roots: FxHashMap<FileId, PathBuf>,
    /// The folder that the shown paths of source files start at.
    pub cwd: PathBuf,
    /// The writer of YAML, for `std.encoding`; it stands above this crate.
    pub write_yaml: Option<WriteYaml>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            max_steps: MAX_STEPS,
            max_memory: MAX_MEMORY,
            max_depth: MAX_DEPTH,
            inputs: FxHashMap::default(),
            world: None,
            roots: FxHashMap::default(),
            cwd: PathBuf::new(),
            write_yaml: None,
        }
    }
}

/// Plain data from outside: an input, or what a file holds. Maps keep their order.
#[derive(Clone, PartialEq, Debug)]
pub enum Data {
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text; becomes a Quantity or Duration where such a type is expected.
    Str(String),
    /// A list.
    List(Vec<Data>),
    /// A map.
    Map(Vec<(String, Data)>),
}
