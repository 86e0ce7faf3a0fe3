//! Finished resources are looked at by the rules of `forge_kube`, in the same turns that write them.
//!
//! Nothing but paths and copies of a few texts leaves a turn. Places in the texts are looked up at the end, by the evaluator of
//! the first thread, and only for what was found.

use forge_base::{Diag, Span};
use forge_check::ModuleId;
use forge_eval::{Eval, Evaluator, Value};
use forge_kube::Version;
use forge_kube::resource::{Data, Path, Resource};
use forge_kube::validate::{self, Facts, Finding, Spot};

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
    facts: Vec<(Origin, Facts)>,
}

impl Seen {
    /// Looks at what a root holds.
    pub(crate) fn look<'a>(&mut self, eval: &Evaluator<'a>, at: usize, root: Root<'a>, target: Version) -> Eval<()> {
        let (value, file) = match root {
            Root::Resource(value) => (value, None),
            Root::File(path, value, tree) => (value, Some((tree, path))),
        };
        for (item, data) in tree::resources(eval, value)?.iter().enumerate() {
            let Some(resource) = Resource::new(eval.arena.alloc(*data)) else { continue };
            let origin = Origin { root: at, item };
            for finding in validate::resource(&resource, target) {
                let finding = finding.map(|part| resource.path_of(part).unwrap_or_default());
                self.found.push((origin, finding));
            }
            self.facts.extend(Facts::new(&resource, file).map(|facts| (origin, facts)));
        }
        Ok(())
    }

    /// Adds what another turn saw.
    pub(crate) fn extend(&mut self, other: Seen) {
        self.found.extend(other.found);
        self.facts.extend(other.facts);
    }
}

/// All that is to be said about what was seen: about single resources first, then about what is between them.
pub(crate) fn report<'a>(eval: &Evaluator<'a>, module: ModuleId, roots: &[Root<'a>], mut seen: Seen) -> Vec<Found> {
    let cx = Cx { eval, module, roots };
    seen.found.sort_by_key(|(origin, _)| *origin);
    seen.facts.sort_by_key(|(origin, _)| *origin);
    let (origins, facts): (Vec<Origin>, Vec<Facts>) = seen.facts.into_iter().unzip();
    let single = seen.found.into_iter().map(|(origin, finding)| cx.placed(finding.map(|path| (origin, path))));
    let between = validate::all(&facts).into_iter().map(|finding| {
        cx.placed(finding.map(|spot| {
            let origin = origins[spot.object];
            (origin, cx.path(origin, spot).unwrap_or_default())
        }))
    });
    let mut all: Vec<Found> = Vec::new();
    for found in single.chain(between) {
        if !all.contains(&found) {
            all.push(found);
        }
    }
    all
}

struct Cx<'c, 'a> {
    eval: &'c Evaluator<'a>,
    module: ModuleId,
    roots: &'c [Root<'a>],
}

impl<'a> Cx<'_, 'a> {
    /// A finding with the places in the texts that its paths lead to.
    fn placed(&self, finding: Finding<(Origin, Path)>) -> Found {
        let ((origin, path), label) = finding.at;
        let mut around = trail(self.eval, self.module, origin.root);
        let span = self.setter(origin, &path).or(around.first().copied());
        let mut diag = finding.diag;
        if let Some(span) = span {
            diag = diag.at(span, label);
        }
        for ((origin, path), label) in finding.also {
            if let Some(span) = self.setter(origin, &path) {
                diag = diag.label(span, label);
            }
        }
        if let Some(title) = self.title(origin) {
            diag = diag.note(if path.0.is_empty() { format!("in {title}") } else { format!("in {title}, at {path}") });
        }
        around.extend(span);
        around.extend(self.value(origin).and_then(|value| self.eval.origin(value)));
        Found { diag, around }
    }

    fn value(&self, origin: Origin) -> Option<Value<'a>> {
        match self.roots.get(origin.root)? {
            Root::File(_, Value::List(items), _) => items.get(origin.item).copied(),
            Root::Resource(value) | Root::File(_, value, _) => Some(*value),
        }
    }

    fn setter(&self, origin: Origin, path: &Path) -> Option<Span> {
        locate::setter(self.eval, self.value(origin)?, path)
    }

    /// Where in its resource a spot is.
    fn path(&self, origin: Origin, spot: Spot) -> Option<Path> {
        let data = self.eval.arena.alloc(tree::tree(self.eval, self.value(origin)?).ok()?);
        let resource = Resource::new(data)?;
        resource.path_of(spot.find(&resource))
    }

    /// `Deployment web`.
    fn title(&self, origin: Origin) -> Option<String> {
        let data = tree::tree(self.eval, self.value(origin)?).ok()?;
        let kind = data.text("kind")?;
        Some(match data.at(&["metadata", "name"]).and_then(Data::as_str) {
            Some(name) => format!("{kind} {name}"),
            None => kind.to_owned(),
        })
    }
}
