//! Finds structs that are equal and names them after the fields that lead to them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::kopium::{File, Struct};
use crate::core::META;
use crate::hand;
use crate::model::{ALL, Body, Decl, Deprecated, Field, Ty};
use crate::text::deprecation;

/// Fields whose `IntOrString` really is a number or a string; all others are quantities, whose pattern kopium drops.
const INT_OR_STRING: &[&str] =
    &["count", "expr", "maxSurge", "maxUnavailable", "minAvailable", "port", "ratio", "targetPort", "type", "weight"];
/// Fields that hold quantities as core types have them.
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
/// Names that mean something else in a module.
const TAKEN: &[&str] = &[
    "Any", "Bool", "Duration", "Email", "Float", "Image", "Int", "Null", "Quantity", "Resource", "Secret", "String",
    "Url",
];
/// The longest name.
const LONGEST: usize = 48;

/// A struct's number among those of different shape.
type ShapeId = usize;

/// Where a shape is used: the kind, then the fields that lead to it.
type Way = Vec<String>;

#[derive(Default)]
struct Shapes {
    known: HashMap<Vec<(String, bool, Ty)>, ShapeId>,
    /// The fields, in which references are to `("", number)`.
    fields: Vec<Vec<Field>>,
    docs: Vec<String>,
    ways: Vec<Vec<Way>>,
}

/// The declarations of a module.
pub(super) fn declare(path: &str, files: &[File], hand: Option<&hand::Module>) -> Result<Vec<Decl>, String> {
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
            let mut fields = vec![field("metadata", "", Ty::Ref(META.to_owned(), "ObjectMeta".to_owned()), true)];
            fields.push(field("spec", &doc, spec, required));
            fields.extend(status.map(|status| field("status", "", status, false)));
            kinds.push(Decl {
                name: name.clone(),
                doc: String::new(),
                mask: ALL,
                deprecated: None,
                body: Body::Kind(kind.clone(), fields),
            });
        }
    }
    let (added, extended) = hand.map_or((&[][..], &[][..]), |hand| (&hand.decls, &hand.extended));
    for decl in added {
        let mut decl = decl.clone();
        shapes.fill_in(&mut decl, files)?;
        kinds.push(decl);
    }
    let names = shapes.names(&kinds);
    let mut decls = kinds;
    for ((fields, doc), name) in shapes.fields.into_iter().zip(shapes.docs).zip(&names) {
        decls.push(Decl { name: name.clone(), doc, mask: ALL, deprecated: None, body: Body::Schema(fields) });
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

/// Adds fields by hand; `@spec` among their types is the type of the field `spec`.
fn extend(decl: &mut Decl, fields: &[Field]) {
    let spec = decl.fields().iter().find(|field| field.name == "spec").map(|spec| spec.ty.clone());
    let (Body::Kind(_, known) | Body::Schema(known)) = &mut decl.body else { return };
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

fn field(name: &str, doc: &str, ty: Ty, required: bool) -> Field {
    let deprecated = deprecation(doc).map(|text| Deprecated { mask: ALL, text });
    Field { name: name.to_owned(), doc: doc.to_owned(), ty, required, mask: ALL, deprecated }
}

/// Puts names in the place of numbers.
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
    /// Puts shapes in the place of `@Struct`, which hand-written kinds name.
    fn fill_in(&mut self, decl: &mut Decl, files: &[File]) -> Result<(), String> {
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

    /// The type of a struct that is reached by `way`.
    fn add(&mut self, file: &File, name: &str, way: &mut Way) -> Ty {
        let Some(Struct { doc, fields }) = file.structs.get(name) else { return Ty::any() };
        if fields.is_empty() {
            return Ty::object();
        }
        let mut built = Vec::with_capacity(fields.len());
        for known in fields {
            way.push(known.name.clone());
            let ty = match known.ty.as_str() {
                "i32" | "i64" => whole_number(file, name, &known.name),
                ty => self.ty(file, &known.name, ty, way),
            };
            way.pop();
            built.push(field(&known.name, &known.doc, ty, known.required));
        }
        let key: Vec<_> = built.iter().map(|field| (field.name.clone(), field.required, field.ty.clone())).collect();
        let next = self.fields.len();
        let id = *self.known.entry(key).or_insert(next);
        if id == next {
            self.fields.push(built);
            self.docs.push(doc.clone());
            self.ways.push(Vec::new());
        }
        self.ways[id].push(way.clone());
        Ty::Ref(String::new(), id.to_string())
    }

    fn ty(&mut self, file: &File, name: &str, text: &str, way: &mut Way) -> Ty {
        let inside = |open: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix('>'));
        if let Some(item) = inside("Vec<") {
            return self.ty(file, name, item, way).list();
        }
        if let Some(value) = inside("BTreeMap<String, ") {
            return self.ty(file, name, value, way).map();
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
                None => self.add(file, text, way),
            },
        }
    }

    fn has_required(&self, id: &str) -> bool {
        id.parse().ok().and_then(|id: ShapeId| self.fields.get(id)).is_some_and(|all| all.iter().any(|f| f.required))
    }

    /// A name for each shape: what is used once is named after the whole way, what is used often after its end.
    fn names(&self, kinds: &[Decl]) -> Vec<String> {
        let mut taken: BTreeSet<String> = kinds.iter().map(|kind| kind.name.clone()).collect();
        taken.extend(TAKEN.iter().map(|name| (*name).to_owned()));
        let mut order: Vec<ShapeId> = (0..self.ways.len()).collect();
        let shortest = |id: ShapeId| self.ways[id].iter().min_by_key(|way| (way.len(), (*way).clone()));
        order.sort_by_cached_key(|&id| shortest(id).map(|way| (way.len(), way.clone())));
        let mut names: BTreeMap<ShapeId, String> = BTreeMap::new();
        for id in order {
            let way = shortest(id).cloned().unwrap_or_default();
            let kinds: BTreeSet<&String> = self.ways[id].iter().filter_map(|way| way.first()).collect();
            let candidates = candidates(&way, self.ways[id].len() == 1, kinds.len() == 1);
            let numbered = (2..).map(|number| format!("{}{number}", candidates.last().map_or("Part", String::as_str)));
            let name =
                candidates.iter().cloned().chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default();
            taken.insert(name.clone());
            names.insert(id, name);
        }
        names.into_values().collect()
    }
}

/// Names for what `way` leads to, the best first.
fn candidates(way: &[String], once: bool, one_kind: bool) -> Vec<String> {
    let (kind, fields) = way.split_first().map_or(("", way), |(kind, fields)| (kind.as_str(), fields));
    let prefix = if one_kind { kind } else { "" };
    let ends = (0..fields.len()).rev().map(|from| format!("{prefix}{}", pascal(&fields[from..])));
    let whole = (once || way.len() == 2).then(|| pascal(way));
    let fits = |name: &String| name.len() <= LONGEST && name.starts_with(|c: char| c.is_ascii_uppercase());
    whole.into_iter().chain(ends).filter(fits).collect()
}

/// The words together, each with a capital letter.
fn pascal(words: &[String]) -> String {
    let parts = words.iter().flat_map(|word| word.split(|c: char| !c.is_ascii_alphanumeric()));
    parts
        .flat_map(|part| {
            let mut chars = part.chars();
            chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars)
        })
        .collect()
}

/// The type of a field that is a whole number. Where only some are allowed, kopium writes an enum and does not use it.
fn whole_number(file: &File, of: &str, field: &str) -> Ty {
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
