//! The texts that the binary carries: the standard library and the pages of the error codes.

include!(concat!(env!("OUT_DIR"), "/stdlib.rs"));
include!(concat!(env!("OUT_DIR"), "/pages.rs"));
include!(concat!(env!("OUT_DIR"), "/prelude.rs"));

fn find(table: &'static [(&'static str, &'static str)], name: &str) -> Option<(&'static str, &'static str)> {
    table.binary_search_by_key(&name, |(name, _)| name).ok().map(|at| table[at])
}

/// The shown path and text of a file of the standard library, such as `std/prelude/list.forge`.
pub fn std_file(path: &str) -> Option<(&'static str, &'static str)> {
    find(STDLIB, path)
}

/// The shown paths of all files of the standard library, sorted.
pub fn std_files() -> impl Iterator<Item = &'static str> {
    STDLIB.iter().map(|(path, _)| *path)
}

/// The modules of the prelude: their place in the package `std`, and each declaration with its name.
pub(crate) fn prelude() -> impl Iterator<Item = (&'static str, &'static [(&'static str, &'static str)])> {
    PRELUDE.iter().copied()
}

/// The page of an error code, in Markdown.
pub fn page(code: forge_base::Code) -> Option<&'static str> {
    find(PAGES, &format!("{code}.md")).map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_so_that_searching_finds_each() {
        assert!(std_files().all(|path| std_file(path).is_some()));
        assert!(STDLIB.is_sorted() && PAGES.is_sorted());
    }

    #[test]
    fn each_code_has_a_page_under_its_title() {
        for (code, title) in forge_base::Code::ALL {
            let first = page(*code).and_then(|page| page.lines().next());
            assert_eq!(first, Some(format!("# {code}: {title}").as_str()), "docs/errors/{code}.md");
        }
    }
}
