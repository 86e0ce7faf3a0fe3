//! What the modules of a build declare, before any body is looked at: names, schemas, signatures.
//!
//! Made by `collect` from all sources at once; read by everything that checks bodies. Never changed afterwards.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Source;
use crate::ids::{AliasId, FnId, GlobalId, ModuleId, SchemaId};
use crate::ty::Ty;

/// The declarations of all modules.
#[derive(Debug, Default)]
pub struct Decls {
    /// Indexed by [`ModuleId`]; `None` for ids that this build does not use.
    pub modules: Vec<Option<ModuleDecls>>,
    /// The prelude: the modules whose names are everywhere, and the methods of built-in types.
    pub prelude: Prelude,
    /// Which schemas and named types may hold secrets or functions.
    pub type_contents: TypeContents,
}

/// What is not plain data, and which types may hold it.
#[derive(Debug, Default)]
pub struct TypeContents {
    /// Schemas and named types with a `Secret` somewhere in them.
    pub secret: FxHashSet<TypeId>,
    /// Schemas and named types with a function somewhere in them.
    pub function: FxHashSet<TypeId>,
}

/// A schema or named type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TypeId {
    /// A schema.
    Schema(SchemaId),
    /// A named type.
    Alias(AliasId),
}

/// Names that need no import.
#[derive(Debug, Default)]
pub struct Prelude {
    /// Types, schemas and functions of `std.prelude`.
    pub names: FxHashMap<Name, Def>,
    /// Methods of built-in types: the functions of `std.prelude.list` and so on, by the module's last name and their own. The
    /// first parameter is the receiver.
    pub methods: FxHashMap<(Name, Name), FnId>,
}

/// The declarations of one module.
#[derive(Debug)]
pub struct ModuleDecls {
    /// The module.
    pub source: Source,
    /// All names of its scope: its own and what it imports.
    pub scope: FxHashMap<Name, Def>,
    /// Where each name of the scope is declared or imported.
    pub name_spans: FxHashMap<Name, Span>,
    /// Fields, `let`s and inputs.
    pub globals: Vec<GlobalDecl>,
    /// Functions, then methods.
    pub fns: Vec<FnDecl>,
    /// Schemas.
    pub schemas: Vec<SchemaDecl>,
    /// Named types.
    pub aliases: Vec<AliasDecl>,
    /// Conditions of the types in declarations; those in bodies get the ids behind these.
    pub refinements: Vec<RefineDecl>,
    /// What the types in declarations use.
    pub uses: crate::lint::Uses,
    /// Whether its declarations have errors. Then nothing is said about what it does not use.
    pub has_errors: bool,
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Def {
    /// A module.
    Module(ModuleId),
    /// A field, `let` or input.
    Global(GlobalId),
    /// A function.
    Fn(FnId),
    /// A schema.
    Schema(SchemaId),
    /// A named type.
    Alias(AliasId),
    /// Something whose declaration is broken; reported already.
    Error,
}

impl Def {
    /// The module that declares it; none for modules themselves.
    pub fn module(self) -> Option<ModuleId> {
        match self {
            Def::Global(id) => Some(id.module),
            Def::Fn(id) => Some(id.module),
            Def::Schema(id) => Some(id.module),
            Def::Alias(id) => Some(id.module),
            Def::Module(_) | Def::Error => None,
        }
    }
}

/// `@deprecated`, `@since`, `@internal`, `@validation`.
#[derive(Clone, Default, Debug)]
pub struct Annotations {
    /// The advice of `@deprecated("…")`.
    pub deprecated: Option<Arc<str>>,
    /// The version of `@since("…")`.
    pub since: Option<Arc<str>>,
    /// The versions of `@unavailable("…")` that have it, of which the target is none.
    pub unavailable: Option<Arc<str>>,
    /// Whether `@internal` is there.
    pub internal: bool,
    /// Whether `@property` is there: a built-in method that is read without parentheses.
    pub is_property: bool,
    /// The CEL rules of `@validation("rule", "message")` with their messages: what must hold for the finished resource.
    pub validations: Vec<(Arc<str>, Arc<str>)>,
    /// Diagnostics waived by `@allow("F0412", "why")`.
    pub allowed: Vec<forge_base::Code>,
}

/// A field, `let` or input of a module.
#[derive(Debug)]
pub struct GlobalDecl {
    /// Its name.
    pub name: Name,
    /// The place of the name.
    pub span: Span,
    /// The place of its item in the module's tree.
    pub item: usize,
    /// Its type if it is written; else it is inferred when it is first needed.
    pub ty: Option<Ty>,
    /// Annotations.
    pub annotations: Annotations,
}

/// A function, method or built-in function.
#[derive(Debug)]
pub struct FnDecl {
    /// Its name.
    pub name: Name,
    /// The place of the name.
    pub span: Span,
    /// Where its tree is: an item of the module, and for a method an item of that schema's body.
    pub item: (usize, Option<usize>),
    /// The schema that it is a method of.
    pub schema: Option<SchemaId>,
    /// Generic parameters; `Ty::Param` counts them.
    pub generics: Vec<Name>,
    /// Names, types and places of the parameters, and whether they have a default.
    pub params: Vec<ParamDecl>,
    /// The result's type if it is written; else it is inferred when it is first needed.
    pub ret: Option<Ty>,
    /// Whether it has no body (built in, or abstract).
    pub is_extern: bool,
    /// Annotations.
    pub annotations: Annotations,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct ParamDecl {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Ty,
    /// The place of its type, for "expected because of this".
    pub span: Span,
    /// Whether calls may leave it out.
    pub has_default: bool,
}

/// A schema with its inherited fields and methods.
#[derive(Debug)]
pub struct SchemaDecl {
    /// Its name.
    pub name: Name,
    /// The place of the name.
    pub span: Span,
    /// The place of its item in the module's tree.
    pub item: usize,
    /// Its parent.
    pub parent: Option<SchemaId>,
    /// From the root down to itself.
    pub ancestors: Vec<SchemaId>,
    /// Annotations and kinds.
    pub is_abstract: bool,
    /// Whether other fields are taken as `Any`.
    pub is_open: bool,
    /// All fields, inherited first.
    pub fields: Vec<FieldDecl>,
    /// Field index by name.
    pub by_name: FxHashMap<Name, u32>,
    /// All methods, inherited first: the newest declaration and its place in the ancestors.
    pub methods: Vec<(Name, FnId, u32)>,
    /// Annotations.
    pub annotations: Annotations,
}

/// A field of a schema.
#[derive(Clone, Debug)]
pub struct FieldDecl {
    /// Its name.
    pub name: Name,
    /// The place of the name in its last declaration.
    pub span: Span,
    /// The place of the type there.
    pub ty_span: Span,
    /// Its type, as narrowed by the last declaration.
    pub ty: Ty,
    /// The schema of the last declaration.
    pub owner: SchemaId,
    /// Whether a child narrowed the type that an ancestor declared.
    pub is_narrowed: bool,
    /// Annotations.
    pub annotations: Annotations,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
}

/// `type Name = T`.
#[derive(Debug)]
pub struct AliasDecl {
    /// Its name.
    pub name: Name,
    /// The place of the name.
    pub span: Span,
    /// The place of its item in the module's tree.
    pub item: usize,
    /// What it stands for.
    pub ty: Ty,
    /// Annotations.
    pub annotations: Annotations,
}

/// The condition of a `T where cond`, before it is looked at.
#[derive(Clone, Debug)]
pub struct RefineDecl {
    /// The name of the type that is declared by it, if it is declared directly.
    pub name: Option<Name>,
    /// What is refined: the type of `it`.
    pub base: Ty,
    /// The condition. Sees the names of the module and `it`, nothing local.
    pub cond: Arc<ast::Expr>,
}

impl Decls {
    /// A module of this build.
    pub fn module(&self, id: ModuleId) -> &ModuleDecls {
        self.modules[id.0 as usize].as_ref().expect("ids come from modules of the same build")
    }

    /// A schema.
    pub fn schema(&self, id: SchemaId) -> &SchemaDecl {
        &self.module(id.module).schemas[id.index as usize]
    }

    /// A field, `let` or input.
    pub fn global(&self, id: GlobalId) -> &GlobalDecl {
        &self.module(id.module).globals[id.index as usize]
    }

    /// A function or method.
    pub fn function(&self, id: FnId) -> &FnDecl {
        &self.module(id.module).fns[id.index as usize]
    }

    /// A named type.
    pub fn alias(&self, id: AliasId) -> &AliasDecl {
        &self.module(id.module).aliases[id.index as usize]
    }

    /// The tree of a module.
    pub fn ast(&self, id: ModuleId) -> &ast::Module {
        &self.module(id).source.ast
    }
}
