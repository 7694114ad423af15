//! The text that a content stream shows, line by line.

use std::collections::HashMap;

use memchr::memmem;

use super::cmap::number;
use super::fonts::{Codes, Font, Fonts};
use super::lexer::{Lexer, Token, is_blank};
use super::place::{Place, Step};
use super::strings;

/// From here on, a shift to the right between pieces of a line is a gap, in thousandths of the font's size.
const GAP: f64 = -200.0;

/// What a character whose width is not told is taken for, in sizes of the font.
const USUAL_WIDTH: f64 = 0.5;

/// The most operands that one operator may have.
const MOST: usize = 100_000;

/// The fewest bytes of what is said of a part of a page.
const SHORTEST_SAID: usize = 8;

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
        font: Font::default(),
        place: Place::default(),
        shown: Shown::default(),
        said: Vec::new(),
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
    page.shown.text.append(&mut page.said);
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
    place: Place,
    shown: Shown,
    /// What is said beside it.
    said: Vec<u8>,
    has_text: bool,
}

impl<'p> Page<'p> {
    fn operate(&mut self, operator: &[u8], operands: &[Token<'p>]) {
        match operator {
            b"BT" => self.place.go([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            b"Tj" | b"TJ" => self.pieces(operands),
            b"'" | b"\"" => {
                self.place.step(0.0, -self.place.leading);
                self.pieces(operands);
            }
            b"Tf" => self.choose(operands),
            b"Tc" => self.place.spacing = last(operands),
            b"TL" => self.place.leading = last(operands),
            b"Td" | b"TD" => {
                if let [.., Token::Number(right), Token::Number(up)] = operands {
                    self.place.step(*right, *up);
                    if operator == b"TD" {
                        self.place.leading = -up;
                    }
                }
            }
            b"T*" => self.place.step(0.0, -self.place.leading),
            b"Tm" => {
                if let Some(matrix) = six(operands) {
                    self.place.go(matrix);
                }
            }
            b"cm" => self.place.leave(),
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
            self.place.size = last(operands);
        }
    }

    fn pieces(&mut self, operands: &[Token<'p>]) {
        for operand in operands {
            match operand {
                Token::Literal(raw) => self.piece(strings::literal(raw)),
                Token::Hex(raw) => self.piece(strings::hex(raw)),
                Token::Number(shift) => {
                    self.place.went -= shift / 1000.0 * self.place.size;
                    if *shift < GAP {
                        self.gap();
                    }
                    self.place.ended();
                }
                _ => {}
            }
        }
    }

    fn piece(&mut self, bytes: Vec<u8>) {
        self.has_text = true;
        match self.place.to_last() {
            Step::On => {}
            Step::Gap => self.gap(),
            Step::Line => self.line(),
        }
        self.pass(&bytes);
        match self.font.codes {
            Codes::Plain => self.shown.text.extend(strings::text(bytes)),
            Codes::Mapped(map) => map.text(&bytes, &mut self.shown.text),
            Codes::Unknown => self.shown.is_short |= !bytes.is_empty(),
        }
    }

    /// Moves the pen past what `bytes` show.
    fn pass(&mut self, bytes: &[u8]) {
        let (mut rest, mut count, mut width) = (bytes, 0.0, 0.0);
        while !rest.is_empty() {
            let length = match self.font.codes {
                Codes::Plain => 1,
                Codes::Mapped(map) => map.length(rest),
                Codes::Unknown => 2,
            };
            let (code, after) = rest.split_at(length.clamp(1, rest.len()));
            rest = after;
            count += 1.0;
            width += self.font.widths.map_or(USUAL_WIDTH, |w| w.get(number(code)) / 1000.0);
        }
        self.place.went += width * self.place.size + count * self.place.spacing;
        // One character may be as wide as it is high; the more there are, the more usual is their width.
        let is_guess = self.font.widths.is_none() && count == 1.0;
        self.place.doubt = if is_guess { USUAL_WIDTH } else { 0.0 };
        self.place.ended();
    }

    /// What is said of a part of the page; short words are of its language and the like.
    fn said(&mut self, operands: &[Token<'p>]) {
        for operand in operands {
            let text = match operand {
                Token::Literal(raw) => strings::literal(raw),
                Token::Hex(raw) => strings::hex(raw),
                _ => continue,
            };
            if text.len() >= SHORTEST_SAID {
                self.said.push(b'\n');
                self.said.extend(strings::text(text));
            }
        }
    }

    fn gap(&mut self) {
        if self.shown.text.last().is_some_and(|byte| !byte.is_ascii_whitespace()) {
            self.shown.text.push(b' ');
        }
    }

    fn line(&mut self) {
        if self.shown.text.last().is_some_and(|byte| *byte != b'\n') {
            self.shown.text.push(b'\n');
        }
    }
}

/// The number that stands last; 0 if there is none.
fn last(operands: &[Token<'_>]) -> f64 {
    if let Some(Token::Number(number)) = operands.last() { *number } else { 0.0 }
}

fn six(operands: &[Token<'_>]) -> Option<[f64; 6]> {
    let mut numbers = [0.0; 6];
    let last = operands.get(operands.len().checked_sub(6)?..)?;
    for (number, operand) in numbers.iter_mut().zip(last) {
        let Token::Number(value) = operand else { return None };
        *number = *value;
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::super::cmap::Cmap;
    use super::super::value::Value;
    use super::{Fonts, shown};

    fn text(content: &[u8]) -> String {
        let shown = shown(1, content, &Fonts::default()).expect("it shows text");
        String::from_utf8(shown.text).expect("it is UTF-8")
    }

    #[test]
    fn pieces_are_joined_and_lines_are_apart() {
        let content =
            b"BT /F1 9 Tf 72 700 Td [(ke)-12(y)80(: )<6F6e65>-300(5)]TJ 9 TL T* (two) Tj 0 -12 Td \
            (th\\162ee) ' 60 0 Td (four) Tj ET";
        assert_eq!(text(content), "key: one 5\ntwo\nthree four");
        let content = b"BT 1 0 0 1 5 9 Tm (a)Tj 1 0 0 1 7 9 Tm (b)Tj 1 0 0 1 5 8 Tm (c)Tj ET";
        assert_eq!(text(content), "a b\nc");
        assert_eq!(text(b"BT (\xfe\xff\0k\0e\0y) Tj ET"), "key");
    }

    #[test]
    fn letters_that_are_placed_one_by_one_are_words() {
        let mut fonts = Fonts::default();
        for (id, object) in [
            (1, "<</Resources<</Font<</F1 2 0 R>>>>>>"),
            (2, "<</Subtype/Type0/ToUnicode 3 0 R/DescendantFonts[4 0 R]>>"),
            (4, "<</W[107[520] 101 121 500]>>"),
        ] {
            fonts.learn(id, &Value::read(object.as_bytes()));
        }
        fonts.map(
            3,
            Cmap::read(
                b"beginbfrange <0000> <00ff> <0000> endbfrange begincodespacerange \
            <0000> <ffff> endcodespacerange",
            ),
        );
        fonts.settle();
        let content = b"BT /F1 10 Tf 1 0 0 -1 9 0 Tm 5 -19 Td <006B> Tj 5.2 0 Td <0065> Tj 5 0 Td <0079> Tj ET \
            BT 1 0 0 -1 9 0 Tm 30 -19 Td <0065> Tj 8 0 Td <0065> Tj ET";
        let shown = shown(1, content, &fonts).expect("it shows text");
        assert_eq!(String::from_utf8_lossy(&shown.text), "key e e");
        // Without widths, what may be one word is.
        assert_eq!(
            text(b"BT /F 10 Tf 9 9 Td (k) Tj 5.2 0 Td (e) Tj 8 0 Td (y) Tj 30 0 Td (e) Tj ET"),
            "key e"
        );
    }

    #[test]
    fn pictures_in_between_and_what_is_said_of_parts() {
        let content = b"BI /W 1 ID (\xff EIx ( EI Q BT /Span<</ActualText(two words)/Lang(en)>>BDC (x) Tj EMC ET";
        assert_eq!(text(content), "x\ntwo words");
        assert!(shown(1, b"BTET BT ET (x)", &Fonts::default()).is_none());
    }
}
