//! The checked program, ready to evaluate: names are resolved to ids and slots, literals to their shapes, and
//! conversions are explicit.
//!
//! # Frames
//!
//! Locals live in *frames*. A frame has slots, a parent, and for a body the object being built (`this`).
//! Only the following create a frame. Every other local (a `let` in a block, a name bound by `match`, the memo slot of a
//! condition) takes a slot in the innermost frame:
//!
//! 1. a **body** (of a schema, literal or refinement): one frame for each object that the body is a layer of. Parent: the frame
//!    enclosing the braces; none for a schema's body. `this` is the finished object, after all later refinements;
//! 2. a **call** of a function (no parent), a method (parent: the frame of its schema's body for that object), a
//!    lambda (parent: the enclosing frame). The parameters are the first slots;
//! 3. each **iteration** of a `for` in a body or list (parent: the enclosing frame). The variables are the first slots;
//! 4. the value of each **global**, each **test**, and the **predicate** of a refinement (slot 0 is `it`); no parent.
//!
//! [`ExprKind::Local`] and [`ExprKind::This`] count how many parents to go up. A slot is filled by its `let` (lazily), parameter,
//! loop, pattern, or for `super` by the item that is being evaluated.
//!
//! # Objects
//!
//! An object is a chain of layers, each a body and the frame it was written in: the bodies of its schema's ancestors,
//! outermost first, then the literal, then each refinement. A field's value comes from the last layer that *sets* it, with
//! the refinements and appends of later layers applied in order. It is computed once, with `this` being the whole object.
//! Within one layer, an item that is not `is_default` takes precedence over one that is.

use std::sync::Arc;

use forge_base::{Diag, FileId, Name, Span};
use rustc_hash::FxHashMap;

use crate::ids::{AliasId, FnId, GlobalId, ModuleId, RefineId, SchemaId};
use crate::ty::Ty;

mod body;
mod expr;

pub use body::*;
pub use expr::*;

/// All modules of a build, by id. Modules that were not needed are absent.
#[derive(Clone, Default, Debug)]
pub struct Program {
    /// Indexed by [`ModuleId`].
    pub modules: Vec<Option<Arc<Module>>>,
}

impl Program {
    /// A module that the program holds.
    pub fn module(&self, id: ModuleId) -> &Module {
        self.modules[id.0 as usize].as_deref().expect("ids come from modules of the same program")
    }

    /// A schema.
    pub fn schema(&self, id: SchemaId) -> &Schema {
        &self.module(id.module).schemas[id.index as usize]
    }

    /// A field, `let` or input.
    pub fn global(&self, id: GlobalId) -> &Global {
        &self.module(id.module).globals[id.index as usize]
    }

    /// A function or method.
    pub fn function(&self, id: FnId) -> &Fn {
        &self.module(id.module).fns[id.index as usize]
    }

    /// A named type.
    pub fn alias(&self, id: AliasId) -> &Alias {
        &self.module(id.module).aliases[id.index as usize]
    }

    /// A refinement.
    pub fn refinement(&self, id: RefineId) -> &Refinement {
        &self.module(id.module).refinements[id.index as usize]
    }
}

/// One checked module.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its id.
    pub id: ModuleId,
    /// Its dotted path, such as `std.text`.
    pub path: Name,
    /// Its file.
    pub file: FileId,
    /// Fields, `let`s and inputs, in source order.
    pub globals: Vec<Global>,
    /// Functions and methods.
    pub fns: Vec<Fn>,
    /// Schemas.
    pub schemas: Vec<Schema>,
    /// Named types.
    pub aliases: Vec<Alias>,
    /// Refinements, named or not.
    pub refinements: Vec<Refinement>,
    /// Tests, in source order.
    pub tests: Vec<Test>,
}

/// What a global is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GlobalKind {
    /// Exported and emitted, unless private.
    Field,
    /// Exported, never emitted.
    Let,
    /// Set from the command line.
    Input,
}

/// A field, `let` or input.
#[derive(Clone, Debug)]
pub struct Global {
    /// Its name.
    pub name: Name,
    /// The span of the name.
    pub span: Span,
    /// What it is.
    pub kind: GlobalKind,
    /// Its type.
    pub ty: Ty,
    /// Its value; `None` for an input without default.
    pub value: Option<Expr>,
    /// Slots of its frame.
    pub slots: u32,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
}

/// A function, method or lambda's code.
#[derive(Clone, Debug)]
pub struct Fn {
    /// Its name.
    pub name: Name,
    /// The span of the name.
    pub span: Span,
    /// Its parameters: the first slots.
    pub params: Vec<Param>,
    /// The type of its result.
    pub ret: Ty,
    /// Slots of its frame, parameters included.
    pub slots: u32,
    /// Its body; `None` if abstract.
    pub body: Option<Expr>,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Ty,
    /// Its default, evaluated in the callee's frame; may use preceding parameters.
    pub default: Option<Expr>,
}

/// What a build does with the objects of a schema.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SchemaRole {
    /// Searches their fields for resources and files.
    Plain,
    /// Writes them as Kubernetes resources: the schema has the fields `apiVersion` and `kind`.
    Resource,
    /// Writes the files that they list: the schema is `std.output.Tree` or extends it.
    FileTree,
}

/// A schema with everything that it inherits.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Its id.
    pub id: SchemaId,
    /// Its name.
    pub name: Name,
    /// The span of the name.
    pub span: Span,
    /// Its parent.
    pub parent: Option<SchemaId>,
    /// Its ancestors from the root down to itself: the layers of an instance before the literal's.
    pub ancestors: Vec<SchemaId>,
    /// Whether it cannot be instantiated.
    pub is_abstract: bool,
    /// Whether undeclared fields are accepted, as `Any`.
    pub is_open: bool,
    /// What a build does with its objects.
    pub role: SchemaRole,
    /// All fields, the parent's first: an index means the same in a schema and all that extend it.
    pub fields: Vec<Field>,
    /// Field index by name.
    pub by_name: FxHashMap<Name, u32>,
    /// Its own layer.
    pub body: Arc<Body>,
    /// Its own checks; evaluated in the frame of its own layer.
    pub checks: Vec<Check>,
    /// All methods, the parent's first: an index means the same in a schema and all that extend it.
    pub methods: Vec<Method>,
    /// CEL rules for its finished objects, with their messages; not the inherited ones.
    pub validations: Vec<(Arc<str>, Arc<str>)>,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
}

/// A field of a schema.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// The span of the last declaration.
    pub span: Span,
    /// Its type, which a child may narrow.
    pub ty: Ty,
    /// Whether its type includes null: null is omitted from the output, and the field may stay unset.
    pub nullable: bool,
    /// What `name { … }` builds if the field is unset, if the type determines it.
    pub fresh: Option<Shape>,
    /// The type that the computed value is coerced to, if checking single items does not suffice
    /// (a child narrowed the type, or a condition applies to a whole list, map or object that refinements change).
    pub verify: Option<Ty>,
    /// CEL rules for its finished value, with their messages.
    pub validations: Vec<(Arc<str>, Arc<str>)>,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
}

/// A method of a schema.
#[derive(Clone, Debug)]
pub struct Method {
    /// Its name.
    pub name: Name,
    /// Its function and the index of the ancestor that declares it; `None` if abstract.
    pub code: Option<(FnId, u32)>,
}

/// `check cond, message` or `assert cond, message`.
#[derive(Clone, Debug)]
pub struct Check {
    /// The condition.
    pub cond: Expr,
    /// The message.
    pub message: Option<Expr>,
    /// The whole item.
    pub span: Span,
}

/// `type Name = T`.
#[derive(Clone, Debug)]
pub struct Alias {
    /// Its id.
    pub id: AliasId,
    /// Its name.
    pub name: Name,
    /// The span of the name.
    pub span: Span,
    /// The aliased type.
    pub ty: Ty,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
}

/// The condition of a `T where cond`.
#[derive(Clone, Debug)]
pub struct Refinement {
    /// Its id.
    pub id: RefineId,
    /// The name of the type alias that it defines directly, if any.
    pub name: Option<Name>,
    /// What is refined.
    pub base: Ty,
    /// The condition; slot 0 is `it`. May use names of the module, but no locals.
    pub cond: Expr,
    /// Slots of its frame.
    pub slots: u32,
    /// The source of the condition, for messages.
    pub text: Arc<str>,
    /// The span of the condition.
    pub span: Span,
}

/// A test.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Arc<str>,
    /// The span of the name.
    pub span: Span,
    /// Slots of its frame.
    pub slots: u32,
    /// Its `let`s.
    pub lets: Vec<Let>,
    /// Its assertions, in source order.
    pub items: Vec<TestItem>,
}

/// One assertion of a test.
#[derive(Clone, Debug)]
pub enum TestItem {
    /// `assert cond, message`.
    Assert(Check),
    /// `fails operand with text`.
    Fails {
        /// Diagnostics of the checker for the operand. With errors among them it is not evaluated.
        found: Vec<Diag>,
        /// The operand that must fail.
        operand: Expr,
        /// A part of the expected message.
        with: Option<Expr>,
        /// The whole item.
        span: Span,
    },
    /// `snapshot value`.
    Snapshot {
        /// The value.
        value: Expr,
        /// The source of the value, which names the snapshot.
        text: Arc<str>,
        /// The whole item.
        span: Span,
    },
}
