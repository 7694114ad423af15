//! Hexadecimal: two digits a byte.

use std::ops::Range;

use crate::detect::decode::contract::{Decoded, Decoder, Map};
use crate::detect::runs::Signs;
use crate::model::Layer;

/// Undoes hexadecimal.
pub(super) const DECODER: Decoder = Decoder { may: |run| run.digits >= PAIRS, decode };

/// Bytes in a row that must be ASCII text.
const PAIRS: usize = 16;

fn decode(text: &[u8], run: &Range<usize>) -> Vec<Decoded> {
    let mut all = Vec::new();
    let mut at = run.start;
    while at + PAIRS * 2 <= run.end {
        let there = [PAIRS, PAIRS * 3 / 2, PAIRS * 2 - 1];
        if !there.iter().all(|n| text[at + n].is_ascii_hexdigit()) {
            at += PAIRS * 2;
            continue;
        }
        let back = text[run.start..at].iter().rev().take_while(|b| b.is_ascii_hexdigit()).count();
        at -= back;
        let length = text[at..run.end].iter().take_while(|b| b.is_ascii_hexdigit()).count();
        if length >= PAIRS * 2 {
            let piece = at..at + length;
            all.extend((0..2).filter_map(|odd| plain(text, piece.start + odd..piece.end)));
        }
        at += length + 1;
    }
    all
}

fn plain(text: &[u8], piece: Range<usize>) -> Option<Decoded> {
    let (pairs, _) = text[piece.clone()].as_chunks::<2>();
    if !hides_ascii(pairs) {
        return None;
    }
    let bytes = pairs.iter().map(|pair| value(pair[0]) << 4 | value(pair[1])).collect();
    let map = Map::linear(piece.start, 2, 1, piece.end);
    Some(Decoded {
        layers: vec![Layer::Hex],
        text: bytes,
        open: Signs::ALL,
        cut: false,
        map,
        end: piece.end,
    })
}

/// Whether enough pairs in a row stand for printable ASCII.
fn hides_ascii(pairs: &[[u8; 2]]) -> bool {
    let is_ascii = |pair: &[u8; 2]| matches!(pair[0], b'2'..=b'7');
    let mut n = PAIRS - 1;
    while n < pairs.len() {
        if is_ascii(&pairs[n]) {
            let before = pairs[..n].iter().rev().take_while(|p| is_ascii(p)).count();
            let behind = pairs[n + 1..].iter().take(PAIRS).take_while(|p| is_ascii(p)).count();
            if before + 1 + behind >= PAIRS {
                return true;
            }
        }
        n += PAIRS;
    }
    false
}

/// The value of a hexadecimal digit; 0 for anything else.
pub(super) fn value(digit: u8) -> u8 {
    char::from(digit).to_digit(16).unwrap_or(0) as u8
}
