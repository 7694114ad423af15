//! The map of a font: which characters its codes stand for.

use super::lexer::{Lexer, Pair, Token};
use super::strings;

/// The most entries of one map.
const MOST: usize = 100_000;

/// Which characters the codes of a font stand for.
#[derive(Default)]
pub(super) struct Cmap {
    /// Codes of so many bytes, from one to the other.
    spaces: Vec<(usize, u32, u32)>,
    /// Codes from one to the other, and what the first stands for, as UTF-16.
    entries: Vec<(u32, u32, Vec<u16>)>,
}

impl Cmap {
    /// Reads a map as far as it can be read.
    pub(super) fn read(text: &[u8]) -> Self {
        let mut cmap = Self::default();
        let mut codes: Vec<Vec<u8>> = Vec::new();
        let mut list = None;
        for token in Lexer::new(text) {
            match token {
                Token::Hex(raw) if codes.len() < 3 * MOST => codes.push(strings::hex(raw)),
                Token::Open(Pair::Array) => list = Some(codes.len()),
                Token::Close(Pair::Array) => {
                    cmap.listed(&codes, list.take());
                    codes.clear();
                }
                Token::Word(b"begincodespacerange" | b"beginbfchar" | b"beginbfrange") => {
                    codes.clear();
                }
                Token::Word(b"endcodespacerange") => cmap.spaces(&codes),
                Token::Word(b"endbfchar") => {
                    codes.chunks_exact(2).for_each(|pair| cmap.add(&pair[0], &pair[0], &pair[1]));
                }
                Token::Word(b"endbfrange") => {
                    codes
                        .chunks_exact(3)
                        .for_each(|three| cmap.add(&three[0], &three[1], &three[2]));
                }
                _ => {}
            }
        }
        cmap.entries.sort_by_key(|(low, ..)| *low);
        cmap
    }

    fn spaces(&mut self, codes: &[Vec<u8>]) {
        let room = 100_usize.saturating_sub(self.spaces.len());
        self.spaces.extend(
            codes.chunks_exact(2).take(room).map(|p| (p[0].len(), number(&p[0]), number(&p[1]))),
        );
    }

    fn add(&mut self, low: &[u8], high: &[u8], signs: &[u8]) {
        if self.entries.len() < MOST {
            let units = signs.chunks(2).map(|pair| number(pair) as u16).take(16);
            self.entries.push((number(low), number(high), units.collect()));
        }
    }

    /// Ranges whose codes stand for one thing each; before the last of them are some that are written
    /// as usual.
    fn listed(&mut self, codes: &[Vec<u8>], list: Option<usize>) {
        let Some((before, signs)) = list.and_then(|at| codes.split_at_checked(at)) else { return };
        let Some((usual, [low, _])) = before.split_last_chunk::<2>() else { return };
        usual.chunks_exact(3).for_each(|three| self.add(&three[0], &three[1], &three[2]));
        for (n, signs) in signs.iter().enumerate() {
            let code = number(low).wrapping_add(n as u32).to_be_bytes();
            self.add(&code, &code, signs);
        }
    }

    /// Adds what `bytes` stand for to `into`.
    pub(super) fn text(&self, bytes: &[u8], into: &mut Vec<u8>) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (code, after) = rest.split_at(self.length(rest).clamp(1, rest.len()));
            rest = after;
            match (self.signs(number(code)), code) {
                (Some(signs), _) => into.extend(String::from_utf16_lossy(&signs).into_bytes()),
                (None, [byte @ b' '..=b'~']) => into.push(*byte),
                (None, _) => into.extend(char::REPLACEMENT_CHARACTER.to_string().into_bytes()),
            }
        }
    }

    /// How many bytes the first code has.
    pub(super) fn length(&self, bytes: &[u8]) -> usize {
        let fits = |(length, low, high): &&(usize, u32, u32)| {
            bytes.get(..*length).is_some_and(|code| (*low..=*high).contains(&number(code)))
        };
        let wide = || usize::from(self.entries.iter().any(|(_, high, _)| *high > 0xff)) + 1;
        self.spaces.iter().find(fits).or(self.spaces.first()).map_or_else(wide, |space| space.0)
    }

    fn signs(&self, code: u32) -> Option<Vec<u16>> {
        let behind = self.entries.partition_point(|(low, ..)| *low <= code);
        let (low, high, signs) = self.entries.get(behind.checked_sub(1)?)?;
        (code <= *high).then_some(())?;
        let mut signs = signs.clone();
        let last = signs.last_mut()?;
        *last = last.wrapping_add((code - low) as u16);
        Some(signs)
    }
}

/// The number that a code is.
pub(super) fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |value, byte| value << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::Cmap;

    fn text(cmap: &str, bytes: &[u8]) -> String {
        let mut into = Vec::new();
        Cmap::read(cmap.as_bytes()).text(bytes, &mut into);
        String::from_utf8(into).expect("it is UTF-8")
    }

    #[test]
    fn codes_become_characters() {
        let cmap = "1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfchar <0003> <0020> \
            endbfchar 3 beginbfrange <0010> <0012> <0061> <0020><0021>[<006B> <00660069>] \
            <0030> <0039> <0030> endbfrange";
        assert_eq!(
            text(cmap, b"\0\x10\0\x12\0\x03\0\x20\0\x21\0\x35\0\x99\0"),
            "ac kfi5\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn short_codes_that_are_not_in_the_map_stand_for_themselves() {
        let cmap =
            "1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <01> <006B> endbfchar";
        assert_eq!(text(cmap, b"\x01ey"), "key");
        assert_eq!(text("beginbfchar <01> <006B> endbfchar beginbfchar <02", b"\x01\x01"), "kk");
    }
}
