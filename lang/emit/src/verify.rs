//! Finished resources are looked at by the rules of `forge_kube`, in the same turns that write them.
//!
//! Nothing but paths and copies of a few texts leaves a turn. Places in the texts are looked up at the end, by the evaluator of
//! the first thread, and only for what was found.

use forge_base::{Code, Diag, Span};
use forge_check::ModuleId;
use forge_eval::{Bump, Eval, Evaluator, Value};
use forge_kube::Version;
use forge_kube::resource::{Data, Path, Resource};
use forge_kube::validate::{self, Facts, Finding, Rules, Spot};

use crate::build::{Root, Target, trails};
use crate::rules::{self, Walk};
use crate::{locate, tree};

/// What the rules found, with all places where it can be waived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The message.
    pub diag: Diag,
    /// Places in the items that made the resource: an `@allow` around one of them is about this message.
    pub around: Vec<Span>,
}

/// Which resource of a build.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Origin {
    /// The place of the root.
    root: usize,
    /// The place among the resources of the root.
    item: usize,
}

/// What one thread judges resources with.
pub(crate) struct Judge {
    target: Option<Version>,
    has_rules: bool,
    rules: Rules,
    /// Where the tree of one resource is, as long as it is looked at.
    arena: Bump,
}

impl Judge {
    pub(crate) fn new(target: Target<'_>) -> Judge {
        let has_rules = target.rules.is_some() && rules::has_any(target.program);
        Judge { target: target.rules, has_rules, rules: Rules::default(), arena: Bump::new() }
    }
}

/// What a turn saw.
#[derive(Default)]
pub(crate) struct Seen {
    found: Vec<(Origin, Finding<Path>)>,
    facts: Vec<(Origin, Facts)>,
}

impl Seen {
    /// Looks at what a root holds.
    pub(crate) fn look<'a>(&mut self, eval: &Evaluator<'a>, judge: &mut Judge, at: usize, root: Root<'a>) -> Eval<()> {
        let Some(target) = judge.target else { return Ok(()) };
        let (values, file) = match root {
            Root::Resource(value) => (vec![value], None),
            Root::File(path, Value::List(items), tree) => (items.to_vec(), Some((tree, path))),
            Root::File(path, value, tree) => (vec![value], Some((tree, path))),
        };
        for (item, value) in values.into_iter().enumerate() {
            judge.arena.reset();
            let data = tree::tree(eval, &judge.arena, value)?;
            let Some(resource) = Resource::new(data) else { continue };
            let origin = Origin { root: at, item };
            let mut findings = validate::resource(&resource, target);
            if judge.has_rules {
                let (rules, found) = (&mut judge.rules, &mut findings);
                Walk { eval, resource: &resource, rules, found }.value(value, data)?;
            }
            for finding in findings {
                let finding = finding.map(|part| resource.path_of(part).unwrap_or_default());
                self.found.push((origin, finding));
            }
            self.facts.extend(Facts::new(&resource, file).map(|facts| (origin, facts)));
        }
        Ok(())
    }
}

/// All that is to be said about what the turns saw, which are in the order of the module: about single resources first, then about what is
/// between them.
pub(crate) fn report<'a>(eval: &Evaluator<'a>, module: ModuleId, roots: &[Root<'a>], seen: Vec<Seen>) -> Vec<Found> {
    let (origins, facts): (Vec<Origin>, Vec<&Facts>) =
        seen.iter().flat_map(|seen| &seen.facts).map(|(origin, facts)| (*origin, facts)).unzip();
    let between = validate::all(&facts);
    if seen.iter().all(|seen| seen.found.is_empty()) && between.is_empty() {
        return Vec::new();
    }
    let cx = Cx { eval, trails: trails(eval, module), roots };
    let single = seen.into_iter().flat_map(|seen| seen.found);
    let single = single.map(|(origin, finding)| cx.placed(finding.map(|path| (origin, path))));
    let between = between.into_iter().map(|finding| {
        cx.placed(finding.map(|spot| {
            let origin = origins[spot.object];
            (origin, cx.path(origin, spot).unwrap_or_default())
        }))
    });
    let mut all: Vec<Found> = Vec::new();
    // That a rule cannot be checked is said once, not for each resource.
    let is_known = |all: &[Found], found: &Found| match found.diag.code {
        Code::RULE_NOT_CHECKED => {
            all.iter().any(|other| other.diag.code == found.diag.code && other.diag.notes[..1] == found.diag.notes[..1])
        }
        _ => all.contains(found),
    };
    for found in single.chain(between) {
        if !is_known(&all, &found) {
            all.push(found);
        }
    }
    all
}

struct Cx<'c, 'a> {
    eval: &'c Evaluator<'a>,
    roots: &'c [Root<'a>],
    /// For each root the places of the items that lead to it.
    trails: Vec<Vec<Span>>,
}

impl<'a> Cx<'_, 'a> {
    /// A finding with the places in the texts that its paths lead to.
    fn placed(&self, finding: Finding<(Origin, Path)>) -> Found {
        let ((origin, path), label) = finding.at;
        let mut around = self.trails.get(origin.root).cloned().unwrap_or_default();
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
        let arena = Bump::new();
        let resource = Resource::new(tree::tree(self.eval, &arena, self.value(origin)?).ok()?)?;
        resource.path_of(spot.find(&resource))
    }

    /// `Deployment web`.
    fn title(&self, origin: Origin) -> Option<String> {
        let arena = Bump::new();
        let data = tree::tree(self.eval, &arena, self.value(origin)?).ok()?;
        let kind = data.text("kind")?;
        Some(match data.at(&["metadata", "name"]).and_then(Data::as_str) {
            Some(name) => format!("{kind} {name}"),
            None => kind.to_owned(),
        })
    }
}
