//! The path of a value from a field of a module, such as `apps[1].probe`: it tells apart the values that one schema describes.

use std::collections::VecDeque;

use forge_check::hir::GlobalKind;
use forge_check::{GlobalId, ModuleId};
use rustc_hash::FxHashSet;

use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{Map, Object, Slot, Value};

/// The maximum number of values that one search visits.
const MAX_VISITED: usize = 20_000;

impl<'a> Evaluator<'a> {
    /// The shortest path to an object among the values that are computed already; `None` if none of them contains it.
    #[cold]
    pub(crate) fn path_of(&self, object: &'a Object<'a>) -> Option<String> {
        let mut search = PathSearch { goal: object, open: VecDeque::new(), seen: FxHashSet::default() };
        // What a build writes comes before the `let`s that it is made of.
        for wanted in [GlobalKind::Field, GlobalKind::Let, GlobalKind::Input] {
            for (id, kind, name) in self.known_globals() {
                if kind == wanted
                    && let Slot::Done(value) = self.global_slot(id)
                {
                    search.open.push_back((value, name.to_string()));
                }
            }
            if let Some(path) = search.run(self) {
                return Some(path);
            }
        }
        None
    }

    fn known_globals(&self) -> impl Iterator<Item = (GlobalId, GlobalKind, forge_base::Name)> + '_ {
        let modules = self.program.modules.iter().flatten();
        let own = modules.filter(|module| {
            let first = module.globals.first();
            first.is_some_and(|global| self.is_own(global.span))
        });
        own.flat_map(|module| {
            let id = |index: usize| GlobalId { module: ModuleId(module.id.0), index: index as u32 };
            module.globals.iter().enumerate().map(move |(index, global)| (id(index), global.kind, global.name))
        })
    }
}

struct PathSearch<'a> {
    goal: &'a Object<'a>,
    open: VecDeque<(Value<'a>, String)>,
    seen: FxHashSet<usize>,
}

impl<'a> PathSearch<'a> {
    /// Visits computed values, the outermost first.
    fn run(&mut self, eval: &Evaluator<'a>) -> Option<String> {
        while let Some((value, path)) = self.open.pop_front() {
            if self.seen.len() > MAX_VISITED {
                return None;
            }
            match value {
                Value::Object(object) if std::ptr::eq(object, self.goal) => return Some(path),
                Value::Object(object) if self.seen.insert(std::ptr::from_ref(object).addr()) => {
                    self.fields(eval, object, &path);
                }
                Value::Map(map) if self.seen.insert(std::ptr::from_ref(map).addr()) => self.entries(map, &path),
                Value::List(items) => {
                    let items = items.iter().enumerate();
                    self.open.extend(items.map(|(index, item)| (*item, format!("{path}[{index}]"))));
                }
                _ => {}
            }
        }
        None
    }

    fn fields(&mut self, eval: &Evaluator<'a>, object: &'a Object<'a>, path: &str) {
        let Some(instance) = object.instance.get() else { return };
        for (field, slot) in object.schema.schema.fields.iter().zip(instance.slots) {
            if field.late != forge_check::hir::Late::Reference
                && let Slot::Done(value) = slot.get()
            {
                self.open.push_back((value, format!("{path}.{}", field.name)));
            }
        }
        if object.schema.schema.is_open {
            self.entries(eval.extra(object), path);
        }
    }

    fn entries(&mut self, map: &'a Map<'a>, path: &str) {
        let Some(Ok(entries)) = map.entries.get() else { return };
        for entry in *entries {
            let Slot::Done(value) = entry.slot.get() else { continue };
            let key = match entry.key {
                Key::Str(key) => format!("{key:?}"),
                other => other.to_string(),
            };
            self.open.push_back((value, format!("{path}[{key}]")));
        }
    }
}
