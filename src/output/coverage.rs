//! The shape in which json and jsonl write what was read and what was not: see `docs/report.md`.

use serde::Serialize;

use crate::model::{Issue, IssueKind, Skip, SkipReason};
use crate::output::view;
use crate::report::Coverage;

/// What was read, and whether that was all.
#[derive(Serialize)]
pub(super) struct CoverageView<'r> {
    complete: bool,
    roots: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roots_hex: Option<Vec<String>>,
    files: u64,
    bytes: u64,
    objects: u64,
    known_objects: u64,
    object_bytes: u64,
    skipped: Vec<SkipView>,
    issues: Vec<IssueView<'r>>,
    interrupted: bool,
}

#[derive(Serialize)]
struct SkipView {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_hex: Option<String>,
    reason: SkipReason,
}

#[derive(Serialize)]
struct IssueView<'r> {
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_hex: Option<String>,
    kind: IssueKind,
    message: &'r str,
}

impl<'r> CoverageView<'r> {
    /// The view of `coverage`.
    pub(super) fn of(coverage: &'r Coverage) -> Self {
        let Coverage {
            roots,
            files,
            bytes,
            objects,
            known_objects,
            object_bytes,
            skipped,
            issues,
            interrupted,
        } = coverage;
        let utf8 = roots.iter().all(|root| root.to_str().is_some());
        Self {
            complete: coverage.is_complete(),
            roots: roots.iter().map(|root| root.to_string_lossy().into_owned()).collect(),
            roots_hex: (!utf8).then(|| roots.iter().map(|root| view::hex(root)).collect()),
            files: *files,
            bytes: *bytes,
            objects: *objects,
            known_objects: *known_objects,
            object_bytes: *object_bytes,
            skipped: skipped.iter().map(skip).collect(),
            issues: issues.iter().map(issue).collect(),
            interrupted: *interrupted,
        }
    }
}

fn skip(skip: &Skip) -> SkipView {
    let (path, path_hex) = view::path(&skip.path);
    SkipView { path, path_hex, reason: skip.reason }
}

fn issue(issue: &Issue) -> IssueView<'_> {
    let (path, path_hex) = issue.path.as_deref().map(view::path).unzip();
    IssueView { path, path_hex: path_hex.flatten(), kind: issue.kind, message: &issue.message }
}
