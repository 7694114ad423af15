//! Reading: a stream of bytes cut into windows that overlap, so that memory is bounded and a match across
//! a border is seen whole.

use std::io::{self, Read};
use std::ops::Range;

/// The most that is held of one file at a time, in bytes.
pub const WINDOW: usize = 8 << 20;

/// How much of a window is seen again in the next: more than any match with what surrounds it.
pub const OVERLAP: usize = 128 << 10;

/// A window of a stream.
pub struct Chunk<'b> {
    /// Its bytes.
    pub bytes: &'b [u8],
    /// How many bytes of the stream lie before it.
    pub offset: u64,
    /// The starts for which this window answers; the rest belongs to its neighbours.
    pub own: Range<usize>,
    /// How many bytes further on the next window begins; all of this one's if it is the last.
    pub step: usize,
}

impl Chunk<'_> {
    /// Whether the window is the whole stream.
    pub const fn is_whole(&self) -> bool {
        self.offset == 0 && self.is_last()
    }

    /// Whether no window follows.
    pub const fn is_last(&self) -> bool {
        self.step == self.bytes.len()
    }
}

/// How a stream ended.
#[derive(Debug)]
pub enum Ended {
    /// All of it was read: so many bytes.
    Whole(u64),
    /// The visitor asked to stop.
    Stopped,
    /// Reading failed after so many bytes.
    Failed(u64, io::Error),
}

/// Reads `from` to its end and calls `visit` with each window; it answers whether to go on. `buffer` is
/// reused between calls and never grows beyond one window.
pub fn stream(
    from: &mut dyn Read,
    buffer: &mut Vec<u8>,
    visit: &mut dyn FnMut(Chunk<'_>) -> bool,
) -> Ended {
    buffer.clear();
    let (mut offset, mut own) = (0, 0);
    loop {
        let filled = fill(from, buffer);
        let last = buffer.len() < WINDOW;
        let end = if last { buffer.len() } else { WINDOW - OVERLAP / 2 };
        let step = if last { buffer.len() } else { WINDOW - OVERLAP };
        if !buffer.is_empty() && !visit(Chunk { bytes: buffer, offset, own: own..end, step }) {
            return Ended::Stopped;
        }
        let read = offset + buffer.len() as u64;
        match filled {
            Err(error) => return Ended::Failed(read, error),
            Ok(()) if last => return Ended::Whole(read),
            Ok(()) => {}
        }
        buffer.copy_within(step.., 0);
        buffer.truncate(OVERLAP);
        offset += step as u64;
        own = OVERLAP / 2;
    }
}

/// Fills the buffer up to [`WINDOW`] or the end of the stream.
fn fill(from: &mut dyn Read, buffer: &mut Vec<u8>) -> io::Result<()> {
    let room = (WINDOW - buffer.len()) as u64;
    from.take(room).read_to_end(buffer).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::{Ended, OVERLAP, WINDOW, stream};

    #[test]
    fn each_byte_is_owned_once_and_seen_with_its_surroundings() {
        for length in [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, WINDOW * 3 + 12345] {
            let bytes: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            let mut next = 0;
            let ended = stream(&mut &bytes[..], &mut Vec::new(), &mut |chunk| {
                let at = chunk.offset as usize;
                assert_eq!(chunk.bytes, &bytes[at..at + chunk.bytes.len()]);
                assert_eq!(at + chunk.own.start, next);
                assert!(at == 0 || chunk.own.start >= OVERLAP / 2);
                next = at + chunk.own.end;
                true
            });
            assert!(matches!(ended, Ended::Whole(read) if read == length as u64));
            assert_eq!(next, length);
        }
    }
}
