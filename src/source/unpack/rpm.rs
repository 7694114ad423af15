//! Red Hat's packages: what they tell of themselves, with their scripts, and the files they bring.

use std::io::{self, BufReader, Cursor, Read};

use super::feed::skip;
use super::trouble::damaged;
use super::visit::{Entry, Seen, Visit};

/// The bytes of the lead, which says nothing that is not said again.
const LEAD: u64 = 96;

/// The mark of a header.
const MARK: &[u8] = b"\x8e\xad\xe8";

/// The most bytes of a header.
const LONGEST: u64 = 64 << 20;

/// Reads a package.
pub(super) fn read(from: &mut dyn Read, visit: &mut Visit<'_>) {
    let mut from = BufReader::new(from);
    let tags = match skip(&mut from, LEAD)
        .and_then(|_| signature(&mut from))
        .and_then(|()| header(&mut from))
    {
        Ok((_, tags)) => tags,
        Err(error) => return visit.failed(&error, "it ends early"),
    };
    // Scripts that run at installation are among the tags.
    let entry =
        Entry { name: "tags".to_owned(), size: Some(tags.len() as u64), ..Entry::default() };
    if visit.member(entry, &mut Cursor::new(tags)) != Seen::Stop {
        visit.member(Entry { name: "payload".to_owned(), ..Entry::default() }, &mut from);
    }
}

fn signature(from: &mut dyn Read) -> io::Result<()> {
    let (length, _) = header(from)?;
    skip(from, (8 - length % 8) % 8).map(drop)
}

/// The length of a header, and the texts and numbers in it.
fn header(from: &mut dyn Read) -> io::Result<(u64, Vec<u8>)> {
    let mut intro = [0; 16];
    from.read_exact(&mut intro)?;
    let number = |at: usize| {
        let bytes = intro.get(at..at + 4).and_then(|b| b.try_into().ok());
        u64::from(bytes.map_or(0, u32::from_be_bytes))
    };
    let (index, store) = (number(8) * 16, number(12));
    if !intro.starts_with(MARK) || index > LONGEST || store > LONGEST {
        return Err(damaged("there is no header where one should be"));
    }
    skip(from, index)?;
    let mut tags = Vec::new();
    from.take(store).read_to_end(&mut tags)?;
    if (tags.len() as u64) < store {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((16 + index + store, tags))
}
