//! Values by equality, in constant time: what `unique`, `without` and their like stand on.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use crate::evaluator::Evaluator;
use crate::value::{Eval, Map, Value};

/// How deep a fingerprint looks. Equal values have equal fingerprints at any depth.
const DEPTH: u32 = 8;

/// A set of values, each with the place at which it was first met.
pub(super) struct ValueSet<'e, 'a> {
    eval: &'e Evaluator<'a>,
    buckets: FxHashMap<u64, SmallVec<[(Value<'a>, usize); 1]>>,
    count: usize,
}

impl<'e, 'a> ValueSet<'e, 'a> {
    pub(super) fn new(eval: &'e Evaluator<'a>) -> ValueSet<'e, 'a> {
        ValueSet { eval, buckets: FxHashMap::default(), count: 0 }
    }

    /// The set of some values.
    pub(super) fn of(eval: &'e Evaluator<'a>, values: &[Value<'a>]) -> Eval<ValueSet<'e, 'a>> {
        let mut set = ValueSet::new(eval);
        for value in values {
            set.insert(*value)?;
        }
        Ok(set)
    }

    /// The number of the equal value that is in the set; counted from 0 in the order of insertion.
    pub(super) fn find(&self, value: Value<'a>) -> Eval<Option<usize>> {
        let Some(bucket) = self.buckets.get(&fingerprint(self.eval, value)) else { return Ok(None) };
        self.eval.charge(bucket.len())?;
        for (other, number) in bucket {
            if self.eval.equal(value, *other)? {
                return Ok(Some(*number));
            }
        }
        Ok(None)
    }

    /// Whether an equal value is in the set.
    pub(super) fn contains(&self, value: Value<'a>) -> Eval<bool> {
        self.find(value).map(|number| number.is_some())
    }

    /// Adds a value; `None` where it is new, else the number of the equal one.
    pub(super) fn insert(&mut self, value: Value<'a>) -> Eval<Option<usize>> {
        let known = self.find(value)?;
        if known.is_none() {
            self.buckets.entry(fingerprint(self.eval, value)).or_default().push((value, self.count));
            self.count += 1;
        }
        Ok(known)
    }
}

fn fingerprint<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> u64 {
    let mut hasher = FxHasher::default();
    feed(eval, value, DEPTH, &mut hasher);
    hasher.finish()
}

/// Hashes a value so that equal ones hash alike: `1`, `1.0` and the quantity 1 do, and so do a keyed list and a plain one.
/// What cannot be computed is passed over; the comparison that follows reports it.
fn feed<'a>(eval: &Evaluator<'a>, value: Value<'a>, depth: u32, hasher: &mut FxHasher) {
    match value {
        Value::Null => hasher.write_u8(0),
        Value::Bool(value) => value.hash(hasher),
        Value::Str(text) => text.hash(hasher),
        Value::Duration(duration) => duration.hash(hasher),
        Value::Int(number) => feed_number(number as f64, hasher),
        Value::Float(number) => feed_number(number, hasher),
        Value::Quantity(quantity) => {
            const UNIT: i128 = forge_base::quantity::UNIT;
            match i64::try_from(quantity.nanos / UNIT) {
                Ok(units) if quantity.nanos % UNIT == 0 => feed_number(units as f64, hasher),
                _ => quantity.nanos.hash(hasher),
            }
        }
        Value::List(items) => feed_items(eval, items.iter().map(|item| Ok(*item)), items.len(), depth, hasher),
        Value::Map(map) => feed_map(eval, map, depth, hasher),
        Value::Object(object) if depth > 0 => {
            for (_, value) in eval.fields(object) {
                if let Ok(value) = value {
                    feed(eval, value, depth - 1, hasher);
                }
            }
        }
        Value::Object(_) | Value::Function(_) | Value::Secret(_) => hasher.write_u8(1),
    }
}

fn feed_number(number: f64, hasher: &mut FxHasher) {
    // Adding zero turns −0 into 0.
    (number + 0.0).to_bits().hash(hasher);
}

fn feed_items<'a>(
    eval: &Evaluator<'a>,
    items: impl Iterator<Item = Eval<Value<'a>>>,
    count: usize,
    depth: u32,
    hasher: &mut FxHasher,
) {
    count.hash(hasher);
    if depth > 0 {
        items.flatten().for_each(|item| feed(eval, item, depth - 1, hasher));
    }
}

fn feed_map<'a>(eval: &Evaluator<'a>, map: &'a Map<'a>, depth: u32, hasher: &mut FxHasher) {
    let Ok(entries) = eval.entries(map) else { return };
    let values = (0..entries.len()).map(|place| eval.entry(map, place));
    if map.keyed.is_some() {
        return feed_items(eval, values, entries.len(), depth, hasher);
    }
    // The order of entries does not count for equality: their hashes are added up.
    let mut sum = entries.len() as u64;
    for (entry, value) in entries.iter().zip(values) {
        let mut own = FxHasher::default();
        entry.key.hash(&mut own);
        if let (Ok(value), true) = (value, depth > 0) {
            feed(eval, value, depth - 1, &mut own);
        }
        sum = sum.wrapping_add(own.finish());
    }
    sum.hash(hasher);
}
