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
    use std::collections::BTreeSet;

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

    /// Numbers that look random.
    fn numbers(mut seed: u64) -> impl FnMut(usize) -> usize {
        move |below| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % below as u64) as usize
        }
    }

    /// Whatever their number and lengths, which decide on the filters, and wherever they stand: on the borders
    /// of the pieces in which a text is read, in one another, at its ends.
    #[test]
    fn as_a_plain_search_finds_them() {
        for (seed, (short, long)) in
            (1..).zip([(0, 9), (1, 0), (3, 3), (60, 2), (70, 40), (128, 0), (300, 20)])
        {
            let mut number = numbers(seed * 77);
            let mut text: Vec<u8> = (0..150_000).map(|_| b"abcd"[number(4)]).collect();
            let mut needles: BTreeSet<Vec<u8>> = BTreeSet::new();
            while needles.len() < short + long {
                let size = if needles.len() < short { 8 + number(12) } else { 20 + number(60) };
                needles.insert((0..size).map(|_| b"abcdE"[number(5)]).collect());
            }
            let needles: Vec<_> = needles.into_iter().map(Zeroizing::new).collect();
            for needle in &needles {
                let last = text.len() - needle.len();
                let border = ((number(2) + 1) << 16) - number(90);
                for at in [number(last), border, if number(9) == 0 { last } else { 0 }] {
                    text[at..at + needle.len()].copy_from_slice(needle);
                }
            }
            let mut expected = BTreeSet::new();
            for (n, needle) in needles.iter().enumerate() {
                let places = text.windows(needle.len()).enumerate();
                expected.extend(
                    places.filter(|(_, place)| *place == &needle[..]).map(|(at, _)| (at, n)),
                );
            }
            let mut met = Vec::new();
            Needles::of(needles).search(&text, &mut |n, range| met.push((range.start, n)));
            assert!(expected.len() >= short + long, "{short} {long}");
            assert_eq!(met, expected.into_iter().collect::<Vec<_>>(), "{short} {long}");
        }
    }
}
