//! Fields that stand deeper than they were looked for.

use forge_base::{Diag, Name, Span};
use rustc_hash::FxHashSet;

use super::Infer;
use crate::ids::SchemaId;
use crate::relate;
use crate::ty::Ty;

/// How many fields a way may lead through before the one that is looked for.
const DEPTH: usize = 2;
/// How many ways are named.
const SHOWN: usize = 3;

/// How a way is written: `spec?.replicas` to read, `spec.replicas` to set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Read,
    Set,
}

impl Infer<'_> {
    /// Says where a schema has a field of this name if not at its top; many resources have all that matters in `spec`.
    pub(crate) fn with_deeper_fields(&self, mut diag: Diag, id: SchemaId, name: Name, at: Span, usage: Use) -> Diag {
        if !diag.fixes.is_empty() {
            return diag;
        }
        match self.ways_to(id, name, usage).as_slice() {
            [] => diag,
            [way] => {
                if let Some(label) = &mut diag.primary {
                    label.text = format!("did you mean `{way}`?");
                }
                diag.fix(format!("write `{way}`"), at, way.clone())
            }
            ways => {
                let shown: Vec<String> = ways.iter().take(SHOWN).map(|way| format!("`{way}`")).collect();
                diag.help(format!("further down there are {}", shown.join(", ")))
            }
        }
    }

    /// The shortest ways to fields of this name, through fields that hold objects.
    fn ways_to(&self, id: SchemaId, name: Name, usage: Use) -> Vec<String> {
        let mut seen = FxHashSet::from_iter([id]);
        let mut level = vec![(id, String::new())];
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for (id, way) in &level {
                for field in &self.decls.schema(*id).fields {
                    // What a cluster reports is not what a program sets.
                    if field.name.as_str() == "status" {
                        continue;
                    }
                    let bare = relate::strip_null(self.decls, &field.ty);
                    if let Ty::Schema(inner) = self.unfold(&bare)
                        && seen.insert(inner)
                    {
                        let dot = if usage == Use::Read && self.may_be_null(&field.ty) { "?." } else { "." };
                        next.push((inner, format!("{way}{}{dot}", field.name)));
                    }
                }
            }
            let has = |id: &SchemaId| self.decls.schema(*id).by_name.contains_key(&name);
            let found: Vec<String> =
                next.iter().filter(|(id, _)| has(id)).map(|(_, way)| format!("{way}{name}")).collect();
            if !found.is_empty() {
                return found;
            }
            level = next;
        }
        Vec::new()
    }
}
