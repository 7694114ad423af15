//! Sequences that steer a terminal, and notes that CI systems hide in such.

/// The note that Jenkins hides in a line.
const JENKINS: &[u8] = b"\x1B[8mha:";

/// The length of the sequence that `line` starts with; 1 at least.
pub(super) fn length(line: &[u8]) -> usize {
    if line.starts_with(JENKINS) {
        return note(line);
    }
    let known = match line.get(1) {
        Some(b'[') => control(line),
        Some(b']' | b'_' | b'P' | b'^' | b'X') => string(line),
        Some(b'(' | b')' | b'*' | b'+' | b'#' | b'%') => 3,
        Some(0x30..=0x7E) => 2,
        _ => 1,
    };
    known.min(line.len()).max(1)
}

/// `ESC [`, numbers, a letter.
fn control(line: &[u8]) -> usize {
    let numbers = line[2..].iter().take_while(|b| matches!(b, 0x20..=0x3F)).count();
    match line.get(2 + numbers) {
        Some(0x40..=0x7E) => numbers + 3,
        _ => 2,
    }
}

/// A text up to a bell or `ESC \`, within a line.
fn string(line: &[u8]) -> usize {
    let Some(length) = memchr::memchr3(7, b'\x1B', b'\n', &line[2..]) else { return 2 };
    match line[2 + length..] {
        [7, ..] => length + 3,
        [_, b'\\', ..] => length + 4,
        _ => 2,
    }
}

fn note(line: &[u8]) -> usize {
    let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    let rest = &line[JENKINS.len()..];
    let length = JENKINS.len() + rest.iter().take_while(|b| is_base64(b)).count();
    let end = if line[length..].starts_with(b"\x1B[0m") { 4 } else { 0 };
    length + end
}
