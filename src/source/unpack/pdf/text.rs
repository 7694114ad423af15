//! The text that a content stream shows, line by line.

use std::collections::HashMap;

use memchr::memmem;

use super::fonts::{Font, Fonts};
use super::lexer::{Lexer, Token, is_blank};
use super::strings;

/// From here on, a shift to the right between pieces of a line is a gap, in thousandths of the font's size.
const GAP: f64 = -200.0;

/// The most operands that one operator may have.
const MOST: usize = 100_000;

/// What a content stream shows.
#[derive(Default)]
pub(super) struct Shown {
    /// Its text.
    pub text: Vec<u8>,
    /// Whether some of it is in fonts that do not tell their characters.
    pub is_short: bool,
}

/// What the stream `id` shows; none if it is no content stream.
pub(super) fn shown(id: u32, content: &[u8], fonts: &Fonts) -> Option<Shown> {
    let has = |mark: &[u8]| memmem::find(content, mark).is_some();
    if !has(b"BT") || !has(b"ET") {
        return None;
    }
    let mut page = Page {
        fonts,
        id,
        known: HashMap::new(),
        font: Font::Plain,
        height: None,
        shown: Shown::default(),
        has_text: false,
    };
    let (mut words, mut operands) = (Lexer::new(content), Vec::new());
    while let Some(token) = words.next() {
        match token {
            Token::Word(b"BI") => pass_picture(&mut words),
            Token::Word(operator) => {
                page.operate(operator, &operands);
                operands.clear();
            }
            Token::Open(_) | Token::Close(_) => {}
            operand if operands.len() < MOST => operands.push(operand),
            _ => {}
        }
    }
    page.has_text.then_some(page.shown)
}

/// Passes the bytes of a picture that stands in between.
fn pass_picture(words: &mut Lexer<'_>) {
    while let Some(token) = words.next() {
        if token == Token::Word(b"ID") {
            let bytes = words.rest();
            let ends = |at: &usize| {
                let before = at.checked_sub(1).and_then(|before| bytes.get(before));
                [before, bytes.get(at + 2)]
                    .into_iter()
                    .all(|byte| byte.is_none_or(|b| is_blank(*b)))
            };
            let end = memmem::find_iter(bytes, b"EI").find(ends);
            words.at += end.map_or(bytes.len(), |end| end + 2);
            return;
        }
    }
}

/// A page on its way.
struct Page<'p> {
    fonts: &'p Fonts,
    id: u32,
    /// Fonts that were asked for before.
    known: HashMap<&'p [u8], Font<'p>>,
    font: Font<'p>,
    /// Where the line lies, if that was told.
    height: Option<f64>,
    shown: Shown,
    has_text: bool,
}

impl<'p> Page<'p> {
    fn operate(&mut self, operator: &[u8], operands: &[Token<'p>]) {
        match operator {
            b"Tj" | b"TJ" => self.pieces(operands),
            b"'" | b"\"" => {
                self.line();
                self.pieces(operands);
            }
            b"Tf" => self.choose(operands),
            b"Td" | b"TD" if last(operands) == Some(0.0) => self.gap(),
            b"Tm" => self.place(last(operands)),
            b"Td" | b"TD" | b"T*" | b"ET" => self.line(),
            // Text that is told beside what is shown.
            b"BDC" | b"DP" => self.said(operands),
            _ => {}
        }
    }

    fn choose(&mut self, operands: &[Token<'p>]) {
        let name = operands.iter().rev().find_map(|operand| match operand {
            Token::Name(name) => Some(*name),
            _ => None,
        });
        if let Some(name) = name {
            let (fonts, id) = (self.fonts, self.id);
            self.font = *self.known.entry(name).or_insert_with(|| fonts.find(id, name));
        }
    }

    fn pieces(&mut self, operands: &[Token<'p>]) {
        for operand in operands {
            match operand {
                Token::Literal(raw) => self.piece(strings::literal(raw)),
                Token::Hex(raw) => self.piece(strings::hex(raw)),
                Token::Number(shift) if *shift < GAP => self.gap(),
                _ => {}
            }
        }
    }

    fn piece(&mut self, bytes: Vec<u8>) {
        self.has_text = true;
        match self.font {
            Font::Plain => self.shown.text.extend(strings::text(bytes)),
            Font::Mapped(map) => map.text(&bytes, &mut self.shown.text),
            Font::Unknown => self.shown.is_short |= !bytes.is_empty(),
        }
    }

    fn said(&mut self, operands: &[Token<'p>]) {
        for operand in operands {
            let text = match operand {
                Token::Literal(raw) => strings::literal(raw),
                Token::Hex(raw) => strings::hex(raw),
                _ => continue,
            };
            self.line();
            self.shown.text.extend(strings::text(text));
            self.line();
        }
    }

    /// Goes to a place of that height.
    fn place(&mut self, height: Option<f64>) {
        if height.is_some() && height == self.height {
            self.gap();
        } else {
            self.line();
        }
        self.height = height;
    }

    fn gap(&mut self) {
        if self.shown.text.last().is_some_and(|byte| !byte.is_ascii_whitespace()) {
            self.shown.text.push(b' ');
        }
    }

    fn line(&mut self) {
        self.height = None;
        if self.shown.text.last().is_some_and(|byte| *byte != b'\n') {
            self.shown.text.push(b'\n');
        }
    }
}

fn last(operands: &[Token<'_>]) -> Option<f64> {
    match operands.last() {
        Some(Token::Number(number)) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Fonts, shown};

    fn text(content: &[u8]) -> String {
        let shown = shown(1, content, &Fonts::default()).expect("it shows text");
        String::from_utf8(shown.text).expect("it is UTF-8")
    }

    #[test]
    fn pieces_are_joined_and_lines_are_apart() {
        let content =
            b"BT /F1 9 Tf 72 700 Td [(ke)-12(y)80(: )<6F6e65>-300(5)]TJ T* (two) Tj 0 -12 Td \
            (th\\162ee) ' 20 0 Td (four) Tj ET";
        assert_eq!(text(content), "key: one 5\ntwo\nthree four\n");
        assert_eq!(
            text(b"BT 1 0 0 1 5 9 Tm (a)Tj 1 0 0 1 7 9 Tm (b)Tj 1 0 0 1 5 8 Tm (c)Tj ET"),
            "a b\nc\n"
        );
        assert_eq!(text(b"BT (\xfe\xff\0k\0e\0y) Tj ET"), "key\n");
    }

    #[test]
    fn pictures_in_between_and_what_is_said_of_parts() {
        let content = b"BI /W 1 ID (\xff EIx ( EI Q BT /Span<</ActualText(key)>>BDC (x) Tj EMC ET";
        assert_eq!(text(content), "key\nx\n");
        assert!(shown(1, b"BTET BT ET (x)", &Fonts::default()).is_none());
    }
}
