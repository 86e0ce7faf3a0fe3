//! Types in source syntax, for messages.

use forge_check::ty::Ty;

use crate::evaluator::Evaluator;

/// A union shows this many members; the rest is counted.
const SHOWN_MEMBERS: usize = 5;

impl Evaluator<'_> {
    /// A type as the source writes it. Named types are not expanded.
    pub(crate) fn type_name(&self, ty: &Ty) -> String {
        match ty {
            Ty::Any => "Any".into(),
            Ty::Null => "Null".into(),
            Ty::Bool => "Bool".into(),
            Ty::Int => "Int".into(),
            Ty::Float => "Float".into(),
            Ty::Str => "String".into(),
            Ty::Quantity => "Quantity".into(),
            Ty::Duration => "Duration".into(),
            Ty::Secret => "Secret".into(),
            Ty::LitStr(text) => format!("{:?}", text.as_str()),
            Ty::LitInt(value) => value.to_string(),
            Ty::LitBool(value) => value.to_string(),
            Ty::Union(members) => self.union_name(members),
            Ty::List(item) => format!("[{}]", self.type_name(item)),
            Ty::Keyed(keyed) => {
                let keys: Vec<&str> = keyed.keys.iter().map(|key| key.as_str()).collect();
                format!("[{} by {}]", self.type_name(&keyed.item), keys.join(", "))
            }
            Ty::Map(pair) => format!("{{{}: {}}}", self.type_name(&pair.0), self.type_name(&pair.1)),
            Ty::Record(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|(name, ty)| format!("{name}: {}", self.type_name(ty))).collect();
                format!("{{ {} }}", fields.join(", "))
            }
            Ty::Schema(id) => self.program.schema(*id).name.to_string(),
            Ty::Alias(id) => self.program.alias(*id).name.to_string(),
            Ty::Refined(refined) => match self.program.refinement(refined.id).name {
                Some(name) => name.to_string(),
                None => self.type_name(&refined.base),
            },
            Ty::Fn(_) => "a function".into(),
            Ty::Error | Ty::Never | Ty::Param(..) | Ty::Var(_) => "_".into(),
        }
    }

    fn union_name(&self, members: &[Ty]) -> String {
        if let [one, Ty::Null] = members {
            return format!("{}?", self.type_name(one));
        }
        let mut shown: Vec<_> = members.iter().take(SHOWN_MEMBERS).map(|ty| self.type_name(ty)).collect();
        if members.len() > SHOWN_MEMBERS {
            shown.push(format!("… {} more", members.len() - SHOWN_MEMBERS));
        }
        shown.join(" | ")
    }
}
