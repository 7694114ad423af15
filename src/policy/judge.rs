//! Trails, one after the other, held against statements of policy.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::model::{SecretId, Trail, Verdict};
use crate::policy::read::Policies;

/// A verdict names so many trails; those that are against it beyond that are only counted.
const MOST: usize = 10_000;

/// Holds trails against statements, in bounded memory for any number of trails. What it says does not depend on
/// their order.
pub struct Judge<'p> {
    policies: &'p Policies,
    cases: Vec<Case>,
}

/// What is against one statement.
#[derive(Default)]
struct Case {
    /// The most urgent ones.
    worst: BTreeSet<(Reverse<u32>, SecretId)>,
    against: u64,
}

impl<'p> Judge<'p> {
    /// A judge by `policies` who has seen nothing.
    pub fn new(policies: &'p Policies) -> Self {
        let cases = policies.statements.iter().map(|_| Case::default()).collect();
        Self { policies, cases }
    }

    /// Holds `trail` against every statement.
    pub fn see(&mut self, trail: &Trail) {
        for (statement, case) in self.policies.statements.iter().zip(&mut self.cases) {
            if statement.is_broken_by(trail) {
                case.add(trail);
            }
        }
    }

    /// A verdict for each statement, in their order.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let verdict = |(statement, case): (&crate::policy::Statement, &Case)| Verdict {
            id: statement.id.clone(),
            statement: statement.statement.clone(),
            holds: case.against == 0,
            trails: case.worst.iter().map(|(_, id)| *id).collect(),
            left_out: case.against.saturating_sub(case.worst.len() as u64),
        };
        self.policies.statements.iter().zip(&self.cases).map(verdict).collect()
    }
}

impl Case {
    fn add(&mut self, trail: &Trail) {
        self.against = self.against.saturating_add(1);
        self.worst.insert((Reverse(trail.rank.score), trail.secret_id));
        if self.worst.len() > MOST {
            self.worst.pop_last();
        }
    }
}
