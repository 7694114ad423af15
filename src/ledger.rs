//! The ledger: the single writer of findings; it folds what was seen twice and puts all in order.

use std::collections::HashMap;
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
        findings.sort_by(|a, b| order(a).cmp(&order(b)));
        findings.dedup_by(|a, b| order(a) == order(b));
        coverage.skipped.sort();
        coverage.skipped.dedup();
        coverage.issues.sort();
        coverage.issues.dedup();
        (findings, coverage)
    }
}

/// Tells what history knows of a file's findings there, and adds the findings of which no file is left.
fn fold(findings: &mut Vec<Finding>, past: Vec<(Finding, Vec<PathBuf>)>) {
    let mut known: HashMap<(&Path, &RuleId, SecretId), History> = HashMap::new();
    let at = |finding: &'_ Finding, path: &'_ Path| {
        (path.to_owned(), finding.rule.clone(), finding.secret_id)
    };
    let there: std::collections::HashSet<_> = findings
        .iter()
        .filter_map(|finding| Some(at(finding, finding.place.origin.path()?)))
        .collect();
    let (folded, gone): (Vec<_>, Vec<_>) = past
        .into_iter()
        .partition(|(finding, paths)| paths.iter().any(|path| there.contains(&at(finding, path))));
    for (finding, paths) in &folded {
        let Some(history) = &finding.history else { continue };
        for path in paths {
            known
                .entry((path, &finding.rule, finding.secret_id))
                .or_insert_with(|| history.clone());
        }
    }
    for finding in findings.iter_mut() {
        let history = finding
            .place
            .origin
            .path()
            .and_then(|path| known.get(&(path, &finding.rule, finding.secret_id)));
        if let Some(history) = history {
            finding.history = Some(history.clone());
        }
    }
    findings.extend(gone.into_iter().map(|(finding, _)| finding));
}

fn order(finding: &Finding) -> (&Origin, u64, u64, &str) {
    let span = finding.place.span;
    (&finding.place.origin, span.offset, span.length, finding.rule.as_str())
}
