//! API metadata of resource kinds.

use crate::scope::Scope;
use crate::table::{self, DeclId, DeclKind, VersionSet};
use crate::version::Version;

/// A resource kind.
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
    /// Its scope.
    pub scope: Scope,
    /// The path of the declaring module below `std`.
    pub module: &'static str,
    /// The deprecation notice in the newest version, if there is one.
    pub deprecated: Option<&'static str>,
    versions: VersionSet,
}

impl KindInfo {
    /// Whether a Kubernetes version has this kind. Custom resources are available in all versions.
    pub fn is_in(&self, version: Version) -> bool {
        self.versions.contains(version)
    }

    /// The Kubernetes versions that have this kind, oldest first.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = Version> {
        self.versions.iter()
    }
}

/// Finds the kind of a resource by its `apiVersion` and `kind`.
pub fn kind(api_version: &str, kind: &str) -> Option<KindInfo> {
    table::kind(kind, api_version).and_then(|(api_version, decl)| info(api_version, decl))
}

/// All kinds, sorted by name.
pub fn kinds() -> impl Iterator<Item = KindInfo> {
    table::kinds().filter_map(|(api_version, decl)| info(api_version, decl))
}

fn info(api_version: &'static str, id: DeclId) -> Option<KindInfo> {
    let decl = id.read();
    let DeclKind::Resource(kind) = decl.kind else { return None };
    Some(KindInfo {
        kind: decl.name,
        api_version,
        group: kind.group,
        version: kind.version,
        plural: kind.plural,
        scope: kind.scope,
        module: id.module().path(),
        deprecated: decl.deprecated.filter(|old| old.versions.contains(Version::NEWEST)).map(|old| old.text),
        versions: decl.versions,
    })
}
