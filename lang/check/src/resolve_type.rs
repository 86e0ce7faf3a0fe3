//! Resolves type expressions to types.
//!
//! [`resolve`] is for types in bodies, when all declarations are known. While declarations are still being collected,
//! `resolve_early` leaves the checks that need them in [`TypeSink::deferred`], and `run_deferred_check` runs them
//! later.

use std::sync::Arc;

use forge_base::{Code, Diag, Name, Span, suggest};
use forge_syntax::ast::{self, Ident, TypeKind};
use rustc_hash::FxHashMap;

use crate::decl::{Decls, GenericDecl, RefineDecl};
use crate::diagnostics::{private_name, unknown_module_member, with_imports};
use crate::exports::Exporter;
use crate::ids::{Def, ModuleId, RefineId, RefineScope};
use crate::reference::Uses;
use crate::subtype::{self, unfold};
use crate::ty::{FnTy, KeyedTy, RefinedTy, Ty};

/// The built-in types. Names declared or imported by a module take precedence over them, and they over the prelude.
static BUILT_IN: [(&str, Ty); 9] = [
    ("Bool", Ty::Bool),
    ("Int", Ty::Int),
    ("Float", Ty::Float),
    ("String", Ty::Str),
    ("Null", Ty::Null),
    ("Quantity", Ty::Quantity),
    ("Duration", Ty::Duration),
    ("Secret", Ty::Secret),
    ("Any", Ty::Any),
];

/// Collects the conditions, uses and deferred checks of resolved types.
#[derive(Clone, Debug)]
pub(crate) struct TypeSink {
    /// The part of the module that numbers the conditions.
    scope: RefineScope,
    /// The number of the first condition in `conditions`.
    first: u32,
    /// Conditions in the order of their ids.
    pub(crate) conditions: Vec<RefineDecl>,
    /// The names used.
    pub(crate) uses: Uses,
    /// Checks to run once all declarations are known.
    pub(crate) deferred: Vec<DeferredCheck>,
}

/// A check of a type that needs all declarations.
#[derive(Clone, Debug)]
pub(crate) enum DeferredCheck {
    /// Whether the items of a keyed list have its key fields.
    Keys {
        /// The items' type.
        item: Ty,
        /// The key fields as written.
        keys: Vec<Ident>,
        /// The span of the items' type.
        span: Span,
    },
    /// Whether the keys of a map are strings.
    MapKey {
        /// The keys' type.
        key: Ty,
        /// Its span.
        span: Span,
    },
}

impl TypeSink {
    /// A sink whose conditions are numbered from `first` on in `scope`.
    pub(crate) fn new(scope: RefineScope, first: u32) -> TypeSink {
        TypeSink { scope, first, conditions: Vec::new(), uses: Uses::default(), deferred: Vec::new() }
    }
}

/// The type that `ty` denotes in `module`, where `generics` are the parameters of the enclosing function.
///
/// Reports errors; the type, or the part of it with an error, is then [`Ty::Error`].
pub(crate) fn resolve(
    decls: &Decls,
    module: ModuleId,
    generics: &[GenericDecl],
    ty: &ast::TypeExpr,
    sink: &mut TypeSink,
    diags: &mut Vec<Diag>,
) -> Ty {
    let resolved = resolve_early(decls, module, generics, ty, sink, diags);
    for deferred in std::mem::take(&mut sink.deferred) {
        run_deferred_check(decls, &deferred, diags);
    }
    resolved
}

/// As [`resolve`], but defers the checks that need types that may not be known yet.
pub(crate) fn resolve_early(
    decls: &Decls,
    module: ModuleId,
    generics: &[GenericDecl],
    ty: &ast::TypeExpr,
    sink: &mut TypeSink,
    diags: &mut Vec<Diag>,
) -> Ty {
    TypeResolver { decls, module, generics, sink, diags, alias: None }.resolve(ty)
}

/// The type of `type name = ty`, whose condition is named after the alias.
pub(crate) fn resolve_alias(
    decls: &Decls,
    module: ModuleId,
    name: Name,
    ty: &ast::TypeExpr,
    sink: &mut TypeSink,
    diags: &mut Vec<Diag>,
) -> Ty {
    TypeResolver { decls, module, generics: &[], sink, diags, alias: Some(name) }.resolve(ty)
}

/// What a bare name refers to at module level: a name in the module's scope, otherwise in the prelude. A name that may be declared by an
/// error node is [`Def::Error`].
pub(crate) fn lookup(decls: &Decls, module: ModuleId, name: Name) -> Option<Def> {
    let module = decls.module(module);
    let def = module.scope.get(&name).or_else(|| decls.prelude.names.get(&name)).copied();
    def.or_else(|| module.may_declare(name).then_some(Def::Error))
}

/// What `module.name` refers to, if the module declares or exports it.
pub(crate) fn lookup_member(decls: &Decls, module: ModuleId, name: Name) -> Option<Def> {
    let module = decls.module(module);
    let own = module.scope.get(&name).filter(|def| def.module() == Some(module.source.id));
    own.or(module.exports.get(&name)).copied()
}

/// What `module.name` refers to in module `from`; unknown and private names are reported.
pub(crate) fn resolve_member(
    decls: &Decls,
    from: ModuleId,
    module: ModuleId,
    name: Ident,
    uses: &mut Uses,
    diags: &mut Vec<Diag>,
) -> Def {
    if name.name.as_str().is_empty() {
        return Def::Error;
    }
    match lookup_member(decls, module, name.name) {
        Some(_) if name.name.is_private() && from != module => {
            diags.push(private_name(decls.module(module), name));
            Def::Error
        }
        Some(def) => {
            uses.member(name.span, def);
            def
        }
        None => {
            if !decls.module(module).may_declare(name.name) {
                diags.push(unknown_module_member(decls.module(module), name));
            }
            Def::Error
        }
    }
}

struct TypeResolver<'a> {
    decls: &'a Decls,
    module: ModuleId,
    generics: &'a [GenericDecl],
    sink: &'a mut TypeSink,
    diags: &'a mut Vec<Diag>,
    /// The alias that a top-level condition defines.
    alias: Option<Name>,
}

impl TypeResolver<'_> {
    fn resolve(&mut self, ty: &ast::TypeExpr) -> Ty {
        let alias = self.alias.take();
        match &ty.kind {
            TypeKind::Error => Ty::Error,
            TypeKind::Name(path) => self.name(path),
            TypeKind::Str(text) => Ty::LitStr(Name::new(text)),
            TypeKind::Int(value) => Ty::LitInt(*value),
            TypeKind::Bool(value) => Ty::LitBool(*value),
            TypeKind::Null => Ty::Null,
            TypeKind::Optional(inner) => subtype::union([self.resolve(inner), Ty::Null]),
            TypeKind::Union(members) => {
                let members: Vec<Ty> = members.iter().map(|member| self.resolve(member)).collect();
                subtype::union(members)
            }
            TypeKind::List(item) => Ty::List(Arc::new(self.resolve(item))),
            TypeKind::Keyed(item, keys) => self.keyed(item, keys),
            TypeKind::Map(key, value) => self.map(key, value),
            TypeKind::Record(fields) => self.record(fields),
            TypeKind::Fn(params, ret) => {
                let params = params.iter().map(|param| self.resolve(param)).collect();
                Ty::Fn(Arc::new(FnTy { params, ret: self.resolve(ret) }))
            }
            TypeKind::Where(base, cond) => self.refined(alias, base, cond),
        }
    }

    fn refined(&mut self, name: Option<Name>, base: &ast::TypeExpr, cond: &ast::Expr) -> Ty {
        let base = self.resolve(base);
        let index = self.sink.first + self.sink.conditions.len() as u32;
        self.sink.conditions.push(RefineDecl { name, base: base.clone(), cond: Arc::new(cond.clone()) });
        match base {
            Ty::Error => Ty::Error,
            base => Ty::Refined(Arc::new(RefinedTy {
                base,
                id: RefineId { module: self.module, scope: self.sink.scope, index },
            })),
        }
    }

    fn keyed(&mut self, item: &ast::TypeExpr, keys: &[Ident]) -> Ty {
        let ty = self.resolve(item);
        let keys: Vec<Ident> = keys.iter().copied().filter(|key| !key.name.as_str().is_empty()).collect();
        if keys.is_empty() {
            return Ty::Error;
        }
        let names = keys.iter().map(|key| key.name).collect();
        self.sink.deferred.push(DeferredCheck::Keys { item: ty.clone(), keys, span: item.span });
        Ty::Keyed(Arc::new(KeyedTy { item: ty, keys: names }))
    }

    fn map(&mut self, key: &ast::TypeExpr, value: &ast::TypeExpr) -> Ty {
        let key_ty = self.resolve(key);
        self.sink.deferred.push(DeferredCheck::MapKey { key: key_ty.clone(), span: key.span });
        Ty::Map(Arc::new((key_ty, self.resolve(value))))
    }

    fn record(&mut self, fields: &[(Ident, ast::TypeExpr)]) -> Ty {
        let mut resolved: Vec<(Name, Ty)> = Vec::with_capacity(fields.len());
        let mut seen: FxHashMap<Name, Span> = FxHashMap::default();
        for (ident, ty) in fields {
            let ty = self.resolve(ty);
            // A name in backticks is meant literally.
            let bare = (ident.span.end - ident.span.start) as usize == ident.name.as_str().len();
            if let ([_], true, Some(key)) = (fields, bare, key_type(ident.name.as_str())) {
                let diag = self
                    .unknown(*ident)
                    .note(format!("`{{{key}: …}}` is a map; in lower case it is a record with one field"));
                self.diags.push(diag);
                return Ty::Error;
            }
            match seen.get(&ident.name) {
                Some(first) => self.diags.push(
                    Diag::error(Code::DUPLICATE_NAME, format!("`{}` is declared twice", ident.name))
                        .at(ident.span, "declared again here")
                        .label(*first, "first declared here"),
                ),
                None => {
                    seen.insert(ident.name, ident.span);
                    resolved.push((ident.name, ty));
                }
            }
        }
        Ty::Record(resolved.into())
    }

    fn name(&mut self, path: &[Ident]) -> Ty {
        let Some((first, rest)) = path.split_first() else { return Ty::Error };
        if path.iter().any(|ident| ident.name.as_str().is_empty()) {
            return Ty::Error;
        }
        if rest.is_empty()
            && let Some(index) = self.generics.iter().position(|generic| generic.name == first.name)
        {
            return Ty::Param(first.name, index as u32, self.generics[index].bound.clone());
        }
        if let [name] = rest
            && let Some(ty) = self.standard(*first, *name)
        {
            return ty;
        }
        // A value with an upper-case name is reported elsewhere; it does not shadow a type.
        let is_value = |def: &Def| matches!(def, Def::Global(_) | Def::Fn(_));
        let scope = self.decls.module(self.module).scope.get(&first.name);
        let scope = scope.filter(|def| !is_value(def) || !is_built_in(first.name.as_str()));
        let built_in = || BUILT_IN.iter().find(|(name, _)| *name == first.name.as_str());
        let def = match scope {
            Some(def) => *def,
            None if rest.is_empty()
                && let Some((_, ty)) = built_in() =>
            {
                return ty.clone();
            }
            None => match self.decls.prelude.names.get(&first.name) {
                Some(def) => *def,
                None => {
                    if !self.decls.module(self.module).may_declare(first.name) {
                        self.diags.push(self.unknown(*first));
                    }
                    return Ty::Error;
                }
            },
        };
        self.sink.uses.name(first.name, first.span, def);
        self.qualified(*first, def, rest)
    }

    /// `std.Name`, the built-in type or the type of the prelude of this name, also where something else hides it.
    fn standard(&mut self, std: Ident, name: Ident) -> Option<Ty> {
        if std.name.as_str() != STD || self.decls.module(self.module).scope.contains_key(&std.name) {
            return None;
        }
        if let Some((_, ty)) = BUILT_IN.iter().find(|(known, _)| *known == name.name.as_str()) {
            return Some(ty.clone());
        }
        let def = *self.decls.prelude.names.get(&name.name)?;
        self.sink.uses.name(name.name, name.span, def);
        Some(self.qualified(name, def, &[]))
    }

    /// Follows `.name` through modules.
    fn qualified(&mut self, mut at: Ident, mut def: Def, rest: &[Ident]) -> Ty {
        for ident in rest {
            let Def::Module(module) = def else { break };
            def = resolve_member(self.decls, self.module, module, *ident, &mut self.sink.uses, self.diags);
            at = *ident;
        }
        match def {
            Def::Error => Ty::Error,
            Def::Schema(id) if rest.last().is_none_or(|last| last.span == at.span) => Ty::Schema(id),
            Def::Alias(id) if rest.last().is_none_or(|last| last.span == at.span) => Ty::Alias(id),
            _ => {
                self.diags.push(not_a_type(at, def));
                Ty::Error
            }
        }
    }

    /// The modules that export a type of this name.
    fn exporters(&self, name: Name) -> Vec<Exporter> {
        let exports = self.decls.exports.as_deref();
        let found = exports.map(|exports| exports.exporters(self.module, name)).unwrap_or_default();
        found.into_iter().filter(|exporter| exporter.is_type).collect()
    }

    fn unknown(&self, ident: Ident) -> Diag {
        let name = ident.name.as_str();
        let is_type = |def: &Def| matches!(def, Def::Schema(_) | Def::Alias(_));
        let own = self.decls.module(self.module).scope.iter();
        let names = own.chain(&self.decls.prelude.names).filter(|(_, def)| is_type(def)).map(|(name, _)| name.as_str());
        let names =
            names.chain(BUILT_IN.iter().map(|(name, _)| *name)).chain(self.generics.iter().map(|g| g.name.as_str()));
        let diag = Diag::error(Code::UNKNOWN_TYPE, format!("unknown type `{name}`"));
        let own_names = self.decls.module(self.module).scope.len();
        let near = || if own_names > MAX_NAMES { None } else { suggest::nearest(name, names) };
        let foreign = foreign_type(name);
        if foreign.is_none() {
            let exporters = self.exporters(ident.name);
            if !exporters.is_empty() {
                let module = self.decls.module(self.module);
                return with_imports(diag, self.decls, module, (ident.name, ident.span), &exporters);
            }
        }
        match foreign.or_else(near) {
            Some(near) => {
                diag.at(ident.span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), ident.span, near)
            }
            None => {
                let diag = diag.at(ident.span, "no such type in this module's scope");
                match name {
                    "List" | "list" | "Array" | "array" | "Vec" | "Listing" => diag.help("a list is written `[T]`"),
                    "Map" | "map" | "Dict" | "dict" | "Mapping" | "object" => diag.help("a map is written `{K: V}`"),
                    "Option" | "Optional" | "Maybe" => diag.help("an optional type is written `T?`"),
                    _ => diag,
                }
            }
        }
    }
}

/// What qualifies the built-in types and the names of the prelude: `std.Secret`.
pub(crate) const STD: &str = "std";

/// No similar name is searched for in modules with more names than this.
const MAX_NAMES: usize = 20_000;

/// Whether this is the name of a built-in type.
pub(crate) fn is_built_in(name: &str) -> bool {
    BUILT_IN.iter().any(|(known, _)| *known == name)
}

/// Names of built-in types in other languages.
fn foreign_type(name: &str) -> Option<&'static str> {
    match name {
        "string" | "str" | "Str" | "Text" => Some("String"),
        "int" | "integer" | "Integer" | "Number" | "number" | "Long" | "long" => Some("Int"),
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "int32" | "int64" | "uint" => Some("Int"),
        "bool" | "boolean" | "Boolean" => Some("Bool"),
        "float" | "double" | "Double" | "f32" | "f64" | "float32" | "float64" => Some("Float"),
        "any" | "Object" | "Dynamic" => Some("Any"),
        "None" | "nil" | "undefined" | "void" => Some("Null"),
        _ => None,
    }
}

/// The key type of the map that a record with a single field was probably meant to be.
fn key_type(name: &str) -> Option<&'static str> {
    foreign_type(name).filter(|_| matches!(name, "string" | "str" | "int" | "integer" | "number" | "bool" | "boolean"))
}

fn not_a_type(ident: Ident, def: Def) -> Diag {
    let what = match def {
        Def::Module(_) => "a module",
        Def::Fn(_) => "a function",
        Def::Schema(_) | Def::Alias(_) => {
            return Diag::error(Code::NOT_A_TYPE, format!("`{}` contains no types", ident.name))
                .at(ident.span, "only modules contain types");
        }
        Def::Global(_) | Def::Error => "a value",
    };
    Diag::error(Code::NOT_A_TYPE, format!("`{}` is {what}, not a type", ident.name))
        .at(ident.span, "a type is expected here")
}

/// Runs a check that `resolve_early` deferred.
pub(crate) fn run_deferred_check(decls: &Decls, deferred: &DeferredCheck, diags: &mut Vec<Diag>) {
    match deferred {
        DeferredCheck::Keys { item, keys, span } => check_keys(decls, item, keys, *span, diags),
        DeferredCheck::MapKey { key, span } => {
            if subtype::members(decls, key).iter().any(|member| !is_str(&unfold(decls, member))) {
                let shown = crate::display::show(decls, key);
                diags.push(
                    Diag::error(Code::MISMATCH, format!("map keys must be strings, not `{shown}`"))
                        .at(*span, "expected `String`, a refinement of it, or a union of strings"),
                );
            }
        }
    }
}

fn is_str(ty: &Ty) -> bool {
    matches!(ty, Ty::Str | Ty::LitStr(_) | Ty::Error | Ty::Param(..) | Ty::Var(_) | Ty::Never)
}

/// All items must have all key fields; otherwise elements could not be looked up.
fn check_keys(decls: &Decls, item: &Ty, keys: &[Ident], span: Span, diags: &mut Vec<Diag>) {
    for member in subtype::members(decls, item) {
        let member = unfold(decls, &member);
        let names: Vec<Name> = match &member {
            Ty::Schema(id) => decls.schema(*id).fields.iter().map(|field| field.name).collect(),
            Ty::Record(fields) => fields.iter().map(|(name, _)| *name).collect(),
            Ty::Error | Ty::Param(..) => continue,
            _ => {
                let shown = crate::display::show(decls, &member);
                diags.push(
                    Diag::error(Code::UNKNOWN_FIELD, format!("`{shown}` has no field to use as a list key"))
                        .at(span, "the items of a keyed list must be a schema or a record"),
                );
                return;
            }
        };
        if let Some(key) = keys.iter().find(|key| !names.contains(&key.name)) {
            diags.push(unknown_key(decls, &member, *key, &names));
            return;
        }
    }
}

fn unknown_key(decls: &Decls, item: &Ty, key: Ident, names: &[Name]) -> Diag {
    let shown = crate::display::show(decls, item);
    let diag = Diag::error(Code::UNKNOWN_FIELD, format!("`{shown}` has no field `{}`", key.name));
    match suggest::nearest(key.name.as_str(), names.iter().map(|name| name.as_str())) {
        Some(near) => {
            diag.at(key.span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), key.span, near)
        }
        None => diag.at(key.span, "the key of a keyed list must be a field of its items"),
    }
}
