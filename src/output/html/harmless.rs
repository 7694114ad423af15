//! JSON that can stand in a page: no text in it ends an element, and none hides or reorders another.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};

use crate::output::escape::visible;

/// Writes `value`; controls and deceptive characters stand in it as visible escapes.
pub(super) fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Harmless))?;
    Ok(())
}

struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W>(&mut self, out: &mut W, text: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        let text = visible(text).replace('\\', r"\\");
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['<', '>', '&']) {
            let (before, after) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            write!(out, "\\u{:04x}", after.as_bytes()[0])?;
            rest = &after[1..];
        }
        out.write_all(rest.as_bytes())
    }

    fn write_char_escape<W>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        let control = match escape {
            CharEscape::Quote => return out.write_all(br#"\""#),
            CharEscape::ReverseSolidus => return out.write_all(br"\\"),
            CharEscape::Solidus => return out.write_all(b"/"),
            CharEscape::Tab => return out.write_all(b" "),
            CharEscape::Backspace => 0x08,
            CharEscape::FormFeed => 0x0c,
            CharEscape::LineFeed => b'\n',
            CharEscape::CarriageReturn => b'\r',
            CharEscape::AsciiControl(byte) => byte,
        };
        write!(out, "\\\\x{control:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::output::escape::visible;

    #[test]
    fn what_is_read_back_is_the_visible_text() {
        let hostile = "a\"b\\c/d\te\nf\rg\x08h\x0ci\x1bj\x7fk<l>m&n\u{2029}o\u{200b}é漢";
        let mut out = Vec::new();
        write(&hostile, &mut out).expect("written");
        let text = String::from_utf8(out).expect("JSON is UTF-8");
        assert!(!text.contains(['<', '>', '&', '\u{2029}']));
        let read: String = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read, visible(hostile));
    }
}
