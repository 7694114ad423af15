//! Zip archives, read by their directory; where it is missing, by the headers before the members.

mod bytes;
mod checked;
mod directory;
mod header;
mod office;
mod walk;

use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom};

use super::decode::Method;
use super::feed::{Anywhere, Exactly, Feed, fill};
use super::trouble::TroubleKind;
use super::visit::{Entry, Seen, Visit};
use checked::Checked;
use directory::Directory;
use header::{Header, LOCAL, LOCAL_LENGTH};
use office::Joined;
use walk::walk;

/// How much of a member is taken in at once: so little that a small member's ratio is seen early.
const TAKEN: usize = 8 << 10;

/// The longest sizes that may follow a member.
const DESCRIPTOR: usize = 24;

/// Reads a zip.
pub(super) fn read(archive: Anywhere<'_>, visit: &mut Visit<'_>) {
    let (gauge, budget) = (visit.gauge, visit.budget);
    match archive {
        Anywhere::Given(file) => listed(&mut Feed::new(file, gauge, budget), visit),
        Anywhere::Held(mut held) => listed(&mut Feed::new(&mut held, gauge, budget), visit),
        Anywhere::TooLarge(held, rest) => {
            let mut whole = Cursor::new(held).chain(rest);
            walk(&mut BufReader::new(Feed::new(&mut whole, gauge, budget)), None, visit);
        }
    }
}

fn listed<F: Read + Seek>(file: &mut F, visit: &mut Visit<'_>) {
    let most = usize::try_from(visit.budget.limits().members).unwrap_or(usize::MAX);
    let Some(directory) = Directory::read(file, most.saturating_add(1)) else {
        visit.trouble(None, TroubleKind::Damaged, "its directory is missing");
        if file.seek(SeekFrom::Start(0)).is_ok() {
            walk(&mut BufReader::with_capacity(TAKEN, file), None, visit);
        }
        return;
    };
    if directory.is_cut {
        let what = "its directory is too long to be read whole";
        visit.trouble(None, TroubleKind::Limit, what);
    }
    if directory.is_short {
        let what = "its directory does not list as many members as it counts";
        visit.trouble(None, TroubleKind::Damaged, what);
    }
    let (mut end, mut overlapping) = (0, 0_u64);
    for member in &directory.members {
        if member.at < end {
            overlapping += 1;
            continue;
        }
        if unlisted(file, end..member.at, visit) == Seen::Stop {
            return;
        }
        let Some(next) = one(file, member, visit) else { return };
        end = next;
    }
    if overlapping > 0 {
        let what = format!("{overlapping} members overlap others and are not read");
        visit.trouble(None, TroubleKind::Damaged, what);
    }
    unlisted(file, end..directory.start, visit);
}

/// Reads what lies between members if it is a member itself: a deleted one, or a hidden one.
fn unlisted<F: Read + Seek>(
    file: &mut F,
    gap: std::ops::Range<u64>,
    visit: &mut Visit<'_>,
) -> Seen {
    let length = gap.end.saturating_sub(gap.start);
    if length <= (LOCAL_LENGTH + 4) as u64 || file.seek(SeekFrom::Start(gap.start)).is_err() {
        return Seen::Whole;
    }
    let mut head = [0; DESCRIPTOR + 4];
    let read = fill(file, &mut head);
    let mark = LOCAL.to_le_bytes();
    let Some(at) = head[..read].windows(4).position(|window| window == mark) else {
        return Seen::Whole;
    };
    if file.seek(SeekFrom::Start(gap.start + at as u64)).is_err() {
        return Seen::Whole;
    }
    let mut gap = BufReader::with_capacity(TAKEN, file.take(length - at as u64));
    walk(&mut gap, Some("it is not in the archive's directory"), visit)
}

/// Reads a listed member; where it ends. None if no more is wanted.
fn one<F: Read + Seek>(file: &mut F, member: &Header, visit: &mut Visit<'_>) -> Option<u64> {
    let Some(start) = start_of(file, member) else {
        visit.trouble(
            Some(&member.name),
            TroubleKind::Damaged,
            "it is not where the directory says",
        );
        return Some(member.at);
    };
    let end = start.saturating_add(member.packed);
    let seen = match Method::numbered(member.method) {
        _ if member.is_folder() => Seen::Whole,
        _ if member.is_encrypted() => refuse(member, TroubleKind::Encrypted, visit),
        None => refuse(member, TroubleKind::Unsupported, visit),
        Some(method) => {
            let mut packed = Exactly::new(file, member.packed);
            let mut packed = BufReader::with_capacity(TAKEN, &mut packed);
            show(&mut packed, member, (method, None), visit)
        }
    };
    (seen != Seen::Stop).then_some(end)
}

/// Where a member's bytes start; the file stands there then.
fn start_of<F: Read + Seek>(file: &mut F, member: &Header) -> Option<u64> {
    file.seek(SeekFrom::Start(member.at)).ok()?;
    let mut fixed = [0; 4 + LOCAL_LENGTH];
    file.read_exact(&mut fixed).ok()?;
    fixed.starts_with(&LOCAL.to_le_bytes()).then_some(())?;
    let (_, lengths) = Header::local(&fixed[4..])?;
    let behind = (fixed.len() + lengths.name + lengths.extra) as u64;
    let start = member.at.checked_add(behind)?;
    file.seek(SeekFrom::Start(start)).ok()
}

/// Shows a member whose packed bytes come next, and whose sizes are known.
fn show(
    packed: &mut dyn BufRead,
    member: &Header,
    (method, note): (Method, Option<&str>),
    visit: &mut Visit<'_>,
) -> Seen {
    let entry = entry(member, method, note);
    let plain = method.decode(packed, Some(member.size));
    text(entry, &mut Checked::new(plain, member.crc, member.size), visit)
}

/// Shows a member's text; that of an office document with its paragraphs in one piece.
fn text(entry: Entry, plain: &mut dyn Read, visit: &mut Visit<'_>) -> Seen {
    if office::is_named(&entry.name) {
        visit.member(entry, &mut Joined::new(plain))
    } else {
        visit.member(entry, plain)
    }
}

fn entry(member: &Header, method: Method, note: Option<&str>) -> Entry {
    Entry {
        name: member.name.clone(),
        size: (!member.sizes_follow()).then_some(member.size),
        note: note.map(str::to_owned),
        expands: method != Method::Stored,
        solid: false,
    }
}

fn refuse(member: &Header, kind: TroubleKind, visit: &mut Visit<'_>) -> Seen {
    let what = match kind {
        TroubleKind::Encrypted => "it is encrypted".to_owned(),
        _ => format!("it is compressed by method {}, which is not read", member.method),
    };
    visit.trouble(Some(&member.name), kind, what);
    Seen::Whole
}
