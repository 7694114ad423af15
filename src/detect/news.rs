//! Looking at what is new in a text of which another version was looked at before.
//!
//! Whether a credential stands somewhere depends on the text around it, as far as its rule reaches. If all
//! of that was copied from the other version, so was the credential, or its absence. Everything else lies
//! near a seam: where copies meet, or something new begins or ends.

use std::ops::Range;

use crate::detect::detector::{BORDER, Detector, Raw, Sighted, Spot, WRITTEN_OUT};
use crate::model::{Piece, is_token_byte};

/// How far from a seam a short credential may end whose name or beginning the seam touches, in bytes.
const NEAR: usize = 384;

/// Over how many line ends a name reaches its value at most, those of the lines included in which they stand.
const LINES: usize = 4;

/// Texts up to this size are looked at whole: more would not be saved.
const SMALL: usize = 2 * NEAR;

/// Up to how far a stretch is followed that is one row of token bytes, or lines of such, in bytes.
const FOLLOWED: usize = 64 << 10;

/// From this length on a line of token bytes goes on in the next: base64, armour, quoted-printable.
const WRAPPED: usize = 32;

/// The most bytes that stand between two such lines: a line end, quotes, indentation, a comment's sign.
const BETWEEN: usize = 32;

/// How often a look is widened before the whole text is looked at.
const WIDENINGS: usize = 6;

impl<'c> Detector<'c> {
    /// What [`Detector::look`] would see in `text`, which `pieces` tell by a text in which `base` was seen.
    pub fn look_again(&self, text: &[u8], pieces: &[Piece], base: &Raw<'c>) -> Raw<'c> {
        let holds_zero = || {
            let new = pieces.iter().filter(|piece| piece.from.is_none());
            new.clone().any(|piece| memchr::memchr(0, &text[piece.range.clone()]).is_some())
        };
        if text.len() <= SMALL || base.cut_short || base.holds_zero || holds_zero() {
            return self.look(text);
        }
        let news = News { detector: self, text, pieces, base_len: base.length };
        news.look(base).unwrap_or_else(|| self.look(text))
    }

    /// What decides on `sighted`.
    pub(super) fn need(&self, sighted: &Sighted<'c>) -> Need {
        let reach = self.reach(sighted.of.rule) + sighted.of.beside;
        let written = if sighted.of.layers.is_empty() { 1 } else { WRITTEN_OUT };
        Need { range: sighted.range.clone(), reach: reach * written }
    }
}

impl<'c> Raw<'c> {
    /// Puts all in order, each once.
    pub(super) fn ordered(mut self, detector: &Detector<'c>) -> Self {
        let key = |s: &Sighted<'c>| (s.range.start, s.range.end, s.of.rule.id.clone());
        self.all.sort_by_cached_key(key);
        self.all.dedup_by(|a, b| is_same(a, b));
        self.spots.sort_by_key(|spot| (spot.range.start, spot.range.end, spot.reach));
        self.spots.dedup();
        let sighted = self.all.iter().map(|sighted| detector.need(sighted).size());
        let spots = self.spots.iter().map(|spot| Need::of_spot(spot).size());
        self.widest = sighted.chain(spots).max().unwrap_or(0);
        self
    }
}

/// A stretch, and how far around it other text has a say.
pub(super) struct Need {
    range: Range<usize>,
    reach: usize,
}

impl Need {
    const fn size(&self) -> usize {
        (self.range.end - self.range.start).saturating_add(self.reach)
    }

    fn of_spot(spot: &Spot) -> Self {
        Self { range: spot.range.clone(), reach: spot.reach }
    }

    /// All of it that lies in a text of `length` bytes.
    fn within(&self, length: usize) -> Range<usize> {
        let end = self.range.end.saturating_add(self.reach).min(length);
        self.range.start.saturating_sub(self.reach)..end
    }
}

/// `range` and so much on both sides of it.
fn around(range: &Range<usize>, reach: usize) -> Range<usize> {
    range.start.saturating_sub(reach)..range.end.saturating_add(reach)
}

struct News<'n, 'c> {
    detector: &'n Detector<'c>,
    text: &'n [u8],
    pieces: &'n [Piece],
    base_len: usize,
}

impl<'c> News<'_, 'c> {
    /// None if a look at the whole text is cheaper, or the only way.
    fn look(&self, base: &Raw<'c>) -> Option<Raw<'c>> {
        let mut windows = self.seams()?;
        let mut inherited = Raw::default();
        for piece in self.pieces {
            self.inherit(piece, base, &mut inherited, &mut windows);
        }
        for _ in 0..WIDENINGS {
            windows = self.merged(windows)?;
            let mut seen = inherited.clone();
            seen.length = self.text.len();
            seen.looked = windows.iter().map(Range::len).sum();
            let wider = self.look_into(&windows, &mut seen);
            if seen.cut_short {
                return None;
            }
            if wider.is_empty() {
                return Some(seen.ordered(self.detector));
            }
            windows.extend(wider);
        }
        None
    }

    /// What must be looked at again around each seam.
    fn seams(&self) -> Option<Vec<Range<usize>>> {
        let mut changed: Vec<Range<usize>> = Vec::new();
        let mut change = |range: Range<usize>| match changed.last_mut() {
            // What surrounds them would meet.
            Some(last) if range.start <= last.end + NEAR / 2 => last.end = last.end.max(range.end),
            _ => changed.push(range),
        };
        let (first, last) = (self.pieces.first()?, self.pieces.last()?);
        if first.from.is_some_and(|from| from > 0) {
            change(0..0);
        }
        for Piece { range, from } in self.pieces {
            match from {
                None => change(range.clone()),
                Some(_) if range.start > 0 => change(range.start..range.start),
                Some(_) => {}
            }
        }
        if last.from.is_some_and(|from| from + last.range.len() < self.base_len) {
            change(self.text.len()..self.text.len());
        }
        changed.iter().map(|range| self.surroundings(range)).collect()
    }

    /// `range`, the rows that it touches, and so much around them that no short credential whose name or
    /// border lies in it is missed; none if a row has no end in sight.
    fn surroundings(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let touched = self.within(&around(range, BORDER));
        let Range { start, end } = self.followed(&touched)?;
        let before = &self.text[start.saturating_sub(NEAR)..start];
        let behind = &self.text[end..(end + NEAR).min(self.text.len())];
        let first = memchr::memrchr_iter(b'\n', before).nth(LINES);
        let last = memchr::memchr_iter(b'\n', behind).nth(LINES);
        let from = start - before.len() + first.map_or(0, |feed| feed + 1);
        Some(from..end + last.unwrap_or(behind.len()))
    }

    /// Takes over what `piece` copies with all that decides on it; what it copies with less is to be looked
    /// at again.
    fn inherit(
        &self,
        piece: &Piece,
        base: &Raw<'c>,
        inherited: &mut Raw<'c>,
        windows: &mut Vec<Range<usize>>,
    ) {
        let Some(from) = piece.from else { return };
        let copied = from..from + piece.range.len();
        let here = |range: &Range<usize>| {
            let at = |place: usize| (piece.range.start + place).saturating_sub(from);
            at(range.start)..at(range.end).min(self.text.len())
        };
        let mut fate = |need: &Need| {
            let all = need.within(self.base_len);
            if self.settles(piece, &copied, need, self.base_len) {
                return true;
            }
            if all.start < copied.end && copied.start < all.end {
                windows.push(here(&all));
            }
            false
        };
        let near =
            copied.start.saturating_sub(base.widest)..=copied.end.saturating_add(base.widest);
        let first = base.all.partition_point(|sighted| sighted.range.start < *near.start());
        let sighted = base.all[first..].iter();
        for sighted in sighted.take_while(|sighted| near.contains(&sighted.range.start)) {
            if fate(&self.detector.need(sighted)) {
                let of = sighted.of.clone();
                inherited.all.push(Sighted { range: here(&sighted.range), of });
            }
        }
        let first = base.spots.partition_point(|spot| spot.range.start < *near.start());
        let spots = base.spots[first..].iter();
        for spot in spots.take_while(|spot| near.contains(&spot.range.start)) {
            if fate(&Need::of_spot(spot)) {
                let range = here(&spot.range);
                inherited.spots.push(Spot { range, reach: spot.reach });
            }
        }
    }

    /// Whether all of what `need` stands for lies in `part`, which `piece` copies, of a text of `length`
    /// bytes; where that text begins or ends within its reach, the other must do so at the same place.
    fn settles(&self, piece: &Piece, part: &Range<usize>, need: &Need, length: usize) -> bool {
        let all = need.within(length);
        let at_start = piece.range.start == 0 && piece.from == Some(0);
        let at_end = piece.range.end == self.text.len()
            && piece.from.is_some_and(|from| from + piece.range.len() == self.base_len);
        let to_start = need.range.start < need.reach;
        let to_end = need.range.end.saturating_add(need.reach) > length;
        part.start <= all.start
            && all.end <= part.end
            && (at_start || !to_start)
            && (at_end || !to_end)
    }

    /// Adds what stands in `windows`; tells which wider ones are needed to be sure.
    fn look_into(&self, windows: &[Range<usize>], seen: &mut Raw<'c>) -> Vec<Range<usize>> {
        let mut wider = Vec::new();
        for window in windows {
            let found = self.detector.look(&self.text[window.clone()]);
            let here = |range: &Range<usize>| range.start + window.start..range.end + window.start;
            seen.cut_short |= found.cut_short;
            for sighted in found.all {
                let sighted = Sighted { range: here(&sighted.range), of: sighted.of };
                let need = self.detector.need(&sighted);
                match self.verdict(&need, window) {
                    Verdict::Sure => seen.all.push(sighted),
                    Verdict::Open => wider.push(need.within(self.text.len())),
                    Verdict::Inherited => {}
                }
            }
            for spot in found.spots {
                let spot = Spot { range: here(&spot.range), reach: spot.reach };
                let need = Need::of_spot(&spot);
                match self.verdict(&need, window) {
                    Verdict::Sure => seen.spots.push(spot),
                    Verdict::Open => wider.push(need.within(self.text.len())),
                    Verdict::Inherited => {}
                }
            }
        }
        wider
    }

    /// What a look into `window` says of what `need` stands for.
    fn verdict(&self, need: &Need, window: &Range<usize>) -> Verdict {
        let all = need.within(self.text.len());
        if window.start <= all.start && all.end <= window.end {
            return Verdict::Sure;
        }
        let n = self.pieces.partition_point(|piece| piece.range.end <= all.start);
        let copied = self.pieces.get(n).is_some_and(|piece| {
            piece.from.is_some() && self.settles(piece, &piece.range, need, self.text.len())
        });
        if copied { Verdict::Inherited } else { Verdict::Open }
    }

    fn within(&self, range: &Range<usize>) -> Range<usize> {
        range.start..range.end.min(self.text.len())
    }

    /// The windows in order, those that touch made one; none if they are most of the text.
    fn merged(&self, mut windows: Vec<Range<usize>>) -> Option<Vec<Range<usize>>> {
        windows.sort_by_key(|window| window.start);
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(windows.len());
        for window in windows {
            match merged.last_mut() {
                Some(last) if last.end >= window.start => last.end = last.end.max(window.end),
                _ => merged.push(window),
            }
        }
        let size: usize = merged.iter().map(Range::len).sum();
        (size < self.text.len() / 4 * 3).then_some(merged)
    }

    /// `range` with the whole of the rows of token bytes, and of the wrapped lines, in which it begins and
    /// ends; none if those have no end in sight.
    fn followed(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let mut start = self.row_start(range.start);
        while let Some(line) = self.line_before(start) {
            start = line;
            if range.start - start > FOLLOWED {
                return None;
            }
        }
        let mut end = self.row_end(range.end);
        while let Some(line) = self.line_behind(end) {
            end = line;
            if end - range.end > FOLLOWED {
                return None;
            }
        }
        (range.start - start <= FOLLOWED && end - range.end <= FOLLOWED).then_some(start..end)
    }

    fn row_start(&self, at: usize) -> usize {
        at - self.text[..at].iter().rev().take_while(|byte| is_token_byte(**byte)).count()
    }

    fn row_end(&self, at: usize) -> usize {
        at + self.text[at..].iter().take_while(|byte| is_token_byte(**byte)).count()
    }

    /// Where the wrapped line begins that ends before `at`, with nothing but a line end and signs between.
    fn line_before(&self, at: usize) -> Option<usize> {
        let before = &self.text[at.saturating_sub(BETWEEN)..at];
        let gap = before.iter().rev().take_while(|byte| !is_token_byte(**byte)).count();
        let gap = at - gap..at;
        let breaks = gap.start < at && memchr::memchr(b'\n', &self.text[gap.clone()]).is_some();
        let start = breaks.then(|| self.row_start(gap.start))?;
        let goes_on = gap.start - start >= WRAPPED || self.text[..gap.start].ends_with(b"=");
        goes_on.then_some(start)
    }

    /// Where the wrapped line ends that begins behind `at`.
    fn line_behind(&self, at: usize) -> Option<usize> {
        let behind = &self.text[at..(at + BETWEEN).min(self.text.len())];
        let gap = behind.iter().take_while(|byte| !is_token_byte(**byte)).count();
        let breaks = memchr::memchr(b'\n', &behind[..gap]).is_some();
        let end = breaks.then(|| self.row_end(at + gap))?;
        let goes_on = end - at - gap >= WRAPPED || self.text[..at].ends_with(b"=");
        goes_on.then_some(end)
    }
}

/// What a look into a part of a text says of something in it.
enum Verdict {
    /// It is so in the whole text.
    Sure,
    /// It is as it was in the base.
    Inherited,
    /// More must be looked at.
    Open,
}

fn is_same(a: &Sighted<'_>, b: &Sighted<'_>) -> bool {
    a.range == b.range && a.of.rule.id == b.of.rule.id && a.of.layers == b.of.layers
}

#[cfg(test)]
mod tests {
    use crate::detect::{Detector, Options, Raw, settle};
    use crate::model::Piece;
    use crate::rules::dice::Dice;
    use crate::rules::{Catalogue, sample};

    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// Makes texts as they lie in repositories, and versions of them.
    struct Author<'c> {
        catalogue: &'c Catalogue,
        dice: Dice,
    }

    impl Author<'_> {
        fn below(&mut self, end: usize) -> usize {
            self.dice.below(end)
        }

        /// A line with a sealed credential, or several lines.
        fn credential(&mut self) -> Vec<u8> {
            let n = self.below(self.catalogue.rules().len());
            let rule = &self.catalogue.rules()[n];
            let sample = sample::sealed(rule, &mut self.dice);
            let line = sample::line(rule, &sample, &mut self.dice);
            match self.below(8) {
                0 => base64_simd::STANDARD.encode_to_string(&line).into_bytes(),
                1 => wrapped(&base64_simd::STANDARD.encode_to_string(&line)),
                2 => serde_json::to_vec(&String::from_utf8_lossy(&line)).unwrap_or_default(),
                3 => {
                    line.iter().map(|byte| format!("%{byte:02x}")).collect::<String>().into_bytes()
                }
                4 => [&line[..line.len() / 2], b"\n", &line[line.len() / 2..]].concat(),
                _ => line,
            }
        }

        fn part(&mut self) -> Vec<u8> {
            match self.below(2000) {
                0..=3 => self.credential(),
                4..=9 => self.dice.text(LETTERS, 200),
                10..=14 => wrapped(&String::from_utf8_lossy(&self.dice.text(LETTERS, 400))),
                15 => b"-----BEGIN RSA PRIVATE KEY-----\n".to_vec(),
                16..=39 => b"AWS_SECRET_ACCESS_KEY = ".to_vec(),
                _ => {
                    let words =
                        ["let token", " = ", "fn main() {", "\t", "    ", "\"", "aws", ": "];
                    let count = 1 + self.below(12);
                    (0..count).flat_map(|_| words[self.below(words.len())].bytes()).collect()
                }
            }
        }

        fn text(&mut self) -> Vec<u8> {
            let count = 50 + self.below(2000);
            let end: &[u8] = [&b"\n"[..], b"\r\n", b" ", b""][self.below(4)];
            (0..count).flat_map(|_| [self.part(), end.to_vec()].concat()).collect()
        }

        /// Another version of `base`: some of it copied, moved or doubled, some of it new.
        fn version(&mut self, base: &[u8]) -> (Vec<u8>, Vec<Piece>) {
            let (mut text, mut pieces, mut at) = (Vec::new(), Vec::new(), 0);
            for _ in 0..=self.below(4) {
                let end = at + self.below((base.len() - at).div_ceil(2) + 1);
                self.copy(base, at..end, &mut text, &mut pieces);
                at = match self.below(6) {
                    0 => self.below(base.len() + 1),
                    1 => end,
                    _ => (end + self.below(80)).min(base.len()),
                };
                if self.below(3) > 0 {
                    let new = if self.below(2) == 0 { self.credential() } else { self.part() };
                    let cut =
                        if self.below(2) == 0 { new.len() } else { self.below(new.len() + 1) };
                    let start = text.len();
                    text.extend_from_slice(&new[..cut]);
                    if cut > 0 {
                        pieces.push(Piece { range: start..text.len(), from: None });
                    }
                }
            }
            self.copy(base, at..base.len(), &mut text, &mut pieces);
            (text, pieces)
        }

        fn copy(
            &mut self,
            base: &[u8],
            from: std::ops::Range<usize>,
            text: &mut Vec<u8>,
            pieces: &mut Vec<Piece>,
        ) {
            if !from.is_empty() {
                let start = text.len();
                text.extend_from_slice(&base[from.clone()]);
                pieces.push(Piece { range: start..text.len(), from: Some(from.start) });
            }
        }
    }

    fn wrapped(text: &str) -> Vec<u8> {
        let lines: Vec<_> = text.as_bytes().chunks(64).collect();
        lines.join(&b"\n"[..])
    }

    fn told(raw: &Raw<'_>, text: &[u8]) -> Vec<String> {
        let tell = |s: &crate::detect::Sighted<'_>| {
            let (rule, reasons) = (&s.of.rule.id, &s.of.reasons);
            assert!(s.range.end <= text.len());
            format!("{rule} {:?} {:?} {reasons:?} {:?}", s.range, s.of.confidence, s.of.claims)
        };
        settle(raw.all.clone()).iter().map(tell).collect()
    }

    /// Invariant: what is seen by looking at the news alone is what a look at the whole shows.
    #[test]
    fn news_and_what_was_seen_before_make_the_whole() {
        let catalogue = Catalogue::embedded();
        let detector = Detector::new(&catalogue, Options::default());
        let (mut seen, mut looked, mut size) = (0, 0, 0);
        let mut wrong = Vec::new();
        for seed in 0..ROUNDS {
            let mut author = Author { catalogue: &catalogue, dice: Dice::seeded(seed) };
            let mut text = author.text();
            let mut raw = detector.look(&text);
            for step in 0..6 {
                let (next, pieces) = author.version(&text);
                let again = detector.look_again(&next, &pieces, &raw);
                let (told, whole) = (told(&again, &next), told(&detector.look(&next), &next));
                seen += whole.len();
                looked += again.looked;
                size += next.len();
                if told != whole {
                    let differ = |a: &[String], b: &[String]| {
                        a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>()
                    };
                    let (lost, added) = (differ(&whole, &told), differ(&told, &whole));
                    wrong.push(format!("seed {seed} step {step}: lost {lost:#?} added {added:#?}"));
                }
                (text, raw) = (next, again);
            }
        }
        assert!(seen > ROUNDS as usize);
        assert!(looked < size / 4 * 3, "{looked} of {size} bytes were looked at");
        assert!(
            wrong.is_empty(),
            "{} of {}: {}",
            wrong.len(),
            ROUNDS * 6,
            wrong[..wrong.len().min(8)].join("\n")
        );
    }

    const ROUNDS: u64 = 40;
}
