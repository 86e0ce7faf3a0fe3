//! The source and the syntax tree of every module.

use forge_base::FileId;
use forge_kube::{Rendered, Selection, Version, modules, render};

fn whole(path: &str, version: Version) -> Rendered {
    render(path, version, FileId(7), Selection::Whole).expect("a listed module")
}

/// Asserts that the rendered tree is the one that the parser builds from the source.
fn assert_reads_back(path: &str, rendered: &Rendered) {
    let parsed = forge_syntax::parse(FileId(7), &rendered.source);
    let shown: Vec<String> = parsed.diags.iter().map(|diag| format!("{diag:?}")).collect();
    assert!(shown.is_empty(), "{path}: {shown:#?}");
    for (built, read) in rendered.ast.items.iter().zip(&parsed.module.items) {
        assert_eq!(built, read, "{path}: {}", &rendered.source[read.span.range()]);
    }
    assert_eq!(rendered.ast, parsed.module, "{path}");
}

#[test]
fn the_tree_of_a_whole_module_is_that_of_its_text() {
    for path in modules() {
        for version in Version::all() {
            assert_reads_back(path, &whole(path, version));
        }
    }
}

#[test]
fn the_tree_of_a_pruned_module_is_that_of_its_text() {
    for path in modules() {
        for version in [Version::OLDEST, Version::DEFAULT, Version::NEWEST] {
            for letter in ["a", "e", "o"] {
                let wanted = Selection::Pruned {
                    declaration: &|name| name.contains(letter),
                    field: &|name| name.len() % 3 == 0,
                };
                let rendered = render(path, version, FileId(7), wanted).expect("a listed module");
                assert_reads_back(path, &rendered);
            }
        }
    }
}

#[test]
fn the_text_of_a_module_is_formatted() {
    for path in modules() {
        let rendered = whole(path, Version::DEFAULT);
        let formatted = forge_syntax::format(FileId(7), &rendered.source).expect("no errors");
        for (index, (ours, theirs)) in rendered.source.lines().zip(formatted.lines()).enumerate() {
            assert_eq!(ours, theirs, "{path}:{}", index + 1);
        }
        assert_eq!(rendered.source, formatted, "{path}");
    }
}
