//! Looks for many short texts at once, as they are.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::trace::blocks::Blocks;

/// Texts of at least eight bytes. Wiped when dropped.
pub struct Needles {
    all: Vec<Zeroizing<Vec<u8>>>,
    blocks: Blocks,
}

impl Needles {
    /// Looks for `all`; those that are shorter than eight bytes are not looked for.
    pub fn of(mut all: Vec<Zeroizing<Vec<u8>>>) -> Self {
        const SHORTEST: usize = 8;
        // Their numbers stand for them: what is too short becomes something that is nowhere.
        for needle in all.iter_mut().filter(|needle| needle.len() < SHORTEST) {
            *needle = Zeroizing::new(vec![0xff; SHORTEST]);
        }
        let blocks = Blocks::of(all.iter().map(|needle| (&needle[..], false)));
        Self { all, blocks }
    }

    /// Tells every place of every one of them: its number, and where.
    pub fn search(&self, text: &[u8], met: &mut dyn FnMut(usize, Range<usize>)) {
        let mut hits: Vec<(usize, usize)> = Vec::new();
        self.blocks.each(text, &mut |spot, at| {
            let needle = &self.all[spot.needle as usize];
            let Some(start) = at.checked_sub(spot.offset as usize) else { return };
            if text.get(start..start + needle.len()) == Some(&needle[..]) {
                hits.push((start, spot.needle as usize));
            }
        });
        hits.sort_unstable();
        hits.dedup();
        for (start, needle) in hits {
            met(needle, start..start + self.all[needle].len());
        }
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::Needles;

    #[test]
    fn all_are_found_where_they_stand() {
        let texts = ["publickey", "ublickeys", "short", "another-needle-that-is-rather-long"];
        let needles = Needles::of(
            texts.iter().map(|text| Zeroizing::new(text.as_bytes().to_vec())).collect(),
        );
        let text = "xx publickeys short another-needle-that-is-rather-long publickey";
        let mut met = Vec::new();
        needles.search(text.as_bytes(), &mut |n, range| met.push((n, range.start)));
        assert_eq!(met, [(0, 3), (1, 4), (3, 20), (0, 55)]);
    }
}
