//! Strings that some reader of YAML stumbles over, and the places where they can stand.

use serde_json::{Value, json};

/// Strings without blanks, by blanks.
const WORDS: &str = "a y Y n N yes Yes YES yEs no No NO on On ON off Off OFF true True TRUE tRUE false False FALSE null Null NULL nULL \
    none None ~ ~a = == < << <<< . .. ... .... - -- --- ---- -a --a ---a ? ?a : :a ::1 a: a:b : , ,a a, [ ] [a] { } {a} # #a a#b \
    & &a * *a ! !a !!str | |- |+ > >- ' 'a' '' \" \"a\" % %a @ @a ` `a` \\ \\n \\x \\\" a\\b $ $a ^ ( ) / /a +a + _ _1 ._ a_b \
    0 00 000 1 -1 +1 -0 +0 01 0123 089 09 0o17 0o8 0O17 -0o17 0b11 0b2 0B1 +0b1 0x 0x1F 0X1F 0xG -0x1F +0x1F 0x_ 0_x1 1_000 1_ _1_ \
    +_1 0_7 1__0 1.0 1. .5 -.5 +.5 1.5.2 1.2.3 1e3 1E3 1e+3 1e-3 1e 1e+ .e3 .5e3 1.e3 1.5e3 +1e3 -1e3 1e3_0 1_0e3 1e400 \
    1234567e8 12345678 123456789012345678901234567890 9007199254740993 0.1e 1f 1d 1L 0.0 -0.0 .0 ..5 \
    .inf .Inf .INF .iNF -.inf +.inf +.Inf .nan .NaN .NAN .nAN -.nan inf Inf nan NaN Infinity -inf +Inf 0x1p-2 0x1.8p1 0xp \
    1:2 12:30 12:30:45 1:60 60:1 1:5:9.5 0:30 09:05 -12:30 +1:1 1:2: 12:3a 12:30:45.123 190:20:30 22:22 8080:80 1:1:1:1:1:1 \
    00:11:22:33:44:55 12:34:56:12:34:56 ::ffff:1 fe80::1 2026-11-21 2026-1-2 2026-11-21T10:00:00Z 2026-11-21T10:00:00+01:00 \
    2026-11-21t1:2:3 2026-11-21T 2026-11-21x 2026-13-41 20261121 2026-11 2026-1-1-1 10:00:00Z 0001-01-01 1,000 1,2 1/2 50% 100m 1Gi \
    1.5Gi 5m 1h30m nginx:1.25 docker.io/library/nginx:1.25@sha256:0123 http://a/b?c=d#e a=b a=b,c=d {{a}} ${A} $(A) %d <a> a;b \
    app.kubernetes.io/name !Ref !!binary v1 v1.29.0 1.29 1.10 e1 E5 deadbeef 5d41402a 12e5 00e1 0e0 é ß 日本語 😀 e\u{301} \u{A0} \u{A0}a \
    a\u{200B}b \u{200E} \u{202E}a \u{FFFD} \u{E000} \u{FFFE} \u{FFFF} \u{10FFFF} \u{1FFFE} \u{D7FF} \u{FEFF} \u{FEFF}a a\u{FEFF} \u{85} \
    a\u{85}b \u{2028} a\u{2028}b \u{2029}a \u{AD} \0 a\0b \u{1} \u{7} \u{8} \u{B} \u{C} \u{1B} \u{1B}[0m \u{1F} \u{7F} \u{80} \u{9F} \
    \u{90}a apiVersion: kind:Pod -- -1a -.- -: -? ?- :- -: -,";

/// Strings with blanks, tabs and line breaks.
const SPACED: &[&str] = &[
    "",
    " ",
    "  ",
    " a",
    "a ",
    "  a",
    "a  b",
    "a b",
    "\t",
    "\ta",
    "a\t",
    "a\tb",
    " \ta",
    "a: b",
    "a : b",
    "a :b",
    "a:\tb",
    ": a",
    "a #b",
    "a# b",
    "a\t#b",
    "# a",
    "- a",
    "-\ta",
    "- - a",
    "? a",
    "?\ta",
    "! a",
    "& a",
    "* a",
    "--- a",
    "---\ta",
    "... a",
    "--- ",
    "%YAML 1.2",
    "| a",
    "> a",
    "[a, b]",
    "{a: b}",
    "a, b",
    "a [b",
    "a]",
    "' a'",
    "\" a",
    "@ a",
    "` a",
    "yes ",
    " yes",
    "null ",
    "1 ",
    " 1",
    "1 2",
    "1_000 ",
    "~ ",
    "2026-11-21 10:00:00",
    "2026-11-21 10:00:00 +1",
    "2026-11-21  1:2:3",
    "2026-11-21 ",
    "2026-11-21 at noon",
    "\n",
    "\n\n",
    "\n\n\n",
    "a\n",
    "a\n\n",
    "a\n\n\n",
    "\na",
    "\n\na",
    "\na\n",
    " \n",
    "\n ",
    " \n ",
    "a\nb",
    "a\nb\n",
    "a\nb\n\n",
    "a\n\nb",
    "a\n\n\nb\n",
    " a\nb",
    "  a\n b\nc",
    "a\n b",
    "a\n  b\n c\n",
    " a\n",
    "  a\n\n",
    "\n a",
    "\n  a\n b",
    " \na",
    "   \n  a",
    "a\n ",
    "a\n  \n",
    "a\n \nb",
    "a \nb",
    "a\n\tb",
    "\ta\nb",
    "\n\ta",
    " \ta\nb",
    "a\n\t",
    "a\t\nb",
    "\t\n",
    "\t\na",
    "a\n\t\n",
    "a\r",
    "a\r\n",
    "a\rb",
    "a\r\nb\r\n",
    "\r",
    "\r\n",
    "\n\r",
    "a\n\rb",
    "a\u{85}\nb",
    "a\n\u{85}",
    "a\n\u{2028}b",
    "a\n\u{FEFF}b",
    "\u{FEFF}\na",
    "a\n\0",
    "a\n\u{7F}",
    "é\nß\n",
    "日\n本\n",
    "# a\nb",
    "- a\n- b",
    "a: b\nc: d\n",
    "---\na",
    "a\n---\nb",
    "a\n---",
    "a\n---\n",
    "...\na",
    "a\n...\n",
    "%a\nb",
    "| a\nb",
    "a\n# b\n",
    "a\n  # b\n c",
    "\"\n\"",
    "'\n'",
    "\\\n\\",
    "a\\\nb",
    "a:\nb",
    "-\n",
    "- \n",
    "?\n",
    ":\n",
    "#\n",
    "~\n",
    "yes\n",
    "1\n2",
    "a\n\u{A0}b",
    "\u{A0}\na",
    "\u{3000}a",
    "a\u{3000}\nb",
    "#!/bin/sh\nset -e\nif true; then\n\techo 'a: b'\nfi\n",
    "{\n  \"a\": [1, 2],\n  \"b\": null\n}\n",
    "[a]\nb = \"c\"\n\n[d]\n",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "a\n\n  b\n\n\n c\n\n",
    "   a\n   b\n",
    " a\n\n\n",
    "\n\n \n a\n",
    "key: |\n  a\n  b\n",
    "a\n%b\n",
    "x \n y \n",
    "trailing  \n",
    "\u{1F600}\n",
    "a\u{200B}\nb",
];

/// All tricky strings.
pub(crate) fn strings() -> Vec<String> {
    let long = |count: usize| "k".repeat(count);
    let mut strings: Vec<String> = WORDS.split(' ').chain(SPACED.iter().copied()).map(str::to_owned).collect();
    strings.extend([long(80), long(997), long(1000), long(1001), long(1022), long(1024), long(1025), long(5000)]);
    strings.extend([
        format!("{} {}", long(900), long(200)),
        "a b ".repeat(400) + "c",
        "\u{1}".repeat(300),
        "é".repeat(600),
        "\"".repeat(600),
    ]);
    strings.extend([
        format!("{}\n{}", long(2000), long(2000)),
        format!(" {}\n", long(3000)),
        format!("{}: a", long(1200)),
        format!("yes{}", " ".repeat(99)),
    ]);
    strings.sort();
    strings.dedup();
    strings
}

/// Every string in every shape.
pub(crate) fn values() -> Vec<Value> {
    let mut values: Vec<Value> = strings().iter().flat_map(|text| shapes(text)).collect();
    values.extend(structures());
    values
}

/// A string as value, item and key, at several depths, with something behind it that must stay what it is.
fn shapes(text: &str) -> [Value; 7] {
    [
        json!({"a": text, "z": 1}),
        json!({"a": [text, "z", text], "z": text}),
        json!({text: text}),
        json!({"a": {"b": {text: {text: [], "z": text}}, "z": text}}),
        json!({"a": [[text, [text]], {"b": text, "z": text}, {text: [text, {text: text}]}]}),
        json!({"a": [{text: {"b": text}, "z": {text: [text]}}, [[[text]]], text]}),
        json!({text: {}, "z": [{"c": [{"d": {"e": text}}]}, text]}),
    ]
}

/// Maps and lists in each other, empty and full.
fn structures() -> Vec<Value> {
    let mut values = vec![json!({"a": {}}), json!({"a": []}), json!({"a": null}), json!({"a": true, "b": false})];
    let mut inner = values.clone();
    for _ in 0..3 {
        inner = inner
            .iter()
            .flat_map(|inner| {
                [json!({"m": inner, "z": 0}), json!({"l": [inner, inner]}), json!({"n": [[inner], [], {}, null]})]
            })
            .collect();
        values.extend(inner.iter().cloned());
    }
    let deep =
        (0..60).fold(json!("x\ny\n"), |deep, level| if level % 2 == 0 { json!([deep]) } else { json!({"d": deep}) });
    values.push(json!({"deep": deep}));
    values
}

/// Whole numbers and floats.
pub(crate) fn numbers() -> Vec<Value> {
    let ints = [
        0,
        1,
        -1,
        7,
        9,
        10,
        11,
        42,
        99,
        100,
        101,
        999,
        1000,
        8080,
        65535,
        -65536,
        1 << 31,
        1 << 53,
        i64::MAX,
        i64::MIN,
    ];
    let floats = [
        0.5,
        -0.5,
        1.0,
        -1.0,
        0.1,
        1.5,
        100.0,
        1e3,
        1e15,
        1e16,
        1e17,
        1e21,
        1e22,
        1e30,
        1e100,
        1.5e300,
        1e-4,
        1e-5,
        1e-6,
        1e-7,
        1.5e-7,
        5e-324,
        f64::MAX,
        f64::MIN_POSITIVE,
        0.30000000000000004,
        123456789.125,
        1.0 / 3.0,
        9007199254740993.0,
        12345678901234567890.0,
    ];
    let ints = ints.into_iter().map(|int| json!({"a": int, "l": [int, {"b": int}]}));
    ints.chain(floats.into_iter().map(|float| json!({"a": float, "l": [float, -float]}))).collect()
}
