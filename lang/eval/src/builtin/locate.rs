//! Finds the place of a part of data in the text that it was read from, for messages: the text is parsed again.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use crate::convert::Step;
use crate::key::Key;

/// The places of the parts of a document.
enum Tree {
    Null,
    Leaf,
    List(Vec<Spanned<Tree>>),
    Map(Vec<(Spanned<KeyName>, Spanned<Tree>)>),
}

/// A key; a scalar of another type is written as kubectl does.
struct KeyName(String);

/// The line and column of a part of a YAML or JSON text, both from 1: of the key if an entry is meant. `steps` begin with the
/// index of the document. `None` if the text does not parse as YAML.
pub(crate) fn locate(text: &str, steps: &[Step<'_>]) -> Option<(u64, u64)> {
    let documents: Vec<Spanned<Tree>> = serde_saphyr::from_multiple(text).ok()?;
    let (document, steps) = steps.split_first()?;
    let Step::Index(index) = document else { return None };
    // Empty documents are omitted when a file is read.
    let mut documents = documents.iter().filter(|document| !matches!(document.value, Tree::Null));
    let mut node = documents.nth(*index)?;
    let mut place = &node.defined;
    for step in steps {
        match (&node.value, step) {
            (Tree::List(items), Step::Index(index)) => {
                node = items.get(*index)?;
                place = &node.defined;
            }
            (Tree::Map(entries), Step::Key(Key::Str(key))) => {
                let (name, value) = entries.iter().find(|(name, _)| name.value.0 == *key)?;
                node = value;
                place = &name.defined;
            }
            _ => return None,
        }
    }
    (place.line() > 0).then(|| (place.line(), place.column()))
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Tree, D::Error> {
        reader.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("data")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, reader: D) -> Result<Tree, D::Error> {
        reader.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut reader: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = reader.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut reader: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = reader.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Map(entries))
    }
}

impl<'de> Deserialize<'de> for KeyName {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<KeyName, D::Error> {
        reader.deserialize_any(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = KeyName;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar as key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<KeyName, E> {
        Ok(KeyName(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<KeyName, E> {
        Ok(KeyName(value.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<KeyName, E> {
        Ok(KeyName(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<KeyName, E> {
        Ok(KeyName(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<KeyName, E> {
        Ok(KeyName(number.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_yaml_and_json_have_a_line_and_a_column() {
        let yaml = "apps:\n- name: a\n- name: b\n  spec: { replicas: 2 }\n1: x\n---\nsecond: 1\n";
        let key = |text| Step::Key(Key::Str(text));
        for (steps, expected) in [
            (vec![Step::Index(0), key("apps")], (1, 1)),
            (vec![Step::Index(0), key("apps"), Step::Index(1)], (3, 3)),
            (vec![Step::Index(0), key("apps"), Step::Index(1), key("spec"), key("replicas")], (4, 11)),
            (vec![Step::Index(0), key("1")], (5, 1)),
            (vec![Step::Index(1), key("second")], (7, 1)),
        ] {
            assert_eq!(locate(yaml, &steps), Some(expected));
        }
        let json = "{\n  \"a\": [1,\n    {\"b\": null}]\n}";
        assert_eq!(locate(json, &[Step::Index(0), key("a"), Step::Index(1), key("b")]), Some((3, 6)));
        assert_eq!(locate(json, &[Step::Index(0), key("missing")]), None);
    }
}
