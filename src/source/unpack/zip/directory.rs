//! A zip's directory, which stands at its end.

use std::io::{BufReader, Read, Seek, SeekFrom};

use super::bytes::Bytes;
use super::header::{Header, LISTED, LISTED_LENGTH};

/// A zip's directory.
pub(super) struct Directory {
    /// The members, in the order of the archive's bytes; their places count from the start of the file.
    pub members: Vec<Header>,
    /// Where it starts.
    pub start: u64,
    /// Whether it lists another number of members than it counts.
    pub is_short: bool,
    /// Whether there were more members than were asked for.
    pub is_cut: bool,
}

/// The mark of the directory's end.
const END: &[u8] = b"PK\x05\x06";
/// The bytes of the directory's end, without the comment.
const END_LENGTH: usize = 22;
/// The bytes from the end of a file in which the directory's end must start: its comment is short.
const TAIL: u64 = (END_LENGTH + u16::MAX as usize) as u64;

/// The mark of a large archive's directory's end, and of what tells where it is.
const LARGE_END: u32 = 0x0606_4b50;
const LARGE_PLACE: u32 = 0x0706_4b50;
const LARGE_PLACE_LENGTH: u64 = 20;

/// How many things that look like a directory's end are tried.
const TRIES: usize = 16;

/// The most bytes of all names together.
const NAMES: usize = 64 << 20;

/// What the directory's end tells.
struct End {
    at: u64,
    count: u64,
    length: u64,
    start: u64,
    /// How many bytes stand before the archive.
    shift: u64,
}

impl Directory {
    /// Finds and reads the directory, of at most `most` members.
    pub(super) fn read<F: Read + Seek>(file: &mut F, most: usize) -> Option<Self> {
        let length = file.seek(SeekFrom::End(0)).ok()?;
        let tail_start = length.saturating_sub(TAIL);
        file.seek(SeekFrom::Start(tail_start)).ok()?;
        let mut tail = Vec::new();
        file.take(TAIL).read_to_end(&mut tail).ok()?;
        let mut tries = 0;
        for at in (0..=tail.len().checked_sub(END_LENGTH)?).rev() {
            let rest = &tail[at..];
            if !rest.starts_with(END) {
                continue;
            }
            tries += 1;
            if let Some(directory) =
                Self::ending(file, tail_start + at as u64, &rest[4..END_LENGTH], most)
            {
                return Some(directory);
            }
            if tries == TRIES {
                break;
            }
        }
        None
    }

    fn ending<F: Read + Seek>(file: &mut F, at: u64, end: &[u8], most: usize) -> Option<Self> {
        let mut b = Bytes(end.get(6..)?);
        let (count, length, start) = (b.two()?, b.four()?, b.four()?);
        let mut end =
            End { at, count: count.into(), length: length.into(), start: start.into(), shift: 0 };
        if let Some(large) = large_end(file, at) {
            end = large;
        }
        // Bytes may stand before the archive; places count from its own start.
        let real = end.at.checked_sub(end.length);
        let shift = real.and_then(|real| real.checked_sub(end.start)).unwrap_or(0);
        let mut tried = [(real, shift), (Some(end.start), 0)].into_iter();
        tried.find_map(|(start, shift)| list(file, &End { start: start?, shift, ..end }, most))
    }
}

fn large_end<F: Read + Seek>(file: &mut F, end: u64) -> Option<End> {
    file.seek(SeekFrom::Start(end.checked_sub(LARGE_PLACE_LENGTH)?)).ok()?;
    let mut place = [0; 20];
    file.read_exact(&mut place).ok()?;
    let mut b = Bytes(&place);
    (b.four()? == LARGE_PLACE).then_some(())?;
    b.take(4)?;
    let told = b.eight()?;
    let nearest = end.checked_sub(LARGE_PLACE_LENGTH + 56)?;
    [told, nearest].into_iter().find_map(|at| {
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut large = [0; 56];
        file.read_exact(&mut large).ok()?;
        let mut b = Bytes(&large);
        (b.four()? == LARGE_END).then_some(())?;
        b.take(28)?;
        Some(End { at, count: b.eight()?, length: b.eight()?, start: b.eight()?, shift: 0 })
    })
}

fn list<F: Read + Seek>(file: &mut F, end: &End, most: usize) -> Option<Directory> {
    let start = end.start;
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut file = BufReader::new(file.take(end.at.checked_sub(start)?));
    let (mut members, mut names, mut is_cut) = (Vec::new(), 0, false);
    while let Some(mut header) = next(&mut file) {
        header.at = header.at.saturating_add(end.shift);
        names += header.name.len();
        if members.len() >= most || names > NAMES {
            is_cut = true;
            break;
        }
        members.push(header);
    }
    if members.is_empty() && end.count > 0 {
        return None;
    }
    // Archives of more than 65,535 members that are not marked as large count modulo that.
    let is_short = !is_cut && (members.len() as u64 & 0xffff) != end.count & 0xffff;
    members.sort_by_key(|header| header.at);
    Some(Directory { members, start, is_short, is_cut })
}

fn next(file: &mut impl Read) -> Option<Header> {
    let mut fixed = [0; 4 + LISTED_LENGTH];
    file.read_exact(&mut fixed).ok()?;
    let mark = Bytes(&fixed).four()?;
    (mark == LISTED).then_some(())?;
    let (mut header, lengths) = Header::listed(&fixed[4..])?;
    let mut rest = vec![0; lengths.name + lengths.extra + lengths.comment];
    file.read_exact(&mut rest).ok()?;
    let (name, extra) = rest.split_at_checked(lengths.name)?;
    header.name_and_extra(name, extra.get(..lengths.extra)?);
    Some(header)
}
