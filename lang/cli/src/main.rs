//! The command `forgec`: parses the command line, calls the driver and prints the outcome.
//!
//! There is no logic here: each file below [`command`] converts arguments to the options of one pipeline.

mod args;
mod command;
mod deferred;
mod printer;
mod progress;
mod run;

fn main() -> std::process::ExitCode {
    run::main()
}
