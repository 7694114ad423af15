//! What known credentials prove of each other, and what stands elsewhere that proves them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use crate::detect::{Clue, Clues, Fingerprinter, Known, Met};
use crate::model::{Claim, Confidence, Finding, Kind, Proof, Reason, ReasonKind, Secret, SecretId};
use crate::proofs::{self, Strength};
use crate::report::Report;
use crate::scan::Scan;
use crate::scan::mask::Mask;

/// What was proven, of credentials by their ids in this run.
#[derive(Debug, Default)]
pub(super) struct Proven(BTreeMap<SecretId, BTreeSet<Argument>>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Argument {
    text: &'static str,
    with: Option<SecretId>,
    path: Option<String>,
    proves: bool,
    claims: BTreeSet<Claim>,
}

/// A credential, owned for the time of a look.
struct Owned {
    id: SecretId,
    rule: String,
    kind: Kind,
    value: Secret,
    claims: Vec<Claim>,
}

impl Owned {
    fn of(ids: &Fingerprinter, id: SecretId) -> Option<Self> {
        let of = |known: &Known| Self {
            id,
            rule: known.rule.as_str().to_owned(),
            kind: known.kind,
            value: Secret::new(known.value().to_vec()),
            claims: known.claims.clone(),
        };
        ids.known(id, of)
    }

    fn lent(&self) -> proofs::Known<'_> {
        let (rule, value) = (self.rule.as_str(), self.value.expose());
        proofs::Known { rule, kind: self.kind, value, claims: &self.claims }
    }
}

fn owned<'f>(ids: &Fingerprinter, findings: impl Iterator<Item = &'f Finding>) -> Vec<Owned> {
    let known: BTreeSet<_> = findings.map(|finding| finding.secret_id).collect();
    known.into_iter().filter_map(|id| Owned::of(ids, id)).collect()
}

impl Scan<'_> {
    /// Has what would prove the credentials that are known by now looked for from now on, and keeps what was
    /// met until now.
    pub(super) fn follow_clues(&mut self) {
        if !self.plan.trace {
            return;
        }
        let ledger = self.ledger.get_mut().unwrap_or_else(PoisonError::into_inner);
        let known = owned(self.ids, ledger.all());
        let lent: Vec<_> = known.iter().map(Owned::lent).collect();
        let clue = |witness: proofs::Witness| Clue {
            of: known[witness.known].id,
            proves: witness.strength == Strength::Proof,
            needle: witness.needle.clone(),
            confirm: Box::new(move |text, range| {
                witness.confirm(text, range).map(|found| (found.text, found.claims))
            }),
        };
        let clues = Clues::of(proofs::witnesses(&lent).into_iter().map(clue).collect());
        let before = self.detector.follow(clues);
        self.proven.met(before);
    }

    /// Keeps what was met, and holds all that is known against each other.
    pub(super) fn prove(&mut self) {
        let before = self.detector.follow(None);
        self.proven.met(before);
        if self.plan.trace {
            let ledger = self.ledger.get_mut().unwrap_or_else(PoisonError::into_inner);
            let known = owned(self.ids, ledger.all());
            let lent: Vec<_> = known.iter().map(Owned::lent).collect();
            for tie in proofs::ties(&lent) {
                self.proven.tie(known[tie.a].id, known[tie.b].id, tie.text);
            }
        }
    }
}

impl Proven {
    fn met(&mut self, clues: Option<Clues>) {
        let met = clues.map(Clues::met).unwrap_or_default();
        for ((id, text), Met { paths, proves, claims }) in met {
            for path in paths {
                let path = Some(path);
                let argument = Argument { text, with: None, path, proves, claims: claims.clone() };
                self.0.entry(id).or_default().insert(argument);
            }
        }
    }

    fn tie(&mut self, a: SecretId, b: SecretId, text: &'static str) {
        let argument = |with| Argument {
            text,
            with: Some(with),
            path: None,
            proves: true,
            claims: BTreeSet::new(),
        };
        if a != b {
            self.0.entry(a).or_default().insert(argument(b));
            self.0.entry(b).or_default().insert(argument(a));
        }
    }

    /// Makes the findings of what is proven certain, and says why.
    pub(super) fn raise(&self, findings: &mut [Finding]) {
        for finding in findings {
            let Some(arguments) = self.0.get(&finding.secret_id) else { continue };
            let mut told = BTreeSet::new();
            for Argument { text, proves, claims, .. } in arguments {
                let new = claims.iter().filter(|claim| !finding.principal.contains(claim));
                let new: Vec<_> = new.cloned().collect();
                finding.principal.extend(new);
                if *proves && told.insert(*text) {
                    finding.reasons.push(Reason::new(ReasonKind::Proof, *text));
                    finding.confidence = Confidence::Certain;
                }
            }
            finding.reasons.sort_by_key(|reason| reason.kind);
            finding.principal.sort();
        }
    }

    /// Tells the trails of `report` what proves them; `names` has the id of each in this run.
    /// Paths are masked by `mask`.
    pub(super) fn tell(
        &self,
        report: &mut Report,
        names: &BTreeMap<SecretId, SecretId>,
        mask: &Mask<'_>,
    ) {
        let settled: BTreeMap<_, _> = names.iter().map(|(settled, run)| (*run, *settled)).collect();
        for trail in &mut report.trails {
            let arguments = names.get(&trail.secret_id).and_then(|run| self.0.get(run));
            let proof = |argument: &Argument| Proof {
                text: argument.text.to_owned(),
                with: argument.with.and_then(|run| settled.get(&run).copied()),
                path: argument.path.as_deref().map(|path| mask.text(path)),
            };
            trail.proofs = arguments.into_iter().flatten().map(proof).collect();
        }
    }
}
