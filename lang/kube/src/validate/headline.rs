//! How objects are named in headlines.

use crate::resource::Resource;

/// Names a resource in a headline: ``Deployment `web` ``.
pub(super) fn title(resource: &Resource<'_>) -> String {
    match resource.name() {
        "" => format!("this `{}`", resource.kind),
        name => format!("{} `{}`", resource.kind, shorten(name)),
    }
}

/// Shortens a string so that it fits into a headline.
pub(super) fn shorten(text: &str) -> String {
    const MAX: usize = 40;
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
