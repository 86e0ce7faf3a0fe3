//! The declarations of a build, without bodies: names, schemas, signatures.
//!
//! Built by `collect` from all sources at once, then read by everything that checks bodies. Immutable afterwards.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::annotations::Annotations;
use crate::exports::Exports;
use crate::ids::{AliasId, Def, FnId, GlobalId, ModuleId, SchemaId, TypeId};
use crate::reference::Uses;
use crate::shape::Shape;
use crate::source::Source;
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
    /// What other modules export, if the caller knows it.
    pub exports: Option<Arc<dyn Exports>>,
}

/// Which types may contain values that are not plain data.
#[derive(Debug, Default)]
pub struct TypeContents {
    /// Schemas and named types with a `Secret` somewhere in them.
    pub secret: FxHashSet<TypeId>,
    /// Schemas and named types with a function somewhere in them.
    pub function: FxHashSet<TypeId>,
}

/// Names that are in scope without an import.
#[derive(Debug, Default)]
pub struct Prelude {
    /// Types, schemas and functions of `std.prelude`.
    pub names: FxHashMap<Name, Def>,
    /// Methods of built-in types: the functions of `std.prelude.list` and so on, by the last segment of the module's
    /// path and the function's name. The first parameter is the receiver.
    pub methods: FxHashMap<(Name, Name), FnId>,
    /// Whether one of its modules could not be parsed as a whole. Then a type may have any method.
    pub is_incomplete: bool,
}

/// The declarations of one module.
#[derive(Debug)]
pub struct ModuleDecls {
    /// The module.
    pub source: Source,
    /// All names in scope: declared and imported.
    pub scope: FxHashMap<Name, Def>,
    /// The names of other modules that it exports.
    pub exports: FxHashMap<Name, Def>,
    /// The span that declares or imports each name in scope.
    pub name_spans: FxHashMap<Name, Span>,
    /// Fields, `let`s and inputs.
    pub globals: Vec<Arc<GlobalDecl>>,
    /// Functions, then methods.
    pub fns: Vec<FnDecl>,
    /// Schemas.
    pub schemas: Vec<Arc<SchemaDecl>>,
    /// Named types.
    pub aliases: Vec<Arc<AliasDecl>>,
    /// Conditions of the types in declarations.
    pub refinements: Vec<RefineDecl>,
    /// Names used by the types in declarations.
    pub uses: Uses,
    /// Whether its declarations have errors. Unused names are not reported then.
    pub has_errors: bool,
    /// Names that items may declare which could not be parsed.
    pub lost: FxHashSet<Name>,
    /// Whether a declaration has lost its name, so that any name may be meant.
    pub is_incomplete: bool,
}

impl ModuleDecls {
    /// Whether something that could not be parsed may declare `name`. Then it is not unknown, but of type [`Ty::Error`].
    pub fn may_declare(&self, name: Name) -> bool {
        self.is_incomplete || self.lost.contains(&name)
    }
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

/// A field, `let` or input of a module.
#[derive(Clone, Debug)]
pub struct GlobalDecl {
    /// Its name.
    pub name: Name,
    /// The span of the name.
    pub span: Span,
    /// What it is.
    pub kind: GlobalKind,
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
    pub generics: Vec<GenericDecl>,
    /// The parameters.
    pub params: Vec<ParamDecl>,
    /// The return type if annotated; otherwise inferred on first use.
    pub ret: Option<Ty>,
    /// Whether it has no body (built in, or abstract).
    pub is_extern: bool,
    /// Annotations.
    pub annotations: Annotations,
}

/// A generic parameter.
#[derive(Clone, Debug)]
pub struct GenericDecl {
    /// Its name.
    pub name: Name,
    /// The type that every argument must have.
    pub bound: Option<Arc<Ty>>,
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

/// What a build does with the objects of a schema.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SchemaRole {
    /// Searches their fields for resources and files.
    Plain,
    /// Writes them as Kubernetes resources: the schema has the fields `apiVersion` and `kind`.
    Resource,
    /// Writes the files that they list: the schema is `std.output.Tree` or extends it.
    FileTree,
    /// In a tree, writes their content below a comment: the schema is `std.output.File` or extends it.
    File,
}

/// A schema with its inherited fields and methods.
#[derive(Clone, Debug)]
pub struct SchemaDecl {
    /// Its id.
    pub id: SchemaId,
    /// Its name.
    pub name: Name,
    /// The span of the name.
    pub span: Span,
    /// The index of its item in the module's syntax tree.
    pub item: usize,
    /// Its parent.
    pub parent: Option<SchemaId>,
    /// From the root schema down to itself: the layers of an instance below the literal's.
    pub ancestors: Vec<SchemaId>,
    /// Whether it cannot be instantiated.
    pub is_abstract: bool,
    /// Whether undeclared fields are accepted, as `Any`.
    pub is_open: bool,
    /// What a build does with its objects.
    pub role: SchemaRole,
    /// All fields, the parent's first: an index means the same in a schema and all that extend it.
    pub fields: Vec<FieldDecl>,
    /// Field index by name.
    pub(crate) by_name: FxHashMap<Name, u32>,
    /// All methods, the parent's first: an index means the same in a schema and all that extend it.
    pub methods: Vec<MethodDecl>,
    /// Annotations.
    pub annotations: Annotations,
    /// Whether an item of its body, its parent or that of an ancestor could not be parsed or resolved. Then it may have any field.
    pub is_incomplete: bool,
}

impl SchemaDecl {
    /// The index of a field.
    pub fn field_index(&self, name: Name) -> Option<u32> {
        self.by_name.get(&name).copied()
    }

    /// A field.
    pub fn field(&self, name: Name) -> Option<&FieldDecl> {
        self.field_index(name).map(|index| &self.fields[index as usize])
    }
}

/// A method of a schema, declared or inherited.
#[derive(Clone, Copy, Debug)]
pub struct MethodDecl {
    /// Its name.
    pub name: Name,
    /// The last declaration.
    pub function: FnId,
    /// The index of the ancestor with this declaration.
    pub layer: u32,
    /// Whether the last declaration has no body.
    pub is_abstract: bool,
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
    /// Whether its type includes null: null is omitted from the output, and the field may stay unset.
    pub nullable: bool,
    /// Whether it may be unset in a value, so that what reads it waits until a refinement sets it.
    pub late: Late,
    /// What `name { … }` builds if the field is unset, if the type determines it.
    pub fresh: Option<Shape>,
    /// Whether the computed value has to be coerced to the type, since checking single items does not suffice: a child
    /// narrowed the type, or a condition applies to a whole list, map or object that refinements change.
    pub verify: bool,
    /// Annotations.
    pub annotations: Annotations,
}

/// Whether and how a field is set after the value that has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Late {
    /// It is a field like any other.
    No,
    /// It holds plain data.
    Data,
    /// It holds an object, which is not part of the value: usually the object around it. It is neither written nor searched for resources.
    Reference,
}

/// `type Name = T`.
#[derive(Clone, Debug)]
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
