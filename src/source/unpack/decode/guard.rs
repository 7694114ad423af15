//! A decoder whose panics are damage, and which is not asked again after an error.

use std::io::{self, Read};

use super::super::trouble::damaged;
use crate::guard::guarded;

/// A decoder under guard.
pub(in super::super) struct Guard<R> {
    inner: R,
    ended: bool,
}

impl<R: Read> Guard<R> {
    pub(in super::super) fn new(inner: R) -> Self {
        Self { inner, ended: false }
    }

    pub(super) fn boxed<'d>(inner: R) -> Box<dyn Read + 'd>
    where
        R: 'd,
    {
        Box::new(Self::new(inner))
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        let read = guarded(|| self.inner.read(buf))
            .unwrap_or_else(|_| Err(damaged("its decoder gave up on its damage")));
        let interrupted = |e: &io::Error| e.kind() == io::ErrorKind::Interrupted;
        self.ended = read.as_ref().is_err_and(|e| !interrupted(e));
        read
    }
}
