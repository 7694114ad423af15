//! Compressed bytes to plain ones, whatever the bytes are.

mod chain;
mod guard;
mod zstd;

use std::io::{self, BufRead, Read};

use bzip2::bufread::BzDecoder;
use deflate64::Deflate64Decoder;
use flate2::bufread::{DeflateDecoder, GzDecoder};
use lz4_flex::frame::FrameDecoder;
use lzma_rust2::{LzmaReader, XzReader, lzma_get_memory_usage_by_props};

use super::Format;
use super::trouble::damaged;
use chain::Chain;
pub(super) use guard::Guard;
use zstd::Zstd;

/// The most that a decoder looks back, in KiB; with some room for what else it holds.
pub(super) const MOST_MEMORY: u32 = (128 << 10) + 2048;

/// How a member of a zip is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflate,
    Deflate64,
    Bzip2,
    Lzma,
    Zstd,
    Xz,
}

impl Method {
    /// The method of that number.
    pub(super) fn numbered(number: u16) -> Option<Self> {
        Some(match number {
            0 => Self::Stored,
            8 => Self::Deflate,
            9 => Self::Deflate64,
            12 => Self::Bzip2,
            14 => Self::Lzma,
            20 | 93 => Self::Zstd,
            95 => Self::Xz,
            _ => return None,
        })
    }

    /// Whether its bytes tell where they end, and no byte after that is taken.
    pub(super) fn ends_itself(self) -> bool {
        !matches!(self, Self::Stored | Self::Lzma)
    }

    /// Reads what `from` holds of a member whose plain size may be known.
    pub(super) fn decode<'d>(
        self,
        from: &'d mut dyn BufRead,
        size: Option<u64>,
    ) -> Box<dyn Read + 'd> {
        match self {
            Self::Stored => Box::new(from),
            Self::Deflate => Guard::boxed(DeflateDecoder::new(from)),
            Self::Deflate64 => Guard::boxed(Deflate64Decoder::with_buffer(from)),
            Self::Bzip2 => Guard::boxed(BzDecoder::new(from)),
            Self::Lzma => opened(zip_lzma(from, size)),
            Self::Zstd => Guard::boxed(Zstd::new(from)),
            Self::Xz => Guard::boxed(XzReader::new_mem_limit(from, false, MOST_MEMORY)),
        }
    }
}

/// Reads a compressed file.
pub(super) fn decode<'d>(format: Format, from: &'d mut dyn BufRead) -> Box<dyn Read + 'd> {
    match format {
        Format::Gzip => chained(from, |from| Box::new(GzDecoder::new(from))),
        Format::Bzip2 => chained(from, |from| Box::new(BzDecoder::new(from))),
        Format::Xz => {
            chained(from, |from| Box::new(XzReader::new_mem_limit(from, false, MOST_MEMORY)))
        }
        Format::Zstd => chained(from, |from| Box::new(Zstd::new(from))),
        Format::Lz4 => chained(from, |from| Box::new(FrameDecoder::new(from))),
        _ => opened(LzmaReader::new_mem_limit(from, MOST_MEMORY, None).map(deferring)),
    }
}

fn chained<'d>(from: &'d mut dyn BufRead, open: chain::Open<'d>) -> Box<dyn Read + 'd> {
    Guard::boxed(Chain::new(from, open))
}

fn opened<'d, R: Read + 'd>(reader: io::Result<R>) -> Box<dyn Read + 'd> {
    match reader {
        Ok(reader) => Guard::boxed(reader),
        Err(error) => Box::new(Refused(Some(error))),
    }
}

fn deferring<R>(mut reader: LzmaReader<R>) -> LzmaReader<R> {
    reader.set_defer_errors(true);
    reader
}

/// In a zip, LZMA comes after the version of its writer and its properties.
fn zip_lzma(from: &mut dyn BufRead, size: Option<u64>) -> io::Result<LzmaReader<&mut dyn BufRead>> {
    let mut head = [0; 9];
    from.read_exact(&mut head)?;
    let [_, _, length, 0, props, dictionary @ ..] = head else {
        return Err(damaged("its LZMA properties are damaged"));
    };
    if length != 5 {
        return Err(damaged("its LZMA properties are damaged"));
    }
    let dictionary = u32::from_le_bytes(dictionary);
    if lzma_get_memory_usage_by_props(dictionary, props)? > MOST_MEMORY {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    LzmaReader::new_with_props(from, size.unwrap_or(u64::MAX), props, dictionary, None)
        .map(deferring)
}

/// A decoder that could not be opened: its error comes once.
struct Refused(Option<io::Error>);

impl Read for Refused {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
