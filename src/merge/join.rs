//! Many reports into one: findings sorted by credential on disk, each credential's made into its trail.

use std::collections::BTreeMap;
use std::io;

use crate::merge::carried::Sum;
use crate::merge::entry::{self, Sort};
use crate::merge::facts::{Facts, MOST_SOURCES, Told};
use crate::merge::head::{self, Head, Input, Trouble};
use crate::merge::keys::{self, Refusal};
use crate::merge::link::Links;
use crate::merge::sorter::{Sorted, Sorter};
use crate::merge::take::{self, Sorting};
use crate::model::{KeyId, KeyNote, Owner, RuleId, Sighting, Trail};
use crate::report::RuleInfo;

/// How many findings a trail is made of; the rest of its credential's are findings of the report all the same.
pub const MOST_FINDINGS: usize = 10_000;

/// How many bytes the findings of one trail may come to, and their holders with them.
const MOST_BYTES: usize = 64 << 20;

/// How findings become trails.
pub trait Join {
    /// The trail of `sightings`, all of one credential, at least one, sorted by report, path and offset. `rules`
    /// are those of all reports.
    fn trail(&self, sightings: &[Sighting], rules: &BTreeMap<RuleId, RuleInfo>) -> Option<Trail>;
    /// The principal of `trail` in words; equal texts are equal principals.
    fn owner(&self, trail: &Trail) -> Option<String>;
    /// `trail`'s principal has other credentials as well: that may change its rank.
    fn shared(&self, trail: &mut Trail);
}

/// Receives a merged report, in the order of its document.
pub trait Sink {
    /// What is known before all else.
    fn begin(&mut self, opening: &Opening) -> io::Result<()>;
    /// A trail, the most urgent first, of equals by id.
    fn trail(&mut self, trail: Trail) -> io::Result<()>;
    /// A principal with more than one credential, by name.
    fn owner(&mut self, owner: &Owner) -> io::Result<()>;
    /// A finding as JSON: a sighting with its source. By credential, report, path and offset.
    fn finding(&mut self, json: &[u8]) -> io::Result<()>;
    /// There is no more.
    fn end(&mut self) -> io::Result<()>;
}

/// What is known of a merged report before its trails and findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// By which key its ids are made.
    pub key: KeyNote,
    /// The reports that are in it, by name.
    pub reports: Vec<Told>,
    /// The rules of all of them.
    pub rules: BTreeMap<RuleId, RuleInfo>,
    /// What a reader must know, in sentences.
    pub notes: Vec<String>,
    /// All reports were taken wholly, and are complete themselves.
    pub complete: bool,
    /// The reports that were not taken, or not wholly.
    pub troubles: Vec<Trouble>,
}

/// What came of a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// What was known before the trails.
    pub opening: Opening,
    /// How many findings are in it.
    pub findings: u64,
    /// How many more were the same as one of them.
    pub folded: u64,
    /// How many trails.
    pub trails: u64,
    /// How many principals with more than one credential.
    pub owners: u64,
}

/// Joins `inputs` and hands the merged report to `out`; nothing is handed to it if that is refused. The order of
/// the inputs makes no difference.
pub fn merge(inputs: &[Input], by: &dyn Join, out: &mut dyn Sink) -> Result<Merged, Refusal> {
    let mut troubles = Vec::new();
    let mut heads = Vec::new();
    for input in inputs {
        match head::read(input) {
            Ok(head) => heads.push((input, head)),
            Err(trouble) => troubles.push(trouble),
        }
    }
    let key = keys::agree(heads.iter().map(|(input, head)| (&*input.name, head)))?;
    let (sorted, mut facts) = gather(&heads, &mut troubles)?;
    facts.complete &= troubles.is_empty();
    troubles.sort();
    troubles.dedup();
    let mut links = Links::new()?;
    let count = trails(&sorted, &facts, &mut |trail| links.push(&trail, by), by)?;
    let opening = opening(facts, key, troubles, &count);
    let ranked = links.rank(by)?;
    out.begin(&opening)?;
    let owners = ranked.write(out)?;
    drop(ranked);
    each_finding(&sorted, &mut |json| out.finding(json))?;
    out.end()?;
    let Count { findings, folded, trails, .. } = count;
    Ok(Merged { opening, findings, folded, trails, owners })
}

fn gather(heads: &[(&Input, Head)], troubles: &mut Vec<Trouble>) -> io::Result<(Sorted, Facts)> {
    let mut sorting = Sorting { sorter: Sorter::new()?, facts: Facts::default() };
    for (input, head) in heads {
        troubles.extend(take::take(input, head, &mut sorting)?);
    }
    Ok((sorting.sorter.finish()?, sorting.facts))
}

/// What was counted while trails were made.
#[derive(Default)]
struct Count {
    findings: u64,
    folded: u64,
    trails: u64,
    run: u64,
    anywhere: u64,
    cut: u64,
}

/// The findings of one credential, as they come.
#[derive(Default)]
struct Group {
    key: Vec<u8>,
    sightings: Vec<Sighting>,
    bytes: usize,
    cut: bool,
    carried: Sum,
}

impl Group {
    fn take(&mut self, json: &[u8]) -> io::Result<()> {
        if self.cut || self.sightings.len() >= MOST_FINDINGS {
            self.cut = true;
            return Ok(());
        }
        let sighting = serde_json::from_slice(json)?;
        self.bytes += json.len() + held(&sighting);
        if self.bytes > MOST_BYTES && !self.sightings.is_empty() {
            self.cut = true;
        } else {
            self.sightings.push(sighting);
        }
        Ok(())
    }

    fn end(self, facts: &Facts, by: &dyn Join, count: &mut Count) -> Option<Trail> {
        if self.sightings.is_empty() {
            return None;
        }
        let mut trail = by.trail(&self.sightings, &facts.rules)?;
        self.carried.say(&mut trail);
        count.trails += 1;
        count.cut += u64::from(self.cut);
        count.run += u64::from(entry::is_run(&self.key));
        count.anywhere += u64::from(entry::is_anywhere(&self.key));
        Some(trail)
    }
}

/// How many bytes the holders of `sighting` come to, each with its place.
fn held(sighting: &Sighting) -> usize {
    let place = sighting.path.len() + sighting.source.len();
    let place = place + sighting.key.as_ref().map_or(0, String::len);
    let places = sighting.history.as_ref().map_or(0, |past| past.places.len());
    place * (1 + sighting.holders.len() + places)
}

fn trails(
    sorted: &Sorted,
    facts: &Facts,
    then: &mut dyn FnMut(Trail) -> io::Result<()>,
    by: &dyn Join,
) -> io::Result<Count> {
    let mut count = Count::default();
    let mut walk = sorted.walk()?;
    let mut group = Group::default();
    let mut last: Vec<u8> = Vec::new();
    while let Some(record) = walk.next()? {
        let (key, sort) = entry::parts(record.key());
        if group.key != key {
            let ended =
                std::mem::replace(&mut group, Group { key: key.to_vec(), ..Group::default() });
            ended.end(facts, by, &mut count).map_or(Ok(()), &mut *then)?;
        }
        if sort == Sort::Carried {
            group.carried.add(record.body());
        } else if last == record.key() {
            count.folded += 1;
        } else {
            last.clear();
            last.extend(record.key());
            count.findings += 1;
            group.take(record.body())?;
        }
    }
    group.end(facts, by, &mut count).map_or(Ok(()), then)?;
    Ok(count)
}

fn each_finding(sorted: &Sorted, then: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut walk = sorted.walk()?;
    let mut last: Vec<u8> = Vec::new();
    while let Some(record) = walk.next()? {
        if entry::parts(record.key()).1 == Sort::Finding && last != record.key() {
            last.clear();
            last.extend(record.key());
            then(record.body())?;
        }
    }
    Ok(())
}

fn opening(facts: Facts, key: Option<KeyId>, troubles: Vec<Trouble>, count: &Count) -> Opening {
    let Facts { told, rules, complete, .. } = facts;
    let reports: Vec<_> = told.into_values().collect();
    let notes = notes(&reports, key, count);
    let note = match key {
        Some(_) => "credentials have the same ids wherever this key is used, and nowhere else",
        None => {
            "without a key, ids of credentials that nobody can guess are comparable anywhere; the others are good \
             within their report only"
        }
    };
    let key = KeyNote { id: key, note: note.to_owned() };
    Opening { key, reports, rules, notes, complete, troubles }
}

fn notes(reports: &[Told], key: Option<KeyId>, count: &Count) -> Vec<String> {
    let keyless = reports.iter().filter(|report| !report.keyed).count();
    let have = counted(keyless as u64, "report has no key", "reports have no key");
    let mut notes = Vec::new();
    if count.run > 0 {
        let run = counted(count.run, "guessable credential", "guessable credentials");
        notes.push(format!("{have}: {run} of theirs are joined within their report only"));
    }
    if let Some(key) = key.filter(|_| keyless > 0) {
        let rest = counted(count.anywhere, "credential of theirs is", "credentials of theirs are");
        notes.push(format!(
            "{have}: {rest} joined with each other only, since the ids made with {key} do not compare with theirs"
        ));
    }
    if count.cut > 0 {
        let which = counted(count.cut, "credential has", "credentials have");
        notes.push(format!(
            "{which} more than {MOST_FINDINGS} findings: their trails are made of the first"
        ));
    }
    if reports.len() >= MOST_SOURCES {
        notes
            .push(format!("the first {MOST_SOURCES} reports are named, of those that were merged"));
    }
    notes
}

/// A number with its noun.
pub fn counted(count: u64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
