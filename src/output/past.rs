//! The shape in which json, jsonl and sarif write what Git's history tells: see `docs/report.md`.

use serde::Serialize;

use crate::model::{Commit, History, ObjectId, ObjectKind};

/// What history tells of a finding.
#[derive(Serialize)]
pub(super) struct PastView<'r> {
    object: ObjectId,
    object_kind: ObjectKind,
    reach: &'static str,
    reach_text: String,
    in_head: bool,
    refs: &'r [String],
    refs_total: usize,
    places: Vec<PlaceView<'r>>,
    versions: usize,
}

#[derive(Serialize)]
struct PlaceView<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'r str>,
    brought: Option<&'r Commit>,
    removed: Option<&'r Commit>,
}

impl<'r> PastView<'r> {
    /// The view of `history`.
    pub(super) fn of(history: &'r History) -> Self {
        let places = history.places.iter().map(|stay| PlaceView {
            path: stay.path.as_deref(),
            brought: stay.brought.as_ref(),
            removed: stay.removed.as_ref(),
        });
        Self {
            object: history.object,
            object_kind: history.kind,
            reach: history.reach.kind(),
            reach_text: history.reach.text(),
            in_head: history.in_head,
            refs: &history.refs,
            refs_total: history.refs_total,
            places: places.collect(),
            versions: history.versions,
        }
    }
}

/// What a person wants to know of it, in a few phrases.
pub(super) fn phrases(history: &History) -> Vec<String> {
    let mut all = Vec::new();
    if history.kind != ObjectKind::Blob {
        all.push(format!("in the message of {} {}", history.kind.name(), short(history.object)));
    }
    let several = history.places.len() > 1;
    for stay in &history.places {
        let path = stay.path.as_ref().filter(|_| several);
        let place = path.map(|path| format!(" in {path}")).unwrap_or_default();
        if let Some(commit) = &stay.brought {
            all.push(format!("brought{place} by {}", told(commit)));
        }
        if let Some(commit) = &stay.removed {
            all.push(format!("removed{place} by {}", told(commit)));
        }
    }
    if history.in_head {
        all.push("still in HEAD".to_owned());
    }
    let held = match history.refs.as_slice() {
        [] => String::new(),
        [one] => format!(", held by {one}"),
        [one, two] => format!(", held by {one} and {two}"),
        [one, two, ..] => {
            format!(", held by {one}, {two} and {} more", history.refs_total.saturating_sub(2))
        }
    };
    all.push(history.reach.text() + &held);
    all
}

fn told(commit: &Commit) -> String {
    format!("{} of {}, {}", short(commit.id), commit.date, commit.author)
}

/// Enough of an id for a person.
fn short(id: ObjectId) -> String {
    id.to_string().chars().take(12).collect()
}
