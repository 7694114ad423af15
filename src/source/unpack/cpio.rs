//! Cpio archives of the newer form, as they are in packages and boot images.

use std::io::{self, BufReader, Read};

use super::feed::{Exactly, fill, skip};
use super::trouble::TroubleKind;
use super::visit::{Entry, Seen, Visit};

/// The bytes of a member's header.
const HEADER: usize = 110;

/// The longest name.
const LONGEST_NAME: u64 = 1 << 16;

/// The name that marks the end.
const LAST: &[u8] = b"TRAILER!!!";

/// The part of a mode that tells files from other things, and that of a file.
const KIND: u64 = 0o170_000;
const FILE: u64 = 0o100_000;

/// Reads an archive.
pub(super) fn read(from: &mut dyn Read, visit: &mut Visit<'_>) {
    let mut from = BufReader::new(from);
    loop {
        match one(&mut from, visit) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return visit.failed(&error, "it ends early"),
        }
    }
}

/// Reads one member; whether there may be another.
fn one(from: &mut dyn Read, visit: &mut Visit<'_>) -> io::Result<bool> {
    let mut header = [0; HEADER];
    if fill(from, &mut header) < HEADER {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let field = |n: usize| {
        let digits = std::str::from_utf8(header.get(6 + n * 8..14 + n * 8)?).ok()?;
        u64::from_str_radix(digits, 16).ok()
    };
    let is_header = header.starts_with(b"070701") || header.starts_with(b"070702");
    let (true, Some(mode), Some(size), Some(length)) = (is_header, field(1), field(6), field(11))
    else {
        visit.trouble(None, TroubleKind::Damaged, "there is no header where one should be");
        return Ok(false);
    };
    let mut name = Vec::new();
    from.take(length.min(LONGEST_NAME)).read_to_end(&mut name)?;
    skip(from, length - length.min(LONGEST_NAME) + padding(HEADER as u64 + length))?;
    let name = name.strip_suffix(b"\0").unwrap_or(&name);
    if name == LAST {
        return Ok(false);
    }
    let name = String::from_utf8_lossy(name).into_owned();
    let mut bytes = Exactly::new(&mut *from, size);
    let entry = Entry { name, size: Some(size), ..Entry::default() };
    if mode & KIND == FILE && visit.member(entry, &mut bytes) == Seen::Stop {
        return Ok(false);
    }
    bytes.finish()?;
    skip(from, padding(size)).map(|_| true)
}

fn padding(length: u64) -> u64 {
    (4 - length % 4) % 4
}
