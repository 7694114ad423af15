//! Ctrl-C and the signals that ask a program to end.

use std::io::{self, Write};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::exit;
use crate::scan::Watch;

/// How long a scan that was asked to end may take to wind up.
const PATIENCE: Duration = Duration::from_secs(2);

/// Says to whoever was asked to end the program that the scan is over.
pub(super) struct Over(Arc<AtomicBool>);

impl Over {
    /// From here on a signal ends the program at once.
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The first signal ends the scan with what was found so far, and the program if the scan does not heed
/// it soon; the second, or any after the scan, ends the program.
pub(super) fn listen(watch: &Arc<Watch>) -> Over {
    let (watch, over) = (Arc::clone(watch), Arc::new(AtomicBool::new(false)));
    let is_over = Arc::clone(&over);
    let stop = move || {
        if is_over.load(Ordering::Relaxed) || watch.stop.swap(true, Ordering::Relaxed) {
            process::exit(exit::STOPPED.into());
        }
        let is_over = Arc::clone(&is_over);
        thread::spawn(move || end_unless(&is_over));
    };
    _ = ctrlc::set_handler(stop);
    Over(over)
}

fn end_unless(over: &AtomicBool) {
    thread::sleep(PATIENCE);
    if !over.load(Ordering::Relaxed) {
        let text = "keytrail: stopped while it was still reading: there is no report";
        _ = writeln!(io::stderr(), "{text}");
        process::exit(exit::STOPPED.into());
    }
}
