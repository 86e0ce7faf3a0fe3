//! Prints the tree and the messages of a file.
fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let parsed = forge_syntax::parse(forge_base::FileId(0), &text);
    println!("{}", forge_syntax::debug_ast(&parsed.module));
    for diag in &parsed.diags {
        println!("{}: {} {:?} {:?} {:?}", diag.code, diag.headline, diag.primary, diag.help, diag.fixes);
    }
}
