//! What other languages have as functions, and what stands for them here.

/// What to write instead of a function that is called by a name which means nothing.
pub(crate) fn foreign_function(name: &str) -> Option<String> {
    let method = |shape: &str| Some(format!("it is a method and stands behind the value: `{shape}`"));
    let module = |call: &str, module: &str| Some(format!("`import std.{module}`, then `{call}`"));
    match name {
        "len" | "length" | "size" | "count" => Some(String::from("`value.length` is how many there are")),
        "str" | "string" | "tostring" | "toString" | "tostr" => {
            Some(String::from("`\"\\(value)\"` or `value.toString()` makes a string"))
        }
        "int" | "atoi" | "parseInt" | "toInt" => method("text.toInt()"),
        "format" | "sprintf" | "printf" => Some(String::from("`\"\\(value)\"` puts a value into a string")),
        "range" => Some(String::from("a range is written `0..<n`, or `1..=n` with its end")),
        "map" | "filter" | "sort" | "sorted" | "reverse" | "unique" | "flatten" | "any" | "all" | "sum" | "min"
        | "max" | "join" | "zip" | "first" | "last" => method(&format!("list.{name}(…)")),
        "keys" | "values" | "entries" => method(&format!("map.{name}()")),
        "split" | "replace" | "trim" | "lower" | "upper" | "startsWith" | "endsWith" | "contains" => {
            method(&format!("text.{name}(…)"))
        }
        "merge" | "mergeOverwrite" | "mergeDeep" => {
            Some(String::from("`base { … }` changes parts of a value; `{ ...a, ...b }` and `a.merge(b)` join maps"))
        }
        "default" | "coalesce" | "dig" => Some(String::from("`value ?? other` takes the place of null")),
        "toYaml" | "yamlencode" | "manifestYamlDoc" => module("encoding.toYaml(value)", "encoding"),
        "toJson" | "jsonencode" | "manifestJson" => module("encoding.toJson(value)", "encoding"),
        "fromYaml" | "yamldecode" => module("encoding.fromYaml(text)", "encoding"),
        "fromJson" | "jsondecode" | "parseJson" => module("encoding.fromJson(text)", "encoding"),
        "b64enc" | "base64encode" | "base64" => module("encoding.base64Encode(text)", "encoding"),
        "b64dec" | "base64decode" => module("encoding.base64Decode(text)", "encoding"),
        "sha256" | "sha256sum" => module("encoding.sha256(text)", "encoding"),
        "read" | "file" | "readFile" | "open" | "include" | "importstr" | "templatefile" => {
            module("files.read(\"path\")", "files")
        }
        "env" | "getenv" | "environ" => Some(String::from(
            "a build reads no environment: declare `input name: String` and give it with `--input name=…`",
        )),
        "now" | "time" | "timestamp" | "date" | "random" | "rand" | "uuid" | "uuidv4" | "randAlphaNum" => Some(
            String::from("a build knows no clock and no chance, so that it always gives the same; take an `input`"),
        ),
        "print" | "println" | "log" | "trace" | "debug" | "echo" => {
            Some(String::from("`forgec eval -e` shows a value, `forgec why` where it comes from"))
        }
        "lookup" | "fetch" | "get" | "http" | "curl" => {
            Some(String::from("a build asks no cluster and no network; `map.get(key)` looks into a map"))
        }
        "require" | "required" | "fail" | "error" | "panic" | "throw" => {
            Some(String::from("what must hold is a `check condition, \"message\"` in a schema, or a `where` in a type"))
        }
        _ => None,
    }
}
