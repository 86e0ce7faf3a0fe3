//! The prelude cut down to what a program may use.
//!
//! A start of the compiler should not cost the parsing of two hundred signatures of which a program names five. Each name that any
//! text so far holds is interned, so a declaration whose name is not interned cannot be meant, and is left out.

use forge_base::Name;

use crate::embedded;

/// The modules of the prelude of which something may be meant: their place in the package `std`, and the text of just that.
pub(crate) fn prelude() -> impl Iterator<Item = (&'static str, String)> {
    embedded::prelude().filter_map(|(place, declarations)| Some((place, needed(declarations)?)))
}

fn needed(declarations: &[(&str, &str)]) -> Option<String> {
    let wanted: Vec<&str> =
        declarations.iter().filter(|(name, _)| Name::is_known(name)).map(|(_, text)| *text).collect();
    (!wanted.is_empty()).then(|| wanted.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_some_text_names_is_left() {
        let declarations =
            [("unheardOf", "fn unheardOf(self: Int): Int\n\n"), ("leanName", "fn leanName(self: Int): Int\n\n")];
        assert_eq!(needed(&declarations), None);
        let _ = Name::new("leanName");
        assert_eq!(needed(&declarations), Some(String::from("fn leanName(self: Int): Int\n\n")));
    }

    #[test]
    fn the_table_holds_every_declaration_of_the_prelude() {
        for (place, declarations) in embedded::prelude() {
            let (path, whole) = embedded::std_file(&format!("std/{place}")).unwrap();
            let file = forge_base::Files::default().add(path, whole);
            let items = forge_syntax::parse(file, whole).module.items.len();
            let apart: String = declarations.iter().map(|(_, text)| *text).collect();
            assert_eq!(forge_syntax::parse(file, &apart).module.items.len(), items, "{place}");
            assert_eq!(declarations.len(), items, "{place}");
        }
    }
}
