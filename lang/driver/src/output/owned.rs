//! `.forge-manifest.json`: which files of a folder this program wrote, and with which content.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Its name in the output folder.
pub(super) const FILE_NAME: &str = ".forge-manifest.json";

/// Hashes by path.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Owned {
    pub(super) files: BTreeMap<String, String>,
}

/// Content as a manifest names it.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why the list of a folder says nothing.
#[derive(Debug)]
pub(super) enum Unusable {
    /// The system does not give it.
    Unread(String),
    /// It is none.
    Wrong(String),
}

impl Owned {
    /// The list of a folder; empty where there is none.
    pub(super) fn read(folder: &Path) -> Result<Owned, Unusable> {
        let place = folder.join(FILE_NAME);
        if fs::metadata(&place).is_ok_and(|found| !found.is_file()) {
            // A pipe would be waited for.
            return Err(Unusable::Unread(String::from("not a regular file")));
        }
        let text = match fs::read_to_string(place) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Owned::default()),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(Unusable::Wrong(error.to_string()));
            }
            Err(error) => return Err(Unusable::Unread(error.to_string())),
        };
        Owned::parse(&text).map_err(Unusable::Wrong)
    }

    fn parse(text: &str) -> Result<Owned, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let files = value.get("files").and_then(Value::as_object).ok_or("it has no `files`")?;
        let entry = |(path, hash): (&String, &Value)| hash.as_str().map(|hash| (path.clone(), hash.to_owned()));
        let files: Option<BTreeMap<_, _>> = files.iter().map(entry).collect();
        let mut owned = Owned { files: files.ok_or("its hashes are not strings")? };
        // The list may have been edited: it must never lead out of the folder.
        owned
            .files
            .retain(|path, _| Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_))));
        Ok(owned)
    }

    /// Whether a file in this folder is listed.
    pub(super) fn has_below(&self, folder: &str) -> bool {
        self.files.keys().any(|path| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    /// Its text.
    pub(super) fn render(&self) -> String {
        let files: Map<String, Value> = self.files.iter().map(|(path, hash)| (path.clone(), json!(hash))).collect();
        let value =
            json!({ "comment": "Written by forgec. Lists the files that it may change or remove.", "files": files });
        format!("{value:#}\n")
    }
}
