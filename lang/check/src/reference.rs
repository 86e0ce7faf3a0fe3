//! The recorded uses of names: what each span of the source refers to.

use forge_base::{Name, Span};
use rustc_hash::FxHashSet;

use crate::ids::{Def, FnId, SchemaId};

/// What a span of the source refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A name of a module.
    Def(Def),
    /// A field of a schema.
    Field(SchemaId, u32),
    /// A method, or a method of a built-in type.
    Method(FnId),
    /// A method as an ancestor declares it: `super.method(…)`.
    SuperMethod(FnId),
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

    /// A method of an ancestor is called at `span`.
    pub fn super_method(&mut self, span: Span, method: FnId) {
        self.targets.push((span, Target::SuperMethod(method)));
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
