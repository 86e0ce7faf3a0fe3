//! Duplicate objects.

use rustc_hash::{FxBuildHasher, FxHashMap};

use forge_base::Code;

use super::cx::{ClusterCx, ClusterViolation, folder};
use super::object_ref::{ObjectPart, ObjectRef};
use crate::validate::violation::Violation;

/// Reports duplicate objects. Two output folders may be meant for two clusters, so a duplicate across folders is only a
/// warning.
pub(super) fn check(cx: &ClusterCx<'_>, violations: &mut Vec<ClusterViolation>) {
    let mut seen: FxHashMap<_, usize> = FxHashMap::with_capacity_and_hasher(cx.objects.len(), FxBuildHasher);
    for (index, object) in cx.objects.iter().enumerate() {
        if object.name.is_empty() {
            continue;
        }
        let tree = object.file.as_ref().map(|(tree, _)| *tree);
        let key = (tree, &object.group, &object.kind, &object.namespace, &object.name);
        let Some(&first) = seen.get(&key) else {
            seen.insert(key, index);
            continue;
        };
        let object_ref = |object| ObjectRef { object, part: ObjectPart::Name };
        let headline = format!("duplicate object {}", object.title());
        let headline = match &*object.namespace {
            "" => headline,
            namespace => format!("{headline} in `{namespace}`"),
        };
        violations.push(if folder(object) == folder(cx.objects[first]) {
            Violation::error(Code::DUPLICATE_OBJECT, headline, object_ref(index), "the second")
                .also(object_ref(first), "the first")
        } else {
            Violation::warning(Code::DUPLICATE_OBJECT, headline, object_ref(index), "the second")
                .also(object_ref(first), "the first, in another folder")
                .help("put objects for another cluster into a separate `Tree`")
        });
    }
}
