//! Suggestions for fields that are nested deeper than where they are used.

use forge_base::{Diag, Name, Span};
use rustc_hash::FxHashSet;

use super::cx::InferCx;
use crate::ids::SchemaId;
use crate::subtype;
use crate::ty::Ty;

/// The maximum number of fields on a path before the searched one.
const DEPTH: usize = 2;
/// The maximum number of paths in a message.
const SHOWN: usize = 3;

/// How the field is used, which determines how the path is written: `spec?.replicas` to read, `spec.replicas` to set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Set,
}

impl InferCx<'_> {
    /// Suggests paths to nested fields of this name: many resources have their fields in `spec`.
    pub(crate) fn suggest_path(&self, mut diag: Diag, id: SchemaId, name: Name, at: Span, access: Access) -> Diag {
        if !diag.fixes.is_empty() {
            return diag;
        }
        match self.paths_to(id, name, access).as_slice() {
            [] => diag,
            [path] => {
                if let Some(label) = &mut diag.primary {
                    label.text = format!("did you mean `{path}`?");
                }
                diag.fix(format!("write `{path}`"), at, path.clone())
            }
            paths => {
                let shown: Vec<String> = paths.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
                diag.help(format!("nested fields with this name: {}", shown.join(", ")))
            }
        }
    }

    /// The shortest paths to fields of this name, through fields whose values are objects.
    fn paths_to(&self, id: SchemaId, name: Name, access: Access) -> Vec<String> {
        let mut seen = FxHashSet::from_iter([id]);
        let mut level = vec![(id, String::new())];
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for (id, path) in &level {
                for field in &self.decls.schema(*id).fields {
                    // `status` is set by the cluster, not by programs.
                    if field.name.as_str() == "status" {
                        continue;
                    }
                    let bare = subtype::strip_null(self.decls, &field.ty);
                    if let Ty::Schema(inner) = self.unfold(&bare)
                        && seen.insert(inner)
                    {
                        let dot = if access == Access::Read && self.may_be_null(&field.ty) { "?." } else { "." };
                        next.push((inner, format!("{path}{}{dot}", field.name)));
                    }
                }
            }
            let has = |id: &SchemaId| self.decls.schema(*id).field_index(name).is_some();
            let found: Vec<String> =
                next.iter().filter(|(id, _)| has(id)).map(|(_, path)| format!("{path}{name}")).collect();
            if !found.is_empty() {
                return found;
            }
            level = next;
        }
        Vec::new()
    }
}
