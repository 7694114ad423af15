//! UTF-16 text, with or without a byte order mark, also in the middle of a binary file.

use std::ops::Range;

use crate::detect::decode::contract::{Decoded, Map};
use crate::detect::runs::{SHORTEST, Signs};
use crate::model::Layer;

/// Calls `visit` with every stretch of ASCII that is written in two bytes a character.
pub fn each_region(text: &[u8], mut visit: impl FnMut(Decoded)) {
    let mut at = 0;
    while let Some(zero) = memchr::memchr(0, &text[at..]).map(|n| at + n) {
        let little = region(text, zero.saturating_sub(1).max(at), 0);
        let region = little.or_else(|| region(text, zero, 1));
        let Some((range, layer)) = region else {
            at = zero + 1;
            continue;
        };
        let ascii = usize::from(layer == Layer::Utf16Be);
        let plain = text[range.clone()].iter().skip(ascii).step_by(2).copied().collect();
        at = range.end;
        let map = Map::linear(range.start, 2, 1, range.end);
        visit(Decoded {
            layers: vec![layer],
            text: plain,
            open: Signs::ALL,
            cut: false,
            map,
            end: range.end,
        });
    }
}

/// The pairs from `start` on of which one byte is text and the other, before or behind it, 0.
fn region(text: &[u8], start: usize, ascii: usize) -> Option<(Range<usize>, Layer)> {
    let (pairs, _) = text[start..].as_chunks::<2>();
    let is_text = |b: u8| b.is_ascii_graphic() || b.is_ascii_whitespace();
    let fits = |p: &&[u8; 2]| is_text(p[ascii]) && p[1 - ascii] == 0;
    let count = pairs.iter().take_while(fits).count();
    let layer = if ascii == 0 { Layer::Utf16Le } else { Layer::Utf16Be };
    (count >= SHORTEST).then(|| (start..start + count * 2, layer))
}

#[cfg(test)]
mod tests {
    use super::each_region;
    use crate::model::Layer;

    #[test]
    fn both_byte_orders_are_read_wherever_they_begin() {
        let plain = "token = abcdefghijklmnop";
        for before in 0..4 {
            for (layer, order) in [(Layer::Utf16Le, 0), (Layer::Utf16Be, 1)] {
                let unit = |u: u16| if order == 0 { u.to_le_bytes() } else { u.to_be_bytes() };
                let mut text = vec![0xff; before];
                text.extend(plain.encode_utf16().flat_map(unit));
                text.extend([0xff, 0xfe]);
                let mut all = Vec::new();
                each_region(&text, |d| all.push(d));
                assert_eq!(all.len(), 1);
                assert_eq!(all[0].text, plain.as_bytes());
                assert_eq!(all[0].layers, [layer]);
                assert_eq!(all[0].map.back(&(0..5)), before..before + 10);
            }
        }
    }
}
