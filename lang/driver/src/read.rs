//! Reads and parses modules when they are first needed or have changed.

use std::path::PathBuf;
use std::sync::Arc;

use forge_base::{Code, Diag, FileId, WorldError, stack};
use forge_check::ModuleId;
use forge_kube::Selection;
use rayon::prelude::*;

use crate::embedded;
use crate::library;
use crate::package::STD;
use crate::pruned::PrunedSource;
use crate::session::{ModuleState, Parsed, Session};
use crate::world::shown;

/// Below this many bytes, starting threads costs more than it saves.
const PARALLEL_BYTES: usize = 256 << 10;

impl Session {
    /// Marks a module as stale: it is read again when it is next needed.
    pub(crate) fn forget(&mut self, id: ModuleId) {
        let state = &mut self.modules[id.0 as usize].state;
        *state = match std::mem::replace(state, ModuleState::Stale(None)) {
            ModuleState::Fresh(parsed) => ModuleState::Stale(Some(parsed)),
            ModuleState::Stale(parsed) => ModuleState::Stale(parsed),
            ModuleState::Unreadable(_) => ModuleState::Stale(None),
        };
    }

    /// The error of a module that cannot be read.
    pub(crate) fn unreadable(&self, id: ModuleId) -> Option<Diag> {
        let ModuleState::Unreadable(error) = &self.module(id).state else { return None };
        let code = if *error == WorldError::NotUtf8 { Code::BAD_UTF8 } else { Code::FILE_UNREADABLE };
        let path = shown(&self.module_file(id)?, &self.cwd);
        Some(Diag::error(code, format!("cannot read `{}`: {error}", path.display())))
    }

    /// Reads and parses those of `ids` that are stale.
    pub(crate) fn read(&mut self, ids: &[ModuleId]) {
        let stale: Vec<ModuleId> =
            ids.iter().copied().filter(|&id| matches!(self.module(id).state, ModuleState::Stale(_))).collect();
        let mut changed = Vec::new();
        for &id in &stale {
            let state = std::mem::replace(&mut self.modules[id.0 as usize].state, ModuleState::Stale(None));
            let ModuleState::Stale(old) = state else { continue };
            if let Some(path) = self.kubernetes_path(id) {
                let parsed = self.render(id, &path, Selection::Whole);
                self.modules[id.0 as usize].state = ModuleState::Fresh(Arc::new(parsed));
                continue;
            }
            let new = match self.text(id) {
                Err(error) => ModuleState::Unreadable(error),
                Ok(text) => match old {
                    Some(old) if *old.text == *text => ModuleState::Fresh(old),
                    old => {
                        changed.push((id, self.keep(id, old.map(|old| old.file), &text), text));
                        continue;
                    }
                },
            };
            self.modules[id.0 as usize].state = new;
        }
        let parse = |(id, file, text): (ModuleId, FileId, Arc<str>)| (id, Parsed::new(file, text));
        let bytes: usize = changed.iter().map(|(_, _, text)| text.len()).sum();
        let parsed: Vec<_> = if changed.len() > 1 && bytes > PARALLEL_BYTES {
            stack::with_thread_pool(0, || changed.into_par_iter().map(parse).collect())
        } else {
            changed.into_iter().map(parse).collect()
        };
        for (id, parsed) in parsed {
            self.modules[id.0 as usize].state = ModuleState::Fresh(Arc::new(parsed));
        }
    }

    /// Generates a Kubernetes module.
    pub(crate) fn render(&mut self, id: ModuleId, path: &str, selection: Selection<'_>) -> Parsed {
        let file = self.keep(id, None, &Arc::from(""));
        let rendered =
            forge_kube::render(path, self.kubernetes, file, selection).expect("callers look the path up in the table");
        let text: Arc<str> = rendered.source.into();
        self.files.replace(file, Arc::clone(&text));
        Parsed::built(file, text, rendered.ast)
    }

    /// The path of a Kubernetes module below `std`; `None` for other modules.
    pub(crate) fn kubernetes_path(&self, id: ModuleId) -> Option<String> {
        let module = self.module(id);
        if module.package == STD { library::kubernetes(&module.source_path) } else { None }
    }

    pub(crate) fn is_kubernetes(&self, id: ModuleId) -> bool {
        self.kubernetes_path(id).is_some()
    }

    fn text(&self, id: ModuleId) -> Result<Arc<str>, WorldError> {
        if let Some(PrunedSource::Source(text)) = self.pruned.get(&id) {
            return Ok(Arc::clone(text));
        }
        match self.module_file(id) {
            Some(path) => Ok(self.world.read(&path)?.into()),
            None => {
                let (_, text) =
                    embedded::std_file(&format!("std/{}", self.module(id).source_path)).ok_or(WorldError::NotFound)?;
                Ok(text.into())
            }
        }
    }

    pub(crate) fn keep(&mut self, id: ModuleId, old: Option<FileId>, text: &Arc<str>) -> FileId {
        let path = match self.module_file(id) {
            Some(path) => shown(&path, &self.cwd),
            None => PathBuf::from(format!("std/{}", self.module(id).source_path)),
        };
        let old = old.or_else(|| self.files.find(&path).map(|file| file.id));
        match old {
            Some(file) => {
                self.files.replace(file, Arc::clone(text));
                file
            }
            None => self.files.add(path, Arc::clone(text)),
        }
    }
}
