//! Merges structurally equal structs and names them after the field paths that lead to them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::kopium::{KindFile, RustStruct};
use crate::model::{ALL_VERSIONS, Decl, DeclKind, Deprecation, Field, META, Ty};
use crate::patches;
use crate::text::deprecation;

/// Fields whose `IntOrString` is a number or a string. Any other may be a quantity; kopium drops the pattern that tells.
const INT_OR_STRING: &[&str] =
    &["count", "expr", "maxSurge", "maxUnavailable", "minAvailable", "port", "ratio", "targetPort", "type", "weight"];
/// Fields whose `IntOrString` values are quantities, as in the core types.
const QUANTITIES: &[&str] = &[
    "allocatedResources",
    "capacity",
    "divisor",
    "limits",
    "maxAllowed",
    "minAllowed",
    "overhead",
    "requests",
    "sizeLimit",
];
/// Names of prelude types and of the shared parent, which no shape may take.
const TAKEN: &[&str] = &[
    "Any", "Bool", "Duration", "Email", "Float", "Image", "Int", "Null", "Quantity", "Resource", "Secret", "String",
    "Url",
];
/// The maximum length of a generated name in bytes.
const MAX_NAME_LENGTH: usize = 48;

/// The index of a shape: a set of structurally equal structs.
type ShapeId = usize;

/// Where a shape is used: the kind followed by the field names that lead to it.
type UsePath = Vec<String>;

#[derive(Default)]
struct Shapes {
    known: HashMap<Vec<(String, bool, Ty)>, ShapeId>,
    /// The fields of each shape. References to shapes are `Ty::Ref("", index)` until they are resolved.
    fields: Vec<Vec<Field>>,
    docs: Vec<String>,
    paths: Vec<Vec<UsePath>>,
}

/// Declares the kinds of a module and the shapes they use.
pub(super) fn declare(
    path: &str,
    files: &[KindFile],
    patches: Option<&patches::ModulePatch>,
) -> Result<Vec<Decl>, String> {
    let mut shapes = Shapes::default();
    let mut kinds = Vec::new();
    for file in files {
        if let Some((name, kind)) = &file.kind {
            let spec = shapes.add(file, &file.spec, &mut vec![name.clone(), "spec".to_owned()]);
            let status = file
                .status
                .as_ref()
                .map(|status| shapes.add(file, status, &mut vec![name.clone(), "status".to_owned()]));
            let doc = file.structs.get(&file.spec).map(|spec| spec.doc.clone()).unwrap_or_default();
            let required = matches!(&spec, Ty::Ref(_, id) if shapes.has_required(id));
            let meta = Ty::Ref(META.to_owned(), "ObjectMeta".to_owned());
            let mut fields = vec![Field { required: true, ..optional_field("metadata", "", meta) }];
            fields.push(Field { required, ..optional_field("spec", &doc, spec) });
            fields.extend(status.map(|status| optional_field("status", "", status)));
            kinds.push(Decl {
                name: name.clone(),
                doc: String::new(),
                versions: ALL_VERSIONS,
                deprecated: None,
                kind: DeclKind::Resource(kind.clone(), fields),
            });
        }
    }
    let (added, extended) = patches.map_or((&[][..], &[][..]), |patches| (&patches.decls, &patches.extended));
    for decl in added {
        let mut decl = decl.clone();
        shapes.fill_in(&mut decl, files)?;
        kinds.push(decl);
    }
    let names = shapes.names(&kinds);
    let mut decls = kinds;
    for ((fields, doc), name) in shapes.fields.into_iter().zip(shapes.docs).zip(&names) {
        decls.push(Decl {
            name: name.clone(),
            doc,
            versions: ALL_VERSIONS,
            deprecated: None,
            kind: DeclKind::Schema(fields),
        });
    }
    for (name, fields) in extended {
        let decl = decls.iter_mut().find(|decl| decl.name == *name);
        extend(decl.ok_or_else(|| format!("overlay: {path} has no {name}"))?, fields);
    }
    for field in decls.iter_mut().flat_map(Decl::fields_mut) {
        resolve(&mut field.ty, path, &names);
    }
    decls.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(decls)
}

/// Adds patched fields to a declaration; `@spec` in their types is the type of the field `spec`.
fn extend(decl: &mut Decl, fields: &[Field]) {
    let spec = decl.fields().iter().find(|field| field.name == "spec").map(|spec| spec.ty.clone());
    let (DeclKind::Resource(_, known) | DeclKind::Schema(known)) = &mut decl.kind else { return };
    for field in fields {
        let mut field = field.clone();
        let inner = field.ty.innermost_mut();
        if let (Ty::Ref(_, name), Some(spec)) = (&*inner, &spec)
            && name == "@spec"
        {
            *inner = spec.clone();
        }
        known.push(field);
    }
}

fn optional_field(name: &str, doc: &str, ty: Ty) -> Field {
    let deprecated = deprecation(doc).map(|text| Deprecation { versions: ALL_VERSIONS, text });
    Field { name: name.to_owned(), doc: doc.to_owned(), ty, required: false, versions: ALL_VERSIONS, deprecated }
}

/// Replaces shape indices by names.
fn resolve(ty: &mut Ty, path: &str, names: &[String]) {
    match ty {
        Ty::Ref(module, name) if module.is_empty() => {
            let known = name.parse().ok().and_then(|id: ShapeId| names.get(id)).unwrap_or(name);
            *ty = Ty::Ref(path.to_owned(), known.clone());
        }
        Ty::List(inner) | Ty::Keyed(inner, _) | Ty::Map(_, inner) => resolve(inner, path, names),
        _ => {}
    }
}

impl Shapes {
    /// Replaces `@Struct` in the types of a patched declaration by the shape of that struct.
    fn fill_in(&mut self, decl: &mut Decl, files: &[KindFile]) -> Result<(), String> {
        let kind = decl.name.clone();
        for field in decl.fields_mut() {
            let name = field.name.clone();
            let inner = field.ty.innermost_mut();
            let Ty::Ref(_, reference) = &inner else { continue };
            let Some(wanted) = reference.strip_prefix('@').map(str::to_owned) else { continue };
            let file = files.iter().find(|file| file.structs.contains_key(&wanted));
            let file = file.ok_or_else(|| format!("overlay: no struct {wanted}"))?;
            *inner = self.add(file, &wanted, &mut vec![kind.clone(), name]);
        }
        Ok(())
    }

    /// The type of the struct `name`, which is used at `path`.
    fn add(&mut self, file: &KindFile, name: &str, path: &mut UsePath) -> Ty {
        let Some(RustStruct { doc, fields }) = file.structs.get(name) else { return Ty::any() };
        if fields.is_empty() {
            return Ty::object();
        }
        let mut built = Vec::with_capacity(fields.len());
        for known in fields {
            path.push(known.name.clone());
            let ty = match known.ty.as_str() {
                "i32" | "i64" => whole_number(file, name, &known.name),
                ty => self.ty(file, &known.name, ty, path),
            };
            path.pop();
            built.push(Field { required: known.required, ..optional_field(&known.name, &known.doc, ty) });
        }
        let key: Vec<_> = built.iter().map(|field| (field.name.clone(), field.required, field.ty.clone())).collect();
        let next = self.fields.len();
        let id = *self.known.entry(key).or_insert(next);
        if id == next {
            self.fields.push(built);
            self.docs.push(doc.clone());
            self.paths.push(Vec::new());
        }
        self.paths[id].push(path.clone());
        Ty::Ref(String::new(), id.to_string())
    }

    fn ty(&mut self, file: &KindFile, name: &str, text: &str, path: &mut UsePath) -> Ty {
        let inside = |open: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix('>'));
        if let Some(item) = inside("Vec<") {
            return self.ty(file, name, item, path).list();
        }
        if let Some(value) = inside("BTreeMap<String, ") {
            return self.ty(file, name, value, path).map();
        }
        match text {
            "String" => Ty::string(),
            "bool" => Ty::prelude("Bool"),
            "i32" | "i64" | "u32" | "u64" => Ty::prelude("Int"),
            "f64" | "f32" => Ty::prelude("Float"),
            "serde_json::Value" => Ty::any(),
            "Condition" => Ty::Ref(META.to_owned(), "Condition".to_owned()),
            "ObjectReference" => Ty::Ref("k8s.core.v1".to_owned(), "ObjectReference".to_owned()),
            "IntOrString" => int_or_string(name),
            _ => match file.enums.get(text) {
                Some(values) => Ty::Closed(values.clone()),
                None => self.add(file, text, path),
            },
        }
    }

    fn has_required(&self, id: &str) -> bool {
        id.parse().ok().and_then(|id: ShapeId| self.fields.get(id)).is_some_and(|all| all.iter().any(|f| f.required))
    }

    /// Names all shapes: one that is used once after its whole path, one that is used often after the end of its path.
    fn names(&self, kinds: &[Decl]) -> Vec<String> {
        let mut taken: BTreeSet<String> = kinds.iter().map(|kind| kind.name.clone()).collect();
        taken.extend(TAKEN.iter().map(|name| (*name).to_owned()));
        let mut order: Vec<ShapeId> = (0..self.paths.len()).collect();
        let shortest = |id: ShapeId| self.paths[id].iter().min_by_key(|path| (path.len(), (*path).clone()));
        order.sort_by_cached_key(|&id| shortest(id).map(|path| (path.len(), path.clone())));
        let mut names: BTreeMap<ShapeId, String> = BTreeMap::new();
        for id in order {
            let path = shortest(id).cloned().unwrap_or_default();
            let candidates = candidates(&path, &self.paths[id]);
            let numbered = (2..).map(|number| format!("{}{number}", candidates.last().map_or("Part", String::as_str)));
            let name =
                candidates.iter().cloned().chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default();
            taken.insert(name.clone());
            names.insert(id, name);
        }
        names.into_values().collect()
    }
}

/// Candidate names for the shape with these paths, best first; `path` is the shortest of them.
fn candidates(path: &[String], all: &[UsePath]) -> Vec<String> {
    let (kind, fields) = path.split_first().map_or(("", path), |(kind, fields)| (kind.as_str(), fields));
    let is_of_one_kind = all.iter().all(|other| other.first() == path.first());
    let prefix = if is_of_one_kind { kind } else { "" };
    let ends = (0..fields.len()).rev().map(|from| format!("{prefix}{}", pascal(&fields[from..])));
    let whole = (all.len() == 1 || path.len() == 2).then(|| pascal(path));
    let fits = |name: &String| name.len() <= MAX_NAME_LENGTH && name.starts_with(|c: char| c.is_ascii_uppercase());
    whole.into_iter().chain(ends).filter(fits).collect()
}

/// Joins words in `PascalCase`.
fn pascal(words: &[String]) -> String {
    let parts = words.iter().flat_map(|word| word.split(|c: char| !c.is_ascii_alphanumeric()));
    parts
        .flat_map(|part| {
            let mut chars = part.chars();
            chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars)
        })
        .collect()
}

/// The type of an integer field. If only some values are allowed, kopium generates an enum but does not refer to it.
fn whole_number(file: &KindFile, of: &str, field: &str) -> Ty {
    let values = file.enums.get(&format!("{of}{}", pascal(&[field.to_owned()])));
    let numbers: Option<Vec<u32>> = values.and_then(|values| values.iter().map(|value| value.parse().ok()).collect());
    numbers.map_or_else(|| Ty::prelude("Int"), Ty::Numbers)
}

fn int_or_string(name: &str) -> Ty {
    let mut members = vec![Ty::prelude("Int"), Ty::string()];
    if QUANTITIES.contains(&name) {
        return Ty::prelude("Quantity");
    }
    if !INT_OR_STRING.contains(&name) {
        members.push(Ty::prelude("Quantity"));
    }
    Ty::Union(members)
}
