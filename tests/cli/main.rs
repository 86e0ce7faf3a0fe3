//! The command line as users meet it: arguments, both outputs, exit codes, and what is on the disk afterwards.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

mod build;
mod commands;
mod consoles;
#[cfg(unix)]
mod denied;
mod doc;
mod messages;
mod output;
mod project;
mod sarif;
mod snapshots;
mod why;
