//! The command `forgec`: reads the command line, hands the work to the driver, prints what it says.
//!
//! No logic lives here: each file below [`command`] turns arguments into the options of one pipeline.

mod args;
mod command;
mod deferred;
mod printer;
mod progress;
mod run;

fn main() -> std::process::ExitCode {
    run::main()
}
