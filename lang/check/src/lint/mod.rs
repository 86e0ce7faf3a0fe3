//! Lints: warnings about code without effect, or with a surprising effect.
//!
//! Each resolved name is recorded in [`Uses`]; what is never recorded is unused. Lints are never errors, and unused
//! names are only reported in modules without errors, where all uses are recorded.

mod annotation;
mod local;
#[cfg(test)]
mod tests;
mod unused;

use forge_base::{Code, Diag, Name, Span};
use forge_syntax::ast::{self, ItemKind};
use rustc_hash::FxHashSet;

use crate::decl::{Decls, Def};
use crate::ids::{FnId, ModuleId, SchemaId};

/// What a span of the source refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A name of a module.
    Def(Def),
    /// A field of a schema.
    Field(SchemaId, u32),
    /// A method, or a method of a built-in type.
    Method(FnId),
    /// A parameter, `let`, loop variable or bound pattern, by the span of its name.
    Local(Span),
}

/// The recorded uses of names in a module, or in a part of it.
#[derive(Clone, Default, Debug)]
pub struct Uses {
    /// Each use with its span, in the order of resolution.
    pub targets: Vec<(Span, Target)>,
    /// Names of the module's scope that were used.
    pub names: FxHashSet<Name>,
    /// Locals that were used, by the span of their name.
    pub locals: FxHashSet<Span>,
}

impl Uses {
    /// A name of the module's scope (or of the prelude) is used at `span`.
    pub fn name(&mut self, name: Name, span: Span, def: Def) {
        self.names.insert(name);
        self.targets.push((span, Target::Def(def)));
    }

    /// A name is reached through a module, as `Pod` in `v1.Pod`.
    pub fn member(&mut self, span: Span, def: Def) {
        self.targets.push((span, Target::Def(def)));
    }

    /// A field is read, set or refined at `span`.
    pub fn field(&mut self, span: Span, schema: SchemaId, field: u32) {
        self.targets.push((span, Target::Field(schema, field)));
    }

    /// A method is used at `span`.
    pub fn method(&mut self, span: Span, method: FnId) {
        self.targets.push((span, Target::Method(method)));
    }

    /// A local declared at `declared` is used at `span`.
    pub fn local(&mut self, span: Span, declared: Span) {
        self.locals.insert(declared);
        self.targets.push((span, Target::Local(declared)));
    }

    /// Adds the uses of a part.
    pub fn extend(&mut self, other: Uses) {
        self.targets.extend(other.targets);
        self.names.extend(other.names);
        self.locals.extend(other.locals);
    }
}

/// Warns about uses of deprecated, unavailable or internal declarations. `uses` holds the uses in bodies; uses in
/// declarations are part of `decls`.
pub fn lint_uses(decls: &Decls, module: ModuleId, uses: &Uses, diags: &mut Vec<Diag>) {
    let mut found = Vec::new();
    annotation::check(decls, decls.module(module), uses, &mut found);
    waive(decls.ast(module), &mut found);
    diags.append(&mut found);
}

/// Warns about unused and shadowed names, and adds the lints `found` while checking. Only for modules without
/// errors.
pub fn lint_names(decls: &Decls, module: ModuleId, uses: &Uses, mut found: Vec<Diag>, diags: &mut Vec<Diag>) {
    unused::check(decls.module(module), uses, &mut found);
    local::check(decls, decls.module(module), uses, &mut found);
    found.sort_by_key(|diag| diag.span().map(|span| span.start));
    waive(decls.ast(module), &mut found);
    diags.append(&mut found);
}

/// Drops the warnings that an `@allow` on the enclosing item suppresses.
fn waive(tree: &ast::Module, diags: &mut Vec<Diag>) {
    if diags.is_empty() {
        return;
    }
    let mut waived = Vec::new();
    collect_waived(&tree.items, &mut waived);
    diags.retain(|diag| {
        let span = diag.span();
        !waived.iter().any(|(around, code)| *code == diag.code && span.is_some_and(|span| around.contains(span)))
    });
}

/// The codes that `@allow` suppresses in some items, with the span of the item.
pub fn collect_waived(items: &[ast::Item], waived: &mut Vec<(Span, Code)>) {
    for item in items {
        if !item.annotations.is_empty() {
            // Invalid annotations are reported where the item is declared.
            let annotations = crate::collect::read_annotations(&item.annotations, &mut Vec::new());
            waived.extend(annotations.allowed.into_iter().map(|code| (item.span, code)));
        }
        if let ItemKind::Schema(schema) = &item.kind {
            collect_waived(&schema.body.items, waived);
        }
    }
}
