//! The named parts of a pod.

use forge_base::Code;

use super::headline::{shorten, title};
use super::syntax;
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};

/// A kind of named part of a pod.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PartKind {
    Container,
    Volume,
}

/// Checks that the names of the parts of a pod are valid and unique.
pub(super) struct PartNames<'r, 'a> {
    resource: &'r Resource<'a>,
    part: PartKind,
    seen: Vec<(&'a str, &'a Data<'a>)>,
}

impl<'r, 'a> PartNames<'r, 'a> {
    pub(super) fn new(resource: &'r Resource<'a>, part: PartKind) -> PartNames<'r, 'a> {
        PartNames { resource, part, seen: Vec::new() }
    }

    /// Checks the name of the next part; reports a missing, invalid or duplicate name.
    pub(super) fn next(&mut self, holder: &'a Data<'a>, violations: &mut Violations<'a>) -> Option<&'a str> {
        let (one, several) = match self.part {
            PartKind::Container => ("container", "containers"),
            PartKind::Volume => ("volume", "volumes"),
        };
        let Some(at) = holder.get("name") else {
            let headline = format!("a {one} of {} has no name", title(self.resource));
            violations.push(Violation::error(Code::BAD_PART_NAME, headline, holder, "`name` is not set"));
            return None;
        };
        let name = at.as_str()?;
        if let Some(problem) = syntax::dns_label(name) {
            let headline = format!("`{}` is not a valid {one} name", shorten(name));
            violations.push(Violation::error(Code::BAD_PART_NAME, headline, at, format!("the name {problem}")));
        }
        match self.seen.iter().find(|(other, _)| *other == name) {
            Some((_, first)) => {
                let headline = format!("{} has two {several} named `{name}`", title(self.resource));
                let violation =
                    Violation::error(Code::DUPLICATE_PART, headline, at, "the second").also(first, "the first");
                violations.push(match self.part {
                    PartKind::Container => violation.note("names must be unique across containers and init containers"),
                    PartKind::Volume => violation,
                });
            }
            None => self.seen.push((name, at)),
        }
        Some(name)
    }
}
