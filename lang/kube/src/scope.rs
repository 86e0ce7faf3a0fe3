//! The scopes of kinds.

/// The scope of a kind.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scope {
    /// Cluster-scoped: objects have no namespace.
    Cluster,
    /// Namespaced.
    Namespaced,
    /// Posted to a subresource of another object and never persisted, such as `Eviction`.
    Subresource,
    /// Read from a file by a tool and never sent to a cluster, such as kustomize's `Kustomization`.
    Local,
}
