//! What stands before a member's header: longer names and sizes.

use std::io::{self, Read};

use super::header::BLOCK;

/// The most bytes that are read of what stands before one header.
const MOST: u64 = 1 << 20;

/// What was told of the member whose header follows.
#[derive(Default)]
pub(super) struct Extra {
    /// Its name.
    pub name: Option<Vec<u8>>,
    /// Its bytes.
    pub size: Option<u64>,
}

impl Extra {
    /// Takes what a header of the kind `kind` tells in `size` bytes, which are taken from `from`.
    pub(super) fn take(&mut self, kind: u8, size: u64, from: &mut dyn Read) -> io::Result<()> {
        let mut text = Vec::new();
        from.take(size.min(MOST)).read_to_end(&mut text)?;
        match kind {
            b'L' => {
                let end = text.iter().position(|&b| b == 0).unwrap_or(text.len());
                text.truncate(end);
                self.name = Some(text);
            }
            b'x' | b'X' => self.records(&text),
            _ => {}
        }
        Ok(())
    }

    /// Records of the form `length key=value`, each with a line end.
    fn records(&mut self, mut text: &[u8]) {
        while let Some((record, rest)) = record(text) {
            text = rest;
            let Some(equals) = record.iter().position(|&b| b == b'=') else { continue };
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            let number = || std::str::from_utf8(value).ok()?.parse().ok();
            match key {
                b"path" if self.name.is_none() => self.name = Some(value.to_vec()),
                b"GNU.sparse.name" => self.name = Some(value.to_vec()),
                b"size" => self.size = number(),
                _ => {}
            }
        }
    }
}

fn record(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let blank = text.iter().take(20).position(|&b| b == b' ')?;
    let length: usize = std::str::from_utf8(&text[..blank]).ok()?.parse().ok()?;
    let (record, rest) = text.split_at_checked(length)?;
    Some((record.get(blank + 1..)?.strip_suffix(b"\n")?, rest))
}

/// The bytes that fill up the last block of `size` bytes.
pub(super) fn padding(size: u64) -> u64 {
    let block = BLOCK as u64;
    (block - size % block) % block
}
