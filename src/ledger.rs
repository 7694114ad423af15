//! The ledger: the single writer of findings; it folds what was seen twice and puts all in order.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::model::{Finding, History, Issue, Origin, RuleId, SecretId, Skip};
use crate::report::Coverage;

/// Collects what the threads of a scan bring, in any order.
#[derive(Debug, Default)]
pub struct Ledger {
    findings: Vec<Finding>,
    /// Findings in a history, each with the paths at which it stood.
    past: Vec<(Finding, Vec<PathBuf>)>,
    coverage: Coverage,
}

impl Ledger {
    /// Takes the findings of one file and what it weighed.
    pub fn file(&mut self, bytes: u64, findings: Vec<Finding>) {
        self.coverage.files += 1;
        self.coverage.bytes += bytes;
        self.findings.extend(findings);
    }

    /// Takes findings that are in no file.
    pub fn found(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }

    /// Takes the findings of a history, each with the paths at which it stood, and how many objects of that
    /// history were read, were known from before, and how many bytes the former have.
    pub fn history(
        &mut self,
        past: Vec<(Finding, Vec<PathBuf>)>,
        [objects, known, bytes]: [u64; 3],
    ) {
        self.coverage.objects += objects;
        self.coverage.known_objects += known;
        self.coverage.object_bytes += bytes;
        self.past.extend(past);
    }

    /// Every finding so far.
    pub fn all(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().chain(self.past.iter().map(|(finding, _)| finding))
    }

    /// Takes what another look at the same places found that is not known from the first.
    pub fn traced(&mut self, second: Self) {
        let mut known: HashMap<(&Origin, SecretId), Vec<Range<u64>>> = HashMap::new();
        for finding in &self.findings {
            let at = (&finding.place.origin, finding.secret_id);
            known.entry(at).or_default().push(range(finding));
        }
        let is_new = |finding: &Finding| {
            let ranges = known.get(&(&finding.place.origin, finding.secret_id));
            let own = range(finding);
            let meets = |other: &Range<u64>| other.start < own.end && own.start < other.end;
            !ranges.is_some_and(|ranges| ranges.iter().any(meets))
        };
        let new: Vec<_> = second.findings.into_iter().filter(is_new).collect();
        self.findings.extend(new);
    }

    /// Notes what was left out on purpose.
    pub fn skip(&mut self, skip: Skip) {
        self.coverage.skipped.push(skip);
    }

    /// Notes what should have been read and could not be.
    pub fn issue(&mut self, issue: Issue) {
        self.coverage.issues.push(issue);
    }

    /// Everything in order: the same whatever the number of threads was.
    pub fn close(self) -> (Vec<Finding>, Coverage) {
        let Self { mut findings, past, mut coverage } = self;
        fold(&mut findings, past);
        // What was read again by name tells more than what was read before.
        findings
            .sort_by(|a, b| order(a).cmp(&order(b)).then(a.key.is_none().cmp(&b.key.is_none())));
        findings.dedup_by(|a, b| order(a) == order(b));
        coverage.skipped.sort();
        coverage.skipped.dedup();
        coverage.issues.sort();
        coverage.issues.dedup();
        (findings, coverage)
    }
}

fn range(finding: &Finding) -> Range<u64> {
    let span = finding.place.span;
    span.offset..span.offset + span.length
}

/// A credential at a path.
type At = (PathBuf, RuleId, SecretId);

fn at(finding: &Finding, path: &Path) -> At {
    (path.to_owned(), finding.rule.clone(), finding.secret_id)
}

/// Tells what history knows of the findings in files, and adds those of which no file is left.
fn fold(findings: &mut Vec<Finding>, past: Vec<(Finding, Vec<PathBuf>)>) {
    let here = |finding: &Finding| Some(at(finding, finding.place.origin.outermost().path()?));
    let there: HashSet<At> = findings.iter().filter_map(here).collect();
    let mut known: HashMap<At, History> = HashMap::new();
    for (finding, paths) in past {
        let still: Vec<At> = paths.iter().map(|path| at(&finding, path)).collect();
        let still: Vec<At> = still.into_iter().filter(|at| there.contains(at)).collect();
        match &finding.history {
            Some(history) if !still.is_empty() => {
                for at in still {
                    known.entry(at).or_insert_with(|| history.clone());
                }
            }
            _ => findings.push(finding),
        }
    }
    for finding in findings.iter_mut().filter(|finding| finding.history.is_none()) {
        finding.history = here(finding).and_then(|at| known.get(&at).cloned());
    }
}

fn order(finding: &Finding) -> (&Origin, u64, u64, &str) {
    let span = finding.place.span;
    (&finding.place.origin, span.offset, span.length, finding.rule.as_str())
}
