//! Formats a file.
fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let text = std::fs::read_to_string(path).unwrap_or_default();
    match forge_syntax::format(forge_base::FileId(0), &text) {
        Ok(text) => {
            print!("{text}");
            let again = forge_syntax::format(forge_base::FileId(0), &text).unwrap_or_default();
            if again != text {
                println!("NOT STABLE\n{again}");
            }
        }
        Err(diags) => println!("{diags:?}"),
    }
}
