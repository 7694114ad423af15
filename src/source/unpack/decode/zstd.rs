//! One Zstandard frame, of which everything before a damage is given too.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::super::feed::skip;
use super::super::trouble::damaged;
use super::chain::Part;

/// The most that a frame may look back.
const WINDOW: u64 = 128 << 20;

/// An empty last block and a checksum: after it, a decoder gives what it held back.
const LAST_BLOCK: &[u8] = &[1, 0, 0, 0, 0, 0, 0];

/// The reader of a frame.
pub(super) struct Zstd<'d> {
    from: &'d mut dyn BufRead,
    decoder: FrameDecoder,
    state: State,
}

enum State {
    New,
    Open,
    /// Damage was met; what was held back is given before it is told.
    Broken(Option<io::Error>),
    Done,
}

impl<'d> Zstd<'d> {
    pub(super) fn new(from: &'d mut dyn BufRead) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        Self { from, decoder, state: State::New }
    }

    fn open(&mut self) -> io::Result<State> {
        match self.decoder.init(&mut *self.from) {
            Ok(()) => Ok(State::Open),
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                let skipped = skip(&mut self.from, u64::from(length))?;
                let whole = skipped == u64::from(length);
                if whole { Ok(State::Done) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
            }
            Err(error) => Err(told(&error)),
        }
    }

    fn more(&mut self) {
        while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
            let one = || BlockDecodingStrategy::UptoBlocks(1);
            if let Err(error) = self.decoder.decode_blocks(&mut *self.from, one()) {
                self.state = State::Broken(Some(told(&error)));
                _ = self.decoder.decode_blocks(LAST_BLOCK, one());
                return;
            }
        }
    }

    fn end(&mut self) -> io::Result<usize> {
        let state = std::mem::replace(&mut self.state, State::Done);
        if let State::Broken(Some(error)) = state {
            return Err(error);
        }
        let expected = self.decoder.get_checksum_from_data();
        if matches!(state, State::Open)
            && expected.is_some()
            && expected != self.decoder.get_calculated_checksum()
        {
            return Err(damaged("its checksum is wrong"));
        }
        Ok(0)
    }
}

impl Read for Zstd<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if matches!(self.state, State::New) {
            self.state = self.open()?;
        }
        if matches!(self.state, State::Open) {
            self.more();
        }
        if buf.is_empty() || matches!(self.state, State::Done) {
            return Ok(0);
        }
        match self.decoder.read(buf)? {
            0 => self.end(),
            read => Ok(read),
        }
    }
}

impl<'d> Part<'d> for Zstd<'d> {
    fn rest(self: Box<Self>) -> &'d mut dyn BufRead {
        self.from
    }
}

/// The decoder's own texts may tell of content, so only the sort of error is kept.
fn told(error: &FrameDecoderError) -> io::Error {
    match error {
        FrameDecoderError::WindowSizeTooBig { .. } => io::ErrorKind::OutOfMemory.into(),
        FrameDecoderError::DictNotProvided { .. } => {
            damaged("it needs a dictionary that is not in it")
        }
        FrameDecoderError::FailedToReadChecksum(_)
        | FrameDecoderError::FailedToReadBlockHeader(_) => damaged("it ends early"),
        _ => damaged("its compressed bytes are damaged"),
    }
}
