//! Prints outcomes: results to standard output, diagnostics to standard error.

use std::io::{self, IsTerminal, Write};

use forge_base::{Code, Diag, Files, render};
use forge_driver::output::Paint;
use forge_driver::pipeline::{Exit, Outcome};

use crate::args::{Color, Format, GlobalOptions};

/// Prints outcomes in the format that the options select.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    format: Format,
    errors: render::Color,
}

impl Printer {
    pub(crate) fn new(global: &GlobalOptions) -> Printer {
        let errors = if is_colored(global, &io::stderr()) { render::Color::Always } else { render::Color::Never };
        Printer { format: global.format, errors }
    }

    /// Prints an outcome. A closed pipe is not an error.
    pub(crate) fn print(self, outcome: &Outcome) -> Exit {
        let mut stdout = io::stdout().lock();
        let written = stdout.write_all(outcome.output.as_bytes()).and_then(|()| stdout.flush());
        drop(stdout);
        self.print_diags(outcome);
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let diag = Diag::error(Code::CANNOT_WRITE, format!("cannot write to standard output: {error}"));
                let failed = Outcome::failed(Files::default(), diag);
                self.print_diags(&failed);
                failed.exit()
            }
            _ => outcome.exit(),
        }
    }

    fn print_diags(self, outcome: &Outcome) {
        let text = match self.format {
            Format::Text => {
                let mut text = render::text(&outcome.files, &outcome.diags, self.errors);
                if let Some(summary) = &outcome.summary {
                    text.push_str(summary);
                    text.push('\n');
                }
                text
            }
            Format::Json => render::json(&outcome.files, &outcome.diags),
            Format::Sarif => render::sarif(&outcome.files, &outcome.diags),
        };
        let mut stderr = io::stderr().lock();
        _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

/// Whether standard output is colored.
pub(crate) fn paint(global: &GlobalOptions) -> Paint {
    if is_colored(global, &io::stdout()) { Paint::Color } else { Paint::Plain }
}

fn is_colored(global: &GlobalOptions, stream: &impl IsTerminal) -> bool {
    let is_disabled = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => stream.is_terminal() && !is_disabled,
    }
}
