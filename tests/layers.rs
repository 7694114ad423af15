//! The plan of the house, held true: a room imports only from the rooms beside it in this table.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room, and what it may import; the order is from the ground up.
const ROOMS: [(&str, &[&str]); 24] = [
    ("model", &[]),
    ("guard", &[]),
    ("rules", &["model"]),
    ("proofs", &["model", "rules"]),
    ("read", &["model"]),
    ("git", &["model", "guard"]),
    ("source", &["model", "guard", "git"]),
    ("trace", &["model"]),
    ("detect", &["model", "rules", "trace"]),
    ("holders", &["model", "rules", "read", "detect"]),
    ("inspect", &["model", "rules", "read", "source", "detect", "holders"]),
    ("history", &["model", "git", "source", "detect", "inspect"]),
    ("trail", &["model"]),
    ("policy", &["model"]),
    ("standards", &["model"]),
    ("report", &["model"]),
    ("runbook", &["model", "report"]),
    ("ledger", &["model", "report"]),
    ("merge", &["model", "report"]),
    ("output", &["model", "report", "trail", "merge", "runbook", "standards"]),
    (
        "scan",
        &[
            "model",
            "rules",
            "git",
            "source",
            "detect",
            "holders",
            "inspect",
            "history",
            "report",
            "ledger",
            "trail",
            "policy",
            "standards",
            "proofs",
            "trace",
        ],
    ),
    (
        "cli",
        &[
            "model",
            "guard",
            "git",
            "rules",
            "source",
            "detect",
            "report",
            "output",
            "scan",
            "trail",
            "merge",
            "policy",
            "standards",
            "runbook",
        ],
    ),
    ("lib", &[]),
    ("main", &["cli"]),
];

fn files(dir: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("src is readable").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, all);
        } else if path.extension().is_some_and(|e| e == "rs") {
            all.push(path);
        }
    }
}

fn room_of(path: &Path) -> String {
    let below = path.strip_prefix("src").expect("below src");
    let first = below.iter().next().expect("a name").to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that a line of code names after `crate::` or `keytrail::`.
fn imports(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or_default();
    let paths = ["crate::", "keytrail::"].into_iter().flat_map(|lead| code.split(lead).skip(1));
    paths
        .map(|path| path.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default())
        .filter(|room| ROOMS.iter().any(|(known, _)| known == room))
        .collect()
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let mut all = Vec::new();
    files(Path::new("src"), &mut all);
    let mut wrong = Vec::new();
    for path in all {
        let room = room_of(&path);
        let (_, allowed) = ROOMS
            .iter()
            .find(|(known, _)| *known == room)
            .unwrap_or_else(|| panic!("src/{room} is not in the table"));
        let text = fs::read_to_string(&path).expect("source is UTF-8");
        for (n, line) in text.lines().enumerate() {
            for import in imports(line) {
                if import != room && !allowed.contains(&import) {
                    wrong.push(format!("{}:{}: {room} -> {import}", path.display(), n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_first() {
    let mut all = Vec::new();
    files(Path::new("src"), &mut all);
    for path in all {
        let text = fs::read_to_string(&path).expect("source is UTF-8");
        assert!(text.starts_with("//! "), "{}: the first line is not `//! …`", path.display());
    }
}

#[test]
fn nothing_prints_outside_output_and_cli() {
    let mut all = Vec::new();
    files(Path::new("src"), &mut all);
    for path in all.iter().filter(|path| !matches!(room_of(path).as_str(), "output" | "cli")) {
        let text = fs::read_to_string(path).expect("source is UTF-8");
        for print in ["println!", "eprintln!", "print!(", "dbg!", "stdout()", "stderr()"] {
            assert!(!text.contains(print), "{}: {print}", path.display());
        }
    }
}
