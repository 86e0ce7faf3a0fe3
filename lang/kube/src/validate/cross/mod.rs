//! The rules between resources.
//!
//! Other programs may define things, too. So a reference to what is not there is an error only where this program seems to own the
//! place: it writes the namespace, or other things of that kind there, and nothing that may bring things in from elsewhere.

mod duplicate;
mod namespace;
mod select;
mod target;
mod wait;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::Finding;
use super::facts::Facts;
use super::produce::Opens;
use super::reference::references;
use crate::resource::{Data, Resource};

/// A part of one of several resources.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spot {
    /// Its place among the [`Facts`] that were given.
    pub object: usize,
    part: Part,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    /// Its name.
    Name,
    /// Its namespace.
    Namespace,
    /// Its n-th reference.
    Reference(usize),
    /// What selects pods.
    Selector,
    /// The port that the n-th port of a Service leads to.
    TargetPort(usize),
    /// The ports of a Service.
    Ports,
    /// The labels of the pods that it makes.
    PodLabels,
    /// The n-th object that it waits for.
    Wait(usize),
}

impl Spot {
    /// The part itself, or what is around it.
    pub fn find<'a>(self, resource: &Resource<'a>) -> &'a Data<'a> {
        let at = |path: &[&str]| resource.data.at(path);
        let metadata = || at(&["metadata"]);
        let found = match self.part {
            Part::Name => at(&["metadata", "name"]).or_else(metadata),
            Part::Namespace => at(&["metadata", "namespace"]).or_else(metadata),
            Part::Reference(place) => references(resource).get(place).map(|reference| reference.at),
            Part::Selector => at(&["spec", "selector"]),
            Part::TargetPort(place) => {
                let port = at(&["spec", "ports"]).and_then(|ports| ports.items().get(place));
                port.and_then(|port| port.get("targetPort")).or(port)
            }
            Part::Ports => at(&["spec", "ports"]),
            Part::Wait(place) => at(&["spec", "dependsOn"]).and_then(|waits| waits.items().get(place)),
            Part::PodLabels => super::pod::template(resource).and_then(|template| template.metadata?.get("labels")),
        };
        found.unwrap_or(resource.data)
    }
}

type Across = Finding<Spot>;

/// Places among the objects. A name has mostly one, a label a few.
type Places = SmallVec<[usize; 2]>;

/// Checks resources against each other. What is found names them by their places in `objects`.
pub fn all(objects: &[&Facts]) -> Vec<Across> {
    let cx = Cx::new(objects);
    let mut found = Vec::new();
    duplicate::check(&cx, &mut found);
    target::check(&cx, &mut found);
    select::check(&cx, &mut found);
    namespace::check(&cx, &mut found);
    wait::check(&cx, &mut found);
    found
}

/// All resources, and ways to find them.
struct Cx<'f> {
    objects: &'f [&'f Facts],
    /// Kind, namespace and name.
    by_name: FxHashMap<(&'f str, &'f str, &'f str), Places>,
    /// Kind and namespace.
    by_kind: FxHashMap<(&'f str, &'f str), Places>,
    /// Places of what produces something.
    producers: Vec<usize>,
    /// The namespaces that the program writes.
    namespaces: FxHashSet<&'f str>,
    /// Namespaces that others bring things into.
    open: FxHashSet<&'f str>,
    /// Whether others bring things into any namespace.
    is_open: bool,
    /// Whether others bring anything at all.
    has_guests: bool,
}

impl<'f> Cx<'f> {
    fn new(objects: &'f [&'f Facts]) -> Cx<'f> {
        let mut cx = Cx {
            objects,
            by_name: FxHashMap::with_capacity_and_hasher(objects.len(), FxBuildHasher),
            by_kind: FxHashMap::default(),
            producers: Vec::new(),
            namespaces: FxHashSet::default(),
            open: FxHashSet::default(),
            is_open: false,
            has_guests: false,
        };
        for (place, object) in objects.iter().enumerate() {
            cx.by_name.entry((&object.kind, &object.namespace, &object.name)).or_default().push(place);
            cx.by_kind.entry((&object.kind, &object.namespace)).or_default().push(place);
            if !object.produces.is_empty() {
                cx.producers.push(place);
            }
            if object.is("", "Namespace") {
                cx.namespaces.insert(super::facts::default_namespace(&object.name));
            }
        }
        let folders: FxHashSet<&str> = objects.iter().filter_map(|object| folder(object)).collect();
        for object in objects {
            match &object.opens {
                Opens::Nothing => continue,
                Opens::Namespace(namespace) => _ = cx.open.insert(namespace),
                Opens::Files(path) if folders.iter().any(|folder| covers(path, folder)) => continue,
                Opens::Files(_) | Opens::Everything => cx.is_open = true,
            }
            cx.has_guests = true;
        }
        cx
    }

    /// The objects with a group, kind, namespace and name.
    fn find(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<usize> {
        let places = self.by_name.get(&(kind, namespace, name))?;
        places.iter().copied().find(|&place| *self.objects[place].group == *group)
    }

    /// The objects of a kind in a namespace.
    fn of_kind<'c>(
        &'c self,
        group: &'c str,
        kind: &'c str,
        namespace: &'c str,
    ) -> impl Iterator<Item = usize> + use<'c, 'f> {
        let places = self.by_kind.get(&(kind, namespace)).map_or(&[][..], SmallVec::as_slice);
        places.iter().copied().filter(move |&place| *self.objects[place].group == *group)
    }

    /// Whether nobody else is seen to bring things into a namespace.
    fn is_closed(&self, namespace: &str) -> bool {
        !self.is_open && !self.open.contains(namespace)
    }
}

/// The folder that an object is written to.
fn folder(object: &Facts) -> Option<&str> {
    let (_, path) = object.file.as_ref()?;
    Some(path.rsplit_once('/').map_or("", |(folder, _)| folder))
}

/// Whether a path of a repository means a folder of the output, which may itself lie anywhere in the repository.
fn covers(path: &str, folder: &str) -> bool {
    let path = path.trim_start_matches("./").trim_matches('/');
    let is_below = |inner: &str, outer: &str| {
        inner == outer || outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
    };
    is_below(folder, path) || path.ends_with(folder) && path[..path.len() - folder.len()].ends_with('/')
}
