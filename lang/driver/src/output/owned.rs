//! `.forge-manifest.json`: which files of an output folder `forgec` wrote, and with which content.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Its name in the output folder.
pub(super) const FILE_NAME: &str = ".forge-manifest.json";

/// The files that `forgec` wrote.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Owned {
    /// Hashes by path.
    pub(super) files: BTreeMap<String, String>,
    /// The modules that the files were built from, by path. A file of an older list may have none.
    targets: BTreeMap<String, String>,
}

/// The hash that identifies a content.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why the list of a folder cannot be used.
#[derive(Debug)]
pub(super) enum Unusable {
    /// It cannot be read.
    Unreadable(String),
    /// It is not such a list.
    Invalid(String),
}

impl Owned {
    /// Reads the list of a folder; empty if there is none.
    pub(super) fn read(folder: &Path) -> Result<Owned, Unusable> {
        let path = folder.join(FILE_NAME);
        if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
            // Reading a pipe would block.
            return Err(Unusable::Unreadable(String::from("not a regular file")));
        }
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Owned::default()),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(Unusable::Invalid(error.to_string()));
            }
            Err(error) => return Err(Unusable::Unreadable(error.to_string())),
        };
        Owned::parse(&text).map_err(Unusable::Invalid)
    }

    fn parse(text: &str) -> Result<Owned, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let files = value.get("files").and_then(Value::as_object).ok_or("it has no `files`")?;
        let entry = |(path, hash): (&String, &Value)| hash.as_str().map(|hash| (path.clone(), hash.to_owned()));
        let files: Option<BTreeMap<_, _>> = files.iter().map(entry).collect();
        let mut owned = Owned { files: files.ok_or("its hashes are not strings")?, targets: BTreeMap::new() };
        for (target, paths) in value.get("targets").and_then(Value::as_object).into_iter().flatten() {
            let paths = paths.as_array().into_iter().flatten().filter_map(Value::as_str);
            owned.targets.extend(paths.map(|path| (path.to_owned(), target.clone())));
        }
        // The list may have been edited: its paths must never lead out of the folder.
        owned
            .files
            .retain(|path, _| Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_))));
        Ok(owned)
    }

    /// Adds a file.
    pub(super) fn add(&mut self, path: &str, hash: String, target: &str) {
        self.files.insert(path.to_owned(), hash);
        self.targets.insert(path.to_owned(), target.to_owned());
    }

    /// The module that a file was built from, if it is listed and this is another one than `target`.
    pub(super) fn other_target(&self, path: &str, target: &str) -> Option<&str> {
        let owner = self.targets.get(path).filter(|_| self.files.contains_key(path))?;
        (owner != target).then_some(owner)
    }

    /// The files of `target` and those of unknown origin; then those of other modules.
    pub(super) fn split(self, target: &str) -> (Owned, Owned) {
        let (mut own, mut others) = (Owned::default(), Owned::default());
        for (path, hash) in &self.files {
            match self.other_target(path, target) {
                Some(owner) => others.add(path, hash.clone(), owner),
                None => _ = own.files.insert(path.clone(), hash.clone()),
            }
        }
        (own, others)
    }

    /// Whether a file inside `folder` is listed.
    pub(super) fn has_below(&self, folder: &str) -> bool {
        self.files.keys().any(|path| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    /// Its JSON form.
    pub(super) fn render(&self) -> String {
        let files: Map<String, Value> = self.files.iter().map(|(path, hash)| (path.clone(), json!(hash))).collect();
        let mut targets: Map<String, Value> = Map::new();
        for (path, target) in &self.targets {
            if let Value::Array(paths) = targets.entry(target.clone()).or_insert_with(|| json!([])) {
                paths.push(json!(path));
            }
        }
        let comment = "Written by forgec. Lists the files that it may change or remove.";
        let value = json!({ "comment": comment, "files": files, "targets": targets });
        format!("{value:#}\n")
    }
}
