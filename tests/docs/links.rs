//! Links between the pages of the repository.

use std::fs;

use forge_tests::{pages, root};

#[test]
fn links_between_pages_have_targets() {
    let mut dangling = Vec::new();
    let others = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "tests/spec/README.md", "tests/spec/INDEX.md"];
    for path in pages("docs").into_iter().chain(others.map(|name| root().join(name))) {
        let text = fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let is_local = !link.is_empty() && !link.contains("://") && !link.contains(char::is_whitespace);
            if is_local && !path.parent().unwrap().join(link).exists() {
                dangling.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(dangling.is_empty(), "links without a target:\n{}", dangling.join("\n"));
}
