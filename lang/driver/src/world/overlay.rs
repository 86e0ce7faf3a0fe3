//! Files with edits that are not written yet.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::world::DirEntry;
use forge_base::{World, WorldError};

/// Another world in which some existing files have a new content.
pub(crate) struct OverlayWorld {
    base: Arc<dyn World>,
    files: BTreeMap<PathBuf, String>,
}

impl OverlayWorld {
    pub(crate) fn new(base: Arc<dyn World>, files: BTreeMap<PathBuf, String>) -> OverlayWorld {
        OverlayWorld { base, files }
    }
}

impl World for OverlayWorld {
    fn read_bytes(&self, path: &Path) -> Result<Vec<u8>, WorldError> {
        match self.files.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.base.read_bytes(path),
        }
    }

    fn list(&self, path: &Path) -> Result<Vec<DirEntry>, WorldError> {
        self.base.list(path)
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        self.base.canonical(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        self.base.is_file(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.base.is_dir(path)
    }

    fn exists(&self, path: &Path) -> bool {
        self.base.exists(path)
    }
}
