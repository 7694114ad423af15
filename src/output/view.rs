//! The shape in which json and jsonl write findings: see `docs/report.md`.

use std::path::Path;

use serde::Serialize;

use crate::model::{
    Basis, Claim, Confidence, Exposure, Finding, FindingId, Kind, Layer, Reason, RuleId, SecretId,
    Severity, shown,
};
use crate::output::Style;
use crate::output::holding::HolderView;
use crate::output::past::PastView;
use crate::report::Report;

/// Names the shape; changes when a field changes its meaning or goes away.
pub(super) const SCHEMA: &str = "keytrail/report/v1";

/// Who wrote a report.
#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// This program.
pub(super) const TOOL: Tool = Tool { name: "keytrail", version: env!("CARGO_PKG_VERSION") };

/// A finding, flat.
#[derive(Serialize)]
pub(super) struct FindingView<'r> {
    rule: &'r RuleId,
    provider: &'r str,
    kind: Kind,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_hex: Option<String>,
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
    offset: u64,
    length: u64,
    confidence: Confidence,
    severity: Severity,
    reasons: &'r [Reason],
    secret_id: SecretId,
    comparable: Basis,
    finding_id: FindingId,
    redacted: &'r str,
    layers: &'r [Layer],
    principal: &'r [Claim],
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'r str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    holders: Vec<HolderView<'r>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    exposure: &'r [Exposure],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    frameworks: &'r [&'static str],
    #[serde(skip_serializing_if = "is_one")]
    count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<PastView<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_base64: Option<String>,
}

/// The findings of a report that `style` lets through, as views.
pub(super) fn findings<'r>(
    report: &'r Report,
    style: &Style,
) -> impl Iterator<Item = FindingView<'r>> {
    let least = style.least;
    let shown = report.findings.iter().filter(move |finding| finding.confidence >= least);
    shown.filter_map(|finding| view(report, finding))
}

/// How many findings `style` leaves out.
pub(super) fn left_out(report: &Report, style: &Style) -> usize {
    report.findings.iter().filter(|finding| finding.confidence < style.least).count()
}

fn view<'r>(report: &'r Report, finding: &'r Finding) -> Option<FindingView<'r>> {
    let rule = report.rules.get(&finding.rule)?;
    let span = finding.place.span;
    let raw = finding.secret.as_ref().map(|secret| secret.expose());
    let origin = finding.place.origin.path();
    let (path, path_hex) = origin.map_or_else(|| ("-".to_owned(), None), path);
    Some(FindingView {
        rule: &rule.id,
        provider: &rule.provider,
        kind: rule.kind,
        path,
        path_hex,
        line: span.line,
        column: span.column,
        end_line: span.end_line,
        end_column: span.end_column,
        offset: span.offset,
        length: span.length,
        confidence: finding.confidence,
        severity: finding.severity,
        reasons: &finding.reasons,
        secret_id: finding.secret_id,
        comparable: finding.comparable,
        finding_id: finding.id,
        redacted: &finding.redacted,
        layers: &finding.place.layers,
        principal: &finding.principal,
        key: finding.key.as_deref(),
        holders: finding.holders.iter().map(HolderView::of).collect(),
        exposure: &finding.exposure,
        frameworks: &finding.frameworks,
        count: finding.count,
        history: finding.history.as_ref().map(PastView::of),
        secret: raw.map(|raw| String::from_utf8_lossy(raw).into_owned()),
        secret_base64: raw
            .filter(|raw| std::str::from_utf8(raw).is_err())
            .map(|raw| base64_simd::STANDARD.encode_to_string(raw)),
    })
}

const fn is_one(count: &u64) -> bool {
    *count == 1
}

/// A path below a root as text, and its bytes in hexadecimal if the text does not say them all.
pub(super) fn path(path: &Path) -> (String, Option<String>) {
    (shown(path), path.to_str().is_none().then(|| hex(path)))
}

/// The bytes of a path in hexadecimal.
pub(super) fn hex(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().iter().map(|b| format!("{b:02x}")).collect()
}
