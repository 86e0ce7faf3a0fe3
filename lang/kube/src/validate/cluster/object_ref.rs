//! References to parts of the validated objects.

use crate::resource::{Data, Resource};
use crate::validate::pod;
use crate::validate::reference::references;

/// A reference to a part of one of the validated objects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ObjectRef {
    /// The index of the object among the validated [`ObjectSummary`]s.
    pub object: usize,
    pub(super) part: ObjectPart,
}

/// A part of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ObjectPart {
    /// Its name.
    Name,
    /// Its namespace.
    Namespace,
    /// The reference with this index.
    Reference(usize),
    /// Its pod selector.
    Selector,
    /// The target port of the Service port with this index.
    TargetPort(usize),
    /// The ports of a Service.
    Ports,
    /// The labels in its pod template.
    PodLabels,
    /// The `dependsOn` entry with this index.
    Dependency(usize),
}

impl ObjectRef {
    /// Resolves the reference; falls back to an enclosing part if the part itself is missing.
    pub fn find<'a>(self, resource: &Resource<'a>) -> &'a Data<'a> {
        let at = |path: &[&str]| resource.data.at(path);
        let metadata = || at(&["metadata"]);
        let data = match self.part {
            ObjectPart::Name => at(&["metadata", "name"]).or_else(metadata),
            ObjectPart::Namespace => at(&["metadata", "namespace"]).or_else(metadata),
            ObjectPart::Reference(index) => references(resource).get(index).map(|reference| reference.at),
            ObjectPart::Selector => at(&["spec", "selector"]),
            ObjectPart::TargetPort(index) => {
                let port = at(&["spec", "ports"]).and_then(|ports| ports.items().get(index));
                port.and_then(|port| port.get("targetPort")).or(port)
            }
            ObjectPart::Ports => at(&["spec", "ports"]),
            ObjectPart::Dependency(index) => at(&["spec", "dependsOn"]).and_then(|entries| entries.items().get(index)),
            ObjectPart::PodLabels => pod::template(resource).and_then(|template| template.metadata?.get("labels")),
        };
        data.unwrap_or(resource.data)
    }
}
