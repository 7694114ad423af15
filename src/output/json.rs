//! One JSON document: everything that a machine may want to know of a scan. See `docs/report.md`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::model::{Confidence, FrameworkCount, KeyNote, Owner, RuleId, Trail, Verdict};
use crate::output::coverage::CoverageView;
use crate::output::view::{self, FindingView, SCHEMA, TOOL, Tool};
use crate::output::{Format, Style};
use crate::report::{Report, RuleInfo};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "json",
    about: "one JSON document, described in docs/report.md",
    least: Confidence::Low,
    write,
};

#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    tool: Tool,
    key: &'r KeyNote,
    source: &'r str,
    trails: Vec<&'r Trail>,
    principals: &'r [Owner],
    policies: &'r [Verdict],
    frameworks: &'r [FrameworkCount],
    findings: Vec<FindingView<'r>>,
    left_out: usize,
    rules: &'r BTreeMap<RuleId, RuleInfo>,
    coverage: CoverageView<'r>,
}

fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: SCHEMA,
        tool: TOOL,
        key: &report.key,
        source: &report.source,
        trails: report.trails.iter().filter(|trail| trail.confidence >= style.least).collect(),
        principals: &report.owners,
        policies: &report.verdicts,
        frameworks: &report.frameworks,
        findings: view::findings(report, style).collect(),
        left_out: view::left_out(report, style),
        rules: &report.rules,
        coverage: CoverageView::of(&report.coverage),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
