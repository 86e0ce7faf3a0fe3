//! What API servers say themselves, which overrules the published schemas.

const RULES: &str = include_str!("../../overlay/api-rules.txt");

/// Whether there is a rule for a field, given as `k8s.core.v1.Container.image` or `v1/Container.image`.
pub(crate) fn has(rule: &str, path: &str) -> bool {
    let (group, field) = match path.rsplit_once('/') {
        Some((version, field)) => (version.split_once('/').map_or("core", |(group, _)| first_label(group)), field),
        None => {
            let mut parts = path.splitn(4, '.').skip(1);
            (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default())
        }
    };
    let mut is_meant = false;
    RULES.lines().any(|line| match line.strip_prefix("  ") {
        Some(row) => {
            is_meant && row.split_once(": ").is_some_and(|(of, fields)| of == group && has_field(fields, field))
        }
        None => {
            is_meant = line.starts_with(rule);
            false
        }
    })
}

fn has_field(fields: &str, field: &str) -> bool {
    fields.split(", ").any(|known| known == field)
}

/// `rbac` for `rbac.authorization.k8s.io`.
fn first_label(group: &str) -> &str {
    group.split('.').next().unwrap_or_default()
}
