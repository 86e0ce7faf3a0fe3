//! A spinner for long-running work. It is shown only on a terminal, and only after a delay.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

const DELAY: Duration = Duration::from_millis(500);
const TICK: Duration = Duration::from_millis(100);
const FRAMES: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/// Shows a spinner until it is dropped.
pub(crate) struct Progress {
    worker: Option<(Sender<()>, thread::JoinHandle<()>)>,
}

impl Progress {
    /// Shows `message` on a terminal once the work has taken half a second.
    pub(crate) fn start(message: &'static str) -> Progress {
        if !io::stderr().is_terminal() {
            return Progress { worker: None };
        }
        let (done, wait) = mpsc::channel();
        let thread = thread::spawn(move || {
            if wait.recv_timeout(DELAY) == Err(RecvTimeoutError::Timeout) {
                // A closed terminal does not stop the work.
                _ = spin(&mut io::stderr(), message, &wait);
            }
        });
        Progress { worker: Some((done, thread)) }
    }
}

/// Shows the spinner until the sender is dropped, and then clears the line.
fn spin(out: &mut impl Write, message: &str, wait: &Receiver<()>) -> io::Result<()> {
    for frame in FRAMES.into_iter().cycle() {
        write!(out, "\r{frame} {message}")?;
        out.flush()?;
        if wait.recv_timeout(TICK) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    write!(out, "\r{:1$}\r", "", message.chars().count() + 2)?;
    out.flush()
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.worker.take() {
            drop(done);
            _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spinner_clears_its_line() {
        let (done, wait) = mpsc::channel();
        drop(done);
        let mut out = Vec::new();
        spin(&mut out, "building", &wait).expect("writing to memory cannot fail");
        assert_eq!(String::from_utf8(out).expect("it is UTF-8"), "\r⠋ building\r          \r");
    }
}
