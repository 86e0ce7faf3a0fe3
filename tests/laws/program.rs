//! Random programs of which the meaning is known: schemas whose defaults use one another, instances that override some.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

/// One field of the schema: its default adds a number to another field, or is a number.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// The field that the default uses; always one with a smaller number, so that there is no circle.
    pub(crate) uses: Option<usize>,
    /// The number.
    pub(crate) number: i64,
}

/// A schema, its child, and instances.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The fields `f0`, `f1`, …
    pub(crate) fields: Vec<Field>,
    /// What the child sets.
    pub(crate) child: BTreeMap<usize, i64>,
    /// What the literal sets.
    pub(crate) literal: BTreeMap<usize, i64>,
    /// What refinements set, one after the other.
    pub(crate) refinements: Vec<BTreeMap<usize, i64>>,
    /// Entries of a map, their keys being `k0`, `k1`, …
    pub(crate) entries: Vec<i64>,
}

const FIELDS: usize = 8;

fn overrides() -> impl Strategy<Value = BTreeMap<usize, i64>> {
    prop::collection::btree_map(0..FIELDS, -100i64..100, 0..4)
}

/// Programs.
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
    /// What field `i` must be when these have been set, the last winning.
    pub(crate) fn value(&self, i: usize, set: &BTreeMap<usize, i64>) -> i64 {
        match (set.get(&i), self.fields[i].uses) {
            (Some(number), _) => *number,
            (None, Some(other)) => self.value(other, set) + self.fields[i].number,
            (None, None) => self.fields[i].number,
        }
    }

    /// Everything that is set in the end.
    pub(crate) fn set(&self) -> BTreeMap<usize, i64> {
        let mut all = self.child.clone();
        all.extend(&self.literal);
        self.refinements.iter().for_each(|refinement| all.extend(refinement));
        all
    }

    /// The declarations of the module, in the order that the text should have by default.
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

    /// The module's text.
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

/// An order of things: as they come, or shuffled.
#[derive(Clone, Debug)]
pub(crate) struct Order(pub Vec<prop::sample::Index>);

impl Order {
    /// As they come.
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

/// Shuffled orders.
pub(crate) fn orders() -> impl Strategy<Value = Order> {
    prop::collection::vec(any::<prop::sample::Index>(), 12).prop_map(Order)
}
