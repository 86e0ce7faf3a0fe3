//! Prints trees and messages of broken programs, parts of one file cut at lines of `----`.
fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let all = std::fs::read_to_string(path).unwrap_or_default();
    for text in all.split("----\n") {
        let parsed = forge_syntax::parse(forge_base::FileId(0), text);
        println!("{text}  =>\n{}", forge_syntax::debug_ast(&parsed.module).trim_end());
        let file = forge_base::SourceFile::new(forge_base::FileId(0), "x".into(), text.into());
        for diag in &parsed.diags {
            println!("  {}: {}", diag.code, diag.headline);
            for label in diag.primary.iter().chain(&diag.labels) {
                let at = file.line_column(label.span.start);
                println!("     {}:{} `{}` {}", at.line, at.column, file.slice(label.span), label.text);
            }
            for note in &diag.notes {
                println!("     note: {note}");
            }
            if let Some(help) = &diag.help {
                println!("     help: {help}");
            }
            for fix in &diag.fixes {
                println!("     fix: {} {:?}", fix.title, fix.edits);
            }
        }
        println!("=====");
    }
}
