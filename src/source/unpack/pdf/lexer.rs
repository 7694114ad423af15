//! The words of PDF: names, numbers, strings and operators, one after the other, whatever the bytes are.

/// What an object's end is called: no string reaches beyond it, so that damage does not spread.
pub(super) const OBJECT_END: &[u8] = b"endobj";

/// A word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A name, without its slash.
    Name(&'t [u8]),
    /// A number.
    Number(f64),
    /// What stands between round brackets.
    Literal(&'t [u8]),
    /// What stands between angle brackets.
    Hex(&'t [u8]),
    /// The start of a dictionary, or of an array.
    Open(Pair),
    /// The end of one.
    Close(Pair),
    /// An operator or another plain word.
    Word(&'t [u8]),
}

/// What holds several things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    Dictionary,
    Array,
}

/// Goes through bytes word by word, once.
pub(super) struct Lexer<'t> {
    bytes: &'t [u8],
    /// Where the word that came last begins.
    pub start: usize,
    /// Where it ends.
    pub at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) const fn new(bytes: &'t [u8]) -> Self {
        Self { bytes, start: 0, at: 0 }
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn pass(&mut self, count: usize) -> &'t [u8] {
        let from = self.rest();
        let taken = &from[..count.min(from.len())];
        self.at += taken.len();
        taken
    }

    fn pass_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'t [u8] {
        let count = self.rest().iter().take_while(|&&byte| wanted(byte)).count();
        self.pass(count)
    }

    fn pass_blanks(&mut self) {
        loop {
            self.pass_while(is_blank);
            if self.rest().first() != Some(&b'%') {
                return;
            }
            self.pass_while(|byte| !matches!(byte, b'\r' | b'\n'));
        }
    }

    /// What stands between round brackets; inner pairs belong to it.
    fn literal(&mut self) -> &'t [u8] {
        let text = self.rest();
        let (mut depth, mut at) = (1_usize, 0);
        while let Some(&byte) = text.get(at) {
            match byte {
                b'\\' => at += 1,
                b'(' => depth += 1,
                b')' if depth == 1 => {
                    self.pass(at + 1);
                    return &text[..at];
                }
                b')' => depth -= 1,
                b'e' if text[at..].starts_with(OBJECT_END) => break,
                _ => {}
            }
            at += 1;
        }
        self.pass(at)
    }

    fn hex(&mut self) -> &'t [u8] {
        let digits = self.pass_while(|byte| byte.is_ascii_hexdigit() || is_blank(byte));
        if self.rest().first() == Some(&b'>') {
            self.pass(1);
        }
        digits
    }
}

impl<'t> Iterator for Lexer<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        self.pass_blanks();
        self.start = self.at;
        let token = match self.pass(1).first()? {
            b'/' => Token::Name(self.pass_while(is_regular)),
            b'(' => Token::Literal(self.literal()),
            b'<' if self.rest().first() == Some(&b'<') => {
                self.pass(1);
                Token::Open(Pair::Dictionary)
            }
            b'<' => Token::Hex(self.hex()),
            b'>' if self.rest().first() == Some(&b'>') => {
                self.pass(1);
                Token::Close(Pair::Dictionary)
            }
            b'[' => Token::Open(Pair::Array),
            b']' => Token::Close(Pair::Array),
            &byte if is_regular(byte) => {
                self.pass_while(is_regular);
                word(&self.bytes[self.start..self.at])
            }
            _ => Token::Word(&self.bytes[self.start..self.at]),
        };
        Some(token)
    }
}

fn word(text: &[u8]) -> Token<'_> {
    let is_number =
        text.len() <= 32 && text.iter().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.'));
    let number = || str::from_utf8(text).ok()?.parse().ok();
    is_number.then(number).flatten().map_or(Token::Word(text), Token::Number)
}

pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const fn is_regular(byte: u8) -> bool {
    !is_blank(byte)
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Pair, Token};

    #[test]
    fn words_come_apart() {
        let text = b"<</A(b\\)(c))/D<4 1>>>[-1.5 +2]% no\n1 0 R\nT* (open";
        let told: Vec<_> = Lexer::new(text).collect();
        let expected = [
            Token::Open(Pair::Dictionary),
            Token::Name(b"A"),
            Token::Literal(b"b\\)(c)"),
            Token::Name(b"D"),
            Token::Hex(b"4 1"),
            Token::Close(Pair::Dictionary),
            Token::Open(Pair::Array),
            Token::Number(-1.5),
            Token::Number(2.0),
            Token::Close(Pair::Array),
            Token::Number(1.0),
            Token::Number(0.0),
            Token::Word(b"R"),
            Token::Word(b"T*"),
            Token::Literal(b"open"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn an_open_string_ends_with_its_object() {
        let told: Vec<_> = Lexer::new(b"(a endobj 2").collect();
        let expected = [Token::Literal(b"a "), Token::Word(b"endobj"), Token::Number(2.0)];
        assert_eq!(told, expected);
    }
}
