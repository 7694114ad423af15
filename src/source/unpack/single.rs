//! Compressed files: each holds one file.

use std::io::{BufRead, BufReader, Read};

use super::Format;
use super::decode::decode;
use super::visit::{Entry, Visit};

/// How much is taken in at once: so little that a small file's ratio is seen early.
const TAKEN: usize = 16 << 10;

/// The fields of a gzip head: whether there are extra ones, and a name.
const EXTRA: u8 = 4;
const NAME: u8 = 8;

/// Reads the compressed file `from` that is called `name`.
pub(super) fn read(format: Format, name: &str, from: &mut dyn Read, visit: &mut Visit<'_>) {
    let mut from = BufReader::with_capacity(TAKEN, from);
    let head = from.fill_buf().unwrap_or_default();
    let inside = if format == Format::Gzip { gzip_name(head) } else { None };
    let name = inside.unwrap_or_else(|| format.inner_name(name));
    let mut plain = decode(format, &mut from);
    visit.member(Entry { name, expands: true, ..Entry::default() }, &mut plain);
}

/// The name that a gzip head gives to what is in it.
fn gzip_name(head: &[u8]) -> Option<String> {
    let flags = *head.get(3)?;
    if flags & NAME == 0 {
        return None;
    }
    let mut at = 10;
    if flags & EXTRA != 0 {
        let length = head.get(at..at + 2)?;
        at += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    }
    let name = head.get(at..)?;
    let name = &name[..name.iter().position(|&b| b == 0)?];
    (!name.is_empty()).then(|| String::from_utf8_lossy(name).into_owned())
}
