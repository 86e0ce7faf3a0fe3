//! Methods of secrets, for the sinks of the standard library. They return where a secret is stored, never its value.

use super::call::{BuiltinTable, Call};
use crate::value::{Eval, Secret, Value};

pub(crate) static TABLE: BuiltinTable =
    &[("secret.kind", |call| Ok(Value::Str(secret(call)?.kind))), ("secret.place", place)];

fn secret<'a>(call: &Call<'_, 'a>) -> Eval<&'a Secret<'a>> {
    match call.arg(0) {
        Value::Secret(secret) => Ok(secret),
        other => call.mistyped(other, "a Secret"),
    }
}

fn place<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let parts = secret(call)?.parts.iter().filter(|(name, _)| *name != "value");
    call.map_of(parts.map(|(name, text)| (*name, Value::Str(text))).collect())
}
