//! The command line as users meet it: arguments, both outputs, exit codes, and what is on the disk afterwards.

mod build;
mod commands;
mod output;
mod project;
mod snapshots;
