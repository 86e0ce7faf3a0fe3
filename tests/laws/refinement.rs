//! Random schemas, child schemas and bodies, as source text. A body may contain mistakes.

use std::fmt::Write;

/// A source of random numbers that a seed determines.
pub(crate) struct Random {
    state: u64,
    /// How many mistakes were put in.
    mistakes: usize,
}

impl Random {
    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// Whether to make a mistake here: once in `count` times.
    fn mistake(&mut self, count: usize) -> bool {
        let is_one = self.one_in(count);
        self.mistakes += usize::from(is_one);
        is_one
    }

    /// The mistakes since the last call.
    fn take_mistakes(&mut self) -> usize {
        std::mem::take(&mut self.mistakes)
    }
}

/// The type of a field. Numbers are indices of schemas.
#[derive(Clone, Copy)]
enum FieldType {
    Int,
    Bool,
    Text,
    Quantity,
    Limited,
    Numbers,
    Map,
    MapOf(usize),
    KeyedOf(usize),
    Nested(usize),
    Optional(usize),
}

#[derive(Clone)]
struct Schema {
    name: String,
    parent: Option<usize>,
    /// With the fields of the parent first.
    fields: Vec<(String, FieldType)>,
}

/// Schemas, one of them a child of another, and a body for each of the two.
pub(crate) struct Case {
    /// The declarations.
    pub(crate) schemas: String,
    /// The schema whose instance is refined: the child.
    pub(crate) child: String,
    /// Its parent.
    pub(crate) parent: String,
    /// A body for the child.
    pub(crate) body: Body,
    /// A body for the parent's fields.
    pub(crate) parent_body: Body,
}

/// The items of a body.
pub(crate) struct Body {
    pub(crate) text: String,
    /// How many mistakes it contains.
    pub(crate) mistakes: usize,
}

/// The case that a seed determines.
pub(crate) fn case(seed: u64) -> Case {
    let mut random = Random { state: seed, mistakes: 0 };
    let mut schemas: Vec<Schema> = Vec::new();
    for index in 0..4 {
        let count = 2 + random.below(3);
        let fields = (0..count).map(|field| (format!("f{index}{field}"), field_type(&mut random, index))).collect();
        schemas.push(Schema { name: format!("S{index}"), parent: None, fields });
    }
    let mut fields = schemas[3].fields.clone();
    let mut narrowed = Vec::new();
    // A child of a nested schema narrows a field of the parent.
    let nested = fields.iter().find_map(|(name, ty)| match ty {
        FieldType::Nested(inner) => Some((name.clone(), *inner)),
        _ => None,
    });
    if let Some((name, inner)) = nested {
        let mut own = schemas[inner].fields.clone();
        own.push(("more".into(), FieldType::Int));
        schemas.push(Schema { name: "Inner".into(), parent: Some(inner), fields: own });
        let index = schemas.len() - 1;
        narrowed.push((name.clone(), index));
        fields.iter_mut().filter(|(own, _)| *own == name).for_each(|(_, ty)| *ty = FieldType::Nested(index));
    }
    fields.push(("own".into(), FieldType::Int));
    fields.push(("nest".into(), FieldType::Optional(0)));
    schemas.push(Schema { name: "Child".into(), parent: Some(3), fields });
    let child = schemas.len() - 1;
    let mut body =
        |schema: usize| Body { text: body(&mut random, &schemas, schema, 0), mistakes: random.take_mistakes() };
    let (own, inherited) = (body(child), body(3));
    Case {
        schemas: declarations(&schemas, &narrowed),
        child: "Child".into(),
        parent: "S3".into(),
        body: own,
        parent_body: inherited,
    }
}

fn field_type(random: &mut Random, below: usize) -> FieldType {
    let inner = |random: &mut Random| random.below(below);
    match random.below(if below == 0 { 7 } else { 13 }) {
        0 => FieldType::Int,
        1 => FieldType::Bool,
        2 => FieldType::Text,
        3 => FieldType::Numbers,
        4 => FieldType::Map,
        5 => FieldType::Quantity,
        6 => FieldType::Limited,
        7 | 8 => FieldType::Nested(inner(random)),
        9 => FieldType::Optional(inner(random)),
        10 => FieldType::MapOf(inner(random)),
        _ => FieldType::KeyedOf(inner(random)),
    }
}

fn declarations(schemas: &[Schema], narrowed: &[(String, usize)]) -> String {
    let mut text = String::new();
    for (index, schema) in schemas.iter().enumerate() {
        let inherited = schema.parent.map_or(0, |parent| schemas[parent].fields.len());
        let extends = schema.parent.map(|parent| format!(" extends {}", schemas[parent].name)).unwrap_or_default();
        let mut fields: Vec<String> = schema.fields[inherited..].iter().map(|(name, ty)| declare(name, *ty)).collect();
        if schema.name == "Child" {
            fields.extend(narrowed.iter().map(|(name, inner)| declare_as(name, &schemas[*inner].name)));
        }
        if schema.parent.is_none() {
            fields.insert(0, "name: String = \"n\"".into());
        }
        let _ = writeln!(text, "schema {}{extends} {{ {} }} // {index}", schema.name, fields.join(", "));
    }
    text
}

fn declare_as(name: &str, schema: &str) -> String {
    format!("{name}: {schema} = {schema} {{}}")
}

fn declare(name: &str, ty: FieldType) -> String {
    match ty {
        FieldType::Int => format!("{name}: Int = 1"),
        FieldType::Bool => format!("{name}: Bool = true"),
        FieldType::Text => format!("{name}: String = \"a\""),
        FieldType::Quantity => format!("{name}: Quantity = 1Gi"),
        FieldType::Limited => format!("{name}: Int where it < 5 = 1"),
        FieldType::Numbers => format!("{name}: [Int] = [1]"),
        FieldType::Map => format!("{name}: {{String: Int}} = {{ a = 1 }}"),
        FieldType::MapOf(inner) => format!("{name}: {{String: S{inner}}} = {{ a = S{inner} {{}} }}"),
        FieldType::KeyedOf(inner) => format!("{name}: [S{inner} by name] = {{ a = {{}} }}"),
        FieldType::Nested(inner) => declare_as(name, &format!("S{inner}")),
        FieldType::Optional(inner) => format!("{name}: S{inner}? = null"),
    }
}

/// The items of a body for a schema.
fn body(random: &mut Random, schemas: &[Schema], schema: usize, depth: usize) -> String {
    let mut items = Vec::new();
    for (name, ty) in &schemas[schema].fields {
        if random.one_in(3) {
            continue;
        }
        let item = item(random, schemas, name, *ty, depth);
        items.push(if random.one_in(6) { format!("if 1 < 2 {{ {item} }}") } else { item });
    }
    if random.mistake(14) {
        items.push("typo = 1".into());
    }
    items.join(", ")
}

fn item(random: &mut Random, schemas: &[Schema], name: &str, ty: FieldType, depth: usize) -> String {
    if random.mistake(20) {
        return format!("{name} = {}", if matches!(ty, FieldType::Text) { "1" } else { "\"wrong\"" });
    }
    let number = random.below(6);
    let inner = |random: &mut Random, inner: usize| body(random, schemas, inner, depth + 1);
    match ty {
        FieldType::Int => format!("{name} = {number}"),
        FieldType::Limited => format!("{name} = {}", if random.mistake(6) { 5 } else { 4 }),
        FieldType::Bool => format!("{name} = false"),
        FieldType::Text => format!("{name} = \"t{number}\""),
        FieldType::Quantity => format!("{name} = {}", if random.one_in(2) { "2" } else { "512Mi" }),
        FieldType::Numbers if random.one_in(2) => format!("{name} += [{number}]"),
        FieldType::Numbers => format!("{name} = [{number}, 7]"),
        FieldType::Map => match random.below(5) {
            0 => format!("{name} {{ delete a }}"),
            1 => format!("{name} += {{ b = {number} }}"),
            2 => format!("{name} = {{ c = {number} }}"),
            3 => format!("{name} {{ \"k\\({number})\" = 1 }}"),
            _ => format!("{name} {{ a = {number}, d = 2 }}"),
        },
        FieldType::MapOf(of) => match random.below(3) {
            0 => format!("{name} {{ b = {{ {} }} }}", inner(random, of)),
            _ if random.mistake(8) => format!("{name} {{ missing {{ {} }} }}", inner(random, of)),
            _ => format!("{name} {{ a {{ {} }} }}", inner(random, of)),
        },
        FieldType::KeyedOf(of) => match random.below(5) {
            0 => format!("{name} {{ b = {{ {} }} }}", inner(random, of)),
            1 => format!("{name} = [{{ name = \"x\" }}, {{ name = \"y\" }}]"),
            2 => format!("{name} += [{{ name = \"{}\" }}]", if random.mistake(4) { "a" } else { "z" }),
            3 => format!("{name} {{ delete {} }}", if random.mistake(4) { "q" } else { "a" }),
            _ => format!("{name} {{ a {{ {} }} }}", inner(random, of)),
        },
        FieldType::Nested(of) | FieldType::Optional(of) => match random.below(4) {
            0 => format!("{name} = {{ {} }}", inner(random, of)),
            1 => format!("{name}.name = \"p{number}\""),
            _ => format!("{name} {{ {} }}", inner(random, of)),
        },
    }
}
