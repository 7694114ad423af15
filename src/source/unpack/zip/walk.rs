//! A zip without its directory: members are found by the headers before them.

use std::io::{self, BufRead, BufReader};

use super::super::decode::Method;
use super::super::feed::{Exactly, skip};
use super::super::trouble::TroubleKind;
use super::super::visit::{Seen, Visit};
use super::header::{Header, LISTED, LOCAL, LOCAL_LENGTH};
use super::{DESCRIPTOR, TAKEN, entry, refuse, show, text};

/// Shows the members that follow one another in `from`, each with a note, until a directory comes.
pub(super) fn walk(from: &mut dyn BufRead, note: Option<&str>, visit: &mut Visit<'_>) -> Seen {
    let mut damage_told = false;
    let told = loop {
        match next(from) {
            Ok(Some((passed, header))) => {
                if passed > DESCRIPTOR as u64 && !damage_told {
                    damage_told = true;
                    let what = "there are bytes between members that belong to none";
                    visit.trouble(None, TroubleKind::Damaged, what);
                }
                match one(from, &header, note, visit) {
                    Ok(Seen::Stop) => return Seen::Stop,
                    Ok(_) => {}
                    Err(error) => break Err(error),
                }
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    if let Err(error) = told {
        visit.failed(&error, "its last member ends early");
    }
    Seen::Whole
}

/// The next header, and how many bytes stand before it. None if there is no more.
fn next(from: &mut dyn BufRead) -> io::Result<Option<(u64, Header)>> {
    let (mut passed, mut last) = (0_u64, 0_u32);
    loop {
        let buf = from.fill_buf()?;
        if buf.is_empty() {
            return Ok(None);
        }
        let mut taken = 0;
        let mut met = false;
        for &byte in buf {
            taken += 1;
            last = last >> 8 | u32::from(byte) << 24;
            if last == LOCAL || last == LISTED {
                met = true;
                break;
            }
        }
        from.consume(taken);
        passed += taken as u64;
        match last {
            LISTED if met => return Ok(None),
            LOCAL if met => return header(from).map(|h| h.map(|h| (passed.saturating_sub(4), h))),
            _ => {}
        }
    }
}

fn header(from: &mut dyn BufRead) -> io::Result<Option<Header>> {
    let mut fixed = [0; LOCAL_LENGTH];
    from.read_exact(&mut fixed)?;
    let Some((mut header, lengths)) = Header::local(&fixed) else { return Ok(None) };
    let mut rest = vec![0; lengths.name + lengths.extra];
    from.read_exact(&mut rest)?;
    let (name, extra) = rest.split_at(lengths.name);
    header.name_and_extra(name, extra);
    Ok(Some(header))
}

fn one(
    from: &mut dyn BufRead,
    member: &Header,
    note: Option<&str>,
    visit: &mut Visit<'_>,
) -> io::Result<Seen> {
    let refused = match Method::numbered(member.method) {
        _ if member.is_folder() && !member.sizes_follow() => return Ok(Seen::Whole),
        _ if member.is_encrypted() => TroubleKind::Encrypted,
        Some(method) if member.sizes_follow() => {
            return Ok(sizeless(from, member, (method, note), visit));
        }
        Some(method) => {
            let mut exactly = Exactly::new(&mut *from, member.packed);
            let mut packed = BufReader::with_capacity(TAKEN, &mut exactly);
            let seen = show(&mut packed, member, (method, note), visit);
            return exactly.finish().map(|()| seen);
        }
        None => TroubleKind::Unsupported,
    };
    let seen = refuse(member, refused, visit);
    skip(from, member.packed).map(|_| seen)
}

/// Shows a member that must tell itself where it ends.
fn sizeless(
    from: &mut dyn BufRead,
    member: &Header,
    (method, note): (Method, Option<&str>),
    visit: &mut Visit<'_>,
) -> Seen {
    if !method.ends_itself() {
        let what = "its size is not told before it, and it does not tell itself where it ends";
        visit.trouble(Some(&member.name), TroubleKind::Unsupported, what);
        return Seen::Whole;
    }
    let entry = entry(member, method, note);
    text(entry, &mut method.decode(from, None), visit)
}
