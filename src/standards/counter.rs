//! How often the entries of frameworks are met.

use crate::model::{EntryCount, FrameworkCount};
use crate::standards::book::book;
use crate::standards::ids::Ids;

/// Counts findings and trails by entry; it needs the same small memory for any number of them.
#[derive(Clone, Debug)]
pub struct Counter {
    findings: [u64; Ids::MOST],
    trails: [u64; Ids::MOST],
}

impl Default for Counter {
    fn default() -> Self {
        Self { findings: [0; Ids::MOST], trails: [0; Ids::MOST] }
    }
}

impl Counter {
    /// Counts a finding with these entries.
    pub fn finding(&mut self, ids: Ids) {
        tally(&mut self.findings, ids);
    }

    /// Counts a trail with these entries.
    pub fn trail(&mut self, ids: Ids) {
        tally(&mut self.trails, ids);
    }

    /// The frameworks of which an entry is met, sorted by id, each with the entries that are met.
    pub fn counts(&self) -> Vec<FrameworkCount> {
        let book = book();
        let counts = book.frameworks.iter().enumerate().map(|(at, framework)| FrameworkCount {
            id: framework.id.clone(),
            name: framework.name.clone(),
            version: framework.version.clone(),
            entries: self.entries(at),
        });
        counts.filter(|count| !count.entries.is_empty()).collect()
    }

    fn entries(&self, framework: usize) -> std::collections::BTreeMap<String, EntryCount> {
        let counted = book().entries.iter().zip(self.findings.iter().zip(&self.trails));
        let met = counted.filter(|(entry, (findings, trails))| {
            entry.framework == framework && (**findings > 0 || **trails > 0)
        });
        met.map(|(entry, (&findings, &trails))| {
            (entry.id.clone(), EntryCount { title: entry.title.clone(), findings, trails })
        })
        .collect()
    }
}

/// The counts of these findings and trails.
pub fn count(
    findings: impl IntoIterator<Item = Ids>,
    trails: impl IntoIterator<Item = Ids>,
) -> Vec<FrameworkCount> {
    let mut counter = Counter::default();
    findings.into_iter().for_each(|ids| counter.finding(ids));
    trails.into_iter().for_each(|ids| counter.trail(ids));
    counter.counts()
}

fn tally(counts: &mut [u64; Ids::MOST], ids: Ids) {
    for id in ids.iter() {
        if let Some(count) = counts.get_mut(usize::from(id.0)) {
            *count = count.saturating_add(1);
        }
    }
}
