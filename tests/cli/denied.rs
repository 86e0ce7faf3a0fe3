//! Files and folders without permission, and special files: a clear message, exit code 2, no data loss and no blocking.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use crate::project::{Project, WEB};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A project that every user may write to, with its output in `out`.
fn built() -> (Project, String) {
    let project = Project::new(&[("main.forge", WEB)]);
    project.run_as_user(&["build", "-o", "out"]).code(0);
    let text = project.read("out/main.yaml");
    (project, text)
}

#[test]
fn a_folder_without_write_permission_stays_unchanged() {
    let (project, before) = built();
    let files = project.files("out");
    set_mode(&project.path("out"), 0o555);
    let run = project.run_as_user(&["build", "-o", "out", "-i", "replicas=3"]).code(2);
    run.says("error[F0808]: cannot write `").says("out/main.yaml`: Permission denied");
    project.run_as_user(&["build", "-o", "out/new"]).code(2).says("out/new`: Permission denied");
    assert_eq!((project.read("out/main.yaml"), project.files("out")), (before, files));
    set_mode(&project.path("out"), 0o755);
}

#[test]
fn a_folder_whose_list_is_unreadable_stays_unchanged() {
    let (project, before) = built();
    set_mode(&project.path("out/.forge-manifest.json"), 0o000);
    let run = project.run_as_user(&["build", "-o", "out", "-i", "replicas=3"]).code(2);
    run.says("cannot read `").says(".forge-manifest.json`: Permission denied");
    assert_eq!(project.read("out/main.yaml"), before);
    fs::remove_file(project.path("out/.forge-manifest.json")).unwrap();
    pipe(&project.path("out/.forge-manifest.json"));
    project.run(&["build", "-o", "out", "-i", "replicas=3"]).code(2).says("not a regular file");
    assert_eq!(project.read("out/main.yaml"), before);
}

#[test]
fn output_to_a_path_that_is_not_a_folder_is_an_error() {
    let project = Project::new(&[("main.forge", WEB), ("file", "mine\n")]);
    project.run(&["build", "-o", "file"]).code(2).says("file` is a file, not a folder");
    project.run(&["build", "-o", "file/x/y"]).code(2).says("file` is a file, not a folder");
    assert_eq!(project.read("file"), "mine\n");
    pipe(&project.path("pipe"));
    project.run(&["build", "-o", "pipe"]).code(2).says("pipe` is not a folder");
    symlink("nowhere", project.path("link")).unwrap();
    project.run(&["build", "-o", "link"]).code(2).says("link` is a broken link");
    assert!(!project.path("nowhere").exists());
}

#[test]
fn replaced_files_are_restored_if_the_new_ones_cannot_be_written() {
    let tree = |files: &str| format!("import std.output\nout = output.Tree {{ files = {files} }}\n");
    let project = Project::new(&[("main.forge", &tree(r#"{ a = "old\n", "b/x" = "old\n", "shut/x" = "old\n" }"#))]);
    project.run_as_user(&["build", "-o", "out"]).code(0);
    let files = project.files("out");
    set_mode(&project.path("out/shut"), 0o555);
    project.write("main.forge", &tree(r#"{ "a/x" = "new\n", b = "new\n", "c/d/e" = "new\n", "shut/x" = "new\n" }"#));
    project.run_as_user(&["build", "-o", "out"]).code(2).says("out/shut/x`: Permission denied");
    assert_eq!(project.files("out"), files);
    assert!(
        files.iter().filter(|file| !file.starts_with('.')).all(|file| project.read(&format!("out/{file}")) == "old\n")
    );
    assert!(!project.path("out/c").exists());
    set_mode(&project.path("out/shut"), 0o755);
    project.run_as_user(&["build", "-o", "out"]).code(0);
    assert_eq!((project.read("out/a/x"), project.read("out/b")), ("new\n".into(), "new\n".into()));
}

#[test]
fn a_full_disk_leaves_the_folder_unchanged() {
    let project = Project::new(&[("main.forge", WEB)]);
    fs::create_dir(project.path("disk")).unwrap();
    let mount =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=32k", "tmpfs"]).arg(project.path("disk")).output();
    if !mount.is_ok_and(|mount| mount.status.success()) {
        // Written directly, so that the test harness does not capture it.
        _ = std::io::stderr()
            .write_all(b"\n*** SKIPPED a_full_disk_keeps_what_it_has: only root may mount a small disk ***\n");
        return;
    }
    let run = || {
        project.run(&["build", "-o", "disk/out"]).code(0);
        let (files, before) = (project.files("disk"), project.read("disk/out/main.yaml"));
        let filler = vec![b'x'; 64 << 10];
        _ = fs::write(project.path("disk/filler"), filler);
        let full = project.run(&["build", "-o", "disk/out", "-i", "replicas=3"]);
        let fresh = project.run(&["build", "-o", "disk/fresh"]);
        fs::remove_file(project.path("disk/filler")).unwrap();
        (full, fresh, project.files("disk") == files, project.read("disk/out/main.yaml") == before)
    };
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
    assert!(Command::new("umount").arg(project.path("disk")).status().unwrap().success());
    let (full, fresh, same_files, same_text) = result.unwrap();
    full.code(2).says("out/main.yaml`: No space left on device");
    fresh.code(2).says("No space left on device");
    assert!(same_files && same_text);
}

#[test]
fn a_manifest_that_is_not_a_file_is_an_error() {
    for (kind, why) in [("pipe", "not a regular file"), ("folder", "not a regular file"), ("link", "no such file")] {
        let project = Project::new(&[("main.forge", WEB), ("inner/main.forge", WEB)]);
        let path = project.path("forge.toml");
        match kind {
            "pipe" => pipe(&path),
            "folder" => fs::create_dir(&path).unwrap(),
            _ => symlink("nowhere", &path).unwrap(),
        }
        for args in [&["build", "."][..], &["check"], &["check", "inner/main.forge"], &["build", "inner"]] {
            project.run(args).code(2).says("error[F0801]: cannot read `").says(why);
        }
    }
    let project = Project::new(&[("main.forge", WEB), ("forge.toml", "[package]\nname = \"a\"\nedition = \"2026\"\n")]);
    set_mode(&project.path("forge.toml"), 0o000);
    project.run_as_user(&["build", "."]).code(2).says("cannot read `forge.toml`: permission denied");
}
