//! The stretch of a sample that is its credential.

use std::ops::Range;

use crate::rules::checks::b64;

/// The longest run of bytes of which each is a `member`; the first of equals, empty if there is none.
pub(super) fn longest(text: &[u8], member: impl Fn(u8) -> bool) -> Range<usize> {
    let mut best = 0..0;
    let mut start = 0;
    for piece in text.split(|byte| !member(*byte)) {
        if piece.len() > best.len() {
            best = start..start + piece.len();
        }
        start += piece.len() + 1;
    }
    best
}

/// Builds with more and more filler until the result is at least as long as the `sample` it replaces,
/// both without padding; then pads it like the sample. A byte of filler must add at most four thirds
/// of a byte, as in base64.
pub(super) fn as_long_as(sample: &[u8], mut build: impl FnMut(usize) -> Vec<u8>) -> Vec<u8> {
    const LEAST: usize = 4;
    const MOST: usize = 600;
    let (body, padding) = sample.split_at(b64::unpadded(sample).len());
    let mut unpadded = |filler| {
        let mut built = build(filler);
        built.truncate(b64::unpadded(&built).len());
        built
    };
    let missing = body.len().saturating_sub(unpadded(LEAST).len());
    let first = (missing * 3 / 4).clamp(LEAST, MOST);
    let long_enough = (first..MOST).map(&mut unpadded).find(|built| built.len() >= body.len());
    let mut built = long_enough.unwrap_or_else(|| unpadded(MOST));
    built.extend_from_slice(padding);
    built
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_longest() {
        assert_eq!(longest(b"Key=abcdef==", |b| b.is_ascii_alphanumeric()), 4..10);
        assert_eq!(longest(b"==", |b| b.is_ascii_alphanumeric()), 0..0);
        assert_eq!(longest(b"", |_| true), 0..0);
    }

    #[test]
    fn grows_as_far_as_asked() {
        assert_eq!(as_long_as(&[0; 90], |filler| vec![0; filler / 3 * 4]).len(), 92);
        assert_eq!(as_long_as(&[0; 9000], |filler| vec![0; filler]).len(), 600);
    }

    #[test]
    fn pads_like_the_sample() {
        let built = as_long_as(b"kkkkkkkk==", |filler| b64::standard(&vec![0; filler]));
        assert_eq!(built, b"AAAAAAAA==");
    }
}
