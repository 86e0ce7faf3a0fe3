//! Finished resources are looked at by the rules of `forge_kube`, in the same turns that write them.
//!
//! Nothing but paths and copies of a few texts leaves a turn. Places in the texts are looked up at the end, by the evaluator of
//! the first thread, and only for what was found.

use forge_base::{Diag, Span};
use forge_check::ModuleId;
use forge_eval::{Eval, Evaluator, Value};
use forge_kube::Version;
use forge_kube::resource::{Data, Path, Resource};
use forge_kube::validate::{self, Finding};

use crate::build::{Root, trail};
use crate::locate;
use crate::tree;

/// What the rules found, with all places where it can be waived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The message.
    pub diag: Diag,
    /// Places in the items that made the resource: an `@allow` around one of them is about this message.
    pub around: Vec<Span>,
}

/// Which resource of a build.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Origin {
    /// The place of the root.
    root: usize,
    /// The place among the resources of the root.
    item: usize,
}

/// What a turn saw.
#[derive(Default)]
pub(crate) struct Seen {
    found: Vec<(Origin, Finding<Path>)>,
}

impl Seen {
    /// Looks at what a root holds.
    pub(crate) fn look<'a>(
        &mut self,
        eval: &Evaluator<'a>,
        root: usize,
        value: Value<'a>,
        target: Version,
    ) -> Eval<()> {
        for (item, data) in tree::resources(eval, value)?.iter().enumerate() {
            let Some(resource) = Resource::new(eval.arena.alloc(*data)) else { continue };
            let origin = Origin { root, item };
            for finding in validate::resource(&resource, target) {
                let finding = finding.map(|part| resource.path_of(part).unwrap_or_default());
                self.found.push((origin, finding));
            }
        }
        Ok(())
    }

    /// Adds what another turn saw.
    pub(crate) fn extend(&mut self, other: Seen) {
        self.found.extend(other.found);
    }
}

/// All that is to be said about what was seen.
pub(crate) fn report<'a>(eval: &Evaluator<'a>, module: ModuleId, roots: &[Root<'a>], mut seen: Seen) -> Vec<Found> {
    seen.found.sort_by_key(|(origin, _)| *origin);
    let mut all = Vec::new();
    for (origin, finding) in seen.found {
        let found = placed(eval, module, roots, origin, finding);
        if !all.contains(&found) {
            all.push(found);
        }
    }
    all
}

/// A finding with the places that its paths lead to.
fn placed<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    roots: &[Root<'a>],
    origin: Origin,
    finding: Finding<Path>,
) -> Found {
    let around = trail(eval, module, origin.root);
    let (path, label) = finding.at;
    let value = root_value(roots, origin);
    let mut diag = finding.diag;
    let span = value.and_then(|value| locate::setter(eval, value, &path)).or(around.first().copied());
    if let Some(span) = span {
        diag = diag.at(span, label);
    }
    for (path, label) in finding.also {
        if let Some(span) = value.and_then(|value| locate::setter(eval, value, &path)) {
            diag = diag.label(span, label);
        }
    }
    if let Some(title) = value.and_then(|value| title(eval, value)) {
        diag = diag.note(if path.0.is_empty() { format!("in {title}") } else { format!("in {title}, at {path}") });
    }
    let around = around.into_iter().chain(span).chain(value.and_then(|value| eval.origin(value))).collect();
    Found { diag, around }
}

fn root_value<'a>(roots: &[Root<'a>], origin: Origin) -> Option<Value<'a>> {
    match roots.get(origin.root)? {
        Root::File(_, Value::List(items)) => items.get(origin.item).copied(),
        Root::Resource(value) | Root::File(_, value) => Some(*value),
    }
}

/// `Deployment web`.
fn title<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> Option<String> {
    let data = tree::tree(eval, value).ok()?;
    let text = |data: &Data<'a>, path: &[&str]| data.at(path).and_then(Data::as_str);
    let kind = text(&data, &["kind"])?;
    Some(match text(&data, &["metadata", "name"]) {
        Some(name) => format!("{kind} {name}"),
        None => kind.to_owned(),
    })
}
