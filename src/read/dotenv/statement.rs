//! The start of a line that sets a variable: its name, and how its value is written.

use std::ops::Range;

use crate::read::lines::{is_blank, name_length, trimmed};

/// The longest keyword or flag that is looked at, in bytes.
const LONGEST: usize = 64;

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// As in an env file.
    Plain,
    /// A row of assignments, as behind `export`.
    Words,
    /// A word of a shell.
    Word,
    /// As in fish.
    Fish,
    /// As in PowerShell.
    PowerShell,
    /// All of the line, as in cmd.
    Batch,
}

/// What a line sets.
pub(super) struct Statement {
    /// The name; empty for a row of assignments.
    pub(super) name: Range<usize>,
    /// Where the value starts.
    pub(super) from: usize,
    /// Where it ends if it goes to the end of its line.
    pub(super) to: usize,
    pub(super) way: Way,
}

/// What the line in `line`, which has no blanks at its edges, sets.
pub(super) fn statement(text: &[u8], line: Range<usize>) -> Option<Statement> {
    let (first, rest) = first_word(text, line.clone());
    let keyword = text[first].to_ascii_lowercase();
    match keyword.as_slice() {
        b"export" | b"readonly" | b"declare" | b"typeset" if !rest.is_empty() => {
            let from = behind_flags(text, rest, b'-').start;
            Some(Statement { name: from..from, from, to: line.end, way: Way::Words })
        }
        b"env" | b"arg" if !rest.is_empty() => docker(text, rest),
        b"set" | b"@set" if !rest.is_empty() => set(text, rest),
        b"setx" => named(text, behind_flags(text, rest, b'/'), Way::Batch),
        b"setenv" => named(text, rest, Way::Word),
        word if word.starts_with(b"$env:") || word.starts_with(b"${env:") => {
            power_shell(text, line)
        }
        _ => plain(text, line),
    }
}

/// The variable name at `at`, of the characters that env files allow.
pub(super) fn name(text: &[u8], at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    if name_length(rest) == 0 {
        return at..at;
    }
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    at..at + rest.iter().take_while(is_part).count()
}

/// The word that `line` starts with, or as much of it as a keyword may have; and what stands behind it.
fn first_word(text: &[u8], line: Range<usize>) -> (Range<usize>, Range<usize>) {
    let part = &text[line.clone()];
    let length = part.iter().take(LONGEST).take_while(|b| !is_blank(**b)).count();
    let end = line.start + length;
    (line.start..end, trimmed(text, end..line.end))
}

fn behind_flags(text: &[u8], mut line: Range<usize>, sign: u8) -> Range<usize> {
    while text[line.clone()].first() == Some(&sign) {
        line = first_word(text, line).1;
    }
    line
}

/// A name, a blank, a value.
fn named(text: &[u8], line: Range<usize>, way: Way) -> Option<Statement> {
    let name = name(text, line.start);
    let from = trimmed(text, name.end..line.end).start;
    let sound = !name.is_empty() && from > name.end && from < line.end;
    sound.then_some(Statement { name, from, to: line.end, way })
}

/// `A=b C=d`, or the older `A b`.
fn docker(text: &[u8], line: Range<usize>) -> Option<Statement> {
    let at = name(text, line.start);
    if text.get(at.end) == Some(&b'=') {
        return Some(Statement { name: at, from: line.start, to: line.end, way: Way::Words });
    }
    named(text, line, Way::Batch).filter(|s| text[s.from] != b'=')
}

/// `set -gx A b` of fish; `set A=b` and `set "A=b"` of cmd.
fn set(text: &[u8], line: Range<usize>) -> Option<Statement> {
    let (first, _) = first_word(text, line.clone());
    match &text[first] {
        [b'-', flags @ ..] => {
            let exports = flags.iter().any(|b| matches!(b, b'x' | b'g' | b'U' | b'l'));
            let known = flags.iter().all(|b| b"-abceglopxUinrstv".contains(b));
            named(text, behind_flags(text, line, b'-'), Way::Fish).filter(|_| exports && known)
        }
        [b'"', ..] if text[line.clone()].ends_with(b"\"") && line.len() > 2 => {
            assigned(text, line.start + 1..line.end - 1, Way::Batch)
        }
        _ => assigned(text, line, Way::Batch),
    }
}

/// A name, `=`, a value.
fn assigned(text: &[u8], line: Range<usize>, way: Way) -> Option<Statement> {
    let name = name(text, line.start);
    let sign = trimmed(text, name.end..line.end).start;
    let found = !name.is_empty()
        && sign < line.end
        && text[sign] == b'='
        && text.get(sign + 1) != Some(&b'=');
    let from = trimmed(text, (sign + 1).min(line.end)..line.end).start;
    found.then_some(Statement { name, from, to: line.end, way })
}

fn power_shell(text: &[u8], line: Range<usize>) -> Option<Statement> {
    let colon = line.start + memchr::memchr(b':', &text[line.clone()])?;
    let name = name(text, colon + 1);
    let brace = text.get(name.end) == Some(&b'}');
    let rest = trimmed(text, (name.end + usize::from(brace)).min(line.end)..line.end);
    let is_set = !name.is_empty() && text[rest.clone()].starts_with(b"=");
    let from = trimmed(text, (rest.start + 1).min(line.end)..line.end).start;
    is_set.then_some(Statement { name, from, to: line.end, way: Way::PowerShell })
}

/// `A=b` and `A: b`.
fn plain(text: &[u8], line: Range<usize>) -> Option<Statement> {
    let at = name(text, line.start);
    if text.get(at.end) == Some(&b':') && !at.is_empty() && at.end < line.end {
        let from = trimmed(text, at.end + 1..line.end).start;
        return (from > at.end + 1).then_some(Statement {
            name: at,
            from,
            to: line.end,
            way: Way::Plain,
        });
    }
    assigned(text, line, Way::Plain)
}
