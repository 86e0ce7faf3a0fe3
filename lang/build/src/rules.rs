//! Checks the validation rules of schemas on the finished objects, together with the data that was made of them.

use forge_check::hir::Program;
use forge_eval::{Eval, Evaluator, Object, Value};
use forge_kube::Resource;
use forge_kube::resource::Data;
use forge_kube::validate::{CelRules, Violations};

/// Whether any schema of a program has a validation rule.
pub(crate) fn has_any(program: &Program) -> bool {
    let mut schemas = program.modules.iter().flatten().flat_map(|module| &module.schemas);
    schemas.any(|schema| {
        !schema.annotations.validations.is_empty()
            || schema.fields.iter().any(|field| !field.annotations.validations.is_empty())
    })
}

/// Checks the rules of all objects in a resource.
pub(crate) struct RuleWalker<'w, 'a, 'd> {
    pub(crate) eval: &'w Evaluator<'a>,
    pub(crate) resource: &'w Resource<'d>,
    pub(crate) rules: &'w mut CelRules,
    pub(crate) violations: &'w mut Violations<'d>,
}

impl<'a, 'd> RuleWalker<'_, 'a, 'd> {
    /// Walks over a value and its data side by side.
    pub(crate) fn value(&mut self, value: Value<'a>, data: &'d Data<'d>) -> Eval<()> {
        match (value, data) {
            (Value::Object(object), Data::Map(entries)) => self.object(object, data, entries),
            (Value::List(values), Data::List(items)) => {
                values.iter().zip(*items).try_for_each(|(value, item)| self.value(*value, item))
            }
            (Value::Map(map), Data::List(_) | Data::Map(_)) => {
                let parts = data.items().iter().chain(data.entries().iter().map(|(_, part)| part));
                for (place, part) in parts.enumerate() {
                    let value = self.eval.entry(map, place)?;
                    self.value(value, part)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn object(&mut self, object: &'a Object<'a>, data: &'d Data<'d>, entries: &'d [(&'d str, Data<'d>)]) -> Eval<()> {
        let schema = object.schema.schema;
        for id in &schema.ancestors {
            let rules = &self.eval.program.schema(*id).annotations.validations;
            self.rules.check(self.resource, data, rules, self.violations);
        }
        let mut entries = entries.iter();
        for (index, field) in (0..).zip(&schema.fields) {
            let value = self.eval.field(object, index)?;
            if value.is_null() {
                continue;
            }
            // The data has the fields that are not null, in the same order.
            let Some((_, part)) = entries.next() else { break };
            self.rules.check(self.resource, part, &field.annotations.validations, self.violations);
            self.value(value, part)?;
        }
        Ok(())
    }
}
