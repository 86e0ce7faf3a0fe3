//! Reads the generated tables in place. `build/table.rs` documents their format.
//!
//! The tables are embedded at compile time and checked then, so the offsets in them are trusted here.

use crate::scope::Scope;
use crate::version::Version;

static TYPES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/types.bin"));
static DOCS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/docs.bin"));

/// The offset of the counts, after the magic number.
const COUNTS: usize = 4;
/// The offset of the documentation offsets, after the magic number and the length of the types table.
const DOC_OFFSETS: usize = 8;
/// The offset of the module rows.
const MODULES: usize = COUNTS + 5 * 4;

fn types_u32(at: usize) -> usize {
    u32_at(TYPES, at) as usize
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte))
}

/// The number of leading rows that satisfy `comes_first`, given that all such rows precede all others.
fn partition_point(count: usize, comes_first: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if comes_first(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// The start offsets of the sections of the types table.
#[derive(Clone, Copy)]
struct Layout {
    decls: usize,
    types: usize,
    strings: usize,
    kinds: usize,
    bytes: usize,
}

/// Computes the layout. This takes a few reads and additions, so the result is not cached.
fn layout() -> Layout {
    let count = |index: usize| types_u32(COUNTS + index * 4);
    let decls = MODULES + count(0) * 12;
    let types = decls + count(1) * 4;
    let strings = types + (count(2) + 1) * 4;
    let kinds = strings + (count(3) + 1) * 4;
    Layout { decls, types, strings, kinds, bytes: kinds + count(4) * 12 }
}

/// The string with an index.
fn string(index: usize) -> &'static str {
    let layout = layout();
    let at = layout.strings + index * 4;
    let text = &TYPES[layout.bytes + types_u32(at)..layout.bytes + types_u32(at + 4)];
    std::str::from_utf8(text).unwrap_or_default()
}

/// A cursor over the fields of a record.
#[derive(Clone)]
struct Reader {
    bytes: &'static [u8],
    at: usize,
}

impl Reader {
    fn byte(&mut self) -> u8 {
        let byte = self.bytes[self.at];
        self.at += 1;
        byte
    }

    fn number(&mut self) -> usize {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    fn string(&mut self) -> &'static str {
        string(self.number())
    }

    fn strings(&mut self) -> Vec<&'static str> {
        (0..self.number()).map(|_| self.string()).collect()
    }

    fn types(&mut self) -> Vec<TypeId> {
        (0..self.number()).map(|_| TypeId(self.number())).collect()
    }

    fn deprecated(&mut self) -> Option<Deprecation> {
        let versions = VersionSet(self.byte());
        (versions.0 != 0).then(|| Deprecation { versions, text: self.string() })
    }
}

/// A set of Kubernetes versions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct VersionSet(pub(crate) u8);

impl VersionSet {
    /// Whether the set contains a version.
    pub(crate) fn contains(self, version: Version) -> bool {
        self.0 >> version.index() & 1 == 1
    }

    /// The versions in the set, oldest first.
    pub(crate) fn iter(self) -> impl DoubleEndedIterator<Item = Version> {
        Version::all().filter(move |&version| self.contains(version))
    }
}

/// A module.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct ModuleId(usize);

/// All modules, sorted by path.
pub(crate) fn modules() -> impl Iterator<Item = ModuleId> {
    (0..types_u32(COUNTS)).map(ModuleId)
}

/// Finds a module by path.
pub(crate) fn module(path: &str) -> Option<ModuleId> {
    let count = types_u32(COUNTS);
    let at = partition_point(count, |index| ModuleId(index).path() < path);
    (at < count).then_some(ModuleId(at)).filter(|module| module.path() == path)
}

impl ModuleId {
    fn row(self, column: usize) -> usize {
        types_u32(MODULES + self.0 * 12 + column * 4)
    }

    /// Its path below `std`.
    pub(crate) fn path(self) -> &'static str {
        string(self.row(0))
    }

    /// Its declarations, in order.
    pub(crate) fn decls(self) -> impl Iterator<Item = DeclId> {
        (self.row(1)..self.row(2)).map(DeclId)
    }
}

/// A declaration.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct DeclId(usize);

impl DeclId {
    /// The declaring module.
    pub(crate) fn module(self) -> ModuleId {
        // The first module starts with the first declaration, so there is always a row before this.
        ModuleId(partition_point(types_u32(COUNTS), |index| ModuleId(index).row(1) <= self.0) - 1)
    }

    fn reader(self) -> Reader {
        let layout = layout();
        Reader { bytes: TYPES, at: layout.bytes + types_u32(layout.decls + self.0 * 4) }
    }

    /// Its name, without reading the rest of the record.
    pub(crate) fn name(self) -> &'static str {
        self.reader().string()
    }

    /// Reads the record.
    pub(crate) fn read(self) -> Decl {
        let mut reader = self.reader();
        let name = reader.string();
        let versions = VersionSet(reader.byte());
        let deprecated = reader.deprecated();
        let kind = match reader.byte() {
            0 => DeclKind::Alias(TypeId(reader.number())),
            1 => DeclKind::Abstract,
            2 => DeclKind::Schema,
            _ => DeclKind::Resource(ResourceKind {
                scope: match reader.byte() {
                    0 => Scope::Cluster,
                    1 => Scope::Namespaced,
                    2 => Scope::Subresource,
                    _ => Scope::Local,
                },
                group: reader.string(),
                version: reader.string(),
                plural: reader.string(),
            }),
        };
        let left = if matches!(kind, DeclKind::Alias(_)) { 0 } else { reader.number() };
        Decl { name, versions, deprecated, kind, fields: Fields { reader, left } }
    }

    /// Its documentation, followed by that of its fields.
    pub(crate) fn docs(self) -> impl Iterator<Item = &'static str> {
        let count = types_u32(COUNTS + 4);
        let offset = |decl: usize| u32_at(DOCS, DOC_OFFSETS + decl * 4) as usize;
        let records = DOC_OFFSETS + (count + 1) * 4;
        let texts = records + offset(count);
        let mut reader = Reader { bytes: DOCS, at: records + offset(self.0) };
        std::iter::from_fn(move || {
            let (length, end) = (reader.number(), reader.number());
            std::str::from_utf8(&DOCS[texts + end - length..texts + end]).ok()
        })
    }
}

/// A declaration record.
pub(crate) struct Decl {
    pub(crate) name: &'static str,
    pub(crate) versions: VersionSet,
    pub(crate) deprecated: Option<Deprecation>,
    pub(crate) kind: DeclKind,
    pub(crate) fields: Fields,
}

/// The kinds of declarations.
pub(crate) enum DeclKind {
    Alias(TypeId),
    Abstract,
    Schema,
    Resource(ResourceKind),
}

/// The API metadata of a kind.
pub(crate) struct ResourceKind {
    pub(crate) scope: Scope,
    pub(crate) group: &'static str,
    pub(crate) version: &'static str,
    pub(crate) plural: &'static str,
}

/// A deprecation notice.
#[derive(Clone, Copy)]
pub(crate) struct Deprecation {
    pub(crate) versions: VersionSet,
    pub(crate) text: &'static str,
}

/// Iterates over the fields of a declaration. Variants of one field are adjacent.
#[derive(Clone)]
pub(crate) struct Fields {
    reader: Reader,
    left: usize,
}

impl Iterator for Fields {
    type Item = Field;

    fn next(&mut self) -> Option<Field> {
        self.left = self.left.checked_sub(1)?;
        let name = self.reader.string();
        let ty = TypeId(self.reader.number());
        let flags = self.reader.byte();
        let default = (flags & 4 != 0).then(|| self.reader.string());
        let versions = VersionSet(self.reader.byte());
        let deprecated = self.reader.deprecated();
        Some(Field { name, ty, required: flags & 1 != 0, key: flags & 2 != 0, default, versions, deprecated })
    }
}

/// A field as declared in some versions.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) ty: TypeId,
    pub(crate) required: bool,
    /// Whether it is a key of some list.
    pub(crate) key: bool,
    /// The value that the API server fills in if the field is omitted.
    pub(crate) default: Option<&'static str>,
    pub(crate) versions: VersionSet,
    pub(crate) deprecated: Option<Deprecation>,
}

impl Field {
    /// Whether it matters to a program that does not mention it: it must be set, it has a default, or lists are keyed by it. Any other
    /// field is null there, which changes neither the verdict on the program nor its output.
    pub(crate) fn is_decisive(&self) -> bool {
        self.required || self.key || self.default.is_some()
    }
}

/// A type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct TypeId(usize);

/// A type record.
pub(crate) enum Type {
    Prelude(&'static str),
    Ref(DeclId),
    List(TypeId),
    Keyed(TypeId, Vec<&'static str>),
    Map(TypeId, TypeId),
    Known(Vec<&'static str>),
    Closed(Vec<&'static str>),
    Numbers(Vec<i64>),
    Union(Vec<TypeId>),
    Matches(&'static str),
    AtLeast(i64),
}

impl TypeId {
    /// Reads the record.
    pub(crate) fn read(self) -> Type {
        let layout = layout();
        let mut reader = Reader { bytes: TYPES, at: layout.bytes + types_u32(layout.types + self.0 * 4) };
        match reader.byte() {
            0 => Type::Prelude(reader.string()),
            1 => Type::Ref(DeclId(reader.number())),
            2 => Type::List(TypeId(reader.number())),
            3 => Type::Keyed(TypeId(reader.number()), reader.strings()),
            4 => Type::Map(TypeId(reader.number()), TypeId(reader.number())),
            5 => Type::Known(reader.strings()),
            6 => Type::Closed(reader.strings()),
            7 => Type::Numbers((0..reader.number()).map(|_| reader.number() as i64).collect()),
            8 => Type::Union(reader.types()),
            9 => Type::Matches(reader.string()),
            _ => Type::AtLeast(reader.number() as i64),
        }
    }

    /// Calls `visit` for each declaration that the type refers to.
    pub(crate) fn each_ref(self, visit: &mut dyn FnMut(DeclId)) {
        match self.read() {
            Type::Ref(decl) => visit(decl),
            Type::List(inner) | Type::Keyed(inner, _) => inner.each_ref(visit),
            Type::Map(key, value) => {
                key.each_ref(visit);
                value.each_ref(visit);
            }
            Type::Union(members) => members.into_iter().for_each(|member| member.each_ref(visit)),
            _ => {}
        }
    }
}

/// Finds a kind by name and `apiVersion`; returns the stored `apiVersion` and the declaration.
pub(crate) fn kind(name: &str, api_version: &str) -> Option<(&'static str, DeclId)> {
    let layout = layout();
    let row = |index: usize, column: usize| types_u32(layout.kinds + index * 12 + column * 4);
    let key = |index: usize| (string(row(index, 0)), string(row(index, 1)));
    let count = types_u32(COUNTS + 16);
    let at = partition_point(count, |index| key(index) < (name, api_version));
    (at < count && key(at) == (name, api_version)).then(|| (string(row(at, 1)), DeclId(row(at, 2))))
}

/// All kinds, sorted by name and `apiVersion`, as `apiVersion` and declaration.
pub(crate) fn kinds() -> impl Iterator<Item = (&'static str, DeclId)> {
    let layout = layout();
    (0..types_u32(COUNTS + 16)).map(move |index| {
        let row = layout.kinds + index * 12;
        (string(types_u32(row + 4)), DeclId(types_u32(row + 8)))
    })
}

/// The schema `Resource`, which all kinds extend.
pub(crate) fn resource() -> Option<DeclId> {
    module("k8s.meta.v1")?.decls().find(|decl| decl.name() == "Resource")
}
