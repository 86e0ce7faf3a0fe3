//! No text, however large or broken, breaks the parser or makes it slow.

use std::time::{Duration, Instant};

use forge_base::{Diags, FileId, code::Code};
use forge_syntax::{Parsed, debug_ast, parse};

/// More messages than any text gets: two stages that stop, and the messages about brackets.
const MOST: usize = 2 * Diags::MAX + 50;

fn read(text: &str) -> Parsed {
    parse(FileId(0), text)
}

/// Parses and forgets the tree, and gives the codes of the messages.
fn codes(text: &str) -> Vec<Code> {
    read(text).diags.into_iter().map(|diag| diag.code).collect()
}

fn nested(open: &str, middle: &str, close: &str, depth: usize) -> String {
    format!("x = {}{middle}{}\n", open.repeat(depth), close.repeat(depth))
}

#[test]
fn nesting_of_400_levels_is_read() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{ a = ", " }"), ("f(", ")"), ("\"\\(", ")\""), ("-", ""), ("!", "")]
    {
        assert_eq!(codes(&nested(open, "1", close, 400)), [], "{open}");
    }
}

#[test]
fn nesting_beyond_500_levels_is_one_error() {
    let kinds = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{ a = ", "1", " }"),
        ("{ a ", "{}", " }"),
        ("f(", "1", ")"),
        ("x => ", "1", ""),
        ("(x) => { let y = 1; ", "1", " }"),
        ("-", "1", ""),
        ("!", "1", ""),
        ("1 + ", "1", ""),
        ("1 ?? ", "1", ""),
        ("if a { ", "1", " } else { 2 }"),
        ("if a { 1 } else ", "{ 1 }", ""),
        ("match x { _ => ", "1", " }"),
        ("\"\\(", "1", ")\""),
        ("[for x in ", "1", " { x }]"),
        ("[if a { ", "1", " }]"),
        ("a.b", "", ""),
        ("a[", "1", "]"),
        ("a { b = ", "1", " }"),
    ];
    for (open, middle, close) in kinds {
        for depth in [1_000, 10_000] {
            assert_eq!(codes(&nested(open, middle, close, depth)), [Code::TOO_DEEP], "{open} {depth}");
        }
    }
}

#[test]
fn what_is_nested_beyond_all_measure_is_left() {
    for open in ["(", "[", "{ a = ", "\"\\(", "a {\n"] {
        for close in ["", ")", "]\n", "} ", ")\""] {
            let found = codes(&format!("x = {}1{}\n", open.repeat(200_000), close.repeat(200_000)));
            assert!(found.contains(&Code::TOO_DEEP) && found.len() < MOST, "{open} {close}: {}", found.len());
        }
    }
}

#[test]
fn deep_types_are_one_error() {
    for (open, close) in
        [("[", "]"), ("{String: ", "}"), ("{ a: ", " }"), ("(", ")"), ("(Int) -> ", ""), ("(", ") -> Int")]
    {
        let text = format!("type X = {}Int{}\n", open.repeat(10_000), close.repeat(10_000));
        assert_eq!(codes(&text), [Code::TOO_DEEP], "{open}");
    }
    let text = format!("x: Int{} = 1\n", "?".repeat(10_001));
    assert!(codes(&text).contains(&Code::TOO_DEEP));
}

#[test]
fn nested_items_beyond_500_levels_are_one_error() {
    for (open, close) in [("a {\n", "}\n"), ("if a {\n", "}\n"), ("for x in y {\n", "}\n"), ("a = {\n", "}\n")] {
        let text = format!("schema S {{\n{}b = 1\n{}}}\n", open.repeat(10_000), close.repeat(10_000));
        assert_eq!(codes(&text), [Code::TOO_DEEP], "{open}");
    }
}

#[test]
fn chains_and_groups_together_count_as_one_depth() {
    let inner = "1 + ".repeat(99);
    let text = format!("x = {}1{}\n", format!("{inner}(").repeat(200), format!(") + {inner}1").repeat(200));
    assert_eq!(codes(&text), [Code::TOO_DEEP]);
}

#[test]
fn unbalanced_brackets_in_masses_are_read_in_no_time() {
    let start = Instant::now();
    for unit in
        ["(", "[", "{", ")", "]", "}", "\"\\(", "([{", ")]}", "(]", "{)", "a = {\n", "\"\"\"", "#\"", "/*\n", "`", "'"]
    {
        let parsed = read(&unit.repeat(100_000 / unit.len()));
        assert!(parsed.diags.len() < MOST, "{unit}: {}", parsed.diags.len());
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn errors_in_nested_groups_are_not_read_over_and_over() {
    let start = Instant::now();
    let text = format!("x = {}1{}\n", "f(".repeat(300), " y)".repeat(300));
    assert!(!codes(&text).is_empty());
    let text = format!("x = {}1{}\n", "[1 ".repeat(300), " y]".repeat(300));
    assert!(!codes(&text).is_empty());
    let text = format!("{}\n", "a = { b c = ".repeat(300));
    assert!(!codes(&text).is_empty());
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn long_lists_bodies_and_strings_are_read() {
    let list = format!("x = [{}]\n", "1, ".repeat(100_000));
    assert_eq!(codes(&list), []);
    let args = format!("x = f({})\n", "1, ".repeat(100_000));
    assert_eq!(codes(&args), []);
    let body = format!("x = {{\n{}}}\n", (0..100_000).map(|n| format!("  a{n} = {n}\n")).collect::<String>());
    assert_eq!(codes(&body), []);
    let parts = format!("x = \"{}\"\n", "a\\(b)".repeat(100_000));
    assert_eq!(codes(&parts), []);
    let arms = format!("x = match y {{\n{}}}\n", "  1 => 2\n".repeat(100_000));
    assert_eq!(codes(&arms), []);
}

#[test]
fn time_grows_with_the_length_only() {
    let unit = "web = Web {\n  name = \"x\\(1)\"\n  ports = [80, 443]\n  a.b { c = f(x => x + 1) }\n}\n";
    let time = |times: usize| {
        let text = unit.repeat(times);
        let start = Instant::now();
        let parsed = read(&text);
        assert!(parsed.diags.is_empty());
        start.elapsed()
    };
    time(1_000);
    let (small, large) = (time(2_000), time(20_000));
    assert!(large < small * 40 + Duration::from_millis(200), "{small:?} {large:?}");
}

#[test]
fn a_million_tokens_of_one_kind_are_read() {
    for unit in
        ["a ", "1 ", "= ", ". ", ", ", "; ", "\n", "@a ", "+ ", "=> ", "if ", "let ", "a = ", "for ", "match x "]
    {
        let start = Instant::now();
        let parsed = read(&unit.repeat(100_000));
        assert!(parsed.diags.len() < MOST, "{unit}");
        assert!(start.elapsed() < Duration::from_secs(10), "{unit}: {:?}", start.elapsed());
    }
}

#[test]
fn the_deepest_nesting_fits_a_small_stack() {
    let kinds = [
        ("(", ")"),
        ("[", "]"),
        ("{ a = ", " }"),
        ("f(", ")"),
        ("f(x => { let a = 1; ", " })"),
        ("\"\\(", ")\""),
        ("if a { ", " } else { 2 }"),
        ("match x { _ => ", " }"),
        ("[if a { ", " }]"),
    ];
    let thread = std::thread::Builder::new().stack_size(512 << 10);
    let run = move || {
        for (open, close) in kinds {
            read(&nested(open, "1", close, 1_000));
        }
    };
    assert!(thread.spawn(run).expect("a thread starts").join().is_ok());
}

#[test]
fn a_text_that_is_no_forge_at_all_is_left_after_so_many_mistakes() {
    let start = Instant::now();
    for unit in [",", ";", "@", "a\n", "a b\n", "é ", "\0\n", "' ", "\"\n", "/*/", "`\n", "x = {a: 1}\n", "f(1 y)\n"] {
        let parsed = read(&unit.repeat(500_000));
        assert!((Diags::MAX..MOST).contains(&parsed.diags.len()), "{unit}: {}", parsed.diags.len());
        assert!(parsed.diags.iter().any(|diag| diag.headline == "too many errors"), "{unit}");
        assert!(parsed.module.items.len() <= Diags::MAX, "{unit}");
    }
    for (open, unit, close) in
        [("x = [", "a b, ", "]"), ("x = f(", "a b, ", ")"), ("x = \"", "\\q", "\""), ("x = {", "a =\n", "}")]
    {
        let parsed = read(&format!("{open}{}{close}\n", unit.repeat(500_000)));
        assert!((Diags::MAX..MOST).contains(&parsed.diags.len()), "{unit}: {}", parsed.diags.len());
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn of_very_many_annotations_so_many_are_read() {
    let parsed = read(&format!("{}a = 1\n", "@internal\n".repeat(200_000)));
    assert_eq!(parsed.diags.len(), 1);
    assert_eq!(parsed.module.items[0].annotations.len(), 100);
}

#[test]
fn a_long_row_that_makes_no_sense_is_one_error() {
    for (row, behind) in [("a=", "1\nb = 2"), ("a <> ", "a\nb = 2"), ("a::", "a\nb = 2")] {
        let parsed = read(&format!("x = {}{behind}\n", row.repeat(100_000)));
        assert!(!parsed.diags.is_empty() && parsed.diags.len() < 20, "{row}: {}", parsed.diags.len());
    }
}

#[test]
fn what_is_left_out_of_the_tree_is_always_told() {
    let whole = include_str!("everything.forge");
    let splinters = ["", "}", "(", "\"", " fn ", " new ", "$", " : ", " <", " - ", "...", " else ", "@"];
    let mut places = (0..whole.len()).step_by(37).filter(|&at| whole.is_char_boundary(at));
    for splinter in splinters.iter().cycle() {
        let Some(at) = places.next() else { break };
        for text in [format!("{}{splinter}{}", &whole[..at], &whole[at..]), format!("{}{splinter}", &whole[..at])] {
            let parsed = read(&text);
            let tree = debug_ast(&parsed.module);
            let has_error = tree.contains("_hole_") || tree.contains("(error");
            assert!(!has_error || !parsed.diags.is_empty(), "{splinter:?} at {at}");
        }
    }
}
