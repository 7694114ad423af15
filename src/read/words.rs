//! Words of a shell's command line: quoted in part or in whole, or not.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::read::lines::line_end;
use crate::read::quotes::{Escapes, Quoted, Quotes};

/// How a word is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As POSIX shells, bash and Dockerfiles do.
    Shell,
    /// As fish does.
    Fish,
    /// As systemd does: C's escapes in every quote.
    Systemd,
    /// As supervisor does: a comma parts words.
    Supervisor,
}

/// A word.
pub(super) struct Word {
    /// Where it stands: without its quotes if it starts or ends with some.
    pub(super) span: Range<usize>,
    /// It, with quotes and escapes undone.
    pub(super) text: Zeroizing<Vec<u8>>,
    /// Where its last sign ends.
    pub(super) end: usize,
    /// Where a quote stands that does not end: the word then goes to the end of that line.
    pub(super) broken: Option<usize>,
}

/// The word that starts at `start`. It may be empty.
pub(super) fn word(text: &[u8], start: usize, style: Style, quotes: &mut Quotes) -> Word {
    let empty = Zeroizing::new(Vec::new());
    let mut word = Word { span: start..start, text: empty, end: start, broken: None };
    while let Some(&byte) = text.get(word.end) {
        let at = word.end;
        if ends(byte, style) {
            break;
        }
        let Some((opening, close, escapes)) = quote(&text[at..], style) else {
            word.add_plain(text);
            continue;
        };
        let Some(quoted) = quotes.read(text, at + opening, (close, escapes)) else {
            let end = line_end(text, at);
            word.text.extend_from_slice(&text[(at + opening).min(end)..end]);
            word.span =
                if at == start { (at + opening).min(end)..end } else { word.span.start..end };
            word.end = end;
            word.broken = Some(at);
            return word;
        };
        word.add_quoted(&quoted, start == at);
    }
    word
}

impl Word {
    fn add_quoted(&mut self, quoted: &Quoted, first: bool) {
        self.text.extend_from_slice(&quoted.text);
        let start = if first { quoted.span.start } else { self.span.start };
        self.span = start..quoted.span.end;
        self.end = quoted.span.end + 1;
    }

    /// Adds the sign at the word's end, or the one that a backslash protects.
    fn add_plain(&mut self, text: &[u8]) {
        let (length, sign) = match text[self.end..] {
            [b'\\', b'\n', ..] => (2, None),
            [b'\\', b'\r', b'\n', ..] => (3, None),
            [b'\\', next, ..] => (2, Some(next)),
            [byte, ..] => (1, Some(byte)),
            [] => return,
        };
        self.text.extend(sign);
        self.end += length;
        self.span.end = self.end;
    }
}

fn ends(byte: u8, style: Style) -> bool {
    byte.is_ascii_whitespace()
        || byte == b';' && style != Style::Systemd
        || byte == b',' && style == Style::Supervisor
}

/// The quote that `text` starts with: its length, the sign that closes it, its escapes.
fn quote(text: &[u8], style: Style) -> Option<(usize, u8, Escapes)> {
    match (style, text) {
        (Style::Shell, [b'$', b'\'', ..]) => Some((2, b'\'', Escapes::C)),
        (Style::Systemd, [b'$', b'\'', ..]) => Some((2, b'\'', Escapes::C)),
        (Style::Shell, [b'$', b'"', ..]) => Some((2, b'"', Escapes::Shell)),
        (Style::Systemd, [quote @ (b'"' | b'\''), ..]) => Some((1, *quote, Escapes::C)),
        (Style::Fish, [quote @ (b'"' | b'\''), ..]) => Some((1, *quote, Escapes::Fish)),
        (Style::Supervisor, [quote @ (b'"' | b'\''), ..]) => Some((1, *quote, Escapes::Dotenv)),
        (Style::Shell, [b'\'', ..]) => Some((1, b'\'', Escapes::None)),
        (Style::Shell, [b'"', ..]) => Some((1, b'"', Escapes::Shell)),
        _ => None,
    }
}

/// Where the next word on the same line of commands may start: behind blanks, and behind line ends that a
/// backslash hides.
pub(super) fn skip_blanks(text: &[u8], mut at: usize) -> usize {
    loop {
        match text.get(at..).unwrap_or_default() {
            [b' ' | b'\t', ..] => at += 1,
            [b'\\', b'\n', ..] => at += 2,
            [b'\\', b'\r', b'\n', ..] => at += 3,
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Style, word};
    use crate::read::quotes::Quotes;

    fn undone(text: &str, style: Style) -> (String, String) {
        let word = word(text.as_bytes(), 0, style, &mut Quotes::default());
        (String::from_utf8_lossy(&word.text).into_owned(), text[word.span].to_owned())
    }

    #[test]
    fn pieces_of_a_word_are_joined() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(undone("'a b' c", Style::Shell), pair("a b", "a b"));
        assert_eq!(undone(r#"'it'"'"'s' x"#, Style::Shell), pair("it's", r#"it'"'"'s"#));
        assert_eq!(undone(r"$'a\nb';", Style::Shell), pair("a\nb", r"a\nb"));
        assert_eq!(undone("a\\ b\\\nc\td", Style::Shell), pair("a bc", "a\\ b\\\nc"));
        assert_eq!(undone("'a\\'b' c", Style::Fish), pair("a'b", "a\\'b"));
        assert_eq!(undone("'open\nnext", Style::Shell), pair("open", "open"));
    }
}
