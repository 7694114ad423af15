//! A merged report as one JSON document, written as it comes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::merge::head::SCHEMA;
use crate::merge::join::{Opening, Sink};
use crate::merge::{Told, Trouble};
use crate::model::{FrameworkCount, Owner, RuleId, Trail, Verdict};
use crate::report::RuleInfo;

/// The version of the program, and its name.
#[derive(Clone, Copy, Debug, Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Writes the document `keytrail/report/v1`: one trail or finding a line, equal bytes for equal reports.
pub struct Document<'w> {
    /// Verdicts on policy, to be set before the first finding is written.
    pub policies: Vec<Verdict>,
    /// Frameworks, likewise.
    pub frameworks: Vec<FrameworkCount>,
    out: &'w mut dyn Write,
    version: &'static str,
    // The list that is being written, and whether it has an item.
    list: List,
    any: bool,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum List {
    Before,
    Trails,
    Principals,
    Findings,
}

/// What stands behind the findings.
#[derive(Default, Serialize)]
struct End {
    left_out: u64,
    rules: BTreeMap<RuleId, RuleInfo>,
    notes: Vec<String>,
    reports: Vec<Told>,
    coverage: Coverage,
}

#[derive(Default, Serialize)]
struct Coverage {
    complete: bool,
    reports: usize,
    issues: Vec<Issue>,
}

#[derive(Serialize)]
struct Issue {
    kind: &'static str,
    #[serde(flatten)]
    trouble: Trouble,
}

impl<'w> Document<'w> {
    /// A document of the program's `version`, into `out`.
    pub fn new(version: &'static str, out: &'w mut dyn Write) -> Self {
        Self {
            policies: Vec::new(),
            frameworks: Vec::new(),
            out,
            version,
            list: List::Before,
            any: false,
            end: End::default(),
        }
    }

    fn field(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        write!(self.out, ",\n\"{name}\":")?;
        serde_json::to_writer(&mut *self.out, value)?;
        Ok(())
    }

    /// Ends the lists before `list`, and begins it.
    fn reach(&mut self, list: List) -> io::Result<()> {
        while self.list < list {
            if self.list != List::Before {
                self.out.write_all(b"\n]")?;
            }
            let (next, name) = match self.list {
                List::Before => (List::Trails, "trails"),
                List::Trails => (List::Principals, "principals"),
                List::Principals | List::Findings => {
                    let policies = std::mem::take(&mut self.policies);
                    self.field("policies", &policies)?;
                    let frameworks = std::mem::take(&mut self.frameworks);
                    self.field("frameworks", &frameworks)?;
                    (List::Findings, "findings")
                }
            };
            write!(self.out, ",\n\"{name}\":[")?;
            (self.list, self.any) = (next, false);
        }
        Ok(())
    }

    fn item(&mut self, list: List, json: &[u8]) -> io::Result<()> {
        self.reach(list)?;
        self.out.write_all(if self.any { b",\n" } else { b"\n" })?;
        self.any = true;
        self.out.write_all(json)
    }
}

impl Sink for Document<'_> {
    fn begin(&mut self, opening: &Opening) -> io::Result<()> {
        self.out.write_all(b"{\n\"schema\":")?;
        serde_json::to_writer(&mut *self.out, SCHEMA)?;
        self.field("tool", &Tool { name: "keytrail", version: self.version })?;
        self.field("key", &opening.key)?;
        self.field("source", &"")?;
        let sources: Vec<_> = opening.reports.iter().map(|report| &report.source).collect();
        self.field("sources", &sources)?;
        let Opening { reports, rules, notes, complete, troubles, .. } = opening.clone();
        let issues = troubles.into_iter().map(|trouble| Issue { kind: "malformed", trouble });
        let issues = issues.collect();
        let coverage = Coverage { complete, reports: reports.len(), issues };
        let left_out =
            reports.iter().fold(0, |all: u64, report| all.saturating_add(report.left_out));
        self.end = End { left_out, rules, notes, reports, coverage };
        self.reach(List::Trails)
    }

    fn trail(&mut self, trail: Trail) -> io::Result<()> {
        let json = serde_json::to_vec(&trail)?;
        self.item(List::Trails, &json)
    }

    fn owner(&mut self, owner: &Owner) -> io::Result<()> {
        let json = serde_json::to_vec(owner)?;
        self.item(List::Principals, &json)
    }

    fn finding(&mut self, json: &[u8]) -> io::Result<()> {
        self.item(List::Findings, json)
    }

    fn end(&mut self) -> io::Result<()> {
        self.reach(List::Findings)?;
        self.out.write_all(b"\n]")?;
        let End { left_out, rules, notes, reports, coverage } = std::mem::take(&mut self.end);
        self.field("left_out", &left_out)?;
        self.field("rules", &rules)?;
        self.field("notes", &notes)?;
        self.field("reports", &reports)?;
        self.field("coverage", &coverage)?;
        self.out.write_all(b"\n}\n")?;
        self.out.flush()
    }
}
