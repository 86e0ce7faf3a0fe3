//! A stable sort whose comparison may fail, and may be inconsistent.

use std::cmp::Ordering;

use crate::value::Eval;

/// Runs of this length are sorted by insertion before they are merged.
const RUN: usize = 8;

/// Sorts in place. Equal items keep their order.
pub(super) fn sort<T: Copy>(items: &mut [T], compare: &mut impl FnMut(&T, &T) -> Eval<Ordering>) -> Eval<()> {
    for run in items.chunks_mut(RUN) {
        insertion_sort(run, compare)?;
    }
    let mut merged = Vec::with_capacity(items.len());
    let mut width = RUN;
    while width < items.len() {
        merged.clear();
        for pair in items.chunks(2 * width) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &mut merged, compare)?;
        }
        items.copy_from_slice(&merged);
        width *= 2;
    }
    Ok(())
}

fn insertion_sort<T: Copy>(items: &mut [T], compare: &mut impl FnMut(&T, &T) -> Eval<Ordering>) -> Eval<()> {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && compare(&items[at - 1], &items[at])?.is_gt() {
            items.swap(at - 1, at);
            at -= 1;
        }
    }
    Ok(())
}

fn merge<T: Copy>(
    mut left: &[T],
    mut right: &[T],
    merged: &mut Vec<T>,
    compare: &mut impl FnMut(&T, &T) -> Eval<Ordering>,
) -> Eval<()> {
    while let ([a, more_left @ ..], [b, more_right @ ..]) = (left, right) {
        if compare(a, b)?.is_gt() {
            merged.push(*b);
            right = more_right;
        } else {
            merged.push(*a);
            left = more_left;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::ErrorId;

    fn sorted(mut items: Vec<(i64, usize)>) -> Vec<(i64, usize)> {
        sort(&mut items, &mut |a, b| Ok(a.0.cmp(&b.0))).unwrap();
        items
    }

    #[test]
    fn sorting_is_stable_at_every_length() {
        for length in [0, 1, 2, 7, 8, 9, 16, 17, 100, 1000] {
            let items: Vec<_> = (0..length).map(|index| ((index as i64 * 7919) % 13, index)).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            assert_eq!(sorted(items), expected, "{length} items");
        }
    }

    #[test]
    fn an_inconsistent_comparison_terminates() {
        let mut items: Vec<i64> = (0..100).collect();
        sort(&mut items, &mut |_, _| Ok(Ordering::Greater)).unwrap();
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn a_failing_comparison_stops_the_sort() {
        let mut items = [2, 1];
        assert_eq!(sort(&mut items, &mut |_, _| Err(ErrorId(0))), Err(ErrorId(0)));
    }
}
