//! How the command is linked.

fn main() {
    let is = |key: &str, value: &str| std::env::var(key).is_ok_and(|found| found == value);
    // Ten thousand places in a relocatable program are adjusted at each start, which dirties fifty pages: as much as reading a program
    // of a hundred lines. The compiler is no server, and its code has no unsafe parts.
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
