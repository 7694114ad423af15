//! Tar archives, read in one go; after damage, reading goes on with the next whole header.

mod extra;
mod header;
mod members;

use std::io::{BufReader, Read, Seek, SeekFrom};

use super::ReadSeek;
use super::feed::{Exactly, Feed};
use super::trouble::TroubleKind;
use super::visit::{Entry, Seen, Visit};
pub(super) use header::is_header;
use members::{Member, Members};

/// Reads a tar.
pub(super) fn read(from: &mut dyn Read, visit: &mut Visit<'_>) {
    let mut members = Members::new(BufReader::with_capacity(64 << 10, from));
    loop {
        let member = match members.next() {
            Ok(Some(member)) => member,
            Ok(None) => break,
            Err(error) => return visit.failed(&error, "its last header ends early"),
        };
        if let Some(at) = member.after_damage {
            tell_damage(visit, at);
        }
        let Member { name, size, .. } = member;
        let entry = Entry { name, size: Some(size), ..Entry::default() };
        let mut bytes = Exactly::new(members.from(), size);
        if member.is_file && visit.member(entry, &mut bytes) == Seen::Stop {
            return;
        }
        if let Err(error) = bytes.finish().and_then(|()| members.pad(size)) {
            return visit.failed(&error, "it ends early");
        }
    }
    if let Some(at) = members.damage() {
        tell_damage(visit, at);
    } else if !members.ended() {
        visit.trouble(None, TroubleKind::Damaged, "its end is missing");
    }
}

fn tell_damage(visit: &mut Visit<'_>, at: u64) {
    visit.trouble(
        None,
        TroubleKind::Damaged,
        format!("there is no header where one should be, at byte {at}"),
    );
}

/// Where the bytes of each file of a tar start, and how many they are; at most `most` of them.
pub(super) fn places(
    input: Feed<'_, dyn ReadSeek + '_>,
    most: usize,
) -> std::io::Result<Vec<(String, u64, u64)>> {
    let mut places = Vec::new();
    let mut members = Members::new(BufReader::new(input));
    while let Some(member) = members.next()? {
        if member.is_file {
            places.push((member.name, members.at(), member.size));
        }
        if places.len() >= most {
            break;
        }
        let next = member.size.saturating_add(extra::padding(member.size));
        members.jump(next)?;
    }
    Ok(places)
}

impl<R: Read + Seek> Members<BufReader<R>> {
    /// Goes on behind the next `count` bytes.
    fn jump(&mut self, count: u64) -> std::io::Result<()> {
        match i64::try_from(count) {
            Ok(count) => self.source().seek_relative(count)?,
            Err(_) => drop(self.source().seek(SeekFrom::End(0))?),
        }
        self.passed(count);
        Ok(())
    }
}
