//! Unix archives: Debian's packages and static libraries.

use std::io::{self, BufReader, Read};

use super::feed::{Exactly, fill, skip};
use super::trouble::TroubleKind;
use super::visit::{Entry, Seen, Visit};

/// The mark at the start.
const MARK: u64 = 8;

/// The bytes of a member's header.
const HEADER: usize = 60;

/// The most bytes that are held of a table of names.
const TABLE: u64 = 8 << 20;

/// The longest name that stands before a member's bytes.
const LONGEST_NAME: u64 = 4096;

/// Reads an archive.
pub(super) fn read(from: &mut dyn Read, visit: &mut Visit<'_>) {
    let mut from = BufReader::new(from);
    let mut names = Vec::new();
    let read = skip(&mut from, MARK).and_then(|_| {
        loop {
            match one(&mut from, &mut names, visit) {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(error) => break Err(error),
            }
        }
    });
    if let Err(error) = read {
        visit.failed(&error, "it ends early");
    }
}

/// Reads one member; whether there may be another.
fn one(from: &mut dyn Read, names: &mut Vec<u8>, visit: &mut Visit<'_>) -> io::Result<bool> {
    let mut header = [0; HEADER];
    match fill(from, &mut header) {
        // An error must come out, an end must not.
        0 => return from.read(&mut [0]).map(|_| false),
        HEADER => {}
        _ => return Err(io::ErrorKind::UnexpectedEof.into()),
    }
    let size = number(&header[48..58]).filter(|_| header.ends_with(b"`\n"));
    let Some(size) = size else {
        visit.trouble(None, TroubleKind::Damaged, "there is no header where one should be");
        return Ok(false);
    };
    let field = header[..16].trim_ascii_end();
    let mut bytes = Exactly::new(&mut *from, size);
    let mut left = size;
    let name = if field == b"//" {
        names.clear();
        bytes.by_ref().take(TABLE).read_to_end(names)?;
        None
    } else if let Some(length) = field.strip_prefix(b"#1/").and_then(number) {
        let mut name = Vec::new();
        bytes.by_ref().take(length.min(LONGEST_NAME)).read_to_end(&mut name)?;
        left = left.saturating_sub(name.len() as u64);
        Some(name)
    } else {
        Some(named(field, names).to_vec())
    };
    if let Some(name) = name {
        let name = String::from_utf8_lossy(&name).trim_end_matches('\0').to_owned();
        let entry = Entry { name, size: Some(left), ..Entry::default() };
        if visit.member(entry, &mut bytes) == Seen::Stop {
            return Ok(false);
        }
    }
    bytes.finish()?;
    skip(from, size % 2).map(|_| true)
}

/// A name from its field, which may point into the table of names.
fn named<'n>(field: &'n [u8], names: &'n [u8]) -> &'n [u8] {
    let at = field.strip_prefix(b"/").and_then(number).and_then(|at| usize::try_from(at).ok());
    if let Some(name) = at.and_then(|at| names.get(at..)) {
        let end = name.iter().position(|&b| b == b'\n' || b == 0).unwrap_or(name.len());
        let name = &name[..end];
        return name.strip_suffix(b"/").unwrap_or(name);
    }
    field.strip_suffix(b"/").filter(|name| !name.is_empty()).unwrap_or(field)
}

fn number(field: &[u8]) -> Option<u64> {
    std::str::from_utf8(field).ok()?.trim_end().parse().ok()
}
