//! The command line as users see it: arguments, standard output and error, exit codes, and files on disk afterwards.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

mod build;
mod commands;
mod consoles;
#[cfg(unix)]
mod denied;
mod doc;
#[cfg(target_os = "linux")]
mod limited;
mod messages;
mod output;
mod project;
mod sarif;
mod snapshots;
mod why;
