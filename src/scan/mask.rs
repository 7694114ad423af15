//! Credentials in the paths that a report shows, replaced by their redacted form.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::detect::fingerprint::UNGUESSABLE;
use crate::detect::{Detector, Fingerprinter, Known, locate};
use crate::model::{Finding, Issue, Origin, SecretId, Stay};
use crate::report::{Coverage, Report};
use crate::trace::{Needles, is_worth};

/// Masks what the rules of a run find.
pub(super) struct Mask<'d> {
    detector: &'d Detector<'d>,
    ids: &'d Fingerprinter,
    /// Values that are known, wherever they stand.
    known: Option<Needles>,
}

impl<'d> Mask<'d> {
    /// A mask for what `detector` finds.
    pub(super) const fn of(detector: &'d Detector<'d>, ids: &'d Fingerprinter) -> Self {
        Self { detector, ids, known: None }
    }

    /// The same, and a mask for the credentials that `ids` name in this run, whatever stands beside them.
    pub(super) fn knowing(self, ids: impl Iterator<Item = SecretId>) -> Self {
        let writings = |known: &Known| -> Vec<Zeroizing<Vec<u8>>> {
            let rare = known.bits >= UNGUESSABLE;
            // Words stand in paths without being meant.
            let is_meant = |value: &&[u8]| value.len() <= LONGEST && is_worth(value, rare);
            let short = known.writings().into_iter().filter(is_meant);
            short.map(|value| Zeroizing::new(value.to_vec())).collect()
        };
        let all: Vec<_> = ids.filter_map(|id| self.ids.known(id, writings)).flatten().collect();
        Self { known: (!all.is_empty()).then(|| Needles::of(all)), ..self }
    }

    /// Masks every path in `report`; if they are to be `kept`, the report tells what masks them.
    pub(super) fn report(&self, report: &mut Report, kept: bool) {
        if !(report.findings.is_empty() && report.coverage.issues.is_empty()) {
            self.path(&mut report.base);
            self.path(&mut report.here);
        }
        for Issue { message, .. } in &mut report.coverage.issues {
            if let Some(masked) = self.bytes(message.as_bytes()) {
                *message = String::from_utf8_lossy(&masked).into_owned();
            }
        }
        self.holders(&mut report.findings);
        if !kept {
            self.histories(&mut report.findings);
        }
        let mask = |path: &Path| Some((path.to_owned(), self.masked(path)?));
        let masks: BTreeMap<_, _> = shown(report).filter_map(mask).collect();
        if kept {
            report.masks = masks;
        } else if !masks.is_empty() {
            put(&masks, report);
        }
    }

    /// Masks what names, paths and references of a history hold; they repeat from finding to finding.
    fn histories(&self, findings: &mut [Finding]) {
        let mut known: HashMap<String, String> = HashMap::new();
        let mut mask = |text: &mut String| {
            text.clone_from(known.entry(text.clone()).or_insert_with(|| self.text(text)));
        };
        for history in findings.iter_mut().filter_map(|finding| finding.history.as_mut()) {
            history.refs.iter_mut().for_each(&mut mask);
            history.reach.names_mut().for_each(&mut mask);
            for Stay { path, brought, removed } in &mut history.places {
                let authors = [brought, removed].into_iter().flatten().map(|c| &mut c.author);
                path.iter_mut().chain(authors).for_each(&mut mask);
            }
        }
    }

    /// Masks what keys and the names of holders hold.
    fn holders(&self, findings: &mut [Finding]) {
        for finding in findings {
            let named = finding.holders.iter_mut().flat_map(|holder| {
                let refers = holder.refers.iter_mut().flat_map(|r| [&mut r.path, &mut r.key]);
                holder.name.iter_mut().chain(refers)
            });
            let owners = finding.principal.iter_mut().map(|claim| &mut claim.value);
            for text in finding.key.iter_mut().chain(named).chain(owners) {
                if let Some(masked) = self.bytes(text.as_bytes()) {
                    *text = String::from_utf8_lossy(&masked).into_owned();
                }
            }
        }
    }

    /// `text` masked.
    pub(super) fn text(&self, text: &str) -> String {
        let masked = self.bytes(text.as_bytes());
        masked.map_or_else(|| text.to_owned(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    fn path(&self, path: &mut PathBuf) {
        if let Some(masked) = self.masked(path) {
            *path = masked;
        }
    }

    /// `path` masked; none if there is nothing to mask.
    fn masked(&self, path: &Path) -> Option<PathBuf> {
        self.bytes(path.as_os_str().as_encoded_bytes()).map(path_of)
    }

    fn bytes(&self, text: &[u8]) -> Option<Vec<u8>> {
        let seen = self.detector.detect(text).all;
        let mut page = locate::Page::new(text, 0, locate::Cursor::default(), &seen);
        let mut masks: Vec<(Range<usize>, String)> = Vec::new();
        for sighted in &seen {
            let finding = page.finding(sighted, &Origin::Stdin, "", self.ids, false);
            masks.push((sighted.range.clone(), finding.redacted));
        }
        if let Some(known) = &self.known {
            known.search(text, &mut |_, range| {
                let redacted = format!("…({})", range.len());
                masks.push((range, redacted));
            });
        }
        if masks.is_empty() {
            return None;
        }
        masks.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let (mut masked, mut at) = (Vec::new(), 0);
        for (range, redacted) in masks {
            // What overlaps is one.
            if range.start >= at {
                masked.extend_from_slice(&text[at..range.start]);
                masked.extend_from_slice(redacted.as_bytes());
            }
            at = at.max(range.end);
        }
        masked.extend_from_slice(&text[at..]);
        Some(masked)
    }
}

/// Longer values are in no path.
const LONGEST: usize = 4096;

/// Every path that an output may write, those of findings once a file.
fn shown(report: &Report) -> impl Iterator<Item = &Path> {
    let files = report.findings.chunk_by(|a, b| a.place.origin == b.place.origin);
    let found = files.filter_map(|file| file[0].place.origin.path());
    let Coverage { roots, skipped, issues, .. } = &report.coverage;
    let skipped = skipped.iter().map(|skip| &*skip.path);
    let issues = issues.iter().filter_map(|issue| issue.path.as_deref());
    found.chain(roots.iter().map(|root| &**root)).chain(skipped).chain(issues)
}

fn put(masks: &BTreeMap<PathBuf, PathBuf>, report: &mut Report) {
    for Finding { place, .. } in &mut report.findings {
        if let Some(masked) = place.origin.path().and_then(|path| masks.get(path)) {
            place.origin = place.origin.at(masked);
        }
    }
    let Coverage { roots, skipped, issues, .. } = &mut report.coverage;
    let skipped = skipped.iter_mut().map(|skip| &mut skip.path);
    let issues = issues.iter_mut().filter_map(|issue| issue.path.as_mut());
    for path in roots.iter_mut().chain(skipped).chain(issues) {
        if let Some(masked) = masks.get(path) {
            path.clone_from(masked);
        }
    }
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
