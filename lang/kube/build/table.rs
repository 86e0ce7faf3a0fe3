//! Writes the tables. `src/table.rs` reads them in place, without decoding them first.
//!
//! `types.bin` consists of the magic number; the counts of modules, declarations, types, strings and kinds; then, as
//! little-endian `u32`s,
//! - for each module, its path, its first declaration and the end of its declarations,
//! - the offset of each declaration record, type record and string, each list followed by its end offset where needed,
//! - for each kind, its name, its `apiVersion` and its declaration, sorted by name and `apiVersion`;
//!
//! then the bytes of the records and strings. Offsets are relative to the start of those bytes. Numbers in records are
//! encoded as LEB128.
//!
//! `docs.bin` consists of the magic number and the length of `types.bin`; the offset of each declaration record and the
//! end offset; the records; the documentation. A record has, for the declaration and each of its fields, the length and
//! the end offset of its documentation.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;

use crate::model::{Decl, DeclKey, DeclKind, Deprecation, Field, Module, Scope, Ty};

/// The magic number of both tables; it changes with the format.
pub(crate) const MAGIC: &[u8] = b"FKT2";

/// The defaults that the API server fills in for omitted list keys.
const KEY_DEFAULTS: &[(&str, &str)] = &[("protocol", "TCP")];

#[derive(Default)]
struct Writer {
    strings: Interner,
    types: Interner,
    /// The index of each declaration.
    decls: HashMap<DeclKey, u32>,
    /// Fields that are keys of some list.
    keys: BTreeSet<(DeclKey, String)>,
}

/// Byte strings, each stored once.
#[derive(Default)]
struct Interner {
    known: HashMap<Vec<u8>, u32>,
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Interner {
    fn add(&mut self, piece: &[u8]) -> u32 {
        if let Some(&known) = self.known.get(piece) {
            return known;
        }
        let index = self.ends.len() as u32;
        self.bytes.extend_from_slice(piece);
        self.ends.push(self.bytes.len() as u32);
        self.known.insert(piece.to_vec(), index);
        index
    }
}

impl Interner {
    /// Adds a byte string and returns its end offset.
    fn end(&mut self, piece: &[u8]) -> u32 {
        let index = self.add(piece);
        self.ends[index as usize]
    }
}

/// Encodes both tables: types and documentation.
pub(crate) fn write(mut modules: Vec<Module>) -> Result<(Vec<u8>, Vec<u8>), Box<dyn Error>> {
    modules.sort_by(|a, b| a.path.cmp(&b.path));
    let mut writer = Writer::default();
    writer.number(&modules)?;
    for module in &mut modules {
        for decl in &mut module.decls {
            let key = (module.path.clone(), decl.name.clone());
            sort_fields(decl, |field| writer.keys.contains(&(key.clone(), field.to_owned())));
        }
    }
    let (mut records, mut offsets) = (Vec::new(), Vec::new());
    let mut kinds: BTreeMap<(String, String), [u32; 3]> = BTreeMap::new();
    let mut head: Vec<u32> = Vec::new();
    for module in &modules {
        head.push(writer.strings.add(module.path.as_bytes()));
        head.push(offsets.len() as u32);
        for decl in &module.decls {
            if let DeclKind::Resource(kind, _) = &decl.kind {
                let version = api_version(&kind.group, &kind.version);
                let row = [writer.string(&decl.name), writer.string(&version), offsets.len() as u32];
                if kinds.insert((decl.name.clone(), version), row).is_some() {
                    return Err(format!("two kinds {}.{}", module.path, decl.name).into());
                }
            }
            offsets.push(records.len() as u32);
            writer.decl(&module.path, decl, &mut records)?;
        }
        head.push(offsets.len() as u32);
    }
    let types = writer.file(modules.len(), head, offsets, records, kinds.into_values().flatten().collect());
    let docs = docs(&modules, types.len() as u32);
    Ok((types, docs))
}

/// Whether two tables come from the same build, judging by the recorded length.
pub(crate) fn belong_together(types: &[u8], docs: &[u8]) -> bool {
    docs.get(MAGIC.len()..).is_some_and(|docs| docs.starts_with(&(types.len() as u32).to_le_bytes()))
}

fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

impl Writer {
    /// Numbers all declarations and collects the key fields.
    fn number(&mut self, modules: &[Module]) -> Result<(), Box<dyn Error>> {
        for module in modules {
            for decl in &module.decls {
                let next = self.decls.len() as u32;
                let key = (module.path.clone(), decl.name.clone());
                if self.decls.insert(key, next).is_some() {
                    return Err(format!("{}.{} is declared twice", module.path, decl.name).into());
                }
            }
        }
        for field in modules.iter().flat_map(|module| &module.decls).flat_map(Decl::fields) {
            note_keys(&field.ty, &mut self.keys);
        }
        for ((module, decl), key) in &self.keys {
            let decls = modules.iter().filter(|known| known.path == *module).flat_map(|module| &module.decls);
            let known = decls.filter(|known| known.name == *decl).any(|d| d.fields().iter().any(|f| f.name == *key));
            if !known {
                return Err(format!("a list is keyed by {module}.{decl}.{key}, which does not exist").into());
            }
        }
        Ok(())
    }

    fn string(&mut self, text: &str) -> u32 {
        self.strings.add(text.as_bytes())
    }

    fn decl(&mut self, module: &str, decl: &Decl, out: &mut Vec<u8>) -> Result<(), Box<dyn Error>> {
        number(out, self.string(&decl.name));
        out.push(decl.versions);
        self.deprecated(decl.deprecated.as_ref(), out);
        match &decl.kind {
            DeclKind::Alias(ty) => {
                out.push(0);
                let ty = self.ty(ty)?;
                number(out, ty);
            }
            DeclKind::Abstract(_) => out.push(1),
            DeclKind::Schema(_) => out.push(2),
            DeclKind::Resource(kind, _) => {
                out.push(3);
                out.push(match kind.scope {
                    Scope::Cluster => 0,
                    Scope::Namespaced => 1,
                    Scope::Subresource => 2,
                    Scope::Local => 3,
                });
                for text in [&kind.group, &kind.version, &kind.plural] {
                    number(out, self.string(text));
                }
            }
        }
        if !matches!(decl.kind, DeclKind::Alias(_)) {
            number(out, decl.fields().len() as u32);
            let key = (module.to_owned(), decl.name.clone());
            decl.fields().iter().try_for_each(|field| self.field(&key, field, out))?;
        }
        Ok(())
    }

    fn field(&mut self, decl: &DeclKey, field: &Field, out: &mut Vec<u8>) -> Result<(), Box<dyn Error>> {
        number(out, self.string(&field.name));
        let ty = self.ty(&field.ty).map_err(|error| format!("{}.{}.{}: {error}", decl.0, decl.1, field.name))?;
        number(out, ty);
        let is_key = self.keys.contains(&(decl.clone(), field.name.clone()));
        // A key is required, so the default that the API server would fill in is part of the schema.
        let default = KEY_DEFAULTS.iter().find(|(name, _)| is_key && !field.required && *name == field.name);
        out.push(u8::from(field.required) | u8::from(is_key) << 1 | u8::from(default.is_some()) << 2);
        if let Some((_, value)) = default {
            number(out, self.string(value));
        }
        out.push(field.versions);
        self.deprecated(field.deprecated.as_ref(), out);
        Ok(())
    }

    fn deprecated(&mut self, deprecated: Option<&Deprecation>, out: &mut Vec<u8>) {
        out.push(deprecated.map_or(0, |deprecated| deprecated.versions));
        if let Some(deprecated) = deprecated {
            number(out, self.string(&deprecated.text));
        }
    }

    /// Adds a type record and returns its index.
    fn ty(&mut self, ty: &Ty) -> Result<u32, Box<dyn Error>> {
        let mut out = Vec::new();
        match ty {
            Ty::Prelude(name) => self.tagged(0, name, &mut out),
            Ty::Ref(module, name) => {
                let decl = self.decls.get(&(module.clone(), name.clone()));
                out.push(1);
                number(&mut out, *decl.ok_or_else(|| format!("unknown type {module}.{name}"))?);
            }
            Ty::List(item) => {
                out.push(2);
                number(&mut out, self.ty(item)?);
            }
            Ty::Keyed(item, keys) => {
                out.push(3);
                number(&mut out, self.ty(item)?);
                self.strings(keys, &mut out);
            }
            Ty::Map(key, value) => {
                out.push(4);
                number(&mut out, self.ty(key)?);
                number(&mut out, self.ty(value)?);
            }
            Ty::Known(values) => {
                out.push(5);
                self.strings(values, &mut out);
            }
            Ty::Closed(values) => {
                out.push(6);
                self.strings(values, &mut out);
            }
            Ty::Numbers(values) => {
                out.push(7);
                number(&mut out, values.len() as u32);
                values.iter().for_each(|&value| number(&mut out, value));
            }
            Ty::Union(members) => {
                out.push(8);
                number(&mut out, members.len() as u32);
                for member in members {
                    number(&mut out, self.ty(member)?);
                }
            }
            Ty::Matches(pattern) => self.tagged(9, pattern, &mut out),
            Ty::AtLeast(least) => {
                out.push(10);
                number(&mut out, *least);
            }
        }
        Ok(self.types.add(&out))
    }

    fn tagged(&mut self, tag: u8, text: &str, out: &mut Vec<u8>) {
        out.push(tag);
        number(out, self.string(text));
    }

    fn strings(&mut self, texts: &[String], out: &mut Vec<u8>) {
        number(out, texts.len() as u32);
        texts.iter().for_each(|text| number(out, self.string(text)));
    }

    fn file(self, modules: usize, head: Vec<u32>, decls: Vec<u32>, mut bytes: Vec<u8>, kinds: Vec<u32>) -> Vec<u8> {
        let counts = [modules, decls.len(), self.types.ends.len(), self.strings.ends.len(), kinds.len() / 3];
        let mut out = MAGIC.to_vec();
        let mut push = |numbers: &mut dyn Iterator<Item = u32>| {
            numbers.for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        };
        push(&mut counts.iter().map(|&count| count as u32));
        push(&mut head.into_iter());
        push(&mut decls.into_iter());
        for pieces in [&self.types, &self.strings] {
            let base = bytes.len() as u32;
            push(&mut std::iter::once(base).chain(pieces.ends.iter().map(|end| base + end)));
            bytes.extend_from_slice(&pieces.bytes);
        }
        push(&mut kinds.into_iter());
        out.extend_from_slice(&bytes);
        out
    }
}

/// Sorts fields in the conventional order of manifests: identity first, `status` last.
fn sort_fields(decl: &mut Decl, is_key: impl Fn(&str) -> bool) {
    let (DeclKind::Schema(fields) | DeclKind::Resource(_, fields)) = &mut decl.kind else { return };
    fields.sort_by_key(|field| match field.name.as_str() {
        "apiVersion" => 0,
        "kind" => 1,
        "metadata" => 2,
        "name" => 3,
        name if is_key(name) => 4,
        "image" => 5,
        "status" => 7,
        _ => 6,
    });
}

fn note_keys(ty: &Ty, keys: &mut BTreeSet<(DeclKey, String)>) {
    match ty {
        Ty::Keyed(item, names) => {
            if let Ty::Ref(module, decl) = &**item {
                keys.extend(names.iter().map(|name| ((module.clone(), decl.clone()), name.clone())));
            }
            note_keys(item, keys);
        }
        Ty::List(inner) | Ty::Map(_, inner) => note_keys(inner, keys),
        Ty::Union(members) => members.iter().for_each(|member| note_keys(member, keys)),
        _ => {}
    }
}

/// Appends a number as LEB128.
fn number(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Encodes the documentation of all declarations; equal texts are stored once.
fn docs(modules: &[Module], length: u32) -> Vec<u8> {
    let mut texts = Interner::default();
    let (mut offsets, mut records) = (Vec::new(), Vec::new());
    for decl in modules.iter().flat_map(|module| &module.decls) {
        offsets.push(records.len() as u32);
        let docs = std::iter::once(&decl.doc).chain(decl.fields().iter().map(|field| &field.doc));
        for doc in docs {
            let end = texts.end(doc.as_bytes());
            number(&mut records, doc.len() as u32);
            number(&mut records, end);
        }
    }
    offsets.push(records.len() as u32);
    let mut out = MAGIC.to_vec();
    out.extend(std::iter::once(&length).chain(&offsets).flat_map(|number| number.to_le_bytes()));
    out.extend_from_slice(&records);
    out.extend_from_slice(&texts.bytes);
    out
}
