//! One stream, window by window.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::detect::{Seen, Sighted, locate};
use crate::holders::{Kept, Literal, Look, shown_cell};
use crate::inspect::members::Sort;
use crate::inspect::silence::Silence;
use crate::inspect::{Inspected, Inspector, Whence};
use crate::model::{Claim, Holder, IssueKind, Secret};
use crate::read::{self, Wide, log};
use crate::rules::LITERAL;
use crate::source::{self, Buffer, Chunk, WINDOW};

/// The reading of one stream.
pub(super) struct Reading<'r, 'i, 'c> {
    pub(super) inspector: &'r Inspector<'i, 'c>,
    pub(super) whence: Whence<'r>,
    /// Who keeps it.
    pub(super) kept: &'r [Kept<'c>],
    /// Which value of a database it is: `table/row/column`.
    pub(super) cell: Option<&'r str>,
    /// Who else holds all that is in it.
    pub(super) holder: Option<&'r Holder>,
    pub(super) into: &'r mut Inspected,
}

impl Reading<'_, '_, '_> {
    /// Reads `from` to its end. If it turns out to hold members it is left after its first window: tells
    /// what sort it is, and how many bytes of it are in `buffer`.
    pub(super) fn stream(
        &mut self,
        from: &mut dyn Read,
        buffer: &mut Buffer,
        goes_on: &mut dyn FnMut(u64) -> bool,
    ) -> Option<(Sort, usize)> {
        let mut cursor = locate::Cursor::default();
        let mut met = None;
        let ended = source::stream(from, buffer, &mut |chunk| {
            if chunk.offset == 0 && !self.inspector.as_text {
                met = self.sort(chunk.bytes).map(|sort| (sort, chunk.bytes.len()));
                if met.is_some() {
                    return false;
                }
            }
            self.chunk(&chunk, &mut cursor);
            goes_on(chunk.own.len() as u64)
        });
        if met.is_none() {
            self.into.ended = ended;
        }
        met
    }

    /// Reads `from` to its end as text, whatever it is.
    pub(super) fn text(
        &mut self,
        from: &mut dyn Read,
        buffer: &mut Buffer,
        goes_on: &mut dyn FnMut(u64) -> bool,
    ) {
        let mut cursor = locate::Cursor::default();
        self.into.ended = source::stream(from, buffer, &mut |chunk| {
            self.chunk(&chunk, &mut cursor);
            goes_on(chunk.own.len() as u64)
        });
    }

    fn sort(&self, bytes: &[u8]) -> Option<Sort> {
        let path = self.whence.origin.path().and_then(Path::to_str);
        Sort::of(&bytes[..bytes.len().min(512)], path.unwrap_or_default())
    }

    /// Adds what a chunk holds.
    fn chunk(&mut self, chunk: &Chunk<'_>, cursor: &mut locate::Cursor) {
        let as_text = self.inspector.as_text;
        let plain = if as_text { None } else { log::plain(chunk.bytes) };
        let text = plain.as_ref().map_or(chunk.bytes, |plain| &plain.text);
        let seen = self.inspector.detector.detect(text);
        self.into.cut_short |= seen.cut_short;
        if let Some(clues) = self.inspector.detector.clues() {
            clues.look(text, &|| self.whence.origin.text());
        }
        let mut all = seen.all;
        let traces = self.inspector.detector.only_traces();
        if traces && all.is_empty() {
            if !chunk.is_last() {
                cursor.pass(&chunk.bytes[..chunk.step], chunk.offset);
            }
            return;
        }
        if let Some(plain) = &plain {
            all.iter_mut().for_each(|sighted| sighted.range = plain.back(sighted.range.clone()));
        }
        let whole = chunk.is_whole();
        let path = self.whence.origin.path().unwrap_or(Path::new(""));
        let path = path.to_str().map_or_else(|| path.to_string_lossy(), Cow::Borrowed);
        let wide = if whole && !as_text { read::wide(chunk.bytes) } else { None };
        let text = wide.as_ref().map_or(chunk.bytes, |wide| wide.text.as_bytes());
        let parts = (text, whole, !all.is_empty());
        let asked = if traces && self.kept.is_empty() {
            self.inspector.places.at_origin(self.whence.origin)
        } else {
            Vec::new()
        };
        let kept = if asked.is_empty() { self.kept } else { &asked };
        let look = if as_text { None } else { Look::at(&path, self.cell, kept, parts) };
        if !whole
            && chunk.offset == 0
            && !as_text
            && !traces
            && self.kept.iter().any(Kept::names_fields)
        {
            let message = format!("longer than {} MiB: its fields were not read", WINDOW >> 20);
            self.into.trouble(self.whence.origin.clone(), IssueKind::Limit, message);
        }
        if let Some(look) = look.as_ref().filter(|_| whole && !traces) {
            let (mut literals, referring) = look.fields();
            if let Some(wide) = &wide {
                literals.iter_mut().for_each(|literal| widen(literal, wide));
            }
            add(&mut all, literals);
            self.into.referring.extend(referring);
            let back = |at: usize| wide.as_ref().map_or(at, |wide| wide.back(&(at..at)).start);
            let flaw = || look.flaw().map(|(at, what)| (back(at), what));
            self.into.flaw = self.into.flaw.or_else(flaw);
        }
        if !all.is_empty() {
            let look = look.as_ref().map(|look| (look, wide.as_ref()));
            self.findings(chunk, all, *cursor, look);
        }
        if !chunk.is_last() {
            cursor.pass(&chunk.bytes[..chunk.step], chunk.offset);
        }
    }

    fn findings(
        &mut self,
        chunk: &Chunk<'_>,
        mut all: Vec<Sighted<'_>>,
        cursor: locate::Cursor,
        look: Option<(&Look<'_, '_>, Option<&Wide>)>,
    ) {
        let Inspector { ids, keep_secrets, .. } = *self.inspector;
        let Whence { origin, logical } = self.whence;
        let inner = self.cell.map(|cell| origin.member(&shown_cell(cell)));
        let origin = inner.as_ref().unwrap_or(origin);
        let mut page = locate::Page::new(chunk.bytes, chunk.offset, cursor, &all);
        all.retain(|sighted| chunk.own.contains(&sighted.range.start));
        if chunk.is_whole() {
            page.hash_lines(&all);
        }
        let silence = Silence::of(&all);
        for sighted in &all {
            let mut finding = page.finding(sighted, origin, logical, ids, keep_secrets);
            if let Some((look, wide)) = look {
                let range = wide.map(|wide| wide.forth(&sighted.range));
                let range = range.as_ref().unwrap_or(&sighted.range);
                let named = look.named(range, sighted.of.secret.expose());
                finding.key = named.key;
                finding.holders = named.holder.into_iter().collect();
                finding.exposure = named.exposure;
                // What a credential says of itself counts more than a name beside it.
                let said =
                    |claim: &Claim| sighted.of.claims.iter().any(|own| own.field == claim.field);
                finding.principal.extend(named.owner.into_iter().filter(|claim| !said(claim)));
                if let Some(key) = &finding.key {
                    finding.logical = format!("{logical}\0{key}");
                }
            }
            silence.keep(&mut finding);
            finding.holders.extend(self.holder.cloned());
            self.into.add(finding);
        }
    }
}

/// Says where a literal stands in the UTF-16 that its text was made of.
fn widen(literal: &mut Literal, wide: &Wide) {
    literal.range = wide.back(&literal.range);
    literal.layers.insert(0, wide.layer);
}

/// Adds literals to what was seen: where a credential was seen, the literal says nothing more. What a rule
/// took for one, but believes less, and which is only a part of a literal, is none. Both lie in the order of
/// their places, and no two of either overlap.
fn add(all: &mut Vec<Sighted<'_>>, literals: Vec<Literal>) {
    if literals.is_empty() {
        return;
    }
    all.retain(|sighted| !holding(&literals, sighted).is_some_and(|l| is_part(l, sighted)));
    let apart = |literal: &Literal| {
        if literal.within {
            let same =
                |sighted: &Sighted<'_>| sighted.of.secret.expose() == literal.value.as_bytes();
            return !all.iter().any(same);
        }
        let next = all.partition_point(|sighted| sighted.range.end <= literal.range.start);
        all.get(next).is_none_or(|sighted| literal.range.end <= sighted.range.start)
    };
    let new: Vec<_> = literals.into_iter().filter(apart).map(sighted).collect();
    all.extend(new);
    all.sort_by_key(|sighted| sighted.range.start);
}

/// The literal of which a sighting may be a part.
fn holding<'l>(literals: &'l [Literal], sighted: &Sighted<'_>) -> Option<&'l Literal> {
    let behind = literals.partition_point(|literal| literal.range.start <= sighted.range.start);
    literals.get(behind.checked_sub(1)?)
}

fn is_part(literal: &Literal, sighted: &Sighted<'_>) -> bool {
    sighted.of.confidence < literal.confidence
        && sighted.range.len() < literal.range.len()
        && sighted.range.end <= literal.range.end
}

fn sighted<'c>(literal: Literal) -> Sighted<'c> {
    let Literal { range, value, confidence, reasons, layers, .. } = literal;
    let secret = Secret::new(value.as_bytes().to_vec());
    Sighted { range, of: Arc::new(Seen::told(&LITERAL, secret, confidence, (reasons, layers))) }
}
