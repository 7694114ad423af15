//! The objects of a PDF, found where they begin rather than by its table, and the text between its streams.

use std::ops::Range;

use memchr::memmem;

use super::lexer::{Lexer, OBJECT_END, Pair, Token, is_blank};
use super::strings;
use super::value::{Value, whole};

const MARK: &[u8] = b"%PDF-";
/// The most objects of one PDF.
const MOST: usize = 1 << 20;

const STREAM_END: &[u8] = b"endstream";

/// An object.
pub(super) struct Object {
    /// Its number.
    pub id: u32,
    /// Where it is described.
    pub head: Range<usize>,
    /// Where its stream lies, if it has one.
    pub body: Option<Range<usize>>,
}

/// What a PDF is made of.
#[derive(Default)]
pub(super) struct Outline {
    /// Its objects, in order.
    pub objects: Vec<Object>,
    /// All that lies outside of streams, its strings undone.
    pub document: Vec<u8>,
    /// Whether its strings and streams need a key.
    pub is_encrypted: bool,
    /// Whether a stream has no end.
    pub is_cut: bool,
    /// Whether there are more objects than are read.
    pub is_long: bool,
}

impl Outline {
    /// Goes through a PDF, once.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut outline = Self::default();
        let mut words = Lexer::new(bytes);
        // Without its mark, what is left is no PDF.
        let copied = if bytes.starts_with(MARK) { MARK.len() } else { 0 };
        let mut undone = Undone { bytes, copied, into: Vec::with_capacity(bytes.len() / 8) };
        let mut begun: Option<(u32, usize)> = None;
        let mut numbers = [None; 2];
        let mut key = false;
        while let Some(token) = words.next() {
            let end = words.start;
            match token {
                Token::Word(b"obj") => {
                    outline.close(begun, end);
                    begun = numbers[0].map(|id| (id, words.at));
                }
                Token::Word(word) if word.starts_with(OBJECT_END) => {
                    outline.close(begun.take(), end);
                    // Some writers leave no gap behind it.
                    words.at = end + OBJECT_END.len();
                }
                Token::Word(b"stream") => {
                    let Some((id, start)) = begun.take() else { continue };
                    let body = body(bytes, &(start..end), words.at);
                    outline.is_cut |= body.end == bytes.len();
                    undone.copy(words.at);
                    undone.copied = body.end;
                    words.at = body.end;
                    outline.add(Object { id, head: start..end, body: Some(body) });
                }
                Token::Number(_) | Token::Open(Pair::Dictionary) if key => {
                    outline.is_encrypted = true;
                }
                _ => undone.string(token, &words),
            }
            key = token == Token::Name(b"Encrypt");
            numbers = [numbers[1], number(token)];
        }
        outline.close(begun, bytes.len());
        undone.copy(bytes.len());
        outline.document = undone.into;
        outline
    }

    fn close(&mut self, begun: Option<(u32, usize)>, end: usize) {
        if let Some((id, start)) = begun {
            self.add(Object { id, head: start..end, body: None });
        }
    }

    fn add(&mut self, object: Object) {
        if self.objects.len() < MOST {
            self.objects.push(object);
        } else {
            self.is_long = true;
        }
    }
}

fn number(token: Token<'_>) -> Option<u32> {
    let Token::Number(number) = token else { return None };
    whole(number).and_then(|number| u32::try_from(number).ok())
}

/// Where the stream lies whose word ends at `after`: its length is believed if an end stands there.
fn body(bytes: &[u8], head: &Range<usize>, after: usize) -> Range<usize> {
    let from = bytes.get(after..).unwrap_or_default();
    let line_end = match from {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    let (start, from) = (after + line_end, &from[line_end..]);
    let told = bytes.get(head.clone()).and_then(|head| Value::read(head).count(b"Length"));
    let ends = |length: &usize| {
        let behind = from.get(*length..).unwrap_or_default();
        let blanks = behind.iter().take(4).take_while(|byte| is_blank(**byte)).count();
        behind[blanks..].starts_with(STREAM_END)
    };
    let length = told.filter(ends).or_else(|| memmem::find(from, STREAM_END));
    start..length.map_or(bytes.len(), |length| start + length)
}

/// The strings in `bytes` undone; the rest is as it was.
pub(super) fn undone(bytes: &[u8]) -> Vec<u8> {
    let mut undone = Undone { bytes, copied: 0, into: Vec::with_capacity(bytes.len()) };
    let mut words = Lexer::new(bytes);
    while let Some(token) = words.next() {
        undone.string(token, &words);
    }
    undone.copy(bytes.len());
    undone.into
}

/// A copy in which strings are undone.
struct Undone<'u> {
    bytes: &'u [u8],
    copied: usize,
    into: Vec<u8>,
}

impl Undone<'_> {
    fn copy(&mut self, end: usize) {
        self.into.extend_from_slice(self.bytes.get(self.copied..end).unwrap_or_default());
        self.copied = self.copied.max(end);
    }

    fn string(&mut self, token: Token<'_>, words: &Lexer<'_>) {
        let text = match token {
            Token::Literal(raw) if raw.iter().any(|byte| *byte == b'\\' || !byte.is_ascii()) => {
                strings::literal(raw)
            }
            Token::Hex(raw) => strings::hex(raw),
            _ => return,
        };
        if matches!(token, Token::Hex(_)) && !strings::is_text(&text) {
            return;
        }
        self.copy(words.start);
        self.copied = words.at;
        self.into.push(b'(');
        self.into.extend(strings::text(text));
        self.into.push(b')');
    }
}

#[cfg(test)]
mod tests {
    use super::{Outline, undone};

    #[test]
    fn objects_are_found_without_a_table() {
        let pdf =
            b"%PDF-1.7\n1 0 obj<</Length 9>>stream\nendstream\nendstream endobj\n2 0 obj\n(a\\)b) \
            endobj 3 0 obj<</Length 99>>stream\r\nabc\nendstream trailer<</Encrypt 4 0 R>>";
        let outline = Outline::of(pdf);
        let told: Vec<_> = outline.objects.iter().map(|o| (o.id, o.body.clone())).collect();
        let body = |n: usize| told[n].1.clone().map(|body| &pdf[body]);
        assert_eq!(told.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(
            (body(0), body(1), body(2)),
            (Some(&b"endstream"[..]), None, Some(&b"abc\n"[..]))
        );
        let text = String::from_utf8_lossy(&outline.document);
        assert!(text.contains("(a)b)") && !text.contains("abc"), "{text}");
        assert!(outline.is_encrypted && !outline.is_cut);
    }

    #[test]
    fn strings_between_other_words_are_undone() {
        let text = undone(b"/V <FEFF006B00650079> /ID <00ff> /T (a\\\nb) /U (c)");
        assert_eq!(text, b"/V (key) /ID <00ff> /T (ab) /U (c)");
    }
}
