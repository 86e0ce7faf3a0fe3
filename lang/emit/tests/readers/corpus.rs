//! Values that writers of YAML have got wrong.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Words and numbers that some reader takes for something else than a string.
const WORDS: &[&str] = &[
    "", "null", "Null", "NULL", "nUll", "~", "true", "True", "TRUE", "tRue", "false", "False", "FALSE", "yes", "Yes", "YES",
    "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "y", "Y", "n", "N", "nan", "NaN", ".nan", ".NaN", ".NAN", ".inf",
    ".Inf", ".INF", "+.inf", "-.inf", "-.INF", "inf", "Infinity", "=", "<<", "<", "!!str", "none", "None", "undefined",
    "0", "-0", "+0", "1", "-1", "+1", "00", "0123", "089", "0129", "0o17", "0o8", "0O17", "0x1F", "0X1f", "0xg", "-0x10",
    "+0x10", "0b11", "0B11", "0b12", "-0b1", "1_000", "1__0", "_1", "1_", "+_1", "0x_1", "1.", ".5", "-.5", "+.5", "1.0",
    "1.5e3", "1e3", "1E3", "1e+3", "1e-3", "1e", "e1", "e", "1e1_0", ".e1", ".1e1", "1.e1", "1234567e8", "7e5", "5e", "0e0",
    "12:30", "12:30:45", "1:2", "1:60", "1:2:3.5", "190:20:30", "-1:30", "12:3a", "00:00:5e:00:53:01", "1:", ":1",
    "2026-11-21", "2026-1-1", "2026-11-21T10:00:00Z", "2026-11-21 10:00:00", "2026-11-21t10:00:00.5-08:00",
    "2026-11-21T10:00:00 +1", "2001-12-14", "2026-13-45", "2026-11", "99999-01-01", "12345678901234567890", "1.2.3", "1.2",
    "v1.2.3", "1.2.3-rc.1", "9223372036854775808", "-9223372036854775809", "1e400", "0.0", "0.", "+", "-", ".", "..", "+.",
    "-.", "1,000", "1 000", "1/2", "100m", "1Gi", "50%", "0777", "0644", "08", "0_7", "1d", "0d1",
    "123456789012345678901234567890", "1e0", "٣", "１２", "½",
];

/// Texts with signs of YAML at the wrong place.
const SIGNS: &[&str] = &[
    "-", "--", "---", "--- a", "---a", "...", "... a", "...a", "- a", "-a", "?", "? a", "?a", ":", ": a", ":a", "::1", "a:", "a: b",
    "a:b", "a :b", "a : b", "a:\tb", "#", "#a", "a#", "a #b", "a# b", "a\t#b", ",", ",a", "a,b", "[", "[a]", "a[0]", "]", "{", "{}",
    "{a", "{{ .Values.x }}", "}", "a}", "&", "&a", "a&b", "*", "*a", "* * * * *", "*/5 * * * *", "0 3 * * 1", "!", "!a", "!!int 3",
    "|", "|-", "|2", ">", ">-", "> a", "'", "'a'", "a'b", "''", "\"", "\"a\"", "a\"b", "\"\"", "%", "%YAML 1.2", "%a", "@", "@a",
    "`", "`a`", "\\", "\\n", "a\\b", "C:\\x", " ", "  ", " a", "a ", " a ", "a  b", "\t", "\ta", "a\t", "a\tb", " \t ", "-\ta", "?\ta",
    ":\ta", "- - a", "- #a", "a - b", "key: [a, b]", "<a@b.c>", "http://a.b/c?d=e&f#g", "a=b", "$(X)", "${X}", "a|b", "~a", "=a",
    "nginx:1.25", "ghcr.io/a/b@sha256:0123456789abcdef", "10.0.0.0/8", "fe80::1%eth0", "::", "[::1]:80", "a: ", "a:  b", "#!/bin/sh",
    "--flag", "--flag=x: y", "--config=/a #b", "<<: *a", "!include x", "a\\: b", "x: |", "é: à", "日本: 語", "😀", "a\u{301}",
];

/// Characters that need care.
const CHARACTERS: &[&str] = &[
    "\0", "\u{1}", "\u{7}", "\u{8}", "\u{b}", "\u{c}", "\r", "\u{e}", "\u{1b}[31m", "\u{1f}", "\u{7f}", "\u{80}", "\u{84}", "\u{85}",
    "\u{86}", "\u{9f}", "\u{a0}", "a\u{a0}b", "\u{ad}", "\u{200b}", "\u{200e}", "\u{2028}", "\u{2029}", "\u{202e}", "a\u{2028}b", "a\u{85}b",
    "\u{feff}", "\u{feff}a", "a\u{feff}b", "\u{fffd}", "\u{fffe}", "\u{ffff}", "\u{d7ff}", "\u{e000}", "\u{10000}", "\u{1fffe}",
    "\u{10ffff}", "\u{3000}a", "a\u{3000}", "a\rb", "a\r\nb", "\r\n", "a\r", "\u{1}a\nb", "a\u{0}b",
];

/// Texts of several lines.
const LINES: &[&str] = &[
    "\n", "\n\n", "\n\n\n", "a\n", "a\n\n", "a\n\n\n", "\na", "\n\na", "\na\n", "a\nb", "a\nb\n", "a\nb\n\n", "a\n\nb", "a\n\n\nb\n",
    " a\nb", " a\nb\n", "  a\n b\n", "a\n b", "a\n  b\nc\n", "a \nb", "a\nb ", "a\n \nb", "a\n  \n", "a\n \n", " \na", " \n", "  \n\n",
    " \n a", "\n a", "\n  a\nb", "\ta\nb", "a\n\tb", "\t\n", "\n\t", "a\t\nb\t\n", "\t\na", "\n\ta\n", "a\n\t\nb", "- a\n- b\n",
    "a: b\nc: d\n", "# a\nb\n", "a\n# b\n", "---\na\n", "a\n---\nb\n", "a\n...\nb\n", "--- a\n", "...\n", "%YAML 1.1\n---\na\n", "|\na", "> a\nb",
    "a\r\nb\r\n", "a\r\n", "\r\na", "a\u{85}b\nc", "a\u{2028}b\nc\n", "\u{feff}a\nb", "a\n\u{feff}b", "a\nb\u{a0}\n", "a\n\u{0}b",
    "日本\n語\n", "😀\n\n😀", "{\n  \"a\": 1\n}\n", "[\n", "'\n", "\"\n", "\"a\nb\"", "a: |\n  b\n", "\\\n", "a\\\nb",
    "#!/bin/sh\nset -eu\n\nif [ -n \"$X\" ]; then\n\techo \"x: $X\" # done\nfi\n",
    "server {\n  listen 80;\n  location / {\n    proxy_pass http://a:8080;\n  }\n}",
    "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ=\n-----END CERTIFICATE-----\n",
    "sum by (pod) (rate(x{job=\"a\"}[5m]))\n  / on () group_left\n  2 > 0.5\n",
    "{{- range .Items }}\n- {{ .Name | quote }}\n{{- end }}\n", "1\n2\n", "1\n", "true\n", "null\n\n", "~\n",
];

/// All single strings of the corpus.
pub(crate) fn strings() -> Vec<String> {
    let mut strings: Vec<String> =
        [WORDS, SIGNS, CHARACTERS, LINES].concat().into_iter().map(str::to_owned).collect();
    for length in [79, 81, 127, 128, 129, 999, 1000, 1001, 1021, 1022, 1023, 1024, 1025, 4000] {
        strings.push("k".repeat(length));
        strings.push(format!("{} {}", "long words ".repeat(length / 11), "é".repeat(length % 11)));
        strings.push(format!("{}: \"{}", "q".repeat(length / 2), "\\".repeat(length / 2)));
        strings.push(format!("{}\n{}", "l".repeat(length / 2), "m".repeat(length / 2)));
    }
    strings.push("é".repeat(600));
    strings.push("\u{1}".repeat(300));
    for byte in 0..=0x9F_u8 {
        strings.push(format!("a{}b", char::from(byte)));
        strings.push(format!("{}a", char::from(byte)));
        strings.push(format!("a{}", char::from(byte)));
    }
    strings.sort();
    strings.dedup();
    strings
}

/// The shapes in which a string can stand.
pub(crate) fn shapes(text: &str) -> Vec<Value> {
    vec![
        json!({ "v": text }),
        json!({ "v": [text, text] }),
        json!({ "a": { "b": [{ "c": text, "d": [] }], "e": text }, "f": {} }),
        json!({ (text): "x" }),
        json!({ "a": { (text): { (text): text }, "z": null } }),
        json!({ "v": [[text], [[text, {}]], { (text): [text] }] }),
        json!({ "v": [{ (text): text, "w": true }, text] }),
    ]
}

/// Numbers, and empty and deep things.
pub(crate) fn others() -> Vec<Value> {
    let ints = [0, 1, -1, 9, 10, 99, 100, 101, 12345, -98765, 1 << 31, 1 << 53, -(1 << 53)];
    let floats = [
        0.0, -0.0, 0.1, 0.5, 1.0, -1.5, 100.0, 1e3, 1e15, 1e16, 1e17, 1e21, 1e22, 1e100, 1.5e300, 1e-5, 1e-6, 1e-7, 1.25e-10, 5e-324,
        f64::MAX, f64::MIN, f64::MIN_POSITIVE, 0.1 + 0.2, 1.0 / 3.0, 123456.789, 9007199254740993.0,
    ];
    let mut values: Vec<Value> = ints.iter().map(|number| json!({ "v": number, "w": [number] })).collect();
    values.extend(floats.iter().map(|number| json!({ "v": number, "w": [number] })));
    values.extend([
        json!({}), json!({ "v": [] }), json!({ "v": {} }), json!({ "v": [[], {}, [[]], [{}], { "a": [] }] }), json!({ "v": [[[[1]]]] }),
        json!({ "v": [null, true, false] }), json!({ "v": null }), json!({ "a": { "b": { "c": { "d": [[{ "e": {} }]] } } } }),
    ]);
    let deep = (0..60).fold(json!("x"), |inner, at| if at % 3 == 0 { json!([inner]) } else { json!({ "k": inner }) });
    values.push(json!({ "deep": deep }));
    values
}

/// Strings made of what is hard to write.
pub(crate) fn any_string() -> impl Strategy<Value = String> {
    let special = prop::sample::select([SIGNS, CHARACTERS, LINES].concat());
    let piece = prop_oneof![
        4 => prop::sample::select(vec!["\n", "\n\n", " ", "  ", "\t", ": ", " #", "- ", "'", "\"", "\\", "\r", "-", "?", ":", "|", "a", "é"])
            .prop_map(str::to_owned),
        2 => special.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => (0u32..0x100).prop_map(|c| char::from_u32(c).map_or_else(String::new, String::from)),
    ];
    let pieces = prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat());
    let number = "[-+]?[0-9_.:]{0,5}[eExXoObB.:_-]?[-+]?[0-9a-fA-F_.:]{0,4}";
    let word = "[yYnNtTfFoO][a-zA-Z]{0,4}|\\PC{0,20}|[ -~]{0,12}|\\.[a-zA-Z]{3}";
    prop_oneof![3 => pieces, 2 => number, 1 => word]
}

/// Plain data of any form, a map at its root.
pub(crate) fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => any_string().prop_map(Value::String),
        1 => (-(1i64 << 53)..(1i64 << 53)).prop_map(Value::from),
        1 => any::<f64>().prop_filter_map("finite", |number| number.is_finite().then(|| Value::from(number))),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
    ];
    let value = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(any_string(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    prop::collection::btree_map(any_string(), value, 0..3).prop_map(|map| Value::Object(map.into_iter().collect()))
}

/// Random values, the same on each run.
pub(crate) fn random_values(count: usize) -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let strategy = any_value();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}
