//! One JSON object a line: each finding, then a summary. See `docs/report.md`.

use std::io::{self, Write};

use serde::Serialize;

use crate::model::{Confidence, KeyNote};
use crate::output::coverage::CoverageView;
use crate::output::view::{self, FindingView, SCHEMA, TOOL, Tool};
use crate::output::{Format, Style};
use crate::report::Report;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    about: "one JSON object a line: each finding, then a summary",
    least: Confidence::Low,
    write,
};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'r> {
    Finding(Box<FindingView<'r>>),
    Summary(Box<Summary<'r>>),
}

#[derive(Serialize)]
struct Summary<'r> {
    schema: &'static str,
    tool: Tool,
    key: &'r KeyNote,
    source: &'r str,
    findings: usize,
    left_out: usize,
    coverage: CoverageView<'r>,
}

fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = 0;
    for finding in view::findings(report, style) {
        shown += 1;
        line(&Line::Finding(Box::new(finding)), out)?;
    }
    let summary = Summary {
        schema: SCHEMA,
        tool: TOOL,
        key: &report.key,
        source: &report.source,
        findings: shown,
        left_out: view::left_out(report, style),
        coverage: CoverageView::of(&report.coverage),
    };
    line(&Line::Summary(Box::new(summary)), out)
}

fn line(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    writeln!(out)
}
