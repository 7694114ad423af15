//! The step of a job that a place in its log belongs to.

use memchr::memmem::FinderRev;

use crate::read::lines::{self, line_end};
use crate::read::log::{Log, escape, kind, mark, stamp};

/// How far a step's start may lie before the place, in bytes.
const REACH: usize = 4 << 20;

/// How many marks are looked at.
const MOST_MARKS: usize = 4096;

/// The longest name that is told, in bytes.
const LONGEST: usize = 256;

/// The name of the step that the offset `at` of the log `text` lies in: in GitHub's logs the group that holds
/// it, or the last group before it that starts a step; in GitLab's the section.
pub fn step_at(text: &[u8], at: usize) -> Option<String> {
    let end = line_end(text, at.min(text.len()));
    let before = &text[end.saturating_sub(REACH)..end];
    match kind(text)? {
        Log::GitHub | Log::Azure => group(before),
        Log::GitLab => section(before),
        _ => None,
    }
}

fn group(text: &[u8]) -> Option<String> {
    let mut closed = 0_usize;
    let marks = marks(text, b"##[").filter(|&at| starts_line(text, at)).take(MOST_MARKS);
    for at in marks {
        let rest = &text[at + "##[".len()..];
        if rest.starts_with(b"endgroup]") {
            closed += 1;
        } else if let Some(name) = rest.strip_prefix(b"group]") {
            if closed == 0 || name.starts_with(b"Run ") {
                return Some(told(name));
            }
            closed -= 1;
        }
    }
    None
}

fn section(text: &[u8]) -> Option<String> {
    let mut ended: Vec<&[u8]> = Vec::new();
    for at in marks(text, b"section_").take(MOST_MARKS) {
        let rest = &text[at + "section_".len()..];
        if let Some(name) = rest.strip_prefix(b"end:").and_then(mark::name) {
            ended.push(name);
            ended.truncate(64);
        } else if let Some(name) = rest.strip_prefix(b"start:").and_then(mark::name) {
            match ended.iter().position(|end| *end == name) {
                Some(n) => _ = ended.swap_remove(n),
                None => return Some(told(name)),
            }
        }
    }
    None
}

/// Where `word` stands in `text`, from the last place to the first.
fn marks<'a>(text: &'a [u8], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let finder = FinderRev::new(word);
    let mut end = text.len();
    std::iter::from_fn(move || {
        end = finder.rfind(&text[..end])?;
        Some(end)
    })
}

/// Whether there is but a time and escapes before `at` in its line.
fn starts_line(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(64)..at];
    let start = match memchr::memrchr(b'\n', before) {
        Some(feed) => feed + 1,
        None if before.len() < 64 => lines::start(before),
        None => return false,
    };
    let mut rest = &before[start..];
    rest = &rest[stamp::time(rest).map_or(0, |(length, _)| length)..];
    while rest.first() == Some(&b'\x1B') {
        rest = &rest[escape::length(rest)..];
    }
    rest.is_empty()
}

/// The name that `text` starts with, without escapes, up to its line's end.
fn told(text: &[u8]) -> String {
    let line = &text[..line_end(&text[..text.len().min(4 * LONGEST)], 0)];
    let mut plain = Vec::new();
    let mut rest = line;
    while let [first, behind @ ..] = rest {
        if *first == b'\x1B' {
            rest = &rest[escape::length(rest)..];
        } else {
            plain.push(*first);
            rest = behind;
        }
    }
    let mut name = String::from_utf8_lossy(plain.trim_ascii()).into_owned();
    name.truncate(name.floor_char_boundary(LONGEST));
    name
}
