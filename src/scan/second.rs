//! The second look: what is known from anywhere is looked for everywhere.
//!
//! What files, homes and processes hold is looked for in histories while those are read. When all is read, the
//! former are read once more, for all that is known by then.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::detect::fingerprint::UNGUESSABLE;
use crate::detect::{Known, Traces, Value};
use crate::ledger::Ledger;
use crate::model::{Confidence, Issue, IssueKind, Secret, SecretId};
use crate::rules::{LITERAL, Tools};
use crate::scan::{Scan, Scope, Target, threads};
use crate::source::Buffer;

impl<'a> Scan<'a> {
    /// Looks from now on for what is known by now, beside all else.
    pub(super) fn trace_known(&mut self) {
        if self.plan.trace {
            let traces = self.traces();
            self.detector.trace(traces);
        }
    }

    /// Reads files, homes and processes again, for what is known.
    pub(super) fn look_again(&mut self, tools: &Tools) {
        if !self.plan.trace || self.plan.scope == Scope::History || self.stopped() {
            return;
        }
        let traces = self.traces();
        if traces.is_none() && self.detector.clues().is_none() {
            return;
        }
        self.detector.trace_only(traces);
        let first = std::mem::take(self.ledger.get_mut().unwrap_or_else(PoisonError::into_inner));
        self.read_again();
        self.homes(tools);
        if self.plan.processes {
            self.processes(tools);
        }
        let ledger = self.ledger.get_mut().unwrap_or_else(PoisonError::into_inner);
        let second = std::mem::replace(ledger, first);
        ledger.traced(second);
    }

    /// Reads the files of the walk again.
    fn read_again(&self) {
        let files = std::mem::take(&mut *self.read.lock().unwrap_or_else(PoisonError::into_inner));
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..threads(self.plan.threads) {
                scope.spawn(|| {
                    let mut buffer = Buffer::default();
                    while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed))
                        && !self.stopped()
                    {
                        self.file(path, &mut buffer);
                    }
                });
            }
        });
    }

    /// All that is known by now and worth looking for.
    fn traces(&mut self) -> Option<Traces<'a>> {
        let ledger: &mut Ledger = self.ledger.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut sure: BTreeMap<SecretId, Confidence> = BTreeMap::new();
        for finding in ledger.all() {
            let seen = sure.entry(finding.secret_id).or_insert(finding.confidence);
            *seen = (*seen).max(finding.confidence);
        }
        sure.retain(|_, confidence| *confidence >= Confidence::Medium);
        let rules = self.catalogue;
        let values = |(id, confidence): (SecretId, Confidence)| {
            let of = |known: &Known| {
                let rule = rules.rules().iter().find(|rule| rule.id == known.rule);
                let value = |value: &[u8]| Value {
                    rule: rule.unwrap_or(&LITERAL),
                    secret: Secret::new(value.to_vec()),
                    claims: known.claims.clone(),
                    confidence,
                    rare: known.bits >= UNGUESSABLE,
                };
                known.writings().into_iter().map(value).collect::<Vec<_>>()
            };
            self.ids.known(id, of).unwrap_or_default()
        };
        // The surest first: where there are too many, those are looked for in all their forms.
        let mut sure: Vec<_> = sure.into_iter().flat_map(values).collect();
        sure.sort_by(|a, b| {
            let rank = |value: &Value<'_>| std::cmp::Reverse((value.confidence, value.rare));
            rank(a).cmp(&rank(b)).then_with(|| a.secret.expose().cmp(b.secret.expose()))
        });
        let traces = Traces::of(sure);
        if let Some(limit) = traces.as_ref().and_then(Traces::limit) {
            let path = self.plan.targets.iter().find_map(Target::path);
            ledger.issue(Issue { path, kind: IssueKind::Limit, message: limit });
        }
        traces
    }
}
