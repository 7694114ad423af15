//! Gzip (RFC 1952), inflated up to a limit: a bomb yields its first part.

use std::io::{ErrorKind, Read};

use flate2::bufread::GzDecoder;

/// The most that is inflated, in bytes.
const MOST: usize = 16 << 20;

/// What gzip begins with, its method included.
const MAGIC: &[u8] = &[0x1f, 0x8b, 8];

/// What was inflated.
pub(super) struct Inflated {
    /// The plain bytes, up to damage, the end or the limit; there are some.
    pub(super) text: Vec<u8>,
    /// It ended before its end, or at the limit.
    pub(super) cut: bool,
}

/// The plain bytes of one file after another; nothing if it is not gzip at all.
pub(super) fn inflate(bytes: &[u8]) -> Option<Inflated> {
    let (mut text, mut cut) = (Vec::new(), false);
    let mut rest = bytes;
    while rest.starts_with(MAGIC) && !cut {
        let mut file = GzDecoder::new(rest);
        // One more byte than allowed shows that there is more.
        let room = (MOST + 1 - text.len()) as u64;
        match file.by_ref().take(room).read_to_end(&mut text) {
            Ok(_) => cut = text.len() > MOST,
            Err(error) => {
                cut = error.kind() == ErrorKind::UnexpectedEof && is_usual(rest);
                break;
            }
        }
        rest = file.into_inner();
    }
    text.truncate(MOST);
    (!text.is_empty()).then_some(Inflated { text, cut })
}

/// Whether a header is one that compressors write: chance alone makes few of its marks.
fn is_usual(header: &[u8]) -> bool {
    match header {
        [_, _, _, flags, _, _, _, _, speed, system, ..] => {
            flags & 0xe0 == 0 && matches!(speed, 0 | 2..=4) && matches!(system, 0..=13 | 255)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::{MOST, inflate};
    use crate::rules::dice::Dice;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).expect("memory takes all");
        encoder.finish().expect("memory takes all")
    }

    #[test]
    fn what_is_whole_is_not_cut_and_what_is_not_says_so() {
        let text = Dice::seeded(5).text(b"abcdefgh", 9000);
        let whole = gzip(&text);
        let cut = |bytes: &[u8]| inflate(bytes).map(|inflated| (inflated.text, inflated.cut));
        assert_eq!(cut(&whole), Some((text.clone(), false)));
        assert_eq!(cut(&[&whole[..], b"more"].concat()), Some((text.clone(), false)));
        assert_eq!(cut(&whole.repeat(2)), Some((text.repeat(2), false)));
        let (part, is_cut) = cut(&whole[..whole.len() / 2]).expect("a part of it");
        assert!(is_cut && text.starts_with(&part));
        let (first, is_cut) = cut(&gzip(&vec![b'a'; MOST + 1])).expect("its first part");
        assert!(is_cut && first.len() == MOST);
        assert!(!cut(&gzip(&vec![b'a'; MOST])).expect("just all of it").1);
    }

    #[test]
    fn chance_is_no_cut_file() {
        let mut dice = Dice::seeded(6);
        for length in 0..600 {
            let random = [&[0x1f, 0x8b, 8], &dice.bytes(length)[..]].concat();
            assert!(inflate(&random).is_none_or(|inflated| !inflated.cut), "{length}");
        }
    }
}
