//! The ledger: the single writer of findings; it folds what was seen twice and puts all in order.

use crate::model::{Finding, Issue, Origin, Skip};
use crate::report::Coverage;

/// Collects what the threads of a scan bring, in any order.
#[derive(Debug, Default)]
pub struct Ledger {
    findings: Vec<Finding>,
    coverage: Coverage,
}

impl Ledger {
    /// Takes the findings of one file and what it weighed.
    pub fn file(&mut self, bytes: u64, findings: Vec<Finding>) {
        self.coverage.files += 1;
        self.coverage.bytes += bytes;
        self.findings.extend(findings);
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
        let Self { mut findings, mut coverage } = self;
        findings.sort_by(|a, b| order(a).cmp(&order(b)));
        findings.dedup_by(|a, b| order(a) == order(b));
        coverage.skipped.sort();
        coverage.skipped.dedup();
        coverage.issues.sort();
        coverage.issues.dedup();
        (findings, coverage)
    }
}

fn order(finding: &Finding) -> (&Origin, u64, u64, &str) {
    let span = finding.place.span;
    (&finding.place.origin, span.offset, span.length, finding.rule.as_str())
}
