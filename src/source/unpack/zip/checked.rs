//! A member's text, held against its checksum and size.

use std::io::{self, Read};

use crc32fast::Hasher;

use super::super::trouble::damaged;

/// A reader that ends with an error if its text is not the one that was packed.
pub(super) struct Checked<R> {
    from: R,
    hasher: Hasher,
    read: u64,
    crc: u32,
    size: u64,
}

impl<R> Checked<R> {
    pub(super) fn new(from: R, crc: u32, size: u64) -> Self {
        Self { from, hasher: Hasher::new(), read: 0, crc, size }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buf)?;
        self.hasher.update(&buf[..read]);
        self.read += read as u64;
        if read > 0 || buf.is_empty() {
            return Ok(read);
        }
        if self.read != self.size {
            return Err(damaged("its size is not the one that the archive tells"));
        }
        if self.hasher.clone().finalize() != self.crc {
            return Err(damaged("its checksum is wrong"));
        }
        Ok(0)
    }
}
