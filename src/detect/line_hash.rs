//! GitHub's hash of a line, by which code scanning knows an alert again (`primaryLocationLineHash`).
//!
//! As in `github/codeql-action`: a rolling hash over 100 UTF-16 units from the line's start, white space
//! skipped, line ends made equal; then a colon and how often that hash has come up so far.

use std::collections::HashMap;

/// How many units one hash covers.
const WINDOW: usize = 100;
/// The multiplier of the rolling hash.
const FACTOR: u64 = 37;
/// Stands for the end of the file.
const END: u16 = u16::MAX;

/// The hashes of `lines` (counted from 1, sorted) of `text`, in that order.
pub fn hashes(text: &[u8], lines: &[u64]) -> Vec<String> {
    let units = units(text);
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let mut wanted = lines.iter().peekable();
    let mut hashes = Vec::new();
    let mut line = 1;
    let mut start = 0;
    while wanted.peek().is_some() && start < units.len() {
        let hash = hash(&units[start..]);
        let times = seen.entry(hash).or_default();
        *times += 1;
        while wanted.next_if_eq(&&line).is_some() {
            hashes.push(format!("{hash:x}:{times}"));
        }
        line += 1;
        let feed = units[start..].iter().position(|&u| u == u16::from(b'\n'));
        start = feed.map_or(units.len(), |n| start + n + 1);
    }
    hashes
}

fn hash(units: &[u16]) -> u64 {
    let padded = units.iter().copied().chain(std::iter::repeat(0)).take(WINDOW);
    padded.fold(0_u64, |hash, unit| hash.wrapping_mul(FACTOR).wrapping_add(u64::from(unit)))
}

fn units(text: &[u8]) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len() + 1);
    let mut after_return = false;
    for unit in String::from_utf8_lossy(text).encode_utf16() {
        let is_feed = unit == u16::from(b'\n');
        if !(is_feed && after_return) && unit != u16::from(b' ') && unit != u16::from(b'\t') {
            let is_return = unit == u16::from(b'\r');
            units.push(if is_return { u16::from(b'\n') } else { unit });
        }
        after_return = unit == u16::from(b'\r');
    }
    units.push(END);
    units
}

#[cfg(test)]
mod tests {
    use super::hashes;

    #[test]
    fn the_published_vectors_hold() {
        assert_eq!(hashes(b"", &[1]), ["c129715d7a2bc9a3:1"]);
        let text = b" a\nb\n  \t\tc\n d";
        assert_eq!(
            hashes(text, &[1, 2, 3, 4]),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        assert_eq!(hashes(b"x\nx\n", &[2]).len(), 1);
    }
}
