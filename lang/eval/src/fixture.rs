//! A test fixture: from Forge source to values, errors and provenance.
//!
//! The program consists of one module without the standard library. Positions are shown as `line:column`.

use std::sync::Arc;

use forge_base::{Files, Name, Span};
use forge_check::{Checked, GlobalId, ModuleId, Source, check};

use crate::evaluator::{Evaluator, Options};
use crate::key::Key;
use crate::provenance::Setter;
use crate::value::{Eval, Value};

/// A checked program.
pub(crate) struct Fixture {
    files: Files,
    checked: Checked,
}

/// Parses and checks a module, which must not have errors.
pub(crate) fn program(source: &str) -> Fixture {
    let mut files = Files::default();
    let file = files.add("main.forge", source);
    let parsed = forge_syntax::parse(file, source);
    assert_eq!(parsed.diags, [], "the source has syntax errors");
    let source = Source {
        id: ModuleId(0),
        path: Name::new("main"),
        file,
        text: Arc::from(source),
        imports: Vec::new(),
        ast: Arc::new(parsed.module),
        has_syntax_errors: false,
        package: forge_check::SourcePackage::Built,
    };
    let checked = check(&[source]);
    let errors: Vec<_> = checked.diags.iter().filter(|diag| diag.is_error()).collect();
    assert!(errors.is_empty(), "the source does not check: {errors:#?}");
    Fixture { files, checked }
}

impl Fixture {
    /// Runs `test` with a new evaluator.
    pub(crate) fn run<T>(&self, test: impl FnOnce(&Evaluator<'_>) -> T) -> T {
        let (arena, options) = (bumpalo::Bump::new(), Options::default());
        test(&Evaluator::new(&arena, &self.checked.program, &self.files, &options))
    }

    /// A field or `let`, fully evaluated, in the syntax of the source.
    ///
    /// Fails the test if it has an error.
    pub(crate) fn value(&self, name: &str) -> String {
        self.run(|eval| match global(eval, name).and_then(|value| render(eval, value)) {
            Ok(shown) => shown,
            Err(error) => format!("{:#?}", eval.diags(error)),
        })
    }

    /// The errors of a field or `let`: the position and headline of each.
    pub(crate) fn errors(&self, name: &str) -> Vec<String> {
        self.run(|eval| match global(eval, name).and_then(|value| eval.force(value)) {
            Ok(()) => Vec::new(),
            Err(error) => {
                let diags = eval.diags(error);
                diags.iter().map(|diag| format!("{} {}", self.position(diag.span()), diag.headline)).collect()
            }
        })
    }

    /// The setters of the field or entry at a path, such as `a.spec.port`, the last first: the position and effect of each.
    pub(crate) fn history(&self, path: &str) -> Vec<String> {
        let (owner, name) = path.rsplit_once('.').expect("the path has several segments");
        self.run(|eval| {
            let setters = match at(eval, owner) {
                Value::Object(object) => {
                    let field = object.schema.field_index(Name::new(name)).expect("the field exists");
                    eval.history(object, field)
                }
                Value::Map(map) => {
                    let key = Key::Str(eval.arena.alloc_str(name));
                    let index = eval.find_entry(map, key).expect("the map has no error");
                    eval.entry_history(map, index.expect("the entry exists"))
                }
                _ => Vec::new(),
            };
            setters.iter().map(|setter| self.setter(setter)).collect()
        })
    }

    /// The causes of the last setter of a global's value: the source and value of each.
    pub(crate) fn causes(&self, name: &str) -> Vec<String> {
        self.run(|eval| {
            let value = eval.program.global(id(eval, name)).value.as_ref().expect("the global has a value");
            let frame = eval.new_frame(None, Value::Null, eval.program.global(id(eval, name)).slots);
            eval.causes(value, frame)
                .iter()
                .map(|cause| format!("{} = {}", cause.text, crate::show(cause.value)))
                .collect()
        })
    }

    fn setter(&self, setter: &Setter<'_>) -> String {
        let replaced = if setter.replaced { " (replaced)" } else { "" };
        format!("{} {:?}{replaced}", self.position(Some(setter.span)), setter.change)
    }

    fn position(&self, span: Option<Span>) -> String {
        let location = span.map_or_else(|| "-".into(), |span| self.files.location(span));
        location.trim_start_matches("main.forge:").to_owned()
    }
}

fn id(eval: &Evaluator<'_>, name: &str) -> GlobalId {
    let globals = &eval.program.module(ModuleId(0)).globals;
    let index = globals.iter().position(|global| global.name.as_str() == name).expect("the global exists");
    GlobalId { module: ModuleId(0), index: index as u32 }
}

fn global<'a>(eval: &Evaluator<'a>, name: &str) -> Eval<Value<'a>> {
    eval.global(id(eval, name))
}

/// The value at a path that starts with a global.
fn at<'a>(eval: &Evaluator<'a>, path: &str) -> Value<'a> {
    let mut names = path.split('.');
    let start = global(eval, names.next().unwrap_or_default());
    let value = start.and_then(|start| names.try_fold(start, |value, name| eval.member(value, Name::new(name), None)));
    value.expect("the path has a value")
}

fn render<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> Eval<String> {
    Ok(match value {
        Value::List(items) => {
            let items = items.iter().map(|item| render(eval, *item)).collect::<Eval<Vec<_>>>()?;
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let mut entries = Vec::new();
            for (index, entry) in eval.entries(map)?.iter().enumerate() {
                entries.push(format!("{} = {}", entry.key, render(eval, eval.entry(map, index)?)?));
            }
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Object(object) => {
            let mut fields = Vec::new();
            for (field, value) in eval.fields(object) {
                fields.push(format!("{} = {}", field.name, render(eval, value?)?));
            }
            format!("{} {{ {} }}", object.schema_name(), fields.join(", "))
        }
        scalar => crate::show(scalar),
    })
}
