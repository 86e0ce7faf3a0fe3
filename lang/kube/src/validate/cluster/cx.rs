//! The validated objects, with indexes for lookup.

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::object_ref::ObjectRef;
use crate::validate::generated::ForeignObjects;
use crate::validate::kind::default_namespace;
use crate::validate::summary::ObjectSummary;
use crate::validate::violation::Violation;

/// A violation of a rule across resources.
pub(super) type ClusterViolation = Violation<ObjectRef>;

/// Object indices. Most names have one, a label has a few.
pub(super) type Indices = SmallVec<[usize; 2]>;

/// All objects, with indexes for lookup.
pub(super) struct ClusterCx<'f> {
    pub(super) objects: &'f [&'f ObjectSummary],
    /// Kind, namespace and name.
    pub(super) by_name: FxHashMap<(&'f str, &'f str, &'f str), Indices>,
    /// Kind and namespace.
    pub(super) by_kind: FxHashMap<(&'f str, &'f str), Indices>,
    /// Objects from which controllers generate others.
    pub(super) generators: Vec<usize>,
    /// The namespaces that the program defines.
    pub(super) namespaces: FxHashSet<&'f str>,
    /// Namespaces that may receive objects from elsewhere.
    pub(super) open_namespaces: FxHashSet<&'f str>,
    /// Whether any namespace may receive objects from elsewhere.
    pub(super) is_open_anywhere: bool,
    /// Whether objects from elsewhere are possible at all.
    pub(super) has_foreign_objects: bool,
}

impl<'f> ClusterCx<'f> {
    pub(super) fn new(objects: &'f [&'f ObjectSummary]) -> ClusterCx<'f> {
        let mut cx = ClusterCx {
            objects,
            by_name: FxHashMap::with_capacity_and_hasher(objects.len(), FxBuildHasher),
            by_kind: FxHashMap::default(),
            generators: Vec::new(),
            namespaces: FxHashSet::default(),
            open_namespaces: FxHashSet::default(),
            is_open_anywhere: false,
            has_foreign_objects: false,
        };
        for (index, object) in objects.iter().enumerate() {
            cx.by_name.entry((&object.kind, &object.namespace, &object.name)).or_default().push(index);
            cx.by_kind.entry((&object.kind, &object.namespace)).or_default().push(index);
            if !object.generates.is_empty() {
                cx.generators.push(index);
            }
            if object.is("", "Namespace") {
                cx.namespaces.insert(default_namespace(&object.name));
            }
        }
        let folders: FxHashSet<&str> = objects.iter().filter_map(|object| folder(object)).collect();
        for object in objects {
            match &object.foreign_objects {
                ForeignObjects::None => continue,
                ForeignObjects::InNamespace(namespace) => _ = cx.open_namespaces.insert(namespace),
                ForeignObjects::FromFiles(path) if folders.iter().any(|folder| covers(path, folder)) => continue,
                ForeignObjects::FromFiles(_) | ForeignObjects::Anywhere => cx.is_open_anywhere = true,
            }
            cx.has_foreign_objects = true;
        }
        cx
    }

    /// Finds an object by group, kind, namespace and name.
    pub(super) fn find(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<usize> {
        let indices = self.by_name.get(&(kind, namespace, name))?;
        indices.iter().copied().find(|&index| *self.objects[index].group == *group)
    }

    /// The objects of a kind in a namespace.
    pub(super) fn of_kind<'c>(
        &'c self,
        group: &'c str,
        kind: &'c str,
        namespace: &'c str,
    ) -> impl Iterator<Item = usize> + use<'c, 'f> {
        let indices = self.by_kind.get(&(kind, namespace)).map_or(&[][..], SmallVec::as_slice);
        indices.iter().copied().filter(move |&index| *self.objects[index].group == *group)
    }

    /// Whether nothing in the program brings objects from elsewhere into a namespace.
    pub(super) fn is_closed(&self, namespace: &str) -> bool {
        !self.is_open_anywhere && !self.open_namespaces.contains(namespace)
    }
}

/// The folder that an object is written to.
pub(super) fn folder(object: &ObjectSummary) -> Option<&str> {
    let (_, path) = object.file.as_ref()?;
    Some(path.rsplit_once('/').map_or("", |(folder, _)| folder))
}

/// Whether a repository path may refer to an output folder, which may itself be anywhere in the repository.
fn covers(path: &str, folder: &str) -> bool {
    let path = path.trim_start_matches("./").trim_matches('/');
    let is_below = |inner: &str, outer: &str| {
        inner == outer || outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
    };
    is_below(folder, path) || path.ends_with(folder) && path[..path.len() - folder.len()].ends_with('/')
}
