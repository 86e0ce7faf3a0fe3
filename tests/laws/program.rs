//! Random programs with known results: a schema whose defaults use each other, and instances that override fields.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

/// A field of the schema: its default is a number, or the sum of a number and another field.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// The field that the default uses; always one with a smaller index, so that there is no cycle.
    pub(crate) uses: Option<usize>,
    /// The number.
    pub(crate) number: i64,
}

/// A schema, its child, and instances.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The fields `f0`, `f1`, …
    pub(crate) fields: Vec<Field>,
    /// The fields that the child sets.
    pub(crate) child: BTreeMap<usize, i64>,
    /// The fields that the literal sets.
    pub(crate) literal: BTreeMap<usize, i64>,
    /// The fields that each refinement sets, in order.
    pub(crate) refinements: Vec<BTreeMap<usize, i64>>,
    /// The entries of a map with the keys `k0`, `k1`, …
    pub(crate) entries: Vec<i64>,
}

const FIELDS: usize = 8;

fn overrides() -> impl Strategy<Value = BTreeMap<usize, i64>> {
    prop::collection::btree_map(0..FIELDS, -100i64..100, 0..4)
}

/// Generates programs.
pub(crate) fn programs() -> impl Strategy<Value = Program> {
    let field = (any::<prop::sample::Index>(), any::<bool>(), -100i64..100);
    let fields = prop::collection::vec(field, FIELDS).prop_map(|fields| {
        let make = |(i, (index, is_free, number)): (usize, (prop::sample::Index, bool, i64))| Field {
            uses: (i > 0 && !is_free).then(|| index.index(i.max(1))),
            number,
        };
        fields.into_iter().enumerate().map(make).collect::<Vec<_>>()
    });
    let entries = prop::collection::vec(-9i64..9, 1..6);
    (fields, overrides(), overrides(), prop::collection::vec(overrides(), 0..4), entries).prop_map(
        |(fields, child, literal, refinements, entries)| Program { fields, child, literal, refinements, entries },
    )
}

impl Program {
    /// The expected value of field `i` if the fields in `set` were set.
    pub(crate) fn value(&self, i: usize, set: &BTreeMap<usize, i64>) -> i64 {
        match (set.get(&i), self.fields[i].uses) {
            (Some(number), _) => *number,
            (None, Some(other)) => self.value(other, set) + self.fields[i].number,
            (None, None) => self.fields[i].number,
        }
    }

    /// All fields that are set, with their final values.
    pub(crate) fn set(&self) -> BTreeMap<usize, i64> {
        let mut all = self.child.clone();
        all.extend(&self.literal);
        self.refinements.iter().for_each(|refinement| all.extend(refinement));
        all
    }

    /// The declarations of the module, in their default order.
    pub(crate) fn declarations(&self, order: &Order) -> Vec<String> {
        let mut fields: Vec<String> = self.fields.iter().enumerate().map(|(i, field)| declare(i, field)).collect();
        order.apply(&mut fields);
        let mut text = format!("a = {}", braces("Child ", &self.literal, order));
        for refinement in &self.refinements {
            text.push_str(&braces("", refinement, order));
        }
        let mut entries: Vec<String> =
            self.entries.iter().enumerate().map(|(i, number)| format!("k{i} = {number} + a.f{}", i % FIELDS)).collect();
        order.apply(&mut entries);
        vec![
            format!("schema Base {{\n  {}\n}}", fields.join("\n  ")),
            format!("schema Child extends Base {}", braces("", &self.child, order)),
            text,
            format!("m: {{String: Int}} = {{ {} }}", entries.join(", ")),
            "b = a.f0 + m[\"k0\"]".to_owned(),
        ]
    }

    /// The source of the module.
    pub(crate) fn text(&self, order: &Order) -> String {
        let mut declarations = self.declarations(order);
        order.apply(&mut declarations);
        declarations.join("\n\n") + "\n"
    }
}

fn declare(i: usize, field: &Field) -> String {
    match field.uses {
        Some(other) => format!("f{i}: Int = f{other} + ({})", field.number),
        None => format!("f{i}: Int = {}", field.number),
    }
}

fn braces(head: &str, set: &BTreeMap<usize, i64>, order: &Order) -> String {
    let mut items: Vec<String> = set.iter().map(|(i, number)| format!("f{i} = {number}")).collect();
    order.apply(&mut items);
    let mut text = String::new();
    let _ = write!(text, "{head}{{ {} }} ", items.join(", "));
    text
}

/// A permutation of a list.
#[derive(Clone, Debug)]
pub(crate) struct Order(pub Vec<prop::sample::Index>);

impl Order {
    /// The identity.
    pub(crate) fn written() -> Order {
        Order(Vec::new())
    }

    fn apply<T>(&self, items: &mut [T]) {
        for (i, index) in self.0.iter().enumerate().take(items.len()) {
            let other = index.index(items.len());
            items.swap(i, other);
        }
    }
}

/// Generates permutations.
pub(crate) fn orders() -> impl Strategy<Value = Order> {
    prop::collection::vec(any::<prop::sample::Index>(), 12).prop_map(Order)
}
