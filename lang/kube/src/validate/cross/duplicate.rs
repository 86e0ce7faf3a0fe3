//! No two objects have one name.

use rustc_hash::{FxBuildHasher, FxHashMap};

use forge_base::Code;

use super::{Across, Cx, Part, Spot, folder};
use crate::validate::Finding;

/// Says where an object comes twice. Two folders of output may be for two clusters, so there it is only likely a mistake.
pub(super) fn check(cx: &Cx<'_>, found: &mut Vec<Across>) {
    let mut seen: FxHashMap<_, usize> = FxHashMap::with_capacity_and_hasher(cx.objects.len(), FxBuildHasher);
    for (place, object) in cx.objects.iter().enumerate() {
        if object.name.is_empty() {
            continue;
        }
        let tree = object.file.as_ref().map(|(tree, _)| *tree);
        let key = (tree, &object.group, &object.kind, &object.namespace, &object.name);
        let Some(&first) = seen.get(&key) else {
            seen.insert(key, place);
            continue;
        };
        let spot = |object| Spot { object, part: Part::Name };
        let headline = format!("there are two objects {}", object.title());
        let headline = match &*object.namespace {
            "" => headline,
            namespace => format!("{headline} in `{namespace}`"),
        };
        found.push(if folder(object) == folder(cx.objects[first]) {
            Finding::error(Code::DUPLICATE_OBJECT, headline, spot(place), "the second").also(spot(first), "the first")
        } else {
            Finding::warning(Code::DUPLICATE_OBJECT, headline, spot(place), "the second")
                .also(spot(first), "the first, in another folder")
                .help("write what is for another cluster as a `Tree` of its own")
        });
    }
}
