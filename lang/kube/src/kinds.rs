//! What is known of a kind of resource beside its fields.

use crate::Version;
use crate::table::{self, DeclId, Mask, Sort};

/// Where objects of a kind live.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scope {
    /// In the cluster: a namespace is wrong.
    Cluster,
    /// In a namespace.
    Namespaced,
    /// Nowhere: it is sent to a part of another object and never stored, as an `Eviction` is.
    Subresource,
    /// In a folder, where a tool reads them: they are never sent to a cluster, as a `Kustomization` of kustomize.
    Local,
}

/// A kind of resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KindInfo {
    /// Its name, such as `Deployment`.
    pub kind: &'static str,
    /// Group and version, such as `apps/v1`.
    pub api_version: &'static str,
    /// The group, such as `apps`; empty for the core group.
    pub group: &'static str,
    /// The version, such as `v1`.
    pub version: &'static str,
    /// Its name in URLs, such as `deployments`.
    pub plural: &'static str,
    /// Where its objects live.
    pub scope: Scope,
    /// The module that declares it, below `std`.
    pub module: &'static str,
    /// Why it should not be used any more, where its docs say so for the newest version.
    pub deprecated: Option<&'static str>,
    versions: Mask,
}

impl KindInfo {
    /// Whether a version of Kubernetes has it. Custom resources are there in all versions.
    pub fn is_in(&self, version: Version) -> bool {
        self.versions.has(version)
    }

    /// The versions of Kubernetes that have it, oldest first.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = Version> {
        self.versions.versions()
    }
}

/// The kind of a resource, by what it says in `apiVersion` and `kind`.
pub fn kind(api_version: &str, kind: &str) -> Option<KindInfo> {
    table::kind(kind, api_version).and_then(|(api_version, decl)| info(api_version, decl))
}

/// All kinds, sorted by name.
pub fn kinds() -> impl Iterator<Item = KindInfo> {
    table::kinds().filter_map(|(api_version, decl)| info(api_version, decl))
}

fn info(api_version: &'static str, id: DeclId) -> Option<KindInfo> {
    let decl = id.read();
    let Sort::Kind(kind) = decl.sort else { return None };
    Some(KindInfo {
        kind: decl.name,
        api_version,
        group: kind.group,
        version: kind.version,
        plural: kind.plural,
        scope: kind.scope,
        module: id.module().path(),
        deprecated: decl.deprecated.filter(|old| old.mask.has(Version::NEWEST)).map(|old| old.text),
        versions: decl.mask,
    })
}
