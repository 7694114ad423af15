//! One JSON document: everything that a machine may want to know of a scan. See `docs/report.md`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::model::{Confidence, RuleId};
use crate::output::view::{self, FindingView, SCHEMA, TOOL, Tool};
use crate::output::{Format, Style};
use crate::report::{Coverage, Report, RuleInfo};

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
    findings: Vec<FindingView<'r>>,
    left_out: usize,
    rules: &'r BTreeMap<RuleId, RuleInfo>,
    coverage: CoverageView<'r>,
}

/// What was read, and whether that was all.
#[derive(Serialize)]
pub(super) struct CoverageView<'r> {
    complete: bool,
    #[serde(flatten)]
    coverage: &'r Coverage,
}

impl<'r> CoverageView<'r> {
    /// The coverage of `report`.
    pub(super) fn of(report: &'r Report) -> Self {
        Self { complete: report.coverage.is_complete(), coverage: &report.coverage }
    }
}

fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: SCHEMA,
        tool: TOOL,
        findings: view::findings(report, style).collect(),
        left_out: view::left_out(report, style),
        rules: &report.rules,
        coverage: CoverageView::of(report),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
