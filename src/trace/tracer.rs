//! Looks for many values at once.

use std::collections::HashSet;
use std::ops::Range;

use crate::model::Layer;
use crate::trace::blocks::Blocks;
use crate::trace::forms::{Form, Manner, forms, plain};
use crate::trace::worth::is_worth;

/// A value to look for.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// What hits call it.
    pub id: u32,
    /// It.
    pub value: &'a [u8],
    /// Its issuer made it so random that it stands nowhere by chance.
    pub rare: bool,
}

/// A known value in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub id: u32,
    /// The stretch that holds it, or the part of its wrapping that it alone decides on.
    pub range: Range<usize>,
    /// What is to be undone to see it.
    pub layers: Vec<Layer>,
}

/// Looks for values in all their forms. Shared between threads; its copies of the values are wiped with it.
pub struct Tracer {
    forms: Vec<(u32, Form)>,
    blocks: Blocks,
    plain: usize,
    left_out: usize,
}

/// Of so many values all forms are looked for, …
const IN_ALL_FORMS: usize = 4000;
/// … of so many more only the values themselves. Those in excess are left out.
const AS_THEY_ARE: usize = 60_000;

impl Tracer {
    /// Looks for `wanted`, the most wanted first. Those that could be met by chance are passed over.
    pub fn new(wanted: &[Wanted<'_>]) -> Self {
        let worth: Vec<_> = wanted.iter().filter(|w| is_worth(w.value, w.rare)).collect();
        let mut all = Vec::new();
        for (n, wanted) in worth.iter().take(IN_ALL_FORMS + AS_THEY_ARE).enumerate() {
            let in_all = n < IN_ALL_FORMS;
            let made = if in_all { forms(wanted.value, wanted.rare) } else { plain(wanted.value) };
            all.extend(made.into_iter().map(|form| (wanted.id, form)));
        }
        let blocks = Blocks::of(all.iter().map(|(_, form)| (&form.bytes[..], form.is_wrapped())));
        let left_out = worth.len().saturating_sub(IN_ALL_FORMS + AS_THEY_ARE);
        let plain = worth.len().saturating_sub(IN_ALL_FORMS) - left_out;
        Self { forms: all, blocks, plain, left_out }
    }

    /// Whether there is nothing to look for.
    pub const fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// How many values are looked for as they are only, and how many not at all, because there are too many.
    pub const fn left_out(&self) -> [usize; 2] {
        [self.plain, self.left_out]
    }

    /// Tells every place of every value, in the order of places. Any bytes are allowed; time is linear but for
    /// values that stand in one another.
    pub fn search(&self, text: &[u8], hit: &mut dyn FnMut(Hit)) {
        let mut hits: Vec<(Range<usize>, usize)> = Vec::new();
        self.blocks.each(text, &mut |spot, at| {
            let n = spot.needle as usize;
            let Some((_, form)) = self.forms.get(n) else { return };
            if let Some(range) = form.at(text, at, spot.offset as usize) {
                hits.push((range, n));
            }
        });
        self.align(&mut hits);
        hits.sort_unstable_by_key(|(range, n)| (range.start, std::cmp::Reverse(range.end), *n));
        let mut ends: Vec<(u32, usize)> = Vec::new();
        for (range, n) in hits {
            let (id, form) = &self.forms[n];
            ends.retain(|(_, end)| *end > range.start);
            if ends.iter().any(|(other, _)| other == id) {
                continue;
            }
            ends.push((*id, range.end));
            hit(Hit { id: *id, range, layers: form.layers.clone() });
        }
    }
}

impl Tracer {
    /// Of a value in UTF-16, which fits in both orders of bytes, one byte apart, leaves the hit whose characters
    /// begin at even places.
    fn align(&self, hits: &mut Vec<(Range<usize>, usize)>) {
        let wide =
            |n: usize| matches!(self.forms[n].1.layers[..], [Layer::Utf16Le | Layer::Utf16Be]);
        let even: HashSet<(u32, usize)> = hits
            .iter()
            .filter(|(range, n)| range.start % 2 == 0 && wide(*n))
            .map(|(range, n)| (self.forms[*n].0, range.start))
            .collect();
        hits.retain(|(range, n)| {
            let beside = |at: usize| even.contains(&(self.forms[*n].0, at));
            let odd = range.start % 2 == 1 && wide(*n);
            !(odd && (beside(range.start - 1) || beside(range.start + 1)))
        });
    }
}

impl Form {
    /// Whether line ends may stand in it.
    fn is_wrapped(&self) -> bool {
        matches!(self.manner, Manner::Wrapped | Manner::Body)
    }

    /// Where in `text` this form stands, if the block at `at` is that of it with `offset` bytes before it.
    fn at(&self, text: &[u8], at: usize, offset: usize) -> Option<Range<usize>> {
        match self.manner {
            Manner::Wrapped => return self.wrapped(text, at, offset),
            Manner::Body => return self.wrapped(text, at, offset).map(|range| whole(text, &range)),
            Manner::Alone | Manner::Anywhere => {}
        }
        let start = at.checked_sub(offset)?;
        let range = start..start + self.bytes.len();
        (text.get(range.clone())? == &self.bytes[..]).then_some(())?;
        (self.manner != Manner::Alone || stands_alone(text, &range)).then_some(range)
    }

    /// As [`Self::at`], with line ends in the text.
    fn wrapped(&self, text: &[u8], at: usize, offset: usize) -> Option<Range<usize>> {
        let lax = self.manner == Manner::Body;
        let mut start = at;
        for expected in self.bytes[..offset].iter().rev() {
            start = before(text, start, lax)?;
            (text[start] == *expected).then_some(())?;
        }
        let mut end = at;
        for expected in &self.bytes[offset..] {
            let next = behind(text, end, lax)?;
            (text.get(next)? == expected).then_some(())?;
            end = next + 1;
        }
        let sign = |at: Option<usize>| at.and_then(|at| text.get(at)).copied();
        let [first, last] = self.edges;
        let fits = (first.mask == 0 || first.fits(sign(before(text, start, lax))))
            && (last.mask == 0 || last.fits(sign(behind(text, end, lax))));
        fits.then_some(())?;
        // The signs on the edges hold bits of the value as well.
        if last.mask != 0 {
            end = behind(text, end, lax)? + 1;
        }
        if first.mask != 0 {
            start = before(text, start, lax)?;
        }
        Some(start..end)
    }
}

/// The most bytes between two signs of a wrapped value.
const GAP: usize = 64;

/// The byte before `at`, over a line end and the white space around it; if `lax` over any white space and over
/// what escapes write for it.
fn before(text: &[u8], at: usize, lax: bool) -> Option<usize> {
    let mut end = at;
    while at - end < GAP {
        end = match &text[..end] {
            [.., b] if b.is_ascii_whitespace() => end - 1,
            [.., b'\\', b'n' | b'r'] if lax => end - 2,
            [.., b'\\'] if lax => end - 1,
            _ => break,
        };
    }
    (lax || end == at || text[end..at].contains(&b'\n')).then_some(())?;
    end.checked_sub(1)
}

/// The byte at `at`, or behind what [`before`] passes over.
fn behind(text: &[u8], at: usize, lax: bool) -> Option<usize> {
    let mut start = at;
    while start - at < GAP {
        start += match text.get(start..)? {
            [b, ..] if b.is_ascii_whitespace() => 1,
            [b'\\', b'n' | b'r', ..] if lax => 2,
            [b'\\', ..] if lax => 1,
            _ => break,
        };
    }
    (lax || start == at || text[at..start].contains(&b'\n')).then_some(start)
}

/// Whether no letter or digit goes on before or behind `range`, but for what an escape leaves there.
fn stands_alone(text: &[u8], range: &Range<usize>) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let first = text[range.start];
    let last = text[range.end - 1];
    let before = &text[range.start.saturating_sub(6)..range.start];
    let escape = match before {
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => true,
        [.., b'%', high, low] => high.is_ascii_hexdigit() && low.is_ascii_hexdigit(),
        [.., b'\\', b'x', high, low] => high.is_ascii_hexdigit() && low.is_ascii_hexdigit(),
        [.., b'\\', b'u', a, b, c, d] => [a, b, c, d].iter().all(|b| b.is_ascii_hexdigit()),
        _ => false,
    };
    let goes_on_before = is_word(first) && before.last().is_some_and(|b| is_word(*b)) && !escape;
    let goes_on_behind = is_word(last) && text.get(range.end).is_some_and(|b| is_word(*b));
    !goes_on_before && !goes_on_behind
}

/// All signs around `range` of which a long value is made, and the line ends between them.
fn whole(text: &[u8], range: &Range<usize>) -> Range<usize> {
    const FAR: usize = 8 << 10;
    let is_sign = |b: u8| b.is_ascii_alphanumeric() || b"+/=-_\r\n\\%".contains(&b);
    let before = &text[range.start.saturating_sub(FAR)..range.start];
    let behind = &text[range.end..(range.end + FAR).min(text.len())];
    let start = range.start - before.iter().rev().take_while(|b| is_sign(**b)).count();
    let end = range.end + behind.iter().take_while(|b| is_sign(**b)).count();
    let inside = &text[start..end];
    let blank = inside.iter().take_while(|b| b"\r\n=-_".contains(b)).count();
    let trail = inside.iter().rev().take_while(|b| b"\r\n-_".contains(b)).count();
    (start + blank).min(range.start)..(end - trail).max(range.end)
}
