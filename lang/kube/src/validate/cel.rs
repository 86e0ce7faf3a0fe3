//! CEL validation rules of custom resources, evaluated on finished values.
//!
//! Rules are evaluated as the API server does on creation: `self` is the value, and rules that use `oldSelf` are skipped.
//! A rule that the evaluator does not support, or that could take too long, gives a warning that it was not checked, never
//! an error.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use forge_base::Code;
use kube_cel::KubeCelExt;
use kube_cel::cel::objects::{Key, Map};
use kube_cel::cel::{Context, Program, Value};

use super::headline::title;
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};

/// The maximum length of a rule, in bytes.
const MAX_RULE: usize = 16 << 10;
/// The maximum nesting depth of brackets in a rule.
const MAX_NESTING: usize = 64;
/// The maximum number of loop steps, estimated as the size of the largest list or mapping to the power of the loop
/// nesting depth.
const MAX_STEPS: usize = 1 << 20;

/// A rule and its message.
pub type CelRule = (Arc<str>, Arc<str>);

/// A per-thread cache of compiled rules.
#[derive(Default)]
pub struct CelRules {
    context: Option<Context<'static>>,
    programs: HashMap<Arc<str>, Result<Program, String>>,
}

impl CelRules {
    /// Checks the rules that apply to a part of a resource.
    pub fn check<'a>(
        &mut self,
        resource: &Resource<'a>,
        part: &'a Data<'a>,
        rules: &[CelRule],
        violations: &mut Violations<'a>,
    ) {
        for (rule, message) in rules.iter().filter(|(rule, _)| !rule.contains("oldSelf")) {
            match self.holds(rule, part) {
                Ok(true) => {}
                Ok(false) => {
                    let headline = format!("{} violates a rule of `{}`", title(resource), resource.kind);
                    let label = if message.is_empty() { "this value violates the rule" } else { message };
                    violations.push(
                        Violation::error(Code::VALIDATION_FAILED, headline, part, label)
                            .note(format!("the rule: {}", one_line(rule))),
                    );
                }
                Err(why) => {
                    let headline = format!("a rule of `{}` was not checked", resource.kind);
                    violations.push(
                        Violation::warning(Code::RULE_NOT_CHECKED, headline, part, why)
                            .note(format!("the rule: {}", one_line(rule)))
                            .note("the API server will check it"),
                    );
                }
            }
        }
    }

    /// Evaluates a rule on a value; the error says why it could not be evaluated.
    fn holds(&mut self, rule: &Arc<str>, part: &Data<'_>) -> Result<bool, String> {
        let program =
            self.programs.entry(rule.clone()).or_insert_with(|| read(rule)).as_ref().map_err(String::clone)?;
        let loops = u32::try_from(loops(rule)).unwrap_or(u32::MAX);
        if largest(part).max(1).checked_pow(loops).is_none_or(|steps| steps > MAX_STEPS) {
            return Err(format!("its loops would take more than {MAX_STEPS} steps"));
        }
        let root = self.context.get_or_insert_with(|| Context::default().with_all());
        let mut context = root.new_inner_scope();
        context.add_variable_from_value("self", value(part));
        // A panic in the CEL library must not abort the build.
        match catch_unwind(AssertUnwindSafe(|| program.execute(&context))) {
            Ok(Ok(Value::Bool(holds))) => Ok(holds),
            Ok(Ok(_)) => Err(String::from("it does not evaluate to a boolean")),
            Ok(Err(error)) => Err(format!("it cannot be evaluated: {error}")),
            Err(_) => Err(String::from("it could not be evaluated")),
        }
    }
}

fn read(rule: &str) -> Result<Program, String> {
    if rule.len() > MAX_RULE || nesting(rule) > MAX_NESTING {
        return Err(String::from("it is too long or too deeply nested"));
    }
    if rule.contains("__") {
        return Err(String::from("it uses escaped field names, which are not supported"));
    }
    match catch_unwind(|| Program::compile(rule)) {
        Ok(Ok(program)) => Ok(program),
        _ => Err(String::from("it uses unsupported syntax")),
    }
}

fn one_line(rule: &str) -> String {
    rule.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The bytes of a rule outside string literals.
fn code(rule: &str) -> impl Iterator<Item = (usize, u8)> {
    let mut quote = None;
    let mut is_escaped = false;
    rule.bytes().enumerate().filter(move |&(_, byte)| match quote {
        Some(_) if is_escaped => {
            is_escaped = false;
            false
        }
        Some(end) => {
            is_escaped = byte == b'\\';
            if byte == end {
                quote = None;
            }
            false
        }
        None if byte == b'"' || byte == b'\'' => {
            quote = Some(byte);
            false
        }
        None => true,
    })
}

fn nesting(rule: &str) -> usize {
    let (mut depth, mut most) = (0usize, 0);
    for (_, byte) in code(rule) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// The nesting depth of comprehension macros.
fn loops(rule: &str) -> usize {
    const LOOPS: [&str; 8] =
        [".all", ".exists", ".exists_one", ".existsOne", ".map", ".filter", ".transformList", ".sortBy"];
    let mut open = Vec::new();
    let (mut depth, mut most) = (0usize, 0);
    for (at, byte) in code(rule) {
        match byte {
            b'(' => {
                let is_loop = LOOPS.iter().any(|name| rule[..at].trim_end().ends_with(name));
                open.push(is_loop);
                depth += usize::from(is_loop);
            }
            b')' => depth -= usize::from(open.pop().unwrap_or(false)),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// The length of the largest list or mapping in a value.
fn largest(data: &Data<'_>) -> usize {
    let inner = data.items().iter().chain(data.entries().iter().map(|(_, value)| value));
    inner.map(largest).max().unwrap_or(0).max(data.items().len()).max(data.entries().len())
}

fn value(data: &Data<'_>) -> Value {
    match data {
        Data::Null => Value::Null,
        Data::Bool(value) => Value::Bool(*value),
        Data::Int(number) => Value::Int(*number),
        Data::Float(number) => Value::Float(*number),
        Data::Str(text) | Data::Public(text) => Value::from(*text),
        Data::List(items) => Value::from(items.iter().map(value).collect::<Vec<_>>()),
        Data::Map(entries) => {
            let entries = entries.iter().map(|(key, data)| (Key::from(*key), value(data)));
            Value::Map(Map { map: Arc::new(entries.collect()) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Data<'static> = Data::Map(&[
        ("replicas", Data::Int(3)),
        ("name", Data::Str("web-1")),
        ("cidr", Data::Str("10.0.0.0/8")),
        ("memory", Data::Str("1Gi")),
        ("ports", Data::List(&[Data::Map(&[("port", Data::Int(80))]), Data::Map(&[("port", Data::Int(443))])])),
    ]);

    fn holds(rule: &str) -> Result<bool, String> {
        CelRules::default().holds(&Arc::from(rule), &SPEC)
    }

    #[test]
    fn rules_hold_or_not() {
        for rule in [
            "self.replicas + 1 <= 4",
            "has(self.name) && !has(self.other)",
            "self.name.matches('^web-[0-9]+$')",
            "self.ports.all(p, p.port < 1000)",
            "self.ports.exists_one(p, p.port == 80)",
            "size(self.ports) == 2",
            "quantity(self.memory).isGreaterThan(quantity('500Mi'))",
            "cidr(self.cidr).containsIP('10.1.2.3')",
            "self.name.split('-')[0] == 'web'",
        ] {
            assert_eq!(holds(rule), Ok(true), "{rule}");
        }
        assert_eq!(holds("self.replicas > 3"), Ok(false));
        assert_eq!(holds("self.ports.exists(p, p.port == 81)"), Ok(false));
    }

    #[test]
    fn what_is_not_known_is_not_decided() {
        for rule in [
            "self.none == 1",
            "self.replicas",
            "authorizer.path('/x').check('get')",
            "self.x__dash__y == 1",
            "self.",
            "(((",
            "",
        ] {
            assert!(holds(rule).is_err(), "{rule}: {:?}", holds(rule));
        }
    }

    #[test]
    fn loops_are_bounded_before_they_run() {
        assert_eq!(loops("self.a.all(x, self.b.exists(y, y == ')')) && self.c.map(z, z)"), 2);
        let items: Vec<Data> = (0..2000).map(Data::Int).collect();
        let list = Data::List(&items);
        let rule = "self.all(x, self.exists(y, x == y))";
        assert!(CelRules::default().holds(&Arc::from(rule), &list).is_err());
        assert_eq!(CelRules::default().holds(&Arc::from("self.all(x, x >= 0)"), &list), Ok(true));
    }
}
