//! Names from hostile trees do not change what a runbook says.

use super::tests::{holder, of, record, text, trail};
use super::{Hints, runbook};
use crate::model::{Claim, Field, HolderKind, Kind, TrailHolder, Zone};

/// Whatever a tree names its files, the runbook stays a list of steps.
#[test]
fn hostile_names_change_nothing() {
    let evil = "a`b``\n# x\r- [x] done | <img src=x onerror=y> [go](https://evil.example) @all \u{202e}txt\u{1b}[2J";
    let mut trail = trail(1, "aws-access-key", "aws", Kind::ServiceAccountKey);
    trail.name = evil.to_owned();
    trail.redacted = evil.to_owned();
    trail.first_seen = Some(evil.to_owned());
    trail.rank.parts[0].text = evil.to_owned();
    trail.principal = vec![
        Claim::new(Field::Tenant, "1; rm -rf ~"),
        Claim::new(Field::KeyId, "$(reboot)"),
        Claim::new(Field::Principal, evil),
    ];
    trail.holders = vec![TrailHolder {
        name: Some(evil.to_owned()),
        tool_name: evil.to_owned(),
        key: Some(evil.to_owned()),
        source: evil.to_owned(),
        ..of(HolderKind::McpServer, holder(Zone::Developer, "cursor", evil))
    }];
    let mut record = record(vec![trail]);
    record.source = evil.to_owned();
    let info = record.rules.values_mut().next().expect("a rule");
    info.grants = evil.to_owned();
    info.replace.text = evil.to_owned();
    let text = text(&runbook(&record, &Hints::default()));
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']));
    assert!(!text.contains("rm -rf") || text.contains("`1; rm -rf ~`"), "shown as a name only");
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let bare = line.trim_start();
        assert!(!bare.starts_with("# x") && !bare.starts_with("- [x]"), "{line}");
        if bare.starts_with("```")
            && bare.trim_end_matches(char::is_alphabetic).chars().all(|c| c == '`')
        {
            fence = if fence.is_none() { Some(bare) } else { None };
        } else if fence.is_some() {
            assert!(
                !bare.contains("rm -rf") && !bare.contains("reboot") && !bare.contains("evil"),
                "{line}"
            );
        } else {
            assert!(!outside_code(line).contains("<img"), "{line}");
            assert!(!outside_code(line).contains("[go]"), "{line}");
            assert!(!outside_code(line).contains(" @all"), "{line}");
        }
    }
    assert!(fence.is_none(), "every fence is closed");
}

/// `line` without its spans of code and what is escaped.
fn outside_code(line: &str) -> String {
    let line = line.replace(r"\\", "").replace(r"\<", "").replace(r"\[", "");
    let mut out = String::new();
    let mut rest = line.as_str();
    while let Some(start) = rest.find('`') {
        let escaped = rest[..start].ends_with('\\');
        let ticks = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        out.push_str(&rest[..start]);
        let after = &rest[start + ticks..];
        let row = "`".repeat(ticks);
        let end = (!escaped).then(|| closing(after, &row)).flatten();
        rest = end.map_or(after, |end| &after[end + ticks..]);
    }
    out + rest
}

/// Where a row of exactly as many backticks begins.
fn closing(text: &str, row: &str) -> Option<usize> {
    text.match_indices(row)
        .map(|(at, _)| at)
        .find(|at| !text[..*at].ends_with('`') && !text[at + row.len()..].starts_with('`'))
}
