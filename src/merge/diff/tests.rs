//! What people read off two reports.

use std::path::Path;

use super::{Change, News, Summary, diff};
use crate::merge::trial::{Dice, id, lines, merged, put, report, sighting};
use crate::merge::{Input, Refusal};
use crate::model::{Basis, Sighting};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn changes(old: &Input, new: &Input) -> (Summary, Vec<Change>) {
    let mut all = Vec::new();
    let mut tell = |change: &Change| {
        all.push(change.clone());
        Ok(())
    };
    let summary = diff(old, new, &mut tell).expect("compared");
    (summary, all)
}

fn pair(folder: &Path, old: &[Sighting], new: &[Sighting]) -> (Summary, Vec<Change>) {
    let old = put(folder, "old", report("old", Some(1), old).to_string());
    let new = put(folder, "new", lines(&report("new", Some(1), new)));
    changes(&old, &new)
}

fn paths(change: &Change) -> Vec<&str> {
    change.holders.iter().map(|spot| spot.path.as_str()).collect()
}

#[test]
fn credentials_and_holders_come_and_go() {
    let folder = folder();
    let old = [sighting(1, 1), sighting(1, 2), sighting(2, 3)];
    let new = [sighting(1, 2), sighting(1, 4), sighting(3, 5)];
    let (summary, all) = pair(folder.path(), &old, &new);
    let find = |news, n| {
        let mut found = all.iter().filter(|c| c.change == news && c.credential.secret_id == id(n));
        found.next().map(paths)
    };
    assert_eq!(find(News::NewHolders, 1), Some(vec!["folder/4.env"]));
    assert_eq!(find(News::GoneHolders, 1), Some(vec!["folder/1.env"]));
    assert_eq!(find(News::GoneCredential, 2), Some(vec!["folder/3.env"]));
    assert_eq!(find(News::NewCredential, 3), Some(vec!["folder/5.env"]));
    assert_eq!((all.len(), summary.worse()), (4, 2));
    assert!(summary.troubles.is_empty() && summary.notes.is_empty());
}

#[test]
fn equal_reports_do_not_differ() {
    let folder = folder();
    let mut dice = Dice::new(1);
    let mut all: Vec<_> = (0..200).map(|_| sighting(dice.next() % 30, dice.next() % 50)).collect();
    let old = all.clone();
    dice.shuffle(&mut all);
    assert_eq!(pair(folder.path(), &old, &all), (Summary::default(), Vec::new()));
}

#[test]
fn an_old_value_that_is_left_behind_is_told() {
    let folder = folder();
    let old = [sighting(1, 1), sighting(1, 2), sighting(1, 3)];
    let new = [sighting(2, 1), sighting(1, 2), sighting(1, 3)];
    let (summary, all) = pair(folder.path(), &old, &new);
    let left: Vec<_> = all.iter().filter(|change| change.change == News::LeftBehind).collect();
    let [left] = &*left else { unreachable!("one is left behind") };
    assert_eq!(
        (left.credential.secret_id, paths(left)),
        (id(1), vec!["folder/2.env", "folder/3.env"])
    );
    assert_eq!((left.rotated[0].at.path.as_str(), left.rotated[0].now), ("folder/1.env", id(2)));
    assert_eq!((left.rotated.len(), summary.left_behind), (1, 1));
}

#[test]
fn a_wholly_rotated_credential_is_not_left_behind() {
    let folder = folder();
    let (summary, _) =
        pair(folder.path(), &[sighting(1, 1), sighting(1, 2)], &[sighting(2, 1), sighting(2, 2)]);
    assert_eq!((summary.left_behind, summary.gone_credentials, summary.new_credentials), (0, 1, 1));
}

#[test]
fn a_holder_that_moved_is_known_by_its_tool_and_name() {
    let folder = folder();
    let held = |secret, place| {
        let mut sighting = sighting(secret, place);
        let holder = serde_json::json!({"kind": "mcp-server", "tool": "cursor", "tool_name": "Cursor", "name": "github"});
        sighting.holders = vec![serde_json::from_value(holder).expect("a holder")];
        sighting
    };
    let (summary, all) =
        pair(folder.path(), &[held(1, 1), sighting(1, 2)], &[held(2, 9), sighting(1, 2)]);
    assert_eq!(summary.left_behind, 1);
    let left = all.iter().find(|change| change.change == News::LeftBehind);
    assert_eq!(
        left.map(|left| left.rotated[0].at.text()).as_deref(),
        Some("folder/1.env TOKEN: MCP server github of Cursor")
    );
}

#[test]
fn what_stays_in_a_history_only_is_gone_and_not_new() {
    let folder = folder();
    let mut past = sighting(1, 1);
    past.history =
        serde_json::from_value(serde_json::json!({"in_head": false, "refs_total": 0})).ok();
    assert!(past.history.is_some());
    let (summary, all) = pair(folder.path(), &[sighting(1, 1)], &[past]);
    assert_eq!((all.len(), summary.gone_holders, summary.worse()), (1, 1, 0));
}

#[test]
fn ids_that_do_not_compare_are_told_and_left_out() {
    let folder = folder();
    let run = |place| Sighting { comparable: Basis::Run, ..sighting(1, place) };
    let anywhere = |place| Sighting { comparable: Basis::Anywhere, ..sighting(2, place) };
    let old = put(folder.path(), "old", report("a", None, &[run(1), anywhere(1)]).to_string());
    let new =
        put(folder.path(), "new", report("a", None, &[run(2), run(3), anywhere(2)]).to_string());
    let (summary, all) = changes(&old, &new);
    assert_eq!((summary.old_apart, summary.new_apart, all.len()), (1, 2, 2));
    assert!(
        summary.notes[0].starts_with("3 findings have ids that are good for one run only"),
        "{:?}",
        summary.notes
    );
    let keyed = put(folder.path(), "keyed", report("a", Some(1), &[sighting(3, 1)]).to_string());
    let (summary, all) = changes(&keyed, &new);
    assert_eq!((summary.old_apart, all.len()), (1, 1));
    assert!(summary.notes[1].contains("made with a key"), "{:?}", summary.notes);
}

#[test]
fn different_keys_and_missing_reports_are_refused() {
    let folder = folder();
    let [a, b] = [1, 2]
        .map(|key| put(folder.path(), &key.to_string(), report("a", Some(key), &[]).to_string()));
    let mut none = |_: &Change| Ok(());
    assert!(matches!(diff(&a, &b, &mut none), Err(Refusal::Keys { .. })));
    assert!(matches!(diff(&a, &Input::at("/nowhere"), &mut none), Err(Refusal::Report(..))));
}

#[test]
fn holders_of_merged_reports_are_told_apart_by_source() {
    let folder = folder();
    let one = |name: &str, findings: &[Sighting]| {
        put(folder.path(), name, report(name, Some(1), findings).to_string())
    };
    let (a, b) = (one("a", &[sighting(1, 1)]), one("b", &[sighting(1, 1)]));
    let old = put(folder.path(), "old", merged(&[a.clone(), b]).expect("merged").2);
    let b = one("b", &[sighting(2, 1)]);
    let new = put(folder.path(), "new", merged(&[a, b]).expect("merged").2);
    let (summary, all) = changes(&old, &new);
    let left =
        all.iter().find(|change| change.change == News::LeftBehind).expect("it is left behind");
    assert_eq!((left.rotated[0].at.source.as_str(), left.holders[0].source.as_str()), ("b", "a"));
    assert_eq!(summary.left_behind, 1);
}
