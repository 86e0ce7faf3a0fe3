//! A hash set of values by equality, for `unique`, `without` and similar methods.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use crate::evaluator::Evaluator;
use crate::value::{Eval, Map, Value};

/// The depth to which values are hashed. Equal values have equal hashes at any depth.
const HASH_DEPTH: u32 = 8;

/// A set of values, each with a number that counts from 0 in the order of insertion.
pub(super) struct ValueSet<'e, 'a> {
    eval: &'e Evaluator<'a>,
    buckets: FxHashMap<u64, SmallVec<[(Value<'a>, usize); 1]>>,
    count: usize,
}

impl<'e, 'a> ValueSet<'e, 'a> {
    pub(super) fn new(eval: &'e Evaluator<'a>) -> ValueSet<'e, 'a> {
        ValueSet { eval, buckets: FxHashMap::default(), count: 0 }
    }

    /// A set of `values`.
    pub(super) fn of(eval: &'e Evaluator<'a>, values: &[Value<'a>]) -> Eval<ValueSet<'e, 'a>> {
        let mut set = ValueSet::new(eval);
        for value in values {
            set.insert(*value)?;
        }
        Ok(set)
    }

    /// The number of the equal value in the set.
    pub(super) fn find(&self, value: Value<'a>) -> Eval<Option<usize>> {
        let Some(bucket) = self.buckets.get(&hash_of(self.eval, value)) else { return Ok(None) };
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

    /// Adds a value. Returns the number of the equal value that is in the set already.
    pub(super) fn insert(&mut self, value: Value<'a>) -> Eval<Option<usize>> {
        let known = self.find(value)?;
        if known.is_none() {
            self.buckets.entry(hash_of(self.eval, value)).or_default().push((value, self.count));
            self.count += 1;
        }
        Ok(known)
    }
}

fn hash_of<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> u64 {
    let mut hasher = FxHasher::default();
    hash_value(eval, value, HASH_DEPTH, &mut hasher);
    hasher.finish()
}

/// Hashes a value so that equal values have equal hashes: `1`, `1.0` and the quantity 1, a keyed list and a plain list.
/// Values that cannot be computed are skipped; the comparison that follows reports their errors.
fn hash_value<'a>(eval: &Evaluator<'a>, value: Value<'a>, depth: u32, hasher: &mut FxHasher) {
    match value {
        Value::Null => hasher.write_u8(0),
        Value::Bool(value) => value.hash(hasher),
        Value::Str(text) => text.hash(hasher),
        Value::Duration(duration) => duration.hash(hasher),
        Value::Int(number) => hash_number(number as f64, hasher),
        Value::Float(number) => hash_number(number, hasher),
        Value::Quantity(quantity) => {
            const UNIT: i128 = forge_base::quantity::UNIT;
            match i64::try_from(quantity.nanos / UNIT) {
                Ok(units) if quantity.nanos % UNIT == 0 => hash_number(units as f64, hasher),
                _ => quantity.nanos.hash(hasher),
            }
        }
        Value::List(items) => hash_items(eval, items.iter().map(|item| Ok(*item)), items.len(), depth, hasher),
        Value::Map(map) => hash_map(eval, map, depth, hasher),
        Value::Object(object) if depth > 0 => {
            for (_, value) in eval.fields(object) {
                if let Ok(value) = value {
                    hash_value(eval, value, depth - 1, hasher);
                }
            }
        }
        Value::Object(_) | Value::Function(_) | Value::Secret(_) => hasher.write_u8(1),
    }
}

fn hash_number(number: f64, hasher: &mut FxHasher) {
    // Adding zero turns −0 into 0.
    (number + 0.0).to_bits().hash(hasher);
}

fn hash_items<'a>(
    eval: &Evaluator<'a>,
    items: impl Iterator<Item = Eval<Value<'a>>>,
    count: usize,
    depth: u32,
    hasher: &mut FxHasher,
) {
    count.hash(hasher);
    if depth > 0 {
        items.flatten().for_each(|item| hash_value(eval, item, depth - 1, hasher));
    }
}

fn hash_map<'a>(eval: &Evaluator<'a>, map: &'a Map<'a>, depth: u32, hasher: &mut FxHasher) {
    let Ok(entries) = eval.entries(map) else { return };
    let values = (0..entries.len()).map(|index| eval.entry(map, index));
    if map.keyed.is_some() {
        return hash_items(eval, values, entries.len(), depth, hasher);
    }
    // The order of entries is irrelevant for equality: their hashes are added up.
    let mut sum = entries.len() as u64;
    for (entry, value) in entries.iter().zip(values) {
        let mut own = FxHasher::default();
        entry.key.hash(&mut own);
        if let (Ok(value), true) = (value, depth > 0) {
            hash_value(eval, value, depth - 1, &mut own);
        }
        sum = sum.wrapping_add(own.finish());
    }
    sum.hash(hasher);
}
