//! Quoted texts, each language's escapes undone.

use std::ops::Range;

use zeroize::Zeroizing;

/// What a backslash (or a backtick) does between quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// Nothing: the next closing quote ends the text.
    None,
    /// A shell's double quotes: `\"`, `\$`, `` \` ``, `\\`, and a line end after `\` vanishes.
    Shell,
    /// An env file's double quotes: `\n`, `\r`, `\t` too.
    Dotenv,
    /// C's, as in `$'…'` and systemd: `\x` and octal numbers are bytes.
    C,
    /// As in JavaScript, Python and Ruby: numbers are characters.
    Code,
    /// Fish's: `\'`, `\"`, `\$`, `\\`.
    Fish,
    /// PowerShell's double quotes: a backtick, or the quote twice.
    PowerShell,
    /// The quote twice stands for one.
    Doubled,
}

/// A quoted text.
pub(super) struct Quoted {
    /// Where it stands, without its quotes.
    pub(super) span: Range<usize>,
    /// It, without escapes.
    pub(super) text: Zeroizing<Vec<u8>>,
}

/// Reads quoted texts, and remembers which quotes are known not to come again: so that many quotes that do
/// not end are not each looked for to the end.
#[derive(Default)]
pub(super) struct Quotes {
    missing: Vec<(u8, Escapes)>,
}

impl Quotes {
    /// The text from `start`, behind its quote, to the `close` that ends it; none if there is no such.
    pub(super) fn read(
        &mut self,
        text: &[u8],
        start: usize,
        (close, escapes): (u8, Escapes),
    ) -> Option<Quoted> {
        if self.missing.contains(&(close, escapes)) {
            return None;
        }
        let Some(end) = end(text, start, close, escapes) else {
            self.missing.push((close, escapes));
            return None;
        };
        if opens_another(text, start..end) {
            return None;
        }
        let undone = undo(text.get(start..end)?, close, escapes);
        Some(Quoted { span: start..end, text: undone })
    }
}

/// Whether the quote that ends `span`, lines below its start, rather begins the value of a later assignment:
/// `A=don't`, and in the next line `B='x'`.
fn opens_another(text: &[u8], span: Range<usize>) -> bool {
    let quoted = &text[span.clone()];
    let goes_on = text.get(span.end + 1).is_some_and(|b| !b.is_ascii_whitespace() && *b != b';');
    goes_on && quoted.ends_with(b"=") && memchr::memchr2(b'\n', b'\r', quoted).is_some()
}

fn end(text: &[u8], start: usize, close: u8, escapes: Escapes) -> Option<usize> {
    let doubles = matches!(escapes, Escapes::PowerShell | Escapes::Doubled);
    let mut at = start;
    loop {
        match *text.get(at)? {
            byte if byte == close => {
                if !doubles || text.get(at + 1) != Some(&close) {
                    return Some(at);
                }
                at += 2;
            }
            byte if Some(byte) == sign(escapes) => at += 2,
            _ => at += 1,
        }
    }
}

/// The sign that starts an escape.
fn sign(escapes: Escapes) -> Option<u8> {
    match escapes {
        Escapes::None | Escapes::Doubled => None,
        Escapes::PowerShell => Some(b'`'),
        _ => Some(b'\\'),
    }
}

fn undo(text: &[u8], close: u8, escapes: Escapes) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    let sign = sign(escapes);
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        if Some(*first) == sign && !behind.is_empty() {
            let used = escape(behind, escapes, &mut plain);
            rest = &behind[used..];
        } else {
            plain.push(*first);
            let twice = *first == close && behind.first() == Some(&close);
            rest = &behind[usize::from(twice)..];
        }
    }
    plain
}

/// Adds what the escape means whose signs behind the first are `rest` to `plain`; tells how many it used.
fn escape(rest: &[u8], escapes: Escapes, plain: &mut Vec<u8>) -> usize {
    let next = rest[0];
    let simple = match (escapes, next) {
        (Escapes::C | Escapes::Code, _) => return numbered(rest, escapes, plain),
        (Escapes::Shell | Escapes::Dotenv, b'"' | b'$' | b'`' | b'\\') => Some(next),
        (Escapes::Shell, b'\n') => return 1,
        (Escapes::Dotenv, b'n' | b'r' | b't') => control(next),
        (Escapes::Fish, b'\'' | b'"' | b'$' | b'\\') => Some(next),
        (Escapes::PowerShell, _) => control(next).filter(|_| next != b'v').or(Some(next)),
        _ => None,
    };
    match simple {
        Some(byte) => plain.push(byte),
        None => plain.extend_from_slice(&[b'\\', next]),
    }
    1
}

/// The control character that a letter stands for.
fn control(letter: u8) -> Option<u8> {
    match letter {
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b't' => Some(b'\t'),
        b'0' => Some(0),
        b'a' => Some(7),
        b'b' => Some(8),
        b'v' => Some(11),
        b'f' => Some(12),
        b'e' => Some(27),
        _ => None,
    }
}

/// An escape of C or of code, which may hold a number.
fn numbered(rest: &[u8], escapes: Escapes, plain: &mut Vec<u8>) -> usize {
    let code = escapes == Escapes::Code;
    let (before, most, radix) = match rest {
        [b'u', b'{', ..] if code => (2, 6, 16),
        [b'x', ..] => (1, 2, 16),
        [b'u', ..] => (1, 4, 16),
        [b'U', ..] => (1, 8, 16),
        [b'0'..=b'7', ..] => (0, 3, 8),
        _ => return lettered(rest, plain),
    };
    let behind = &rest[before..];
    let length = behind.iter().take(most).take_while(|b| char::from(**b).is_digit(radix)).count();
    if length == 0 {
        plain.extend_from_slice(&[b'\\', rest[0]]);
        return 1;
    }
    let add = |sum: u32, b: &u8| sum << radix.ilog2() | char::from(*b).to_digit(radix).unwrap_or(0);
    let value = behind[..length].iter().fold(0, add);
    match u8::try_from(value) {
        Ok(byte) if !code && matches!(rest[0], b'x' | b'0'..=b'7') => plain.push(byte),
        _ => {
            let sign = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
            plain.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    before + length + usize::from(before == 2 && behind.get(length) == Some(&b'}'))
}

/// An escape of a single sign; a hidden line end is nothing.
fn lettered(rest: &[u8], plain: &mut Vec<u8>) -> usize {
    match rest.first() {
        None => return 0,
        Some(b'\n') => {}
        Some(b'E') => plain.push(27),
        Some(&letter) => plain.push(control(letter).unwrap_or(letter)),
    }
    1
}

#[cfg(test)]
mod tests {
    use super::{Escapes, Quotes};

    fn undone(text: &str, close: u8, escapes: Escapes) -> Option<String> {
        let quoted = Quotes::default().read(text.as_bytes(), 0, (close, escapes))?;
        Some(String::from_utf8_lossy(&quoted.text).into_owned())
    }

    #[test]
    fn each_language_has_its_own_escapes() {
        let text = r#"a\n\"\$\x41\'b"c"#;
        let is = |escapes, expected: &str| {
            assert_eq!(undone(text, b'"', escapes).as_deref(), Some(expected));
        };
        is(Escapes::None, r"a\n\");
        is(Escapes::Shell, r#"a\n"$\x41\'b"#);
        is(Escapes::Dotenv, "a\n\"$\\x41\\'b");
        is(Escapes::C, "a\n\"$A'b");
        is(Escapes::Fish, r#"a\n"$\x41'b"#);
        assert_eq!(undone("a`n`\"\"\"b\"", b'"', Escapes::PowerShell).as_deref(), Some("a\n\"\"b"));
        assert_eq!(undone("a''b'", b'\'', Escapes::Doubled).as_deref(), Some("a'b"));
    }

    #[test]
    fn numbers_are_bytes_in_c_and_characters_in_code() {
        assert_eq!(
            undone(r"\xC3\xA9\101\u00e9'", b'\'', Escapes::C).as_deref(),
            Some("\u{E9}A\u{E9}")
        );
        assert_eq!(
            undone(r"\xe9\u{1F600}\x'", b'\'', Escapes::Code).as_deref(),
            Some("\u{E9}\u{1F600}\\x")
        );
    }

    #[test]
    fn a_quote_that_does_not_end_is_none() {
        assert_eq!(undone("abc\\", b'"', Escapes::Shell), None);
        assert_eq!(undone("abc\\\"", b'"', Escapes::Shell), None);
    }
}
