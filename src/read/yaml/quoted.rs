//! Texts in quotes: where they end, and what they stand for.

use std::ops::Range;

use memchr::memchr2;
use zeroize::Zeroizing;

use super::source::{Source, is_blank};
use crate::read::code_point::{hex, point, unit};
use crate::read::{Node, Value};

/// The text whose opening quote stands at `at`, and where reading goes on. Its later lines are indented by
/// more than `indent`, if that is asked for.
pub(super) fn quoted(source: &mut Source<'_>, at: usize, indent: Option<usize>) -> (Node, usize) {
    let quote = source.byte(at).unwrap_or(b'"');
    let start = at + 1;
    let end = end(source, start, quote, indent);
    let (span, next) = match end {
        Some(end) => (start..end, end + 1),
        None => {
            source.flaws.add(at, "a string does not end");
            let end = source.line(at).map_or(start, |line| line.end).max(start);
            (start..end, end)
        }
    };
    let text = undone(source.bytes(&span), quote);
    (Node { span, value: Value::Text(text) }, next)
}

/// Where the closing quote stands.
fn end(source: &mut Source<'_>, start: usize, quote: u8, indent: Option<usize>) -> Option<usize> {
    let mut line = source.line(start - 1)?;
    let mut from = start;
    loop {
        if let Some(end) = end_in(source, from..line.end, quote) {
            let last = source.byte(end + 1);
            let fits = last.is_none_or(|b| b.is_ascii_whitespace() || b",]}:#".contains(&b));
            return (line.start < start || fits).then_some(end);
        }
        line = source.line(line.next)?;
        let length = line.next - line.start;
        source.spare = source.spare.checked_sub(length)?;
        if !line.is_blank() && indent.is_some_and(|indent| line.indent() <= indent) {
            return None;
        }
        from = line.start;
    }
}

fn end_in(source: &Source<'_>, span: Range<usize>, quote: u8) -> Option<usize> {
    let mut at = span.start;
    loop {
        let rest = source.text.get(at..span.end)?;
        let escape = if quote == b'"' { b'\\' } else { quote };
        at += memchr2(quote, escape, rest)?;
        let pair = source.byte(at) != Some(quote)
            || (quote == b'\'' && at + 1 < span.end && source.byte(at + 1) == Some(quote));
        if !pair {
            return Some(at);
        }
        at += 2;
    }
}

/// What stands between quotes, its escapes undone and its lines folded.
fn undone(raw: &[u8], quote: u8) -> Zeroizing<String> {
    let mut out = Zeroizing::new(Vec::with_capacity(raw.len() + 8));
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        let rest = raw.get(at + 1..).unwrap_or_default();
        at += 1;
        match byte {
            b'\'' if quote == b'\'' => {
                at += usize::from(rest.first() == Some(&b'\''));
                out.push(b'\'');
            }
            b'\\' if quote == b'"' => match escape(rest, &mut out) {
                0 => out.push(b'\\'),
                used => at += used,
            },
            b'\n' => at += fold(rest, &mut out),
            _ => out.push(byte),
        }
    }
    Zeroizing::new(String::from_utf8(std::mem::take(&mut *out)).unwrap_or_else(|error| {
        let out = Zeroizing::new(error.into_bytes());
        String::from_utf8_lossy(&out).into_owned()
    }))
}

/// A line end is a blank, several are one less; blanks around them don't count.
fn fold(rest: &[u8], out: &mut Vec<u8>) -> usize {
    while out.last().is_some_and(|&b| is_blank(b) || b == b'\r') {
        out.pop();
    }
    let blank = rest.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(rest.len());
    let ends = rest.iter().take(blank).filter(|b| **b == b'\n').count();
    if ends == 0 {
        out.push(b' ');
    }
    out.extend(std::iter::repeat_n(b'\n', ends));
    blank
}

/// Undoes one escape; how many bytes behind the backslash belong to it, 0 if it is broken.
fn escape(rest: &[u8], out: &mut Vec<u8>) -> usize {
    let Some(&sign) = rest.first() else { return 0 };
    let plain = match sign {
        b'0' => 0,
        b'a' => 7,
        b'b' => 8,
        b't' | b'\t' => b'\t',
        b'n' => b'\n',
        b'v' => 11,
        b'f' => 12,
        b'r' => b'\r',
        b'e' => 27,
        b' ' | b'"' | b'/' | b'\\' => sign,
        b'N' => return point(Some(0x85), 1, out),
        b'_' => return point(Some(0xa0), 1, out),
        b'L' => return point(Some(0x2028), 1, out),
        b'P' => return point(Some(0x2029), 1, out),
        b'x' => return point(hex(rest, 1, 2), 3, out),
        b'u' => return unit(rest, out),
        b'U' => return point(hex(rest, 1, 8), 9, out),
        b'\r' | b'\n' => {
            let end = if rest.starts_with(b"\r\n") { 2 } else { 1 };
            return end + rest.iter().skip(end).take_while(|b| is_blank(**b)).count();
        }
        _ => return 0,
    };
    out.push(plain);
    1
}
