//! Namespaces that are used are defined.

use std::collections::HashSet;

use forge_base::{Code, suggest};

use super::{Across, Cx, Part, Spot};
use crate::validate::{Finding, syntax};

/// What every cluster has, and what the installers of Flux and Argo CD make; the default namespace has an empty name here.
const EVERYWHERE: [&str; 6] = ["", "kube-system", "kube-public", "kube-node-lease", "flux-system", "argocd"];

/// Says which namespaces are used and not defined, once each, if the program defines any.
pub(super) fn check(cx: &Cx<'_>, found: &mut Vec<Across>) {
    if cx.namespaces.is_empty() || cx.is_open {
        return;
    }
    let mut said = HashSet::new();
    for (object, facts) in cx.objects.iter().enumerate() {
        let namespace = &*facts.namespace;
        if EVERYWHERE.contains(&namespace)
            || cx.namespaces.contains(namespace)
            || syntax::is_placeholder(namespace)
            || !said.insert(namespace)
        {
            continue;
        }
        let headline = format!("{} is in namespace `{namespace}`, which is not defined", facts.title());
        let spot = Spot { object, part: Part::Namespace };
        found.push(
            Finding::warning(Code::UNKNOWN_NAMESPACE, headline, spot, "this program defines others, but not this one")
                .did_you_mean(suggest::nearest(namespace, cx.namespaces.iter().copied())),
        );
    }
}
