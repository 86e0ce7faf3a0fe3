//! A temporary folder with files, and commands that run in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder that is removed when it is dropped.
pub(crate) struct Project {
    folder: TempDir,
}

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The result in `output`; a process that was killed has the exit code -1.
    pub(crate) fn new(output: &Output) -> Run {
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// Asserts the exit code; shows both outputs if it differs.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Run {
        assert_eq!(self.code, code, "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        self
    }

    /// Asserts that standard error contains `text`.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Run {
        assert!(self.err.contains(text), "{text:?} is not in standard error:\n{}", self.err);
        self
    }
}

/// One resource, with an input for its replicas.
pub(crate) const WEB: &str = r#"
schema Web {
  apiVersion: String = "example.org/v1"
  kind: String = "Web"
  name: String
  replicas: Int where it >= 1 = 2
}
input replicas: Int = 2
web = Web { name = "web", replicas = replicas }
"#;

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(path, text)| project.write(path, text));
        project
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, "")
    }

    pub(crate) fn run_with(&self, args: &[&str], input: &str) -> Run {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        // A command that does not read its input may have ended already.
        _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Run::new(&child.wait_with_output().unwrap())
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_forgec"));
        command.args(args).current_dir(self.folder.path()).env_remove("NO_COLOR");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A shell that runs `script` in the folder.
    #[cfg(unix)]
    pub(crate) fn shell(&self, script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(self.folder.path());
        command
    }

    /// Runs `forgec` as a user who is subject to file permissions, which root is not.
    #[cfg(unix)]
    pub(crate) fn run_as_user(&self, args: &[&str]) -> Run {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        use std::os::unix::process::CommandExt;
        let mut command = self.command(args);
        if fs::metadata(self.path("")).unwrap().uid() == 0 {
            fs::set_permissions(self.path(""), fs::Permissions::from_mode(0o777)).unwrap();
            // Other users may not be able to reach the folder that the program was built in.
            let program = self.path("forgec-for-all");
            if !program.exists() {
                // Another process copies it: a file that this one has open for writing is inherited by programs that other tests
                // start at the same moment, and cannot be executed until they have closed it.
                let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_forgec")).arg(&program).status();
                assert!(copied.unwrap().success());
            }
            command = Command::new(program);
            command.args(args).current_dir(self.folder.path()).env_remove("NO_COLOR").uid(65534).gid(65534);
        }
        Run::new(&command.output().unwrap())
    }

    /// The paths of all files below a folder, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let root = self.path(folder);
        let mut found = Vec::new();
        walk(&root, &root, &mut found);
        found.sort();
        found
    }
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(root, &path, found);
        } else {
            found.push(path.strip_prefix(root).unwrap().display().to_string());
        }
    }
}
