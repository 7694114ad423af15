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

/// Room for one window, reused from stream to stream.
pub struct Buffer {
    bytes: Vec<u8>,
    spare: Vec<Self>,
}

impl Default for Buffer {
    /// Takes its memory from the system all at once; what no stream fills is never touched.
    fn default() -> Self {
        Self { bytes: vec![0; WINDOW], spare: Vec::new() }
    }
}

impl Buffer {
    /// The first bytes of the window that was read last.
    pub fn filled(&self, length: usize) -> &[u8] {
        &self.bytes[..length.min(self.bytes.len())]
    }

    /// Room for the streams within this one.
    pub const fn spare(&mut self) -> &mut Vec<Self> {
        &mut self.spare
    }
}

/// Reads `from` to its end and calls `visit` with each window; it answers whether to go on.
pub fn stream(
    from: &mut dyn Read,
    Buffer { bytes: buffer, .. }: &mut Buffer,
    visit: &mut dyn FnMut(Chunk<'_>) -> bool,
) -> Ended {
    let (mut offset, mut own, mut kept) = (0, 0, 0);
    loop {
        let (filled, trouble) = fill(from, buffer, kept);
        let last = filled < WINDOW;
        let end = if last { filled } else { WINDOW - OVERLAP / 2 };
        let step = if last { filled } else { WINDOW - OVERLAP };
        let bytes = &buffer[..filled];
        if !bytes.is_empty() && !visit(Chunk { bytes, offset, own: own..end, step }) {
            return Ended::Stopped;
        }
        let read = offset + filled as u64;
        match trouble {
            Some(error) => return Ended::Failed(read, error),
            None if last => return Ended::Whole(read),
            None => {}
        }
        buffer.copy_within(step.., 0);
        kept = OVERLAP;
        offset += step as u64;
        own = OVERLAP / 2;
    }
}

/// Fills `buffer` from `at` on; tells up to where, and what stopped it before its end if that was not the
/// end of the stream.
fn fill(from: &mut dyn Read, buffer: &mut [u8], mut at: usize) -> (usize, Option<io::Error>) {
    while at < buffer.len() {
        match from.read(&mut buffer[at..]) {
            Ok(0) => break,
            Ok(more) => at += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (at, Some(error)),
        }
    }
    (at, None)
}

#[cfg(test)]
mod tests {
    use super::{Buffer, Ended, OVERLAP, WINDOW, stream};

    #[test]
    fn each_byte_is_owned_once_and_seen_with_its_surroundings() {
        for length in [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, WINDOW * 3 + 12345] {
            let bytes: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            let mut next = 0;
            let ended = stream(&mut &bytes[..], &mut Buffer::default(), &mut |chunk| {
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
