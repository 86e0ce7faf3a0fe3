//! Validates finished resources with the rules of `forge_kube`, right after they are written.
//!
//! Only paths and copies of a few strings survive a chunk. The source spans of violations are looked up at the end, by the evaluator
//! of the first thread.

use forge_base::{Code, Diag, Span};
use forge_check::ModuleId;
use forge_check::hir::Program;
use forge_eval::{Bump, Eval, Evaluator, Value};
use forge_kube::Version;
use forge_kube::resource::{Data, Path, Resource};
use forge_kube::validate::{self, CelRules, ObjectRef, ObjectSummary, Violation};

use crate::content::{FileContent, file_content};
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
pub(crate) struct ResourceIndex {
    /// The index of the output unit.
    pub(crate) unit: usize,
    /// The index of the file, if the unit is a tree.
    pub(crate) file: usize,
    /// The index among the documents of the file.
    pub(crate) item: usize,
}

impl ResourceIndex {
    /// The resource that is a unit of its own.
    pub(crate) fn of_unit(unit: usize) -> ResourceIndex {
        ResourceIndex { unit, file: 0, item: 0 }
    }
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
    /// Violations of rules between the resources of a tree.
    between: Vec<Violation<(ResourceIndex, ObjectRef)>>,
    summaries: Vec<(ResourceIndex, ObjectSummary)>,
    resources: usize,
}

impl Collected {
    /// The number of resources that were validated.
    pub(crate) fn resources(&self) -> usize {
        self.resources
    }

    /// Validates a document, if it is a resource. `path` is that of its file in a tree.
    pub(crate) fn validate<'a>(
        &mut self,
        eval: &Evaluator<'a>,
        validator: &mut Validator,
        index: ResourceIndex,
        path: Option<&str>,
        value: Value<'a>,
    ) -> Eval<()> {
        let Some(version) = validator.version else { return Ok(()) };
        validator.arena.reset();
        let data = data::of_value(eval, &validator.arena, value)?;
        let Some(resource) = Resource::new(data) else { return Ok(()) };
        self.resources += 1;
        let mut violations = validate::check_resource(&resource, version);
        if validator.has_rules {
            let rules = &mut validator.rules;
            RuleWalker { eval, resource: &resource, rules, violations: &mut violations }.value(value, data)?;
        }
        for violation in violations {
            let violation = violation.map(|part| resource.path_of(part).unwrap_or_default());
            self.violations.push((index, violation));
        }
        let file = path.map(|path| (index.unit as u32, path));
        self.summaries.extend(ObjectSummary::new(&resource, file).map(|summary| (index, summary)));
        Ok(())
    }

    /// Checks the resources of a tree against each other: it holds the resources of one cluster. The chunk must be the tree.
    pub(crate) fn finish_tree(&mut self) {
        let summaries = std::mem::take(&mut self.summaries);
        self.between = between_resources(summaries.iter());
    }
}

/// The violations of the rules between the resources of one cluster.
fn between_resources<'s>(
    objects: impl Iterator<Item = &'s (ResourceIndex, ObjectSummary)>,
) -> Vec<Violation<(ResourceIndex, ObjectRef)>> {
    let (indices, summaries): (Vec<ResourceIndex>, Vec<&ObjectSummary>) =
        objects.map(|(index, summary)| (*index, summary)).unzip();
    let found = validate::check_cluster(&summaries);
    found.into_iter().map(|violation| violation.map(|object| (indices[object.object], object))).collect()
}

/// All violations of a build: those of single resources in the order of the module, then those between resources. The rules between
/// resources apply to each tree by itself, and to the resources of the stream.
pub(crate) fn violations<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    units: &[OutputUnit<'a>],
    chunks: Vec<Collected>,
) -> Vec<LocatedViolation> {
    let mut between = between_resources(chunks.iter().flat_map(|chunk| &chunk.summaries));
    let mut chunks = chunks;
    between.extend(chunks.iter_mut().flat_map(|chunk| std::mem::take(&mut chunk.between)));
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
        let span = self.setter(index, &path).or_else(|| self.file_span(index)).or(around.first().copied());
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
        around.extend(self.file_span(index));
        around.extend(self.value(index).and_then(|value| self.eval.origin(value)));
        LocatedViolation { diag, around }
    }

    fn value(&self, index: ResourceIndex) -> Option<Value<'a>> {
        match self.units.get(index.unit)? {
            OutputUnit::Resource(value) => Some(*value),
            OutputUnit::Tree(tree) => {
                let files = self.eval.tree_files(tree).ok()??;
                let content = self.eval.entry(files, index.file).ok()?;
                match file_content(self.eval, "", content).ok()? {
                    FileContent::Documents { values, .. } => values.get(index.item).copied(),
                    FileContent::Nothing | FileContent::Text { .. } => None,
                }
            }
        }
    }

    /// The span of the entry of a tree that is the file of a resource.
    fn file_span(&self, index: ResourceIndex) -> Option<Span> {
        let Some(OutputUnit::Tree(tree)) = self.units.get(index.unit) else { return None };
        let files = self.eval.tree_files(tree).ok()??;
        self.eval.entry_setter(files, index.file)
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
