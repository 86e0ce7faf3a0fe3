//! Warnings about what has no effect, or another effect than it seems to have.
//!
//! Whoever resolves a name notes it in [`Uses`]; what was never noted is unused. Lints never make errors, and look for what is unused only
//! in modules without errors, where everything has been noted.

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

/// What a place in the text refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A name of a module.
    Def(Def),
    /// A field of a schema.
    Field(SchemaId, u32),
    /// A method, or a method of a built-in type.
    Method(FnId),
    /// A parameter, `let`, loop variable or bound pattern, by the place of its name.
    Local(Span),
}

/// The uses of names in one module, or in a part of it.
#[derive(Clone, Default, Debug)]
pub struct Uses {
    /// Each use with its place, in the order in which they were resolved.
    pub targets: Vec<(Span, Target)>,
    /// Names of the module's scope that were used.
    pub names: FxHashSet<Name>,
    /// Locals that were used, by the place of their name.
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

    /// Takes over the uses of a part.
    pub fn extend(&mut self, other: Uses) {
        self.targets.extend(other.targets);
        self.names.extend(other.names);
        self.locals.extend(other.locals);
    }
}

/// Warns about uses of what is deprecated or internal. `uses` has those of the module's bodies; those of its declarations are known.
pub fn lint_uses(decls: &Decls, module: ModuleId, uses: &Uses, diags: &mut Vec<Diag>) {
    let mut found = Vec::new();
    annotation::check(decls, decls.module(module), uses, &mut found);
    waive(decls.ast(module), &mut found);
    diags.append(&mut found);
}

/// Warns about what is never used and about names that hide others, and says what was `found` while checking. Only for modules without
/// errors.
pub fn lint_names(decls: &Decls, module: ModuleId, uses: &Uses, mut found: Vec<Diag>, diags: &mut Vec<Diag>) {
    unused::check(decls.module(module), uses, &mut found);
    local::check(decls, decls.module(module), uses, &mut found);
    found.sort_by_key(|diag| diag.span().map(|span| span.start));
    waive(decls.ast(module), &mut found);
    diags.append(&mut found);
}

/// Drops the warnings that `@allow` before the item around them waives.
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

/// What `@allow` waives in some items: the item with the code.
pub fn collect_waived(items: &[ast::Item], waived: &mut Vec<(Span, Code)>) {
    for item in items {
        if !item.annotations.is_empty() {
            // Wrong annotations are reported where the item is declared.
            let annotations = crate::collect::read_annotations(&item.annotations, &mut Vec::new());
            waived.extend(annotations.allowed.into_iter().map(|code| (item.span, code)));
        }
        if let ItemKind::Schema(schema) = &item.kind {
            collect_waived(&schema.body.items, waived);
        }
    }
}
