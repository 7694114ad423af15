//! Trails as a graph of holders, credentials and principals, for formats that draw it.

use std::collections::BTreeMap;

use crate::model::{Severity, Trail, TrailHolder, TrailKind, Zone};
use crate::output::escape::{fit_end, fit_start, visible};
use crate::trail::owner;

/// How many holders of one credential are drawn.
const MOST_HOLDERS: usize = 20;
/// How many columns a line of a label takes.
const COLUMNS: usize = 60;

/// What is drawn. Texts are visible ones, not yet escaped for any format; nodes are named by their numbers.
#[derive(Default)]
pub(super) struct Graph {
    /// The credentials, the most urgent first.
    pub credentials: Vec<Credential>,
    /// The holders' texts with their zones and numbers.
    pub holders: BTreeMap<(Zone, String), usize>,
    /// The principals' names with their numbers.
    pub owners: BTreeMap<String, usize>,
    /// Which holder has which credential, and whether in the past only.
    pub holds: BTreeMap<(usize, usize), bool>,
    /// Which credential acts as which principal.
    pub acts: Vec<(usize, usize)>,
    /// How many trails are not drawn.
    pub left_out: usize,
}

/// A credential of a graph.
pub(super) struct Credential {
    /// The lines of its label.
    pub lines: Vec<String>,
    /// How bad a leak is.
    pub severity: Severity,
}

impl Graph {
    /// The graph of the first `most` of `trails`.
    pub fn of(trails: &[Trail], most: usize) -> Self {
        let left_out = trails.len().saturating_sub(most);
        let mut graph = Self { left_out, ..Self::default() };
        trails.iter().take(most).for_each(|trail| graph.add(trail));
        graph
    }

    /// What is to be said of the trails that are not drawn; empty if all are.
    pub fn rest(&self) -> String {
        match self.left_out {
            0 => String::new(),
            1 => "1 less urgent trail is left out".to_owned(),
            n => format!("{n} less urgent trails are left out"),
        }
    }

    fn add(&mut self, trail: &Trail) {
        let number = self.credentials.len();
        for holder in trail.holders.iter().take(MOST_HOLDERS) {
            let next = self.holders.len();
            let holder_number = *self.holders.entry((holder.zone, text(holder))).or_insert(next);
            let past = self.holds.entry((holder_number, number)).or_insert(true);
            *past &= holder.past;
        }
        if let Some(name) = owner(trail) {
            let next = self.owners.len();
            let owner = *self.owners.entry(fit_start(&visible(&name), COLUMNS)).or_insert(next);
            self.acts.push((number, owner));
        }
        let mut lines = vec![
            fit_start(&visible(&trail.name), COLUMNS),
            fit_start(&visible(&trail.redacted), COLUMNS),
            format!("{}, rank {}", trail.severity.name(), trail.rank.score),
        ];
        let more = trail.holders.len().saturating_sub(MOST_HOLDERS);
        if more > 0 {
            lines.push(format!("and {more} more holders"));
        }
        self.credentials.push(Credential { lines, severity: trail.severity });
    }
}

/// A holder with a name by its words, so that its places fall together; any other by its path.
fn text(holder: &TrailHolder) -> String {
    match holder.kind {
        TrailKind::Plain(_) => {
            let past = if holder.past { "history of " } else { "" };
            format!("{past}{}", fit_end(&visible(&holder.path), COLUMNS))
        }
        TrailKind::Tool(_) if holder.tool.is_empty() && holder.name.is_none() => {
            let words = holder.text();
            let path = fit_end(&visible(&holder.path), COLUMNS.saturating_sub(words.len() + 1));
            format!("{words} {path}")
        }
        TrailKind::Tool(_) => fit_start(&visible(&holder.text()), COLUMNS),
    }
}
