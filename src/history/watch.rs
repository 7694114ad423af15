//! How far a look at a history is, and the way to stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What whoever watches shares with whoever looks.
pub struct Watch<'w> {
    objects: &'w AtomicU64,
    bytes: &'w AtomicU64,
    stop: &'w AtomicBool,
}

impl<'w> Watch<'w> {
    /// Counts into `objects` and `bytes`, and ends when `stop` is set.
    pub const fn new(objects: &'w AtomicU64, bytes: &'w AtomicU64, stop: &'w AtomicBool) -> Self {
        Self { objects, bytes, stop }
    }

    pub(super) fn object(&self, bytes: usize) {
        self.objects.fetch_add(1, Ordering::Relaxed);
        self.bytes(bytes as u64);
    }

    pub(super) fn bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
