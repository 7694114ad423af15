//! Exit codes: a contract with scripts.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::model::{Confidence, Finding, Reuse, Trail};
use crate::output::visible;
use crate::policy::{Gate, Gates};
use crate::report::Report;

/// Nothing found that matters, all read.
pub(super) const CLEAN: ExitCode = ExitCode::SUCCESS;

/// Stopped by a signal before there was a report.
pub(super) const STOPPED: u8 = 130;

/// Why there is no report after such a signal.
#[derive(Debug, thiserror::Error)]
#[error("stopped before the scan began: there is no report")]
pub(super) struct Stopped;

/// The code for a scan that ran.
pub(super) fn of(report: &Report, gates: &Gates, allow_partial: bool) -> ExitCode {
    if gates.gates.iter().any(|gate| stops(*gate, report)) {
        ExitCode::from(1)
    } else if report.coverage.is_complete() || (allow_partial && !report.coverage.interrupted) {
        CLEAN
    } else {
        ExitCode::from(3)
    }
}

/// Whether `report` makes a run fail that is to fail on `gate`.
fn stops(gate: Gate, report: &Report) -> bool {
    let found = |fails: &dyn Fn(&Finding) -> bool| report.findings.iter().any(fails);
    match gate {
        Gate::Nothing => false,
        Gate::Confidence(least) => found(&|finding| finding.confidence >= least),
        Gate::Severity(least) => {
            found(&|finding| finding.severity >= least && finding.confidence >= Confidence::Medium)
        }
        Gate::Reused | Gate::CrossTool | Gate::CrossZone => {
            report.trails.iter().any(|trail| meets(trail, gate))
        }
        Gate::NewHolder => {
            report.news.iter().any(|(trail, _)| trail.confidence >= Confidence::Medium)
        }
        Gate::Policy => report.verdicts.iter().any(|verdict| !verdict.holds),
    }
}

/// Whether `trail` by itself makes a run fail that is to fail on `gate`.
pub(super) fn meets(trail: &Trail, gate: Gate) -> bool {
    let is = |classes: &[Reuse]| trail.reuse.iter().any(|class| classes.contains(class));
    let met = match gate {
        Gate::Confidence(least) => return trail.confidence >= least,
        Gate::Severity(least) => trail.severity >= least,
        Gate::Reused => is(&[Reuse::CrossTool, Reuse::CrossZone]),
        Gate::CrossTool => is(&[Reuse::CrossTool]),
        Gate::CrossZone => is(&[Reuse::CrossZone]),
        Gate::Nothing | Gate::NewHolder | Gate::Policy => false,
    };
    met && trail.confidence >= Confidence::Medium
}

/// Says on standard error why the job could not be done. A closed pipe is no failure of ours.
pub(super) fn failed(error: &anyhow::Error) -> ExitCode {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    if io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return CLEAN;
    }
    _ = writeln!(io::stderr(), "keytrail: {}", harmless(&format!("{error:#}")));
    if error.is::<Stopped>() { ExitCode::from(STOPPED) } else { ExitCode::from(2) }
}

/// Text for a terminal that may hold names from anywhere; all lines but the first are indented.
pub(super) fn harmless(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n  ")
}
