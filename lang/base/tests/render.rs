//! The rendered forms of diagnostics.

use forge_base::render::{self, Color};
use forge_base::{Code, Diag, FileId, Files, Span, TextEdit};

const WEB: &str = "schema Web {\n  name: String\n  replicas: Int where it >= 1 = 2\n}\n\nlet b = Web { replcas = 2 }\n";

fn files() -> (Files, FileId) {
    let mut files = Files::default();
    let id = files.add("apps/web.forge", WEB);
    (files, id)
}

/// The span of the `nth` occurrence of `part` in `text`.
fn find(file: FileId, text: &str, part: &str, nth: usize) -> Span {
    let (at, part) = text.match_indices(part).nth(nth).expect("the part is in the text");
    Span::new(file, at, at + part.len())
}

fn plain(files: &Files, diags: &[Diag]) -> String {
    render::text(files, diags, Color::Never)
}

#[test]
fn a_label_a_note_and_a_fix() {
    let (files, id) = files();
    let span = find(id, WEB, "replcas", 0);
    let diag = Diag::error(Code::UNKNOWN_FIELD, "`Web` has no field `replcas`")
        .at(span, "did you mean `replicas`?")
        .label(find(id, WEB, "Web", 0), "`Web` is declared here")
        .note("`Web` has the fields `name` and `replicas`")
        .fix("write `replicas`", span, "replicas");
    insta::assert_snapshot!(plain(&files, &[diag]));
}

#[test]
fn labels_in_two_files() {
    let (mut files, id) = files();
    let text = "import .web.{Web}\n\ngrafana = Web {\n  name = 5\n}\n";
    let other = files.add("apps/grafana.forge", text);
    let diag = Diag::error(Code::MISMATCH, "expected a `String`, found the Int `5`")
        .at(find(other, text, "5", 0), "this is an Int")
        .label(find(id, WEB, "String", 0), "expected because of this type")
        .label(find(other, text, "Web", 1), "in this literal")
        .fix("put it in quotes", find(other, text, "5", 0), "\"5\"");
    insta::assert_snapshot!(plain(&files, &[diag]));
}

#[test]
fn a_span_of_several_lines() {
    let mut files = Files::default();
    let text = "app = Web {\n  name = \"a\"\n  b = 1\n  c = 2\n  d = 3\n  replicas = 3\n}\n";
    let id = files.add("main.forge", text);
    let diag = Diag::error(Code::MISSING_FIELD, "`Web` lacks `image` and `port`")
        .at(Span::new(id, 6, text.len()), "both are required")
        .maybe_multipart_fix(
            "add what is missing",
            vec![TextEdit {
                span: Span::new(id, text.len() - 2, text.len() - 2),
                text: "  image = \"\"\n  port = 0\n".into(),
            }],
        );
    insta::assert_snapshot!(plain(&files, &[diag]));
}

#[test]
fn many_labels_on_one_line() {
    let mut files = Files::default();
    let text = "total = requests.cpu + limits.memory * replicas\n";
    let id = files.add("main.forge", text);
    let diag = Diag::error(Code::CHECK_FAILED, "the check does not hold")
        .at(find(id, text, "requests.cpu + limits.memory * replicas", 0), "this is 5")
        .label(find(id, text, "requests.cpu", 0), "this is 100m")
        .label(find(id, text, "limits.memory", 0), "this is 1Gi")
        .label(find(id, text, "replicas", 0), "this is 3");
    insta::assert_snapshot!(plain(&files, &[diag]));
}

#[test]
fn a_diagnostic_without_a_span() {
    let (files, id) = files();
    let diag = Diag::error(Code::NO_TARGET, "there is no module `ap.web`")
        .label(find(id, WEB, "Web", 0), "this comes close")
        .note("looked for ap/web.forge\nand ap/web/main.forge")
        .help("did you mean `apps.web`?");
    insta::assert_snapshot!(plain(&files, &[diag]));
}

#[test]
fn the_end_of_the_file_and_empty_spans() {
    let (files, id) = files();
    let end = Span::new(id, WEB.len(), WEB.len());
    let diags = [
        Diag::error(Code::UNCLOSED, "`{` without its `}`").at(end, "expected `}` here"),
        Diag::error(Code::MISSING_VALUE, "`name =` has no value").at(Span::new(id, 11, 11), "expected a value"),
    ];
    insta::assert_snapshot!(plain(&files, &diags));
}

#[test]
fn wide_characters_and_tabs_keep_pointers_aligned() {
    let mut files = Files::default();
    let text = "\tname = \"日本語\" + naïve // é\n";
    let id = files.add("main.forge", text);
    let diag = Diag::warning(Code::UNKNOWN_NAME, "unknown name `naïve`").at(find(id, text, "naïve", 0), "not in scope");
    insta::assert_snapshot!(plain(&files, &[diag]));
}

#[test]
fn very_long_lines_are_clipped() {
    let mut files = Files::default();
    let text = format!("let a = 1\nlet long = \"{}\" + wrong + \"{}\"\n", "x".repeat(5000), "y".repeat(5000));
    let id = files.add("main.forge", text.as_str());
    let diag = Diag::error(Code::UNKNOWN_NAME, "unknown name `wrong`")
        .at(find(id, &text, "wrong", 0), "not in scope")
        .label(find(id, &text, "a", 0), "there is `a`")
        .note("names are case sensitive");
    insta::assert_snapshot!(plain(&files, &[diag]));
}

#[test]
fn control_characters_are_not_printed() {
    let mut files = Files::default();
    let text = "a = \"\u{1b}[31m\u{202e}\"\r\nb = \u{2028}c\r\n";
    let id = files.add("ma\u{7}in.forge", text);
    let diag = Diag::error(Code::UNKNOWN_NAME, "unknown \u{1b}[2J")
        .at(find(id, text, "c", 0), "a\nb\u{9b}")
        .label(Span::new(id, 4, 6), "here")
        .note("\u{1b}]0;title");
    let shown = plain(&files, &[diag]);
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
    insta::assert_snapshot!(shown);
}

#[test]
fn diagnostics_are_sorted_and_distinct() {
    let (files, id) = files();
    let at = |start| Diag::error(Code::SYNTAX, format!("mistake at {start}")).at(Span::new(id, start, start + 1), "");
    let warning = Diag::warning(Code::SHADOWED, "shadowed").at(Span::new(id, 4, 5), "");
    let nowhere = Diag::error(Code::NO_TARGET, "no target");
    let diags = [at(20), warning, at(4), at(20), nowhere];
    let text = plain(&files, &diags);
    let headlines: Vec<&str> = text.lines().filter(|line| line.contains("]: ")).collect();
    let expected = [
        "error[F0807]: no target",
        "error[F0201]: mistake at 4",
        "warning[F0904]: shadowed",
        "error[F0201]: mistake at 20",
    ];
    assert_eq!(headlines, expected);
    assert_eq!(render::summary(&diags), "3 errors, 1 warning");
    assert_eq!(render::summary(&[]), "");
}

#[test]
fn colors_are_used_only_on_request() {
    let (files, id) = files();
    let diag = Diag::error(Code::SYNTAX, "mistake").at(Span::new(id, 0, 6), "here").note("note").fix(
        "fix it",
        Span::new(id, 0, 6),
        "type X",
    );
    let colored = render::text(&files, std::slice::from_ref(&diag), Color::Always);
    let plain = plain(&files, &[diag]);
    assert!(colored.contains('\x1b') && !plain.contains('\x1b'));
    let mut stripped = String::new();
    for (at, part) in colored.split('\x1b').enumerate() {
        stripped.push_str(if at == 0 { part } else { part.split_once('m').map_or("", |(_, text)| text) });
    }
    assert_eq!(stripped, plain);
}

fn machine_diags(id: FileId) -> [Diag; 2] {
    let span = find(id, WEB, "replcas", 0);
    [
        Diag::error(Code::UNKNOWN_FIELD, "`Web` has no field `replcas`")
            .at(span, "did you mean `replicas`?")
            .label(find(id, WEB, "Web", 0), "declared here")
            .note("a fact")
            .help("some advice")
            .fix("write `replicas`", span, "replicas"),
        Diag::warning(Code::BAD_MANIFEST, "no place"),
    ]
}

#[test]
fn json_has_everything() {
    let (files, id) = files();
    insta::assert_snapshot!(render::json(&files, &machine_diags(id)));
}

#[test]
fn sarif_has_rules_locations_and_fixes() {
    let (files, id) = files();
    insta::assert_snapshot!(render::sarif(&files, &machine_diags(id)).replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

mod any_spans {
    use proptest::prelude::*;

    use super::*;

    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z \n]{0,60}",
            "[a \\n\\r\\t\u{0}\u{1b}\u{85}\u{2028}é日\u{301}\u{feff}\u{200b}😀\u{202e}\u{b}]{0,40}",
            "\\PC{0,40}",
            ("[a-z日]{0,9}", 280usize..330, "[a-z\n]{0,9}").prop_map(|(a, n, b)| a + &"x".repeat(n) + &b),
        ]
    }

    fn any_span() -> impl Strategy<Value = (u32, u32, u32)> {
        let offset = || prop_oneof![0u32..70, 0u32..400, any::<u32>()];
        (0u32..3, offset(), offset())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn never_panic(
            texts in prop::collection::vec(any_text(), 1..3),
            spans in prop::collection::vec((any_span(), "[a-z \n\t\u{1b}日]{0,8}"), 0..6),
            edits in prop::collection::vec((any_span(), any_text()), 0..3),
            color in prop_oneof![Just(Color::Never), Just(Color::Always)],
        ) {
            let mut files = Files::default();
            for (at, text) in texts.iter().enumerate() {
                files.add(format!("{at}.forge"), text.as_str());
            }
            let span = |(file, start, end): (u32, u32, u32)| Span { file: FileId(file), start, end };
            let mut diag = Diag::error(Code::SYNTAX, "mistake").note("a\nb");
            for (at, (place, text)) in spans.iter().enumerate() {
                diag = if at == 0 { diag.at(span(*place), text.clone()) } else { diag.label(span(*place), text.clone()) };
            }
            let edits = edits.iter().map(|(place, text)| TextEdit { span: span(*place), text: text.clone() }).collect();
            let diags = [diag.multipart_fix("fix it", edits)];
            let text = render::text(&files, &diags, color);
            prop_assert!(color == Color::Always || text.starts_with("error[F0201]: mistake\n"), "{}", text);
            prop_assert_eq!(&text, &render::text(&files, &diags, color));
            serde_json::from_str::<serde_json::Value>(&render::json(&files, &diags)).unwrap();
            serde_json::from_str::<serde_json::Value>(&render::sarif(&files, &diags)).unwrap();
        }
    }
}
