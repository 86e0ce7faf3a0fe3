//! Resources by their kind, namespace and name, as `kubectl` writes them: `Deployment/shop`, `Deployment/web/shop`.

use forge_base::{Code, Diag, Name, suggest};
use forge_check::ModuleId;
use forge_check::hir::SchemaRole;
use forge_eval::{Evaluator, Key, Object, Value};

use super::path::{Route, each_resource, show};

/// What a resource is called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ResourceName {
    kind: String,
    namespace: Option<String>,
    name: Option<String>,
}

/// A resource that candidates what was asked for, and what was said behind its name.
struct Candidate<'a> {
    title: ResourceName,
    route: Route<'a>,
    object: &'a Object<'a>,
    after: String,
}

impl ResourceName {
    /// The title of a value that is a resource.
    pub(super) fn of<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> Option<ResourceName> {
        let Value::Object(object) = value else { return None };
        if object.schema.schema.role != SchemaRole::Resource {
            return None;
        }
        let kind = text(eval, value, "kind")?;
        let metadata = part(eval, value, "metadata").unwrap_or(value);
        Some(ResourceName { kind, namespace: text(eval, metadata, "namespace"), name: text(eval, metadata, "name") })
    }

    /// `Deployment shop`, as a sentence names it.
    pub(super) fn words(&self) -> String {
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

    /// What stands behind the name in `rest`, if `rest` begins with this name, perhaps with the namespace before it.
    fn rest_behind<'t>(&self, rest: &'t str) -> Option<&'t str> {
        let name = self.name.as_deref()?;
        let inside = self.namespace.as_deref().and_then(|namespace| rest.strip_prefix(namespace)?.strip_prefix('/'));
        let behind = |rest: &'t str| rest.strip_prefix(name).filter(|after| ends_a_name(after));
        inside.and_then(behind).or_else(|| behind(rest))
    }
}

fn ends_a_name(after: &str) -> bool {
    after.is_empty() || after.starts_with(['.', '['])
}

fn part<'a>(eval: &Evaluator<'a>, value: Value<'a>, name: &str) -> Option<Value<'a>> {
    match value {
        Value::Object(object) => eval.field(object, object.schema.field_index(Name::new(name))?).ok(),
        Value::Map(map) => {
            let place = eval.find_entry(map, Key::Str(eval.arena.alloc_str(name))).ok()??;
            eval.entry(map, place).ok()
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

/// The resource that `kind/rest` names, and what `rest` says behind its name.
pub(super) fn find<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    kind: &str,
    rest: &str,
) -> Result<(Route<'a>, Value<'a>, String), Vec<Diag>> {
    let mut titles = Vec::new();
    let mut candidates: Vec<Candidate<'a>> = Vec::new();
    each_resource(eval, module, &mut |route, object| {
        let Some(title) = ResourceName::of(eval, Value::Object(object)) else { return false };
        if title.kind == kind
            && let Some(after) = title.rest_behind(rest)
        {
            candidates.push(Candidate { title: title.clone(), route, object, after: after.to_owned() });
        }
        titles.push(title);
        false
    });
    // Names may have dots in them, so the longest name is the one that was meant.
    let shortest = candidates.iter().map(|candidate| candidate.after.len()).min().unwrap_or(0);
    candidates.retain(|candidate| candidate.after.len() == shortest);
    if candidates.len() > 1 {
        return Err(vec![ambiguous(eval, kind, rest, &candidates)]);
    }
    match candidates.pop() {
        Some(candidate) => Ok((candidate.route, Value::Object(candidate.object), candidate.after)),
        None => Err(vec![unknown(kind, rest, &titles)]),
    }
}

fn ambiguous<'a>(eval: &Evaluator<'a>, kind: &str, rest: &str, candidates: &[Candidate<'a>]) -> Diag {
    let after = candidates.first().map_or("", |candidate| &candidate.after);
    let short = rest.strip_suffix(after).unwrap_or(rest);
    let titles: Vec<String> = candidates.iter().map(|candidate| candidate.title.full()).collect();
    let are_different = (1..titles.len()).all(|at| !titles[..at].contains(&titles[at]));
    let names: Vec<String> = candidates
        .iter()
        .zip(titles)
        .map(|(candidate, title)| if are_different { title } else { show(eval, &candidate.route) })
        .map(|name| format!("`{name}{after}`"))
        .collect();
    Diag::error(Code::NO_TARGET, format!("`{kind}/{short}` names {} resources", candidates.len()))
        .note(format!("they are {}", names.join(", ")))
        .help("name one of them whole")
}

fn unknown(kind: &str, rest: &str, titles: &[ResourceName]) -> Diag {
    let diag = Diag::error(Code::NO_TARGET, format!("there is no value `{kind}/{rest}`"));
    let bare = rest.split(['.', '[']).next().unwrap_or(rest);
    let known: Vec<String> =
        titles.iter().flat_map(|title| [title.words().replacen(' ', "/", 1), title.full()]).collect();
    let near = |wanted: &str| suggest::nearest(wanted, known.iter().map(String::as_str));
    match near(&format!("{kind}/{bare}")).or_else(|| near(&format!("{kind}/{rest}"))) {
        Some(near) => diag.help(format!("did you mean `{near}`?")),
        None if titles.is_empty() => diag.note("no resource is built by this module"),
        None => diag.help("a resource is named `Kind/name` or `Kind/namespace/name`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_have_its_namespace_before_it() {
        let title = ResourceName { kind: "Pod".into(), namespace: Some("web".into()), name: Some("a.b".into()) };
        assert_eq!(title.rest_behind("a.b"), Some(""));
        assert_eq!(title.rest_behind("web/a.b.spec"), Some(".spec"));
        for other in ["a", "a.bc", "shop/a.b", "web/a"] {
            assert_eq!(title.rest_behind(other), None, "{other}");
        }
    }
}
