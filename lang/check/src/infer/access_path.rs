//! Access paths, and the narrowed types of the values that they name.
//!
//! An *access path* names a value that cannot change: a local, a field of the object being built, a global, and fields
//! or constant keys of these. Since values are immutable, a narrowing holds in lambdas and nested bodies too.

use forge_base::Name;
use smallvec::SmallVec;

use crate::ids::GlobalId;
use crate::ty::Ty;

/// The start of an access path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PathRoot {
    /// A local by frame (from the outermost) and slot.
    Local(usize, u32),
    /// The object of a body's frame.
    This(usize),
    /// A global.
    Global(GlobalId),
}

/// One step of an access path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PathStep {
    /// `.name`.
    Field(Name),
    /// `["key"]`.
    Key(Name),
    /// `[0]`.
    Index(i64),
}

/// A root, and what is read from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct AccessPath {
    pub(super) root: PathRoot,
    pub(super) steps: SmallVec<[PathStep; 4]>,
}

impl AccessPath {
    /// A local.
    pub(crate) fn of_local(frame: usize, slot: u32) -> AccessPath {
        AccessPath { root: PathRoot::Local(frame, slot), steps: SmallVec::new() }
    }

    /// A field of the object of a body's frame.
    pub(crate) fn of_field(frame: usize, name: Name) -> AccessPath {
        AccessPath { root: PathRoot::This(frame), steps: SmallVec::from_slice(&[PathStep::Field(name)]) }
    }

    /// A field of the value at this path.
    pub(crate) fn then(mut self, name: Name) -> AccessPath {
        self.steps.push(PathStep::Field(name));
        self
    }

    /// A global.
    pub(crate) fn of_global(id: GlobalId) -> AccessPath {
        AccessPath { root: PathRoot::Global(id), steps: SmallVec::new() }
    }
}

/// The type of the value at an access path, as proved by a test.
#[derive(Clone, Debug)]
pub(crate) struct Narrowing {
    pub(super) path: AccessPath,
    pub(super) ty: Ty,
}

impl Narrowing {
    /// The value at `path` is known to be of type `ty`.
    pub(crate) fn new(path: AccessPath, ty: Ty) -> Narrowing {
        Narrowing { path, ty }
    }
}

/// The narrowings that follow from a condition.
#[derive(Clone, Default, Debug)]
pub(crate) struct Narrowings {
    /// If it is true.
    pub(crate) if_true: Vec<Narrowing>,
    /// If it is false.
    pub(crate) if_false: Vec<Narrowing>,
}

impl Narrowings {
    pub(super) fn negated(self) -> Narrowings {
        Narrowings { if_true: self.if_false, if_false: self.if_true }
    }
}
