//! Fields that stand deeper than they were looked for.

use forge_base::{Diag, Name, Span};
use rustc_hash::FxHashSet;

use super::InferCx;
use crate::ids::SchemaId;
use crate::subtype;
use crate::ty::Ty;

/// How many fields a path may lead through before the one that is looked for.
const DEPTH: usize = 2;
/// How many paths are named.
const SHOWN: usize = 3;

/// How a path is written: `spec?.replicas` to read, `spec.replicas` to set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Set,
}

impl InferCx<'_> {
    /// Says where a schema has a field of this name if not at its top; many resources have all that matters in `spec`.
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
                diag.help(format!("further down there are {}", shown.join(", ")))
            }
        }
    }

    /// The shortest paths to fields of this name, through fields that hold objects.
    fn paths_to(&self, id: SchemaId, name: Name, access: Access) -> Vec<String> {
        let mut seen = FxHashSet::from_iter([id]);
        let mut level = vec![(id, String::new())];
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for (id, path) in &level {
                for field in &self.decls.schema(*id).fields {
                    // What a cluster reports is not what a program sets.
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
            let has = |id: &SchemaId| self.decls.schema(*id).by_name.contains_key(&name);
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
