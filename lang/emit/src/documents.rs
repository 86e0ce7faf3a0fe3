//! Values as YAML text, for the builtins that write it: the evaluator stands below this crate and is given [`write_yaml`].

use forge_base::Span;
use forge_eval::{Eval, Evaluator, Value};

use crate::walk::{NoTrace, Walker};
use crate::yaml::Yaml;

/// Writes values as YAML documents with `---` between them; `span` is blamed for what has no written form.
pub fn write_yaml<'a>(eval: &Evaluator<'a>, values: &[Value<'a>], span: Span) -> Eval<String> {
    let mut yaml = Yaml::new();
    for (place, value) in values.iter().enumerate() {
        yaml.document(place > 0);
        Walker::new(eval, &mut yaml, &mut NoTrace).value(*value, Some(span))?;
    }
    Ok(yaml.finish())
}
