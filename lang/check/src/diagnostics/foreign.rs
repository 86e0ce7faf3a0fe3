//! Functions of other languages, and their counterparts in Forge.

/// What to write instead of a member of the object that Jsonnet calls `std`.
pub(crate) fn std_member(name: &str) -> String {
    match name {
        "extVar" => String::from("a value from the command line is declared with `input name: String`"),
        "manifestJsonEx" | "manifestJsonMinified" => {
            String::from("`import std.encoding`, then `encoding.toJson(value)`")
        }
        "manifestYamlDoc" | "manifestYamlStream" => {
            String::from("`import std.encoding`, then `encoding.toYaml(value)`")
        }
        "mergePatch" | "prune" => String::from("`base { … }` changes parts of a value"),
        "objectFields" | "objectValues" | "objectHas" => {
            String::from("these are methods of a map: `map.keys()`, `map.values()`, `map.containsKey(key)`")
        }
        "mapWithKey" | "foldl" | "flatMap" | "filterMap" => String::from("these are methods of a list: `list.map(…)`"),
        _ => foreign_function(name).unwrap_or_else(|| {
            String::from("`std` is the standard library: import one of its modules, such as `std.text`")
        }),
    }
}

/// What to write instead of a call of an unknown function.
pub(crate) fn foreign_function(name: &str) -> Option<String> {
    let method = |shape: &str| Some(format!("this is a method: `{shape}`"));
    let module = |call: &str, module: &str| Some(format!("`import std.{module}`, then `{call}`"));
    match name {
        "len" | "length" | "size" | "count" => Some(String::from("write `value.length`")),
        "str" | "string" | "tostring" | "toString" | "tostr" => {
            Some(String::from("write `\"\\(value)\"` or `value.toString()`"))
        }
        "int" | "atoi" | "parseInt" | "toInt" => method("text.toInt()"),
        "format" | "sprintf" | "printf" => Some(String::from("string interpolation is written `\"\\(value)\"`")),
        "range" => Some(String::from("a range is written `0..<n` (exclusive) or `1..=n` (inclusive)")),
        "map" | "filter" | "sort" | "sorted" | "reverse" | "unique" | "flatten" | "any" | "all" | "sum" | "min"
        | "max" | "join" | "zip" | "first" | "last" => method(&format!("list.{name}(…)")),
        "keys" | "values" | "entries" => method(&format!("map.{name}()")),
        "split" | "replace" | "trim" | "lower" | "upper" | "startsWith" | "endsWith" | "contains" => {
            method(&format!("text.{name}(…)"))
        }
        "merge" | "mergeOverwrite" | "mergeDeep" => {
            Some(String::from("`base { … }` changes parts of a value; `{ ...a, ...b }` and `a.merge(b)` merge maps"))
        }
        "default" | "coalesce" | "dig" => Some(String::from("`value ?? other` replaces null")),
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
            "builds do not read the environment: declare `input name: String` and pass `--input name=…`",
        )),
        "now" | "time" | "timestamp" | "date" | "random" | "rand" | "uuid" | "uuidv4" | "randAlphaNum" => {
            Some(String::from("builds are deterministic: there is no clock and no randomness; declare an `input`"))
        }
        "print" | "println" | "log" | "trace" | "debug" | "echo" => {
            Some(String::from("`forgec eval -e` shows a value, `forgec why` shows where it comes from"))
        }
        "lookup" | "fetch" | "get" | "http" | "curl" => {
            Some(String::from("builds access neither cluster nor network; `map.get(key)` reads a map"))
        }
        "require" | "required" | "fail" | "error" | "panic" | "throw" => {
            Some(String::from("write `check condition, \"message\"` in a schema, or `where condition` after a type"))
        }
        _ => None,
    }
}
