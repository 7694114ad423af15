//! Inflating what Git compressed.

use std::io::{self, ErrorKind, Read};

use flate2::read::ZlibDecoder;

use crate::git::Damage;

/// Inflates streams of known length; kept for its tables, from object to object.
pub struct Inflater(libdeflater::Decompressor);

impl Default for Inflater {
    fn default() -> Self {
        Self(libdeflater::Decompressor::new())
    }
}

impl Inflater {
    /// Fills `out` from the stream with which `data` begins; refuses one that holds less or more, or whose
    /// checksum does not hold.
    pub fn fill(&mut self, data: &[u8], out: &mut [u8]) -> Result<(), Damage> {
        match self.0.zlib_decompress(data, out) {
            Ok(filled) if filled == out.len() => Ok(()),
            Ok(_) => Err(LESS),
            Err(libdeflater::DecompressionError::InsufficientSpace) => Err(MORE),
            Err(libdeflater::DecompressionError::BadData) => {
                Err(Damage("its compressed bytes are damaged"))
            }
        }
    }
}

/// How many bytes a compressed one makes at most: two bits say to repeat 258.
const MOST_FACTOR: u64 = 1032;

/// Whether `data` may inflate to `size` bytes: asked before there is room made for so many.
pub fn may_fill(data: &[u8], size: u64) -> Result<(), Damage> {
    let most = (data.len() as u64).saturating_mul(MOST_FACTOR);
    if size <= most { Ok(()) } else { Err(LESS) }
}

const LESS: Damage = Damage("it inflates to less than its size");
const MORE: Damage = Damage("it inflates to more than its size");

/// Reads a stream of `size` bytes bit by bit; one that holds less or more ends in an error.
pub fn stream(data: &[u8], size: u64) -> impl Read {
    exactly(ZlibDecoder::new(data), size)
}

/// Reads what holds `size` bytes; if it holds less or more, that is an error at its end.
pub fn exactly<R: Read>(from: R, size: u64) -> impl Read {
    Exactly { from, left: size }
}

struct Exactly<R> {
    from: R,
    left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(out)?;
        let wrong = |damage| io::Error::new(ErrorKind::InvalidData, damage);
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| wrong(MORE))?;
        if read == 0 && !out.is_empty() && self.left > 0 {
            return Err(wrong(LESS));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Result};

    use super::super::made::deflated;
    use super::super::noise::Noise;
    use super::{Inflater, LESS, MORE, may_fill, stream};
    use crate::git::Damage;

    const DAMAGED: Damage = Damage("its compressed bytes are damaged");

    fn filled(data: &[u8], size: usize) -> std::result::Result<Vec<u8>, Damage> {
        let mut out = vec![9; size];
        Inflater::default().fill(data, &mut out).map(|()| out)
    }

    fn streamed(data: &[u8], size: u64) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        stream(data, size).read_to_end(&mut out).map(|_| out)
    }

    #[test]
    fn streams_are_as_long_as_they_are_said_to_be() {
        let mut noise = Noise::new(14);
        for text in [Vec::new(), b"text".to_vec(), noise.bytes(100_000), vec![0; 100_000]] {
            let data = [deflated(&text), b"what comes next".to_vec()].concat();
            let size = text.len();
            assert_eq!(filled(&data, size).as_ref(), Ok(&text));
            assert_eq!(streamed(&data, size as u64).expect("it is whole"), text);
            assert_eq!(filled(&data, size + 1), Err(LESS));
            let error = streamed(&data, size as u64 + 1).expect_err("it is too short");
            assert_eq!(error.downcast::<Damage>().expect("damage"), LESS);
            if size > 0 {
                assert_eq!(filled(&data, size - 1), Err(MORE));
                let error = streamed(&data, size as u64 - 1).expect_err("it is too long");
                assert_eq!(error.downcast::<Damage>().expect("damage"), MORE);
            }
        }
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let text = b"a text, a text and a text".repeat(9);
        let mut data = deflated(&text);
        for end in 0..data.len() {
            assert!(filled(&data[..end], text.len()).is_err());
            assert!(streamed(&data[..end], text.len() as u64).is_err());
        }
        *data.last_mut().expect("it is not empty") ^= 1;
        assert_eq!(filled(&data, text.len()), Err(DAMAGED));
        assert!(streamed(&data, text.len() as u64).is_err());
    }

    #[test]
    fn nothing_inflates_to_more_than_was_thought() {
        let size = 16 << 20;
        let data = deflated(&vec![0; size]);
        assert_eq!(may_fill(&data, size as u64), Ok(()));
        assert_eq!(may_fill(&data, size as u64 + size as u64 / 50), Err(LESS));
        assert_eq!(may_fill(&data, u64::MAX), Err(LESS));
        assert_eq!((may_fill(b"", 0), may_fill(b"", 1)), (Ok(()), Err(LESS)));
    }

    #[test]
    fn noise_is_borne() {
        let mut noise = Noise::new(15);
        let text = noise.bytes_of(b"abc", 4000);
        let data = deflated(&text);
        for _ in 0..2000 {
            let spoilt = noise.spoil(&data);
            let size = noise.below(2) * text.len() + noise.below(9);
            assert_eq!(streamed(&spoilt, size as u64).ok(), filled(&spoilt, size).ok());
        }
    }
}
