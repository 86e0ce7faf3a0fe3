//! Resources by kind, namespace and name, in the notation of `kubectl`: `Deployment/shop`, `Deployment/web/shop`.

use forge_base::{Code, Diag, Name, suggest};
use forge_check::ModuleId;
use forge_check::hir::SchemaRole;
use forge_eval::{Evaluator, Key, Object, Value};

use super::path::{Route, each_resource, show};

/// The kind, namespace and name of a resource.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ResourceName {
    kind: String,
    namespace: Option<String>,
    name: Option<String>,
}

/// A resource that matches the query, with the rest of the query after its name.
struct Candidate<'a> {
    resource: ResourceName,
    route: Route<'a>,
    object: &'a Object<'a>,
    after: String,
}

impl ResourceName {
    /// The name of a value, if it is a resource.
    pub(super) fn of<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> Option<ResourceName> {
        let Value::Object(object) = value else { return None };
        if object.schema.schema.role != SchemaRole::Resource {
            return None;
        }
        let kind = text(eval, value, "kind")?;
        let metadata = part(eval, value, "metadata").unwrap_or(value);
        Some(ResourceName { kind, namespace: text(eval, metadata, "namespace"), name: text(eval, metadata, "name") })
    }

    /// `Deployment shop`.
    pub(super) fn in_words(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {name}", self.kind),
            None => self.kind.clone(),
        }
    }

    /// `Deployment/web/shop`.
    fn full(&self) -> String {
        let parts = [Some(&self.kind), self.namespace.as_ref(), self.name.as_ref()];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("/")
    }

    /// What follows the name in `rest`, if `rest` starts with this name, optionally preceded by the namespace.
    fn rest_after<'t>(&self, rest: &'t str) -> Option<&'t str> {
        let name = self.name.as_deref()?;
        let inside = self.namespace.as_deref().and_then(|namespace| rest.strip_prefix(namespace)?.strip_prefix('/'));
        let after_name = |rest: &'t str| rest.strip_prefix(name).filter(|after| ends_a_name(after));
        inside.and_then(after_name).or_else(|| after_name(rest))
    }
}

fn ends_a_name(after: &str) -> bool {
    after.is_empty() || after.starts_with(['.', '['])
}

fn part<'a>(eval: &Evaluator<'a>, value: Value<'a>, name: &str) -> Option<Value<'a>> {
    match value {
        Value::Object(object) => eval.field(object, object.schema.field_index(Name::new(name))?).ok(),
        Value::Map(map) => {
            let index = eval.find_entry(map, Key::Str(eval.arena.alloc_str(name))).ok()??;
            eval.entry(map, index).ok()
        }
        _ => None,
    }
}

fn text<'a>(eval: &Evaluator<'a>, value: Value<'a>, name: &str) -> Option<String> {
    match part(eval, value, name)? {
        Value::Str(text) => Some(text.to_owned()),
        _ => None,
    }
}

/// The resource that `kind/rest` names, and the part of `rest` after its name.
pub(super) fn find<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    kind: &str,
    rest: &str,
) -> Result<(Route<'a>, Value<'a>, String), Vec<Diag>> {
    let mut resources = Vec::new();
    let mut candidates: Vec<Candidate<'a>> = Vec::new();
    each_resource(eval, module, &mut |route, object| {
        let Some(resource) = ResourceName::of(eval, Value::Object(object)) else { return false };
        if resource.kind == kind
            && let Some(after) = resource.rest_after(rest)
        {
            candidates.push(Candidate { resource: resource.clone(), route, object, after: after.to_owned() });
        }
        resources.push(resource);
        false
    });
    // Names may contain dots, so the longest matching name is taken.
    let shortest = candidates.iter().map(|candidate| candidate.after.len()).min().unwrap_or(0);
    candidates.retain(|candidate| candidate.after.len() == shortest);
    if candidates.len() > 1 {
        return Err(vec![ambiguous(eval, kind, rest, &candidates)]);
    }
    match candidates.pop() {
        Some(candidate) => Ok((candidate.route, Value::Object(candidate.object), candidate.after)),
        None => Err(vec![unknown(kind, rest, &resources)]),
    }
}

fn ambiguous<'a>(eval: &Evaluator<'a>, kind: &str, rest: &str, candidates: &[Candidate<'a>]) -> Diag {
    let after = candidates.first().map_or("", |candidate| &candidate.after);
    let short = rest.strip_suffix(after).unwrap_or(rest);
    let resources: Vec<String> = candidates.iter().map(|candidate| candidate.resource.full()).collect();
    let are_different = (1..resources.len()).all(|index| !resources[..index].contains(&resources[index]));
    let names: Vec<String> = candidates
        .iter()
        .zip(resources)
        .map(|(candidate, resource)| if are_different { resource } else { show(eval, &candidate.route) })
        .map(|name| format!("`{name}{after}`"))
        .collect();
    Diag::error(Code::NO_TARGET, format!("`{kind}/{short}` names {} resources", candidates.len()))
        .note(format!("they are {}", names.join(", ")))
        .help("write the full name of one of them")
}

fn unknown(kind: &str, rest: &str, resources: &[ResourceName]) -> Diag {
    let diag = Diag::error(Code::NO_TARGET, format!("there is no value `{kind}/{rest}`"));
    let bare = rest.split(['.', '[']).next().unwrap_or(rest);
    let known: Vec<String> =
        resources.iter().flat_map(|resource| [resource.in_words().replacen(' ', "/", 1), resource.full()]).collect();
    let similar = |wanted: &str| suggest::nearest(wanted, known.iter().map(String::as_str));
    match similar(&format!("{kind}/{bare}")).or_else(|| similar(&format!("{kind}/{rest}"))) {
        Some(near) => diag.help(format!("did you mean `{near}`?")),
        None if resources.is_empty() => diag.note("this module builds no resources"),
        None => diag.help("name a resource as `Kind/name` or `Kind/namespace/name`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_preceded_by_its_namespace() {
        let resource = ResourceName { kind: "Pod".into(), namespace: Some("web".into()), name: Some("a.b".into()) };
        assert_eq!(resource.rest_after("a.b"), Some(""));
        assert_eq!(resource.rest_after("web/a.b.spec"), Some(".spec"));
        for other in ["a", "a.bc", "shop/a.b", "web/a"] {
            assert_eq!(resource.rest_after(other), None, "{other}");
        }
    }
}
