//! A spinner for work that takes its time. Never shown for quick work, and never where nobody looks.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use indicatif::ProgressBar;

const PATIENCE: Duration = Duration::from_millis(500);

/// Goes away when it is dropped.
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
            if wait.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::new_spinner().with_message(message);
            bar.enable_steady_tick(Duration::from_millis(100));
            // Ends when the sender is dropped.
            _ = wait.recv();
            bar.finish_and_clear();
        });
        Progress { worker: Some((done, thread)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.worker.take() {
            drop(done);
            _ = thread.join();
        }
    }
}
