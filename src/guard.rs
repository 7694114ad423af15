//! Work whose panics are damage of what it reads: they are caught, and nobody hears of them.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::thread;

thread_local! {
    /// Whether a panic of this thread would be caught as damage.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; its panic is an error, of which [`quieten`] keeps standard error free.
pub fn guarded<R>(work: impl FnOnce() -> R) -> thread::Result<R> {
    let _back = Back(GUARDED.replace(true));
    catch_unwind(AssertUnwindSafe(work))
}

/// Runs `work`, which guarded work calls but whose panics are no damage.
pub fn unguarded<R>(work: impl FnOnce() -> R) -> R {
    let _back = Back(GUARDED.replace(false));
    work()
}

/// From here on, the process does not print the panics of guarded work.
pub fn quieten() {
    let loud = panic::take_hook();
    panic::set_hook(Box::new(move |about| {
        if !GUARDED.get() {
            loud(about);
        }
    }));
}

/// What holds again when dropped.
struct Back(bool);

impl Drop for Back {
    fn drop(&mut self) {
        GUARDED.set(self.0);
    }
}

#[cfg(test)]
mod tests {
    use std::panic;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::{GUARDED, guarded, quieten, unguarded};

    #[test]
    fn only_panics_of_guarded_work_are_quiet() {
        let inside = guarded(|| (GUARDED.get(), unguarded(|| GUARDED.get()), GUARDED.get()));
        assert_eq!((inside.expect("no panic"), GUARDED.get()), ((true, false, true), false));
        let told = Arc::new(AtomicUsize::new(0));
        let (count, here, usual) = (Arc::clone(&told), thread::current().id(), panic::take_hook());
        panic::set_hook(Box::new(move |about| {
            if thread::current().id() == here {
                count.fetch_add(1, Ordering::Relaxed);
            } else {
                usual(about);
            }
        }));
        quieten();
        assert!(guarded(|| -> u8 { panic!("of damage") }).is_err());
        assert_eq!(told.load(Ordering::Relaxed), 0);
        assert!(guarded(|| unguarded(|| -> u8 { panic!("of the caller") })).is_err());
        assert_eq!(told.load(Ordering::Relaxed), 1);
        assert!(!GUARDED.get(), "a panic leaves no guard behind");
        drop(panic::take_hook());
    }
}
