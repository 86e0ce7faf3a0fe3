//! The declarations of a build, without bodies: names, schemas, signatures.
//!
//! Built by `collect` from all sources at once, then read by everything that checks bodies. Immutable afterwards.

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
    /// Names that are in scope everywhere, and the methods of built-in types.
    pub prelude: Prelude,
    /// Which schemas and named types may contain secrets or functions.
    pub type_contents: TypeContents,
}

/// Which types may contain values that are not plain data.
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

/// Names that are in scope without an import.
#[derive(Debug, Default)]
pub struct Prelude {
    /// Types, schemas and functions of `std.prelude`.
    pub names: FxHashMap<Name, Def>,
    /// Methods of built-in types: the functions of `std.prelude.list` and so on, by the last segment of the module's
    /// path and the function's name. The first parameter is the receiver.
    pub methods: FxHashMap<(Name, Name), FnId>,
}

/// The declarations of one module.
#[derive(Debug)]
pub struct ModuleDecls {
    /// The module.
    pub source: Source,
    /// All names in scope: declared and imported.
    pub scope: FxHashMap<Name, Def>,
    /// The span that declares or imports each name in scope.
    pub name_spans: FxHashMap<Name, Span>,
    /// Fields, `let`s and inputs.
    pub globals: Vec<GlobalDecl>,
    /// Functions, then methods.
    pub fns: Vec<FnDecl>,
    /// Schemas.
    pub schemas: Vec<SchemaDecl>,
    /// Named types.
    pub aliases: Vec<AliasDecl>,
    /// Conditions of the types in declarations.
    pub refinements: Vec<RefineDecl>,
    /// Names used by the types in declarations.
    pub uses: crate::lint::Uses,
    /// Whether its declarations have errors. Unused names are not reported then.
    pub has_errors: bool,
}

/// What a name refers to.
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
    /// A declaration with errors, which have been reported.
    Error,
}

impl Def {
    /// The module that declares it; `None` for modules themselves.
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
    /// The versions of `@unavailable("…")` that have it; the target version is not one of them.
    pub unavailable: Option<Arc<str>>,
    /// Whether `@internal` is present.
    pub internal: bool,
    /// Whether `@property` is present: a built-in method that is read without parentheses.
    pub is_property: bool,
    /// The CEL rules of `@validation("rule", "message")` with their messages: what must hold for the finished resource.
    pub validations: Vec<(Arc<str>, Arc<str>)>,
    /// Diagnostics suppressed by `@allow("F0412", "why")`.
    pub allowed: Vec<forge_base::Code>,
}

/// A field, `let` or input of a module.
#[derive(Debug)]
pub struct GlobalDecl {
    /// Its name.
    pub name: Name,
    /// The span of the name.
    pub span: Span,
    /// The index of its item in the module's syntax tree.
    pub item: usize,
    /// Its type if annotated; otherwise inferred on first use.
    pub ty: Option<Ty>,
    /// Annotations.
    pub annotations: Annotations,
}

/// A function, method or built-in function.
#[derive(Debug)]
pub struct FnDecl {
    /// Its name.
    pub name: Name,
    /// The span of the name.
    pub span: Span,
    /// The index of its item in the module, and for a method the index of its item in the schema's body.
    pub item: (usize, Option<usize>),
    /// The schema that it is a method of.
    pub schema: Option<SchemaId>,
    /// Generic parameters; `Ty::Param` indexes them.
    pub generics: Vec<Name>,
    /// The parameters.
    pub params: Vec<ParamDecl>,
    /// The return type if annotated; otherwise inferred on first use.
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
    /// The span of its type, for "expected because of this".
    pub span: Span,
    /// Whether calls may omit it.
    pub has_default: bool,
}

/// A schema with its inherited fields and methods.
#[derive(Debug)]
pub struct SchemaDecl {
    /// Its name.
    pub name: Name,
    /// The span of the name.
    pub span: Span,
    /// The index of its item in the module's syntax tree.
    pub item: usize,
    /// Its parent.
    pub parent: Option<SchemaId>,
    /// From the root schema down to itself.
    pub ancestors: Vec<SchemaId>,
    /// Whether it cannot be instantiated.
    pub is_abstract: bool,
    /// Whether undeclared fields are accepted, as `Any`.
    pub is_open: bool,
    /// All fields, inherited first.
    pub fields: Vec<FieldDecl>,
    /// Field index by name.
    pub by_name: FxHashMap<Name, u32>,
    /// All methods, inherited first.
    pub methods: Vec<(Name, FnId, u32)>,
    /// Annotations.
    pub annotations: Annotations,
}

/// A field of a schema.
#[derive(Clone, Debug)]
pub struct FieldDecl {
    /// Its name.
    pub name: Name,
    /// The span of the name in its last declaration.
    pub span: Span,
    /// The span of the type there.
    pub ty_span: Span,
    /// Its type, as narrowed by the last declaration.
    pub ty: Ty,
    /// The schema that declares it last.
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
    /// The span of the name.
    pub span: Span,
    /// The index of its item in the module's syntax tree.
    pub item: usize,
    /// The aliased type.
    pub ty: Ty,
    /// Annotations.
    pub annotations: Annotations,
}

/// The condition of a `T where cond`, unchecked.
#[derive(Clone, Debug)]
pub struct RefineDecl {
    /// The name of the type alias that it defines directly, if any.
    pub name: Option<Name>,
    /// What is refined: the type of `it`.
    pub base: Ty,
    /// The condition. Names of the module and `it` are in scope, locals are not.
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

    /// The syntax tree of a module.
    pub fn ast(&self, id: ModuleId) -> &ast::Module {
        &self.module(id).source.ast
    }
}
