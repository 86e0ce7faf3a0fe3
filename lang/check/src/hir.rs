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

use std::ops::Deref;
use std::sync::Arc;

use forge_base::{Diag, FileId, Name, Severity, Span};
use rustc_hash::FxHashMap;

use crate::decl::{AliasDecl, GlobalDecl, SchemaDecl};
use crate::ids::{AliasId, FnId, GlobalId, ModuleId, RefineId, RefineScope, SchemaId};
use crate::ty::Ty;

mod body;
mod expr;

pub use body::*;
pub use expr::*;

pub use crate::decl::{FieldDecl, GlobalKind, Late, MethodDecl, SchemaRole};
pub use crate::shape::{KeyedShape, Shape};

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
    pub fn alias(&self, id: AliasId) -> &AliasDecl {
        &self.module(id.module).aliases[id.index as usize]
    }

    /// A refinement.
    pub fn refinement(&self, id: RefineId) -> &Refinement {
        let module = self.module(id.module);
        match id.scope {
            RefineScope::Declarations => &module.refinements[id.index as usize],
            _ => &module.local_refinements[&id],
        }
    }
}

/// One checked module: its declarations with their code.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its id.
    pub id: ModuleId,
    /// Its dotted path, such as `std.text`.
    pub path: Name,
    /// Its file.
    pub file: FileId,
    /// Fields, `let`s and inputs, in source order.
    pub globals: Vec<Arc<Global>>,
    /// Functions and methods.
    pub fns: Vec<Arc<Fn>>,
    /// Schemas.
    pub schemas: Vec<Arc<Schema>>,
    /// Named types.
    pub aliases: Vec<Arc<AliasDecl>>,
    /// Refinements in declarations.
    pub refinements: Vec<Arc<Refinement>>,
    /// Refinements in bodies.
    pub local_refinements: FxHashMap<RefineId, Arc<Refinement>>,
    /// Tests, in source order.
    pub tests: Vec<Test>,
}

/// The code of a field, `let` or input. Dereferences to its declaration.
#[derive(Debug)]
pub struct Global {
    /// Its declaration.
    pub decl: Arc<GlobalDecl>,
    /// Its type, annotated or inferred.
    pub ty: Ty,
    /// Its value; `None` for an input without default.
    pub value: Option<Expr>,
    /// Slots of its frame.
    pub slots: u32,
}

impl Deref for Global {
    type Target = GlobalDecl;

    fn deref(&self) -> &GlobalDecl {
        &self.decl
    }
}

/// The code of a function, method or lambda.
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

/// The code of a schema. Dereferences to its declaration.
#[derive(Debug)]
pub struct Schema {
    /// Its declaration, with everything that it inherits.
    pub decl: Arc<SchemaDecl>,
    /// Its own layer.
    pub body: Arc<Body>,
    /// Its own checks; evaluated in the frame of its own layer.
    pub checks: Vec<CheckItem>,
}

impl Deref for Schema {
    type Target = SchemaDecl;

    fn deref(&self) -> &SchemaDecl {
        &self.decl
    }
}

/// A check of a schema, or several under a condition or in a loop.
#[derive(Clone, Debug)]
pub enum CheckItem {
    /// `check` or `warn`.
    Check(Check),
    /// `if cond { … } else { … }`.
    If {
        /// The condition.
        cond: Expr,
        /// The checks if it is true.
        then: Vec<CheckItem>,
        /// The checks if it is false.
        otherwise: Vec<CheckItem>,
    },
    /// `for … in … if … { … }`.
    For {
        /// Variables, source and filter.
        head: Box<For>,
        /// The `let`s of an iteration.
        lets: Vec<Let>,
        /// The checks of an iteration.
        items: Vec<CheckItem>,
    },
}

impl CheckItem {
    /// Calls `visit` with each check that it is or contains.
    pub fn visit<'a>(&'a self, visit: &mut impl FnMut(&'a Check)) {
        match self {
            CheckItem::Check(check) => visit(check),
            CheckItem::If { then, otherwise, .. } => {
                then.iter().chain(otherwise).for_each(|item| item.visit(&mut *visit));
            }
            CheckItem::For { items, .. } => items.iter().for_each(|item| item.visit(&mut *visit)),
        }
    }
}

/// `check cond, message`, `warn cond, message` or `assert cond, message`.
#[derive(Clone, Debug)]
pub struct Check {
    /// The condition.
    pub cond: Expr,
    /// The message.
    pub message: Option<Expr>,
    /// The value that the check is about: `at = value`.
    pub at: Option<Expr>,
    /// The code of the check: `code = "C07"`.
    pub code: Option<Name>,
    /// Error for `check` and `assert`, warning for `warn`.
    pub severity: Severity,
    /// The whole item.
    pub span: Span,
}

/// The condition of a `T where cond`.
#[derive(Clone, Debug)]
pub struct Refinement {
    /// The name of the type alias that it defines directly, if any.
    pub name: Option<Name>,
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
    /// `for … in … { … }`.
    For {
        /// Variables, source and filter.
        head: Box<For>,
        /// The `let`s of an iteration.
        lets: Vec<Let>,
        /// The items of an iteration.
        items: Vec<TestItem>,
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
