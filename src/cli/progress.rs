//! Progress on a terminal, for whatever takes longer than a second.

use std::io::{self, IsTerminal};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::Scope;
use std::time::Duration;

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use crate::scan::Watch;

/// How long a scan runs in silence.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is drawn anew.
const BEAT: Duration = Duration::from_millis(100);

/// Draws until dropped; nothing at all if standard error is not a terminal.
pub(super) struct Progress {
    _end: Option<mpsc::Sender<()>>,
}

impl Progress {
    /// Begins to watch.
    pub(super) fn of<'s>(scope: &'s Scope<'s, '_>, watch: &'s Watch) -> Self {
        if !io::stderr().is_terminal() {
            return Self { _end: None };
        }
        let (end, ended) = mpsc::channel::<()>();
        scope.spawn(move || {
            if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                draw(watch, &ended);
            }
        });
        Self { _end: Some(end) }
    }
}

fn draw(watch: &Watch, ended: &mpsc::Receiver<()>) {
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = style {
        bar.set_style(style);
    }
    while ended.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
        let files = HumanCount(watch.files.load(Ordering::Relaxed));
        let bytes = HumanBytes(watch.bytes.load(Ordering::Relaxed));
        let objects = match watch.objects.load(Ordering::Relaxed) {
            0 => String::new(),
            objects => format!(" and {} Git objects", HumanCount(objects)),
        };
        let tool = watch.tool();
        let tool = if tool.is_empty() { tool } else { format!("{tool}: ") };
        bar.set_message(format!("{tool}{files} files{objects}, {bytes}"));
        bar.tick();
    }
    bar.finish_and_clear();
}
