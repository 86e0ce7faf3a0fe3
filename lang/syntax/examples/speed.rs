//! How fast a program repeated many times is parsed, and what nesting does.
use std::time::Instant;
fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let times: usize = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(100);
    let text = std::fs::read_to_string(path).unwrap_or_default().repeat(times);
    for _ in 0..3 {
        let start = Instant::now();
        let parsed = forge_syntax::parse(forge_base::FileId(0), &text);
        let took = start.elapsed();
        let mb = text.len() as f64 / 1e6;
        println!(
            "{} lines, {mb:.1} MB, {took:?}, {:.1} MB/s, {} diags",
            text.lines().count(),
            mb / took.as_secs_f64(),
            parsed.diags.len()
        );
        let start = Instant::now();
        drop(parsed);
        println!("drop {:?}", start.elapsed());
    }
}
