//! Validates finished resources with the rules of `forge_kube`, right after they are written.
//!
//! Only paths and copies of a few strings survive a chunk. The source spans of violations are looked up at the end, by the evaluator
//! of the first thread.

use std::collections::BTreeMap;

use forge_base::{Code, Diag, Span};
use forge_check::ModuleId;
use forge_check::hir::Program;
use forge_eval::{Bump, Eval, Evaluator, Value};
use forge_kube::Version;
use forge_kube::resource::{Data, Path, Resource};
use forge_kube::validate::{self, CelRules, ObjectRef, ObjectSummary, Violation};

use crate::rules::{self, RuleWalker};
use crate::unit::{OutputUnit, unit_spans};
use crate::{data, locate};

/// A violation of a rule, with its source spans.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocatedViolation {
    /// The message.
    pub diag: Diag,
    /// Spans in the items that made the resource: an `@allow` on one of these items waives the violation.
    pub around: Vec<Span>,
}

/// A resource of a build.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct ResourceIndex {
    /// The index of the output unit.
    unit: usize,
    /// The index among the resources of the unit.
    item: usize,
}

/// The rules by which one thread validates resources.
pub(crate) struct Validator {
    version: Option<Version>,
    has_rules: bool,
    rules: CelRules,
    /// Holds the data of one resource while it is validated.
    arena: Bump,
}

impl Validator {
    /// A validator for a version of Kubernetes; without one it accepts everything.
    pub(crate) fn new(program: &Program, version: Option<Version>) -> Validator {
        let has_rules = version.is_some() && rules::has_any(program);
        Validator { version, has_rules, rules: CelRules::default(), arena: Bump::new() }
    }
}

/// What the validation of one chunk collected: violations, and the summaries for the rules between resources.
#[derive(Default)]
pub(crate) struct Collected {
    violations: Vec<(ResourceIndex, Violation<Path>)>,
    summaries: Vec<(ResourceIndex, ObjectSummary)>,
    resources: usize,
}

impl Collected {
    /// The number of resources that were validated.
    pub(crate) fn resources(&self) -> usize {
        self.resources
    }

    /// Validates the resources of an output unit.
    pub(crate) fn validate<'a>(
        &mut self,
        eval: &Evaluator<'a>,
        validator: &mut Validator,
        unit_index: usize,
        unit: OutputUnit<'a>,
    ) -> Eval<()> {
        let Some(version) = validator.version else { return Ok(()) };
        let (values, file) = match unit {
            OutputUnit::Resource(value) => (vec![value], None),
            OutputUnit::File { path, content: Value::List(items), tree } => (items.to_vec(), Some((tree, path))),
            OutputUnit::File { path, content, tree } => (vec![content], Some((tree, path))),
        };
        for (item, value) in values.into_iter().enumerate() {
            validator.arena.reset();
            let data = data::of_value(eval, &validator.arena, value)?;
            let Some(resource) = Resource::new(data) else { continue };
            self.resources += 1;
            let index = ResourceIndex { unit: unit_index, item };
            let mut violations = validate::check_resource(&resource, version);
            if validator.has_rules {
                let rules = &mut validator.rules;
                RuleWalker { eval, resource: &resource, rules, violations: &mut violations }.value(value, data)?;
            }
            for violation in violations {
                let violation = violation.map(|part| resource.path_of(part).unwrap_or_default());
                self.violations.push((index, violation));
            }
            self.summaries.extend(ObjectSummary::new(&resource, file).map(|summary| (index, summary)));
        }
        Ok(())
    }
}

/// All violations of a build: those of single resources in the order of the module, then those between resources.
pub(crate) fn violations<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    units: &[OutputUnit<'a>],
    chunks: Vec<Collected>,
) -> Vec<LocatedViolation> {
    let between = between_resources(units, &chunks);
    if chunks.iter().all(|chunk| chunk.violations.is_empty()) && between.is_empty() {
        return Vec::new();
    }
    let locator = Locator { eval, units, unit_spans: unit_spans(eval, module) };
    let single = chunks.into_iter().flat_map(|chunk| chunk.violations);
    let single = single.map(|(index, violation)| locator.locate(violation.map(|path| (index, path))));
    let between = between.into_iter().map(|violation| {
        locator.locate(violation.map(|(index, object)| (index, locator.path(index, object).unwrap_or_default())))
    });
    let mut all: Vec<LocatedViolation> = Vec::new();
    for violation in single.chain(between) {
        if !is_reported(&all, &violation) {
            all.push(violation);
        }
    }
    all
}

/// The violations of the rules between resources. A tree holds the resources of one cluster, and so does the stream, so the rules
/// apply to each of them separately.
fn between_resources(units: &[OutputUnit<'_>], chunks: &[Collected]) -> Vec<Violation<(ResourceIndex, ObjectRef)>> {
    let mut clusters: BTreeMap<u32, (Vec<ResourceIndex>, Vec<&ObjectSummary>)> = BTreeMap::new();
    for (index, summary) in chunks.iter().flat_map(|chunk| &chunk.summaries) {
        let tree = match units.get(index.unit) {
            Some(OutputUnit::File { tree, .. }) => *tree,
            _ => STREAM,
        };
        let (indices, summaries) = clusters.entry(tree).or_default();
        indices.push(*index);
        summaries.push(summary);
    }
    let check = |(indices, summaries): &(Vec<ResourceIndex>, Vec<&ObjectSummary>)| {
        let found = validate::check_cluster(summaries);
        let locate = |violation: Violation<ObjectRef>| violation.map(|object| (indices[object.object], object));
        found.into_iter().map(locate).collect::<Vec<_>>()
    };
    clusters.values().flat_map(check).collect()
}

/// The number of the cluster of the stream; trees count from 1.
const STREAM: u32 = 0;

/// Whether an equal violation is in the list. A rule that cannot be checked is reported once, not once per resource.
fn is_reported(all: &[LocatedViolation], violation: &LocatedViolation) -> bool {
    let diag = &violation.diag;
    match diag.code {
        Code::RULE_NOT_CHECKED => {
            all.iter().any(|other| other.diag.code == diag.code && other.diag.notes[..1] == diag.notes[..1])
        }
        _ => all.contains(violation),
    }
}

/// Finds the source spans of violations.
struct Locator<'c, 'a> {
    eval: &'c Evaluator<'a>,
    units: &'c [OutputUnit<'a>],
    /// For each unit the spans of the items that lead to it.
    unit_spans: Vec<Vec<Span>>,
}

impl<'a> Locator<'_, 'a> {
    fn locate(&self, violation: Violation<(ResourceIndex, Path)>) -> LocatedViolation {
        let ((index, path), label) = violation.at;
        let mut around = self.unit_spans.get(index.unit).cloned().unwrap_or_default();
        let span = self.setter(index, &path).or(around.first().copied());
        let mut diag = violation.diag.at_opt(span, label);
        for ((index, path), label) in violation.also {
            if let Some(span) = self.setter(index, &path) {
                diag = diag.label(span, label);
            }
        }
        if let Some(title) = self.title(index) {
            diag = diag.note(if path.0.is_empty() { format!("in {title}") } else { format!("in {title}, at {path}") });
            diag.instances = vec![title];
        }
        around.extend(span);
        around.extend(self.value(index).and_then(|value| self.eval.origin(value)));
        LocatedViolation { diag, around }
    }

    fn value(&self, index: ResourceIndex) -> Option<Value<'a>> {
        match self.units.get(index.unit)? {
            OutputUnit::File { content: Value::List(items), .. } => items.get(index.item).copied(),
            OutputUnit::Resource(value) | OutputUnit::File { content: value, .. } => Some(*value),
        }
    }

    fn setter(&self, index: ResourceIndex, path: &Path) -> Option<Span> {
        locate::setter(self.eval, self.value(index)?, path)
    }

    /// The path of a part of a resource that a rule between resources refers to.
    fn path(&self, index: ResourceIndex, object: ObjectRef) -> Option<Path> {
        let arena = Bump::new();
        let resource = Resource::new(data::of_value(self.eval, &arena, self.value(index)?).ok()?)?;
        resource.path_of(object.find(&resource))
    }

    /// `Deployment web`.
    fn title(&self, index: ResourceIndex) -> Option<String> {
        let arena = Bump::new();
        let data = data::of_value(self.eval, &arena, self.value(index)?).ok()?;
        let kind = data.get_str("kind")?;
        Some(match data.at(&["metadata", "name"]).and_then(Data::as_str) {
            Some(name) => format!("{kind} {name}"),
            None => kind.to_owned(),
        })
    }
}
