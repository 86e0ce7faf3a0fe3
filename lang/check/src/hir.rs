//! The checked program, ready to run: names are resolved to ids and slots, literals to their shapes, conversions are explicit.
//!
//! # Frames
//!
//! Local names live in *frames*. A frame has slots, a parent, and for a body the object that is being built (`this`).
//! These and only these make a frame; every other local (`let` in a block, a name bound by `match`, the memory of a
//! condition) takes a slot in the innermost one:
//!
//! 1. a **body** (of a schema, literal or refinement): one frame for each object that the body is a layer of. Parent: the frame
//!    around the braces; none for a schema's body. `this` is the finished object, after all later refinements;
//! 2. a **call** of a function (no parent), a method (parent: the frame of its schema's body for that object), a
//!    lambda (parent: the frame around it). The parameters are the first slots;
//! 3. each **iteration** of a `for` in a body or list (parent: the frame around it). The variables are the first slots;
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
//! Within one layer an item that is not `is_default` beats one that is.

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
    /// Fields, `let`s and inputs in the order of the text.
    pub globals: Vec<Global>,
    /// Functions and methods.
    pub fns: Vec<Fn>,
    /// Schemas.
    pub schemas: Vec<Schema>,
    /// Named types.
    pub aliases: Vec<Alias>,
    /// Refinements, named or not.
    pub refinements: Vec<Refinement>,
    /// Tests in the order of the text.
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
    /// The place of the name.
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
    /// The place of the name.
    pub span: Span,
    /// Its parameters: the first slots.
    pub params: Vec<Param>,
    /// The type of its result.
    pub ret: Ty,
    /// Slots of its frame, parameters included.
    pub slots: u32,
    /// What it computes; `None` if abstract.
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
    /// Its default, evaluated in the callee's frame; may use earlier parameters.
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
    /// The place of the name.
    pub span: Span,
    /// Its parent.
    pub parent: Option<SchemaId>,
    /// Its ancestors from the root down to itself: the layers of an instance before the literal's.
    pub ancestors: Vec<SchemaId>,
    /// Whether it has no instances of its own.
    pub is_abstract: bool,
    /// Whether it takes other fields than those declared, as `Any`.
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
    /// CEL rules for its finished objects, with their messages; its own only.
    pub validations: Vec<(Arc<str>, Arc<str>)>,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
}

/// A field of a schema.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// The place of the (last) declaration.
    pub span: Span,
    /// Its type; in a child perhaps narrower than in the parent.
    pub ty: Ty,
    /// Whether its type takes null: then a null is left out of the output, and the field may stay unset.
    pub nullable: bool,
    /// What `name { … }` builds where nothing is there yet, if that is clear from the type.
    pub fresh: Option<Shape>,
    /// A type that the finished value is coerced to when the field is computed: set where single values cannot prove it
    /// (a child narrowed the type; a condition on a whole list, map or object that refinements may break).
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
    /// Its code and the place in the ancestors of the schema that holds it; `None` if abstract.
    pub code: Option<(FnId, u32)>,
}

/// `check cond, message` or `assert cond, message`.
#[derive(Clone, Debug)]
pub struct Check {
    /// What must hold.
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
    /// The place of the name.
    pub span: Span,
    /// What it stands for.
    pub ty: Ty,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
}

/// The condition of a `T where cond`.
#[derive(Clone, Debug)]
pub struct Refinement {
    /// Its id.
    pub id: RefineId,
    /// The name of the type that it was declared by, if any.
    pub name: Option<Name>,
    /// What is refined.
    pub base: Ty,
    /// The condition; slot 0 is `it`. May use names of the module, nothing local.
    pub cond: Expr,
    /// Slots of its frame.
    pub slots: u32,
    /// The condition's text, for messages.
    pub text: Arc<str>,
    /// The condition's place.
    pub span: Span,
}

/// A test.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Arc<str>,
    /// The place of the name.
    pub span: Span,
    /// Slots of its frame.
    pub slots: u32,
    /// Its `let`s.
    pub lets: Vec<Let>,
    /// What it claims, in the order of the text.
    pub items: Vec<TestItem>,
}

/// One claim of a test.
#[derive(Clone, Debug)]
pub enum TestItem {
    /// `assert cond, message`.
    Assert(Check),
    /// `fails operand with text`.
    Fails {
        /// What the checker found in the operand; if there are errors it is not evaluated.
        found: Vec<Diag>,
        /// What must not work.
        operand: Expr,
        /// A part of the message that is expected.
        with: Option<Expr>,
        /// The whole item.
        span: Span,
    },
    /// `snapshot value`.
    Snapshot {
        /// The value.
        value: Expr,
        /// The value's text, which names the snapshot.
        text: Arc<str>,
        /// The whole item.
        span: Span,
    },
}
