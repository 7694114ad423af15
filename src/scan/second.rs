//! The second look: what is known from anywhere is looked for everywhere.
//!
//! What files, homes and processes hold is looked for in histories while those are read. When all is read, the
//! former are read once more, for all that is known by then.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use crate::detect::fingerprint::UNGUESSABLE;
use crate::detect::{Known, Traces, Value};
use crate::ledger::Ledger;
use crate::model::{Confidence, Secret, SecretId};
use crate::rules::{LITERAL, Tools};
use crate::scan::{Scan, Scope};

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
        self.files();
        self.homes(tools);
        if self.plan.processes {
            self.processes(tools);
        }
        let ledger = self.ledger.get_mut().unwrap_or_else(PoisonError::into_inner);
        let second = std::mem::replace(ledger, first);
        ledger.traced(second);
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
        let value = |(id, confidence): (SecretId, Confidence)| {
            let of = |known: &Known| {
                let rule = rules.rules().iter().find(|rule| rule.id == known.rule);
                Value {
                    rule: rule.unwrap_or(&LITERAL),
                    secret: Secret::new(known.core().to_vec()),
                    claims: known.claims.clone(),
                    confidence,
                    rare: known.bits >= UNGUESSABLE,
                }
            };
            self.ids.known(id, of)
        };
        Traces::of(sure.into_iter().filter_map(value).collect())
    }
}
