//! Inflating what Git compressed.

use std::io::Read;

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
            Ok(_) => Err(Damage("it inflates to less than its size")),
            Err(libdeflater::DecompressionError::InsufficientSpace) => {
                Err(Damage("it inflates to more than its size"))
            }
            Err(libdeflater::DecompressionError::BadData) => {
                Err(Damage("its compressed bytes are damaged"))
            }
        }
    }
}

/// Reads a stream of any length bit by bit.
pub fn stream(data: &[u8]) -> impl Read {
    ZlibDecoder::new(data)
}
