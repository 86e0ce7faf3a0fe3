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
//! Within one layer an item that is not `weak` beats one that is.

use std::sync::Arc;

use forge_base::{Diag, Duration, FileId, Name, Quantity, Span};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::ids::{AliasId, FnId, GlobalId, ModuleId, RefineId, SchemaId};
use crate::ty::Ty;

/// All modules of a build, by id. Modules that were not needed are absent.
#[derive(Clone, Default, Debug)]
pub struct Program {
    /// Indexed by [`ModuleId`].
    pub modules: Vec<Option<Arc<Module>>>,
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
    pub lineage: Vec<SchemaId>,
    /// Whether it has no instances of its own.
    pub is_abstract: bool,
    /// Whether it takes other fields than those declared, as `Any`.
    pub is_open: bool,
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
    /// Its code and the place in the lineage of the schema that holds it; `None` if abstract.
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

/// What braces build.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// An instance of a schema.
    Schema(SchemaId),
    /// A map, or a record (at run time the same: keys in order).
    Map,
    /// A keyed list.
    Keyed(Arc<KeyedShape>),
}

/// How a keyed list finds its elements' keys.
#[derive(Clone, PartialEq, Debug)]
pub struct KeyedShape {
    /// The key fields: name, and index where the items are of one schema.
    pub keys: Vec<(Name, Option<u32>)>,
    /// What `key = { … }` and a fresh element build.
    pub item: Option<SchemaId>,
}

/// A layer's code: what stands between braces.
#[derive(Clone, Debug)]
pub struct Body {
    /// The items. Paths are nested bodies here.
    pub items: Vec<BodyItem>,
    /// The `let`s, also those under an `if`.
    pub lets: Vec<Let>,
    /// Slots of its frame.
    pub slots: u32,
    /// From brace to brace, or the path that stands for it.
    pub span: Span,
    /// For each schema field that items name, by index: these items (places in `items`; an `if` stands for all in it).
    pub fields: Vec<(u32, SmallVec<[u32; 2]>)>,
    /// Whether each item is a plain `name = value` with a different constant name: the common map literal.
    pub is_plain: bool,
    /// Whether some item has a key that is not a schema field (maps, keyed lists, open schemas): places in `items`.
    pub entries: Vec<u32>,
}

/// `let` in slot `slot`, evaluated when it is first read.
#[derive(Clone, Debug)]
pub struct Let {
    /// Where it lives.
    pub slot: u32,
    /// Its name, for messages.
    pub name: Name,
    /// Its value.
    pub value: Expr,
}

/// One item of a body.
#[derive(Clone, Debug)]
pub struct BodyItem {
    /// What it does.
    pub kind: BodyItemKind,
    /// The key or path that it names, or its head: the place that provenance shows.
    pub span: Span,
}

/// What an item does.
#[derive(Clone, Debug)]
pub enum BodyItemKind {
    /// `key = value`.
    Set {
        /// What is set.
        key: Key,
        /// The new value.
        value: Expr,
        /// The slot (of the innermost frame) that takes `super`, if the value uses it.
        super_slot: Option<u32>,
        /// Whether it comes from a spread, so that the body's own items win.
        weak: bool,
    },
    /// `key { … }`.
    Refine {
        /// What is refined.
        key: Key,
        /// The changes.
        body: Arc<Body>,
        /// What is built where nothing is there yet; `None`: that is an error.
        fresh: Option<Shape>,
        /// Whether a missing map entry is made too (below `Any`).
        invent: bool,
    },
    /// `key += value`.
    Append {
        /// What is appended to.
        key: Key,
        /// A list, or a map.
        value: Expr,
    },
    /// `delete key`.
    Delete {
        /// What is dropped.
        key: Key,
    },
    /// `...value` into a map or keyed list. (Into a schema it is a `let` and weak sets.)
    Spread {
        /// The map, record, object or keyed list.
        value: Expr,
    },
    /// `if cond { … } else { … }`.
    If {
        /// The condition.
        cond: Expr,
        /// The slot that remembers it.
        memo: u32,
        /// The items under it.
        then: Vec<BodyItem>,
        /// The items otherwise.
        otherwise: Vec<BodyItem>,
    },
    /// `for … in … if … { … }`; its items have constant or computed keys of a map or keyed list.
    For {
        /// Variables, source and filter.
        head: Box<For>,
        /// The `let`s of an iteration.
        lets: Vec<Let>,
        /// The items of an iteration.
        items: Vec<BodyItem>,
    },
}

/// What an item names.
#[derive(Clone, Debug)]
pub enum Key {
    /// A field of a schema.
    Field(u32, Name),
    /// A constant key of a map, record, keyed list or open schema.
    Name(Arc<str>),
    /// A constant whole-number key of a keyed list.
    Int(i64),
    /// A computed key.
    Computed(Box<Expr>),
    /// All key fields of a keyed list's element.
    Tuple(Vec<Expr>),
}

/// The head of a `for`. A list gives `x` or `i, x`; a map, record or keyed list gives `k, v`; a keyed list also `x`.
#[derive(Clone, Debug)]
pub struct For {
    /// Slots of the variables: one or two, `None` for `_`.
    pub vars: SmallVec<[Option<u32>; 2]>,
    /// What is walked; evaluated in the frame around.
    pub iter: Expr,
    /// The filter; evaluated in the iteration's frame.
    pub guard: Option<Expr>,
    /// Slots of an iteration's frame.
    pub slots: u32,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its text.
    pub span: Span,
}

/// A constant.
#[derive(Clone, PartialEq, Debug)]
pub enum Const {
    /// `null`.
    Null,
    /// `true`.
    Bool(bool),
    /// `1`.
    Int(i64),
    /// `1.5`.
    Float(f64),
    /// `"a"`.
    Str(Arc<str>),
    /// `1Gi`.
    Quantity(Arc<Quantity>),
    /// `1h`.
    Duration(Duration),
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// Reported already; evaluating it is a mistake of the compiler.
    Error,
    /// A constant.
    Const(Const),
    /// A slot, `up` frames further out.
    Local {
        /// How many parents to go up.
        up: u32,
        /// The slot there.
        slot: u32,
    },
    /// `self`: the object of the body frame `up` frames further out.
    This {
        /// How many parents to go up.
        up: u32,
    },
    /// A field, `let` or input of a module.
    Global(GlobalId),
    /// A function as a value.
    Fn(FnId),
    /// A method as a value.
    BoundMethod {
        /// The object.
        recv: Box<Expr>,
        /// The place in the schema's methods.
        method: u32,
    },
    /// A lambda.
    Lambda(Arc<Fn>),
    /// A call of a known function; `None` takes the parameter's default.
    Call {
        /// The function.
        function: FnId,
        /// One entry a parameter.
        args: Vec<Option<Expr>>,
    },
    /// A call of a method through the receiver's own schema.
    CallMethod {
        /// The object.
        recv: Box<Expr>,
        /// The place in the schema's methods.
        method: u32,
        /// One entry a parameter.
        args: Vec<Option<Expr>>,
    },
    /// A call of a function value.
    CallValue {
        /// The function.
        callee: Box<Expr>,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// A call of a built-in function, such as `list.map` or `text.trim`; a method's receiver comes first. `None` takes the default
    /// that the declaration names, evaluated by the checker into a constant: there are no `None`s left here.
    CallBuiltin {
        /// Its module's last name, a dot, and its own.
        name: Name,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// `recv.field` of a known schema.
    Field {
        /// The object.
        recv: Box<Expr>,
        /// The field's index.
        field: u32,
        /// Its name.
        name: Name,
        /// `?.`: null gives null.
        optional: bool,
    },
    /// `recv.name` by name: of a record, or of a union whose members all have it.
    Entry {
        /// The record or object.
        recv: Box<Expr>,
        /// The key.
        name: Name,
        /// `?.`: null gives null.
        optional: bool,
    },
    /// `recv[index]`: list, map, keyed list (several parts for a whole key).
    Index {
        /// What is indexed.
        recv: Box<Expr>,
        /// The index or key.
        index: Vec<Expr>,
    },
    /// A literal with braces.
    Object {
        /// What it builds.
        shape: Shape,
        /// Its body.
        body: Arc<Body>,
    },
    /// `base { … }` on a value.
    Derive {
        /// The value; null with a `fresh` shape builds that.
        base: Box<Expr>,
        /// The changes.
        body: Arc<Body>,
        /// What is built where the base is null.
        fresh: Option<Shape>,
    },
    /// A list literal.
    List(Vec<Elem>),
    /// A list literal where a keyed list is wanted.
    KeyedList {
        /// The keys.
        shape: Arc<KeyedShape>,
        /// The elements.
        items: Vec<Elem>,
    },
    /// A string with interpolation.
    Str(Vec<StrPart>),
    /// `!x`.
    Not(Box<Expr>),
    /// `-x`.
    Neg(Box<Expr>),
    /// An operator on two values; `&&`, `||`, `??` evaluate their right side only when needed.
    Binary {
        /// The operator.
        op: forge_syntax::ast::BinaryOp,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `a..=b`, `a..<b`: the list of the whole numbers between.
    Range {
        /// The first.
        start: Box<Expr>,
        /// The last, or the one behind it.
        end: Box<Expr>,
        /// Whether `end` belongs to it.
        inclusive: bool,
    },
    /// `x is T`.
    Is {
        /// What is tested.
        value: Box<Expr>,
        /// The type.
        ty: Ty,
    },
    /// `if c { a } else { b }`.
    If {
        /// The condition.
        cond: Box<Expr>,
        /// The value if it holds.
        then: Box<Expr>,
        /// The value if not.
        otherwise: Box<Expr>,
    },
    /// `match x { … }`.
    Match {
        /// What is looked at.
        value: Box<Expr>,
        /// The arms; the checker has proved that one fits.
        arms: Vec<Arm>,
    },
    /// `let`s of a block, then its value.
    Block {
        /// The `let`s.
        lets: Vec<Let>,
        /// The value.
        value: Box<Expr>,
    },
    /// The value as `ty`: whole numbers become `Float` or `Quantity` where the type says so, refinements are tested, element by element
    /// for lists and maps; record and map literals keep their laziness where only the type's name changes.
    Coerce {
        /// The value.
        value: Box<Expr>,
        /// The wanted type.
        ty: Ty,
        /// Where the type is demanded, for the message.
        because: Span,
    },
}

/// A piece of an interpolated string.
#[derive(Clone, Debug)]
pub enum StrPart {
    /// Text.
    Text(Arc<str>),
    /// A value of a printable type.
    Expr(Expr),
}

/// One entry of a list literal.
#[derive(Clone, Debug)]
pub enum Elem {
    /// An item.
    Item(Expr),
    /// `...xs`.
    Spread(Expr),
    /// A `let` (innermost frame).
    Let(Let),
    /// `if c { … } else { … }`.
    If {
        /// The condition.
        cond: Expr,
        /// The items under it.
        then: Vec<Elem>,
        /// The items otherwise.
        otherwise: Vec<Elem>,
    },
    /// `for x in xs { … }`.
    For {
        /// Variables, source and filter.
        head: Box<For>,
        /// The items of an iteration.
        body: Vec<Elem>,
    },
}

/// `pattern | pattern if guard => value`.
#[derive(Clone, Debug)]
pub struct Arm {
    /// One must fit.
    pub patterns: Vec<Pattern>,
    /// The guard.
    pub guard: Option<Expr>,
    /// The value.
    pub value: Expr,
}

/// What an arm fits.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Everything.
    Any,
    /// One constant.
    Const(Const),
    /// Whole numbers from the first to the last, both included.
    Range(i64, i64),
    /// A type.
    Is(Ty),
    /// Everything; the value goes into this slot.
    Bind(u32),
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

impl Body {
    /// A body with its index.
    pub fn new(items: Vec<BodyItem>, lets: Vec<Let>, slots: u32, span: Span) -> Body {
        let mut fields: Vec<(u32, SmallVec<[u32; 2]>)> = Vec::new();
        let mut entries = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let place = place as u32;
            let mut has_entry = false;
            item.visit_keys(&mut |key| match key {
                Some(Key::Field(index, _)) => match fields.binary_search_by_key(index, |(i, _)| *i) {
                    Ok(at) => {
                        if fields[at].1.last() != Some(&place) {
                            fields[at].1.push(place);
                        }
                    }
                    Err(at) => fields.insert(at, (*index, SmallVec::from_slice(&[place]))),
                },
                _ => has_entry = true,
            });
            if has_entry {
                entries.push(place);
            }
        }
        let is_plain = is_plain(&items);
        Body { items, lets, slots, span, fields, is_plain, entries }
    }

    /// The places of the items that name a schema field.
    pub fn items_of(&self, field: u32) -> &[u32] {
        match self.fields.binary_search_by_key(&field, |(index, _)| *index) {
            Ok(at) => &self.fields[at].1,
            Err(_) => &[],
        }
    }
}

fn is_plain(items: &[BodyItem]) -> bool {
    let mut seen = rustc_hash::FxHashSet::default();
    items.iter().all(|item| match &item.kind {
        BodyItemKind::Set { key: Key::Name(name), super_slot: None, weak: false, .. } => seen.insert(name.clone()),
        _ => false,
    })
}

impl BodyItem {
    /// Calls `visit` with each key that the item or items inside it name; `None` for a spread.
    fn visit_keys(&self, visit: &mut impl FnMut(Option<&Key>)) {
        match &self.kind {
            BodyItemKind::Set { key, .. }
            | BodyItemKind::Refine { key, .. }
            | BodyItemKind::Append { key, .. }
            | BodyItemKind::Delete { key } => visit(Some(key)),
            BodyItemKind::Spread { .. } => visit(None),
            BodyItemKind::If { then, otherwise, .. } => {
                then.iter().chain(otherwise).for_each(|item| item.visit_keys(&mut *visit));
            }
            BodyItemKind::For { items, .. } => items.iter().for_each(|item| item.visit_keys(&mut *visit)),
        }
    }
}
