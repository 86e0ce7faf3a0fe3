//! The prelude cut down to what a program may use.
//!
//! A start of the compiler should not cost the parsing of two hundred signatures of which a program names five. Each name that any
//! text so far holds is interned, so a declaration whose name is not interned cannot be meant. It is replaced by blanks: what
//! is left keeps its place.

use forge_base::Name;

/// A text of the prelude with only those declarations that may be meant; `None` where none may.
pub(crate) fn needed(text: &str) -> Option<String> {
    let mut lean = String::with_capacity(text.len());
    let mut holds_any = false;
    for paragraph in text.split_inclusive("\n\n") {
        match declared_name(paragraph) {
            Some(name) if !Name::is_known(name) => {
                lean.extend(paragraph.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            }
            found => {
                holds_any |= found.is_some();
                lean.push_str(paragraph);
            }
        }
    }
    holds_any.then_some(lean)
}

/// The name that a paragraph declares: behind its comments and annotations.
fn declared_name(paragraph: &str) -> Option<&str> {
    paragraph.lines().find_map(|line| {
        let rest = ["fn ", "type "].iter().find_map(|word| line.strip_prefix(word))?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        Some(&rest[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_keeps_its_place() {
        let text = "//! Module.\n\n/// Ä.\nfn unheardOf(self: Int): Int\n\n/// B.\nfn leanTestName(self: Int): Int\n";
        assert_eq!(needed(text), None);
        let _ = Name::new("leanTestName");
        let lean = needed(text).unwrap();
        assert_eq!(lean.len(), text.len());
        assert_eq!(lean.find("fn lean"), text.find("fn lean"));
        assert!(!lean.contains("unheardOf"));
    }
}
