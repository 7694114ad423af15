//! A checksum that stands in a token: what it covers, whether it holds, and how it is put right.

use std::ops::Range;

use memchr::memmem;

use crate::rules::checks::Verdict;

/// What is said of every checksum that fails.
pub(crate) const BROKEN: &str = "checksum does not hold: made up, redacted or damaged";

/// How a type of token carries its checksum.
pub(crate) struct Checksum {
    /// Said when it holds: `checksum holds (CRC-32, 32 bits)`.
    pub(crate) holds: &'static str,
    /// Finds a token of the type in a text.
    pub(crate) find: fn(&[u8]) -> Option<Layout>,
    /// Writes the checksum of the covered bytes, exactly as long as its place.
    pub(crate) write: fn(&[u8]) -> Vec<u8>,
}

/// Where in a text the checksum of a token stands, and the bytes that it covers.
pub(crate) struct Layout {
    /// What it is computed of.
    pub(crate) covered: Range<usize>,
    /// The checksum itself.
    pub(crate) sum: Range<usize>,
}

impl Checksum {
    /// Proven or broken; foreign where `value` is laid out in another way.
    pub(crate) fn judge(&self, value: &[u8]) -> Verdict {
        let Some(Layout { covered, sum }) = (self.find)(value) else {
            return Verdict::foreign("laid out in another way");
        };
        if (self.write)(&value[covered]) == value[sum] {
            Verdict::proven(self.holds)
        } else {
            Verdict::broken(BROKEN)
        }
    }

    /// Makes the checksum of the token in `text` hold.
    pub(crate) fn seal(&self, text: &mut [u8]) {
        let Some(Layout { covered, sum }) = (self.find)(text) else { return };
        let due = (self.write)(&text[covered]);
        text[sum].copy_from_slice(&due);
    }
}

/// A token of fixed lengths: mark, body, gap, checksum.
pub(crate) struct Frame {
    /// The text that it begins with.
    pub(crate) mark: &'static [u8],
    /// Bytes of the body.
    pub(crate) body: usize,
    /// What stands between body and checksum.
    pub(crate) gap: &'static [u8],
    /// Bytes of the checksum.
    pub(crate) sum: usize,
}

impl Frame {
    /// The layout in which the checksum covers mark and body.
    pub(crate) fn whole(&self, text: &[u8]) -> Option<Layout> {
        let layout = self.body_alone(text)?;
        Some(Layout {
            covered: layout.covered.start - self.mark.len()..layout.covered.end,
            ..layout
        })
    }

    /// The layout in which the checksum covers the body alone.
    pub(crate) fn body_alone(&self, text: &[u8]) -> Option<Layout> {
        let start = memmem::find(text, self.mark)? + self.mark.len();
        let end = start + self.body;
        let sum = end + self.gap.len();
        let fits = text.get(end..sum)? == self.gap && text.len() >= sum + self.sum;
        fits.then(|| Layout { covered: start..end, sum: sum..sum + self.sum })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { mark: b"m_", body: 3, gap: b"-", sum: 2 };

    #[test]
    fn finds_its_parts() {
        let layout = FRAME.whole(b"x=m_abc-de").expect("it is there");
        assert_eq!((layout.covered, layout.sum), (2..7, 8..10));
        let layout = FRAME.body_alone(b"m_abc-de!").expect("it is there");
        assert_eq!((layout.covered, layout.sum), (2..5, 6..8));
    }

    #[test]
    fn refuses_what_is_cut_or_parted_otherwise() {
        for text in ["", "m_", "m_abc", "m_abc-d", "m_abc_de", "n_abc-de"] {
            assert!(FRAME.whole(text.as_bytes()).is_none(), "{text}");
        }
    }
}
