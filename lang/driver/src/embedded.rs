//! Files that are embedded in the binary: the standard library and the pages of the error codes.

include!(concat!(env!("OUT_DIR"), "/stdlib.rs"));
include!(concat!(env!("OUT_DIR"), "/pages.rs"));
include!(concat!(env!("OUT_DIR"), "/prelude.rs"));

fn find(table: &'static [(&'static str, &'static str)], name: &str) -> Option<(&'static str, &'static str)> {
    table.binary_search_by_key(&name, |(name, _)| name).ok().map(|index| table[index])
}

/// The displayed path and the source of a file of the standard library, such as `std/prelude/list.forge`.
pub fn std_file(path: &str) -> Option<(&'static str, &'static str)> {
    find(STDLIB, path)
}

/// The displayed paths of all files of the standard library, sorted.
pub fn std_files() -> impl Iterator<Item = &'static str> {
    STDLIB.iter().map(|(path, _)| *path)
}

/// The modules of the prelude: their path in the package `std`, and each declaration's name and source.
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
    fn tables_are_sorted_so_that_a_binary_search_finds_every_entry() {
        assert!(std_files().all(|path| std_file(path).is_some()));
        assert!(STDLIB.is_sorted() && PAGES.is_sorted());
    }

    #[test]
    fn every_code_has_a_page_with_its_title() {
        for (code, title) in forge_base::Code::ALL {
            let first = page(*code).and_then(|page| page.lines().next());
            assert_eq!(first, Some(format!("# {code}: {title}").as_str()), "docs/errors/{code}.md");
        }
    }
}
