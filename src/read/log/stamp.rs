//! What systems write at the start of a log's lines: times, and the stream that a line is from.

use crate::read::lines;

/// What stands at the start of lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    /// Nothing known.
    None,
    /// A time (RFC 3339) and a blank.
    Time,
    /// GitLab's: a time, a stream, a sign that the line goes on with the one before.
    GitLab,
}

/// GitLab's note of a line's stream.
#[derive(Clone, Copy)]
pub(super) struct Stream {
    /// Its number, below 512.
    pub(super) number: usize,
    /// Whether the line goes on with the stream's line before.
    pub(super) goes_on: bool,
}

/// How many digits GitHub and Azure write behind a second's point.
pub(super) const GITHUB_DIGITS: usize = 7;

/// What the lines of a log that starts with `head` start with.
pub(super) fn prefix(head: &[u8]) -> Prefix {
    let head = &head[lines::start(head)..];
    let first = head.split(|&b| b == b'\n').next().unwrap_or_default();
    if gitlab(first).is_some() {
        return Prefix::GitLab;
    }
    let Some((_, digits)) = time(first) else { return Prefix::None };
    let mut all: Vec<&[u8]> = head.split(|&b| b == b'\n').collect();
    all.pop();
    let has_time = |line: &&[u8]| time(line).is_some();
    if digits == GITHUB_DIGITS || all.len() > 1 && all.iter().all(has_time) {
        Prefix::Time
    } else {
        Prefix::None
    }
}

/// How long the prefix of `line` is, and the stream it names.
pub(super) fn skip(line: &[u8], prefix: Prefix) -> (usize, Option<Stream>) {
    match prefix {
        Prefix::None => (0, None),
        Prefix::Time => (time(line).map_or(0, |(length, _)| length), None),
        Prefix::GitLab => gitlab(line).map_or((0, None), |(length, stream)| (length, Some(stream))),
    }
}

/// The time at the start of `line`: its length with the blank behind it, and how many digits its fraction has.
pub(super) fn time(line: &[u8]) -> Option<(usize, usize)> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let fits =
        |(shape, b): (&u8, &u8)| if *shape == b'0' { b.is_ascii_digit() } else { shape == b };
    SHAPE.iter().zip(line.get(..SHAPE.len())?).all(fits).then_some(())?;
    let mut at = SHAPE.len();
    let mut digits = 0;
    if line.get(at) == Some(&b'.') {
        digits = line[at + 1..].iter().take(10).take_while(|b| b.is_ascii_digit()).count();
        at += 1 + digits;
    }
    at += match line.get(at..)? {
        [b'Z', ..] => 1,
        [b'+' | b'-', a, b, b':', c, d, ..] if [a, b, c, d].iter().all(|b| b.is_ascii_digit()) => 6,
        _ => return None,
    };
    match line.get(at) {
        Some(b' ') => Some((at + 1, digits)),
        None | Some(b'\r') => Some((at, digits)),
        _ => None,
    }
}

fn gitlab(line: &[u8]) -> Option<(usize, Stream)> {
    let (from, _) = time(line).filter(|(_, digits)| *digits == 6)?;
    let [high, low, source @ (b'O' | b'E'), sign @ (b' ' | b'+')] = *line.get(from..from + 4)?
    else {
        return None;
    };
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| usize::try_from(d).ok());
    let number = (digit(high)? * 16 + digit(low)?) * 2 + usize::from(source == b'E');
    Some((from + 4, Stream { number, goes_on: sign == b'+' }))
}
