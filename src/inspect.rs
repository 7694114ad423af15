//! One stream of bytes to findings, window by window.

use std::io::Read;
use std::sync::Arc;

use crate::detect::{Detector, Fingerprinter, Seen, Sighted, fingerprint, locate};
use crate::holders::{Literal, Look, Places, Referring};
use crate::model::{Finding, HolderKind, Origin, Secret};
use crate::rules::LITERAL;
use crate::source::{self, Buffer, Chunk, Ended};

/// What is said of a stream of which wrapped text was left unread.
pub const CUT_SHORT: &str =
    "wrapped text was not all read: there is too much of it, or it breaks off";

/// Looks into one stream after the other.
#[derive(Clone, Copy)]
pub struct Inspector<'i, 'c> {
    /// What finds credentials.
    pub detector: &'i Detector<'c>,
    /// What knows who keeps what where.
    pub places: &'i Places<'c>,
    /// What names them.
    pub ids: &'i Fingerprinter,
    /// Whether findings keep their raw value.
    pub keep_secrets: bool,
}

/// Where a stream comes from.
#[derive(Clone, Copy)]
pub struct Whence<'w> {
    /// What was opened.
    pub origin: &'w Origin,
    /// A name of the place that is the same wherever its root lies.
    pub logical: &'w str,
}

/// What a stream held.
pub struct Inspected {
    /// The credentials in it, in order.
    pub findings: Vec<Finding>,
    /// The fields in it that take their value from elsewhere.
    pub referring: Vec<Referring>,
    /// How it ended.
    pub ended: Ended,
    /// Wrapped text was left unread.
    pub cut_short: bool,
    /// Where it is not as its format asks, and in what.
    pub flaw: Option<(usize, &'static str)>,
}

/// What was found in a stream so far.
#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    referring: Vec<Referring>,
    cut_short: bool,
    flaw: Option<(usize, &'static str)>,
}

impl Inspector<'_, '_> {
    /// Reads `from` to its end; `goes_on` hears how many bytes were read, and says whether to go on.
    pub fn read(
        &self,
        from: &mut dyn Read,
        whence: Whence<'_>,
        buffer: &mut Buffer,
        goes_on: &mut dyn FnMut(u64) -> bool,
    ) -> Inspected {
        let mut found = Found::default();
        let mut cursor = locate::Cursor::default();
        let ended = source::stream(from, buffer, &mut |chunk| {
            self.chunk(&chunk, whence, &mut cursor, &mut found);
            goes_on(chunk.own.len() as u64)
        });
        let Found { findings, referring, cut_short, flaw } = found;
        Inspected { findings, referring, ended, cut_short, flaw }
    }

    /// Adds what a chunk holds.
    fn chunk(
        &self,
        chunk: &Chunk<'_>,
        whence: Whence<'_>,
        cursor: &mut locate::Cursor,
        found: &mut Found,
    ) {
        let seen = self.detector.detect(chunk.bytes);
        found.cut_short |= seen.cut_short;
        let mut all = seen.all;
        let path = whence.origin.path().map(|path| path.to_string_lossy()).unwrap_or_default();
        let look = self.places.look(&path, chunk.bytes, chunk.is_whole(), !all.is_empty());
        if let Some(look) = look.as_ref().filter(|_| chunk.is_whole()) {
            let (literals, referring) = look.fields();
            add(&mut all, literals);
            found.referring.extend(referring);
            found.flaw = look.flaw();
        }
        if !all.is_empty() {
            self.findings(chunk, all, whence, (*cursor, look.as_ref()), found);
        }
        if !chunk.is_last() {
            cursor.pass(&chunk.bytes[..chunk.step], chunk.offset);
        }
    }

    fn findings(
        &self,
        chunk: &Chunk<'_>,
        mut all: Vec<Sighted<'_>>,
        Whence { origin, logical }: Whence<'_>,
        (cursor, look): (locate::Cursor, Option<&Look<'_, '_>>),
        found: &mut Found,
    ) {
        let mut page = locate::Page::new(chunk.bytes, chunk.offset, cursor, &all);
        all.retain(|sighted| chunk.own.contains(&sighted.range.start));
        if chunk.is_whole() {
            page.hash_lines(&all);
        }
        for sighted in &all {
            let mut finding = page.finding(sighted, origin, logical, self.ids, self.keep_secrets);
            if let Some(look) = look {
                let named = look.named(&sighted.range);
                finding.key = named.key;
                finding.holders = named.holder.into_iter().collect();
                finding.exposure = named.exposure;
                if let Some(key) = &finding.key {
                    let place = format!("{logical}\0{key}");
                    finding.id = fingerprint::finding(finding.secret_id, &finding.rule, &place);
                }
            }
            push(&mut found.findings, finding);
        }
    }
}

/// Adds a finding; what an agent remembers of one session again and again is counted.
fn push(findings: &mut Vec<Finding>, finding: Finding) {
    let remembered = |finding: &Finding| {
        finding.holders.first().is_some_and(|holder| holder.kind == HolderKind::Memory)
    };
    if remembered(&finding) {
        let same = |other: &&mut Finding| {
            other.secret_id == finding.secret_id
                && other.rule == finding.rule
                && other.holders.first().map(|h| &h.name)
                    == finding.holders.first().map(|h| &h.name)
        };
        if let Some(first) = findings.iter_mut().find(same) {
            first.count += 1;
            return;
        }
    }
    findings.push(finding);
}

/// Adds literals to what was seen: where a credential was seen, the literal says nothing more.
fn add(all: &mut Vec<Sighted<'_>>, literals: Vec<Literal>) {
    let apart = |literal: &Literal, sighted: &Sighted<'_>| {
        sighted.range.end <= literal.range.start || literal.range.end <= sighted.range.start
    };
    let new: Vec<_> = literals
        .into_iter()
        .filter(|literal| all.iter().all(|sighted| apart(literal, sighted)))
        .map(|Literal { range, value, confidence, reasons }| {
            let secret = Secret::new(value.as_bytes().to_vec());
            Sighted { range, of: Arc::new(Seen::told(&LITERAL, secret, confidence, reasons)) }
        })
        .collect();
    if !new.is_empty() {
        all.extend(new);
        all.sort_by_key(|sighted| sighted.range.start);
    }
}
