//! The stretch of a sample that is its credential.

use std::ops::Range;

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

/// Builds with more and more filler until the result is at least as long as the `sample` it replaces.
pub(super) fn as_long_as(sample: &[u8], mut build: impl FnMut(usize) -> Vec<u8>) -> Vec<u8> {
    const MOST: usize = 600;
    let long_enough = (4..MOST).map(&mut build).find(|built| built.len() >= sample.len());
    long_enough.unwrap_or_else(|| build(MOST))
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
        assert_eq!(as_long_as(&[0; 90], |filler| vec![0; filler * 4]).len(), 92);
        assert_eq!(as_long_as(&[0; 9000], |filler| vec![0; filler]).len(), 600);
    }
}
