//! How the command is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |key: &str, value: &str| std::env::var(key).is_ok_and(|found| found == value);
    if !(is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && is("PROFILE", "release")) {
        return;
    }
    // Ten thousand places in a relocatable program are adjusted at each start, which dirties fifty pages: as much as reading a program
    // of a hundred lines. The compiler is no server, and its code has no unsafe parts.
    // A static program is linked as the flags say that make it one.
    let features = std::env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    if !features.split(',').any(|feature| feature == "crt-static") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
        // What unwinds is taken from gcc's archive, where there is one: it saves each start a library.
        let found = std::process::Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
        if found.is_ok_and(|found| std::path::Path::new(String::from_utf8_lossy(&found.stdout).trim()).is_absolute()) {
            println!("cargo::rustc-link-lib=gcc_eh");
        }
    }
    // What runs at each start stands together; see the file. Whoever brings a linker of their own may have one without such scripts.
    let flags = std::env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if std::env::var_os("RUSTC_LINKER").is_none() && !flags.contains("link") {
        let layout = concat!(env!("CARGO_MANIFEST_DIR"), "/layout.ld");
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{layout}");
        println!("cargo::rerun-if-changed={layout}");
    }
}
