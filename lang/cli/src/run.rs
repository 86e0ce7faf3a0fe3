//! Runs a command on a deep stack, and turns whatever happens into an exit code.

use std::any::Any;
use std::panic;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use clap::{CommandFactory, FromArgMatches};
use forge_base::{Code, Diag, Files};
use forge_driver::pipeline::{Exit, Outcome};
use forge_driver::{OsWorld, Session};

use crate::args::{Cli, GlobalOptions};
use crate::printer::Printer;

/// Where a thread panicked last: the one that works, or one that helps it.
static PANIC_LOCATION: Mutex<String> = Mutex::new(String::new());

/// The whole program.
pub(crate) fn main() -> ExitCode {
    // clap prints its own messages and ends with 2 for a command line that cannot be used.
    let mut command = Cli::command();
    let given = command.try_get_matches_from_mut(std::env::args_os());
    let cli = given.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    let cli = cli.unwrap_or_else(|error| error.format(&mut command).exit());
    // To take it apart would only take time.
    std::mem::forget(command);
    let mut given = cli.command.given();
    given.push(&cli.given);
    let global = GlobalOptions::new(&given);
    let printer = Printer::new(&global);
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        *PANIC_LOCATION.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
    let work = || panic::catch_unwind(|| cli.command.run(&global)).unwrap_or_else(|panic| internal_error(&*panic));
    let outcome = forge_base::stack::with_large_stack(work);
    ExitCode::from(printer.print(&outcome) as u8)
}

/// A session on the disk, in the folder that the command line names.
pub(crate) fn session(global: &GlobalOptions) -> Result<Session, Box<Outcome>> {
    let wrong = |headline: String| Box::new(Outcome::failed(Files::default(), Diag::error(Code::BAD_USAGE, headline)));
    let cwd = std::env::current_dir().map_err(|error| wrong(format!("there is no working directory: {error}")))?;
    let cwd = match &global.directory {
        Some(folder) => cwd.join(folder),
        None => cwd,
    };
    if !cwd.is_dir() {
        return Err(wrong(format!("there is no folder `{}`", cwd.display())));
    }
    Ok(Session::new(Arc::new(OsWorld), cwd))
}

fn internal_error(panic: &(dyn Any + Send)) -> Outcome {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let place = PANIC_LOCATION.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut diag = Diag::error(Code::INTERNAL, "a mistake in the compiler itself, not in your program")
        .note(format!("it said: {}", text.unwrap_or("nothing")));
    if !place.is_empty() {
        diag = diag.note(format!("at {place}, version {}", env!("CARGO_PKG_VERSION")));
    }
    let diag = diag.help(concat!(
        "please report it with the program that shows it: ",
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
