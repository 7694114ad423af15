//! Bytes inside a longer base64, at whatever place of it: what is searched for, and whether all of it is there.

use std::ops::Range;

use crate::rules::checks::b64;

/// How long a stretch is searched for.
const STRETCH: usize = 20;
/// Where the stretches of long and of short runs begin: a line's end can break only one of two.
const LONG: [usize; 2] = [20, 44];
const SHORT: [usize; 2] = [0, 20];
/// Fewer different signs in a stretch are met by chance.
const FEWEST: usize = 8;

/// The signs that `bytes` make, and they alone, when `shift` bytes stand before them in their group of three.
pub(super) fn signs(bytes: &[u8], shift: usize) -> Vec<u8> {
    let shifted = [&[0, 0][..shift.min(2)], bytes].concat();
    let whole = shifted.len() * 8 / 6;
    let own = [0, 2, 3][shift.min(2)];
    let all = base64_simd::STANDARD_NO_PAD.encode_type::<Vec<u8>>(&shifted);
    all.get(own..whole).unwrap_or_default().to_vec()
}

/// The stretches of `signs` to search for, in either alphabet.
pub(super) fn stretches(signs: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let starts = if signs.len() >= 100 { LONG } else { SHORT };
    let cut = |start: usize| Some((start, signs.get(start..start + STRETCH)?.to_vec()));
    let fine = |(_, stretch): &(usize, Vec<u8>)| is_varied(stretch);
    let plain = starts.into_iter().filter_map(cut).filter(fine);
    plain.flat_map(|(start, stretch)| both(start, stretch)).collect()
}

fn is_varied(stretch: &[u8]) -> bool {
    let mut sorted = stretch.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len() >= FEWEST
}

fn both(start: usize, stretch: Vec<u8>) -> Vec<(usize, Vec<u8>)> {
    let other: Vec<u8> = stretch.iter().map(|sign| url(*sign)).collect();
    let differs = other != stretch;
    let mut both = vec![(start, stretch)];
    both.extend(differs.then_some((start, other)));
    both
}

const fn url(sign: u8) -> u8 {
    match sign {
        b'+' => b'-',
        b'/' => b'_',
        other => other,
    }
}

/// Whether all `signs` stand in `text` where their stretch, which begins at `start`, was met at `range`.
/// Line ends, written or escaped, may stand between them.
pub(super) fn stand(signs: &[u8], start: usize, text: &[u8], range: &Range<usize>) -> bool {
    let (Some(before), Some(behind)) = (signs.get(..start), signs.get(start + STRETCH..)) else {
        return false;
    };
    let (Some(left), Some(right)) = (text.get(..range.start), text.get(range.end..)) else {
        return false;
    };
    ends_with(left, before) && starts_with(right, behind)
}

fn ends_with(mut text: &[u8], signs: &[u8]) -> bool {
    signs.iter().rev().all(|sign| {
        text = without_break_behind(text);
        let Some((last, rest)) = text.split_last() else { return false };
        text = rest;
        url(*last) == url(*sign)
    })
}

fn starts_with(mut text: &[u8], signs: &[u8]) -> bool {
    signs.iter().all(|sign| {
        text = without_break_before(text);
        let Some((first, rest)) = text.split_first() else { return false };
        text = rest;
        url(*first) == url(*sign)
    })
}

/// How many bytes a line's end may take, with what indents and quotes the next line.
const BREAK: usize = 64;

fn without_break_behind(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while text.len() - rest.len() < BREAK {
        rest = match rest {
            [before @ .., b'\\', b'n' | b'r' | b't'] => before,
            [before @ .., last] if is_filler(*last) => before,
            _ => break,
        };
    }
    rest
}

fn without_break_before(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while text.len() - rest.len() < BREAK {
        rest = match rest {
            [b'\\', b'n' | b'r' | b't', behind @ ..] => behind,
            [first, behind @ ..] if is_filler(*first) => behind,
            _ => break,
        };
    }
    rest
}

/// What can stand between two lines of one base64.
const fn is_filler(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'\\' | b'"' | b'\'' | b'#' | b'>' | b'|')
}

/// The unbroken run of base64 around `range`.
pub(super) fn run(text: &[u8], range: &Range<usize>) -> Range<usize> {
    let left = text.get(..range.start).unwrap_or_default();
    let right = text.get(range.end..).unwrap_or_default();
    let start = left.iter().rposition(|byte| !b64::is_char(*byte)).map_or(0, |at| at + 1);
    let end = right.iter().position(|byte| !b64::is_char(*byte)).unwrap_or(right.len());
    start..range.end + end
}

#[cfg(test)]
mod tests {
    use super::{signs, stand, stretches};
    use crate::rules::checks::b64;
    use crate::rules::dice::Dice;

    fn wrapped(base64: &[u8], width: usize, end: &str) -> Vec<u8> {
        base64.chunks(width).collect::<Vec<_>>().join(end.as_bytes())
    }

    fn is_met(signs: &[u8], text: &[u8]) -> bool {
        stretches(signs).into_iter().any(|(start, stretch)| {
            let mut places = memchr::memmem::find_iter(text, &stretch);
            places.any(|at| stand(signs, start, text, &(at..at + stretch.len())))
        })
    }

    #[test]
    fn bytes_are_met_at_every_place_and_width() {
        let mut dice = Dice::seeded(3);
        for size in [32, 66, 256] {
            let bytes = dice.bytes(size);
            for lead in 0..7 {
                let all = [dice.bytes(lead), bytes.clone(), dice.bytes(9)].concat();
                let signs = signs(&bytes, lead % 3);
                for width in [60, 64, 70, 76, 9999] {
                    for end in ["\n", "\r\n", "\\n", "\n   # "] {
                        let text = wrapped(&b64::standard(&all), width, end);
                        assert!(is_met(&signs, &text), "{size} {lead} {width} {end:?}");
                    }
                }
                assert!(is_met(&signs, &b64::url(&all)), "{size} {lead}");
            }
        }
    }

    #[test]
    fn a_changed_sign_is_seen() {
        let mut dice = Dice::seeded(4);
        let bytes = dice.bytes(256);
        let signs = signs(&bytes, 0);
        let text = wrapped(&signs, 64, "\n");
        assert!(is_met(&signs, &text));
        for at in (0..text.len()).filter(|at| text[*at] != b'\n') {
            let mut changed = text.clone();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(!is_met(&signs, &changed), "{at}");
        }
        assert!(!is_met(&signs, &text[1..]));
        assert!(!is_met(&signs, &text[..text.len() - 1]));
    }

    #[test]
    fn dull_bytes_are_not_searched_for() {
        assert!(stretches(&signs(&[0; 256], 0)).is_empty());
    }
}
