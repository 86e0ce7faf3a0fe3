//! Runs a command on a large stack and converts its outcome, or a panic, to an exit code.

use std::any::Any;
use std::panic;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use clap::{CommandFactory, FromArgMatches};
use forge_base::{Code, Diag, Files, stack};
use forge_driver::pipeline::{Exit, Outcome};
use forge_driver::{OsWorld, Session};

use crate::args::{Cli, GlobalOptions};
use crate::printer::Printer;

/// Where a thread of the process panicked last.
static PANIC_LOCATION: Mutex<String> = Mutex::new(String::new());

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    // clap prints its own messages and exits with 2 if the command line is invalid.
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(std::env::args_os());
    let cli = matches.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    let cli = cli.unwrap_or_else(|error| error.format(&mut command).exit());
    // Dropping it takes time and serves no purpose.
    std::mem::forget(command);
    let mut global = cli.command.global_args();
    global.push(&cli.global);
    let global = GlobalOptions::new(&global);
    let printer = Printer::new(&global);
    panic::set_hook(Box::new(|info| {
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        *PANIC_LOCATION.lock().unwrap_or_else(PoisonError::into_inner) = location;
    }));
    let work = || panic::catch_unwind(|| cli.command.run(&global)).unwrap_or_else(|panic| internal_error(&*panic));
    let outcome = stack::try_with_large_stack(work).unwrap_or_else(|_| out_of_memory());
    ExitCode::from(printer.print(&outcome) as u8)
}

/// A session on disk, in the folder that the command line selects.
pub(crate) fn session(global: &GlobalOptions) -> Result<Session, Box<Outcome>> {
    let failed = |headline: String| Box::new(Outcome::failed(Files::default(), Diag::error(Code::BAD_USAGE, headline)));
    let cwd =
        std::env::current_dir().map_err(|error| failed(format!("cannot determine the working directory: {error}")))?;
    let cwd = match &global.directory {
        Some(folder) => cwd.join(folder),
        None => cwd,
    };
    if !cwd.is_dir() {
        return Err(failed(format!("there is no folder `{}`", cwd.display())));
    }
    Ok(Session::new(Arc::new(OsWorld), cwd))
}

fn out_of_memory() -> Outcome {
    let mebibytes = stack::MIN_BYTES >> 20;
    let diag = Diag::error(Code::OUT_OF_MEMORY, format!("cannot reserve {} MiB of memory", 2 * mebibytes))
        .note(format!("{mebibytes} MiB for the stack, and as much for everything else"))
        .help("raise the limit on the address space (`ulimit -v`)");
    Outcome::failed(Files::default(), diag)
}

fn internal_error(panic: &(dyn Any + Send)) -> Outcome {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let location = PANIC_LOCATION.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut diag = Diag::error(Code::INTERNAL, "internal compiler error")
        .note(format!("panicked with: {}", text.unwrap_or("no message")));
    if !location.is_empty() {
        diag = diag.note(format!("at {location}, version {}", env!("CARGO_PKG_VERSION")));
    }
    let diag = diag.help(concat!(
        "this is a bug in forgec: please report it with the program that triggers it at ",
        env!("CARGO_PKG_REPOSITORY"),
        "/issues"
    ));
    debug_assert_eq!(Outcome::failed(Files::default(), diag.clone()).exit(), Exit::CommandError);
    Outcome::failed(Files::default(), diag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_reported_as_f0812() {
        let outcome = internal_error(&"index out of bounds");
        assert_eq!(outcome.diags[0].code.to_string(), "F0812");
        assert!(outcome.diags[0].notes[0].contains("index out of bounds"), "{:?}", outcome.diags[0].notes);
    }
}
