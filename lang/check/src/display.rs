//! Types in source syntax, for messages.

use std::fmt;

use forge_base::Name;

use crate::decl::Decls;
use crate::ids::{ModuleId, RefineScope};
use crate::resolve_type::is_built_in;
use crate::ty::Ty;

/// Records with more fields than this are abbreviated.
const MANY_FIELDS: usize = 12;
/// The number of fields that an abbreviated record shows.
const FEW_FIELDS: usize = 4;

/// A union shows this many members; the rest is counted.
const SHOWN_MEMBERS: usize = 5;

/// Prints a type for a message: `[Container by name]`, `"a" | "b"`, `Int?`. Named types are not expanded.
#[derive(Clone, Copy)]
pub struct Display<'a> {
    decls: &'a Decls,
    ty: &'a Ty,
    names: Names,
}

/// How the names of schemas and aliases are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Names {
    /// The name alone, but with its module if it is also the name of a built-in type.
    Short,
    /// The name after the path of its module; `std.Int` for a built-in type.
    Qualified,
}

/// Two types in source syntax, with the paths of their modules if they would look the same.
pub(crate) fn show_apart(decls: &Decls, a: &Ty, b: &Ty) -> (String, String) {
    let (short_a, short_b) = (show(decls, a), show(decls, b));
    if short_a != short_b {
        return (short_a, short_b);
    }
    let qualified = |ty| Display { decls, ty, names: Names::Qualified }.to_string();
    (qualified(a), qualified(b))
}

/// A type in source syntax.
pub fn show(decls: &Decls, ty: &Ty) -> String {
    Display::new(decls, ty).to_string()
}

impl<'a> Display<'a> {
    /// Shows `ty`.
    pub fn new(decls: &'a Decls, ty: &'a Ty) -> Display<'a> {
        Display { decls, ty, names: Names::Short }
    }

    fn of(&self, ty: &'a Ty) -> Display<'a> {
        Display { ty, ..*self }
    }

    /// Adds parentheses where a suffix or operator would otherwise apply to only a part.
    fn nested(&self, f: &mut fmt::Formatter<'_>, ty: &'a Ty) -> fmt::Result {
        match ty {
            Ty::Union(_) | Ty::Fn(_) | Ty::Refined(_) => write!(f, "({})", self.of(ty)),
            _ => write!(f, "{}", self.of(ty)),
        }
    }

    fn union(&self, f: &mut fmt::Formatter<'_>, members: &'a [Ty]) -> fmt::Result {
        if let [one, Ty::Null] = members {
            self.nested(f, one)?;
            return f.write_str("?");
        }
        for (index, member) in members.iter().take(SHOWN_MEMBERS).enumerate() {
            if index > 0 {
                f.write_str(" | ")?;
            }
            match member {
                Ty::Fn(_) | Ty::Refined(_) => self.nested(f, member)?,
                _ => write!(f, "{}", self.of(member))?,
            }
        }
        match members.len().saturating_sub(SHOWN_MEMBERS) {
            0 => Ok(()),
            more => write!(f, " | … {more} more"),
        }
    }

    fn list(&self, f: &mut fmt::Formatter<'_>, items: &'a [Ty]) -> fmt::Result {
        for (index, item) in items.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{}", self.of(item))?;
        }
        Ok(())
    }
}

impl fmt::Display for Display<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ty {
            Ty::Error => f.write_str("{unknown}"),
            Ty::Never => f.write_str("_"),
            Ty::Any => f.write_str("Any"),
            Ty::Null => f.write_str("Null"),
            Ty::Bool => f.write_str("Bool"),
            Ty::Int => f.write_str("Int"),
            Ty::Float => f.write_str("Float"),
            Ty::Str => f.write_str("String"),
            Ty::Quantity => f.write_str("Quantity"),
            Ty::Duration => f.write_str("Duration"),
            Ty::Secret => f.write_str("Secret"),
            Ty::LitStr(text) => write!(f, "{:?}", text.as_str()),
            Ty::LitInt(value) => write!(f, "{value}"),
            Ty::LitBool(value) => write!(f, "{value}"),
            Ty::Union(members) => self.union(f, members),
            Ty::List(item) => write!(f, "[{}]", self.of(item)),
            Ty::Keyed(keyed) => {
                let keys: Vec<&str> = keyed.keys.iter().map(|key| key.as_str()).collect();
                write!(f, "[{} by {}]", self.of(&keyed.item), keys.join(", "))
            }
            Ty::Map(pair) => write!(f, "{{{}: {}}}", self.of(&pair.0), self.of(&pair.1)),
            Ty::Record(fields) if fields.is_empty() => f.write_str("{}"),
            Ty::Record(fields) => {
                f.write_str("{ ")?;
                // The record may have all fields of a large schema: too many for a message.
                let shown = if fields.len() > MANY_FIELDS { FEW_FIELDS } else { fields.len() };
                for (index, (name, ty)) in fields[..shown].iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    write!(f, "{comma}{name}: {}", self.of(ty))?;
                }
                if shown < fields.len() {
                    write!(f, ", and {} more", fields.len() - shown)?;
                }
                f.write_str(" }")
            }
            Ty::Fn(function) => {
                f.write_str("(")?;
                self.list(f, &function.params)?;
                write!(f, ") -> {}", self.of(&function.ret))
            }
            Ty::Schema(id) => self.named(f, id.module, self.decls.schema(*id).name),
            Ty::Alias(id) => self.named(f, id.module, self.decls.alias(*id).name),
            Ty::Refined(refined) => self.refined(f, refined),
            Ty::Param(name, ..) => f.write_str(name.as_str()),
            Ty::Var(_) => f.write_str("_"),
        }
    }
}

impl<'a> Display<'a> {
    /// A name that a module declares.
    fn named(&self, f: &mut fmt::Formatter<'_>, module: ModuleId, name: Name) -> fmt::Result {
        match self.names {
            Names::Short if !is_built_in(name.as_str()) => f.write_str(name.as_str()),
            _ => write!(f, "{}.{name}", self.decls.module(module).source.path),
        }
    }

    /// The alias that the refinement defines, otherwise its source.
    fn refined(&self, f: &mut fmt::Formatter<'_>, refined: &'a crate::ty::RefinedTy) -> fmt::Result {
        let Some(module) = self.decls.modules.get(refined.id.module.0 as usize).and_then(Option::as_ref) else {
            return write!(f, "{} where …", self.of(&refined.base));
        };
        let decl = match refined.id.scope {
            RefineScope::Declarations => module.refinements.get(refined.id.index as usize),
            _ => None,
        };
        match decl {
            Some(decl) => match decl.name {
                Some(name) => f.write_str(name.as_str()),
                None => {
                    let text = module.source.text.get(decl.cond.span.range()).unwrap_or("…");
                    write!(f, "{} where {text}", self.of(&refined.base))
                }
            },
            None => write!(f, "{} where …", self.of(&refined.base)),
        }
    }
}
