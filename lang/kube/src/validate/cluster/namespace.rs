//! Undefined namespaces.

use std::collections::HashSet;

use forge_base::{Code, suggest};

use super::cx::{ClusterCx, ClusterViolation};
use super::object_ref::{ObjectPart, ObjectRef};
use crate::validate::syntax;
use crate::validate::violation::Violation;

/// Namespaces that exist in every cluster or that the installers of Flux and Argo CD create. The default namespace has an
/// empty name here.
const EVERYWHERE: [&str; 6] = ["", "kube-system", "kube-public", "kube-node-lease", "flux-system", "argocd"];

/// Reports each namespace that is used but not defined, if the program defines any.
pub(super) fn check(cx: &ClusterCx<'_>, violations: &mut Vec<ClusterViolation>) {
    if cx.namespaces.is_empty() || cx.is_open_anywhere {
        return;
    }
    let mut said = HashSet::new();
    for (object, summary) in cx.objects.iter().enumerate() {
        let namespace = &*summary.namespace;
        if EVERYWHERE.contains(&namespace)
            || cx.namespaces.contains(namespace)
            || syntax::is_placeholder(namespace)
            || !said.insert(namespace)
        {
            continue;
        }
        let headline = format!("{} is in namespace `{namespace}`, which is not defined", summary.title());
        let object_ref = ObjectRef { object, part: ObjectPart::Namespace };
        violations.push(
            Violation::warning(
                Code::UNKNOWN_NAMESPACE,
                headline,
                object_ref,
                "this program defines other namespaces but not this one",
            )
            .did_you_mean(suggest::nearest(namespace, cx.namespaces.iter().copied())),
        );
    }
}
