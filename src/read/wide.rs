//! UTF-16 text, as Windows PowerShell writes it, made UTF-8.

use std::ops::Range;

use crate::model::Layer;

/// A text that was UTF-16.
pub struct Wide {
    /// Itself, without its byte order mark.
    pub text: String,
    /// Which order its bytes had.
    pub layer: Layer,
    /// Where every [`EVERY`]th character stands in it and in the UTF-16.
    marks: Vec<Place>,
}

/// Where a character stands.
#[derive(Clone, Copy)]
struct Place {
    text: usize,
    wide: usize,
}

/// How many characters are counted at most to find a place.
const EVERY: usize = 256;

/// `bytes` made UTF-8; none if no byte order mark says that they are UTF-16. What is no character becomes
/// U+FFFD.
pub fn wide(bytes: &[u8]) -> Option<Wide> {
    let (unit, layer): (fn([u8; 2]) -> u16, _) = match bytes.get(..2)? {
        b"\xFF\xFE" => (u16::from_le_bytes, Layer::Utf16Le),
        b"\xFE\xFF" => (u16::from_be_bytes, Layer::Utf16Be),
        _ => return None,
    };
    let (units, _) = bytes[2..].as_chunks::<2>();
    let mut text = String::with_capacity(units.len());
    let mut marks = Vec::new();
    let mut place = Place { text: 0, wide: 2 };
    for (n, c) in char::decode_utf16(units.iter().map(|&pair| unit(pair))).enumerate() {
        if n % EVERY == 0 {
            marks.push(place);
        }
        let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
        text.push(c);
        place = place.behind(c);
    }
    Some(Wide { text, layer, marks })
}

impl Place {
    const fn behind(self, c: char) -> Self {
        Self { text: self.text + c.len_utf8(), wide: self.wide + 2 * c.len_utf16() }
    }
}

impl Wide {
    /// Where `range` of the text stands in the UTF-16.
    pub fn back(&self, range: &Range<usize>) -> Range<usize> {
        let at = |at| self.find(|place| place.text, at).wide;
        at(range.start)..at(range.end)
    }

    /// Where `range` of the UTF-16 stands in the text.
    pub fn forth(&self, range: &Range<usize>) -> Range<usize> {
        let at = |at| self.find(|place| place.wide, at).text;
        at(range.start)..at(range.end)
    }

    /// The first place that has come to `at`, or the end.
    fn find(&self, side: fn(Place) -> usize, at: usize) -> Place {
        let before = self.marks.partition_point(|&mark| side(mark) <= at);
        let mut place = match before.checked_sub(1).and_then(|n| self.marks.get(n)) {
            Some(&mark) => mark,
            None => Place { text: 0, wide: 2 },
        };
        for c in self.text.get(place.text..).unwrap_or_default().chars() {
            if side(place) >= at {
                break;
            }
            place = place.behind(c);
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::wide;
    use crate::model::Layer;

    fn bytes(text: &str, of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(of).collect()
    }

    #[test]
    fn places_are_found_there_and_back() {
        let plain = "a\u{e9}\u{20ac}\u{1f511}b".repeat(500);
        let marked = format!("\u{feff}{plain}");
        for (of, layer) in [
            (u16::to_le_bytes as fn(u16) -> [u8; 2], Layer::Utf16Le),
            (u16::to_be_bytes, Layer::Utf16Be),
        ] {
            let written = bytes(&marked, of);
            let wide = wide(&written).expect("it is marked");
            assert_eq!((&*wide.text, wide.layer), (&*plain, layer));
            for (start, c) in plain.char_indices() {
                let range = start..start + c.len_utf8();
                let back = wide.back(&range);
                assert_eq!(&written[back.clone()], bytes(&c.to_string(), of));
                assert_eq!(wide.forth(&back), range);
            }
        }
    }

    #[test]
    fn what_is_no_character_is_passed_over() {
        let broken = wide(b"\xFF\xFEa\0\x00\xD8b\0c").expect("it is marked");
        assert_eq!(broken.text, "a\u{fffd}b");
        assert_eq!(broken.back(&(4..5)), 6..8);
        assert_eq!(broken.back(&(90..99)), 8..8);
        assert_eq!(broken.forth(&(0..0)), 0..0);
        assert!(wide(b"plain").is_none() && wide(b"").is_none());
        assert_eq!(wide(b"\xFE\xFF").map(|wide| wide.back(&(0..3))), Some(2..2));
    }
}
