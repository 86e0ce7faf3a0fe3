//! Forge source out of what others wrote: CRDs, JSON Schema, Helm values, manifests.
