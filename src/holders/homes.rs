//! Home directories: the shorthands of patterns, on every system, and what looks like one in a path.

use std::path::{Path, PathBuf};

use crate::rules::tools::expand::{CFG, DATA, STATE, editors};

/// The editors that are built as Visual Studio Code is.
const EDITORS: [&str; 9] = [
    "Code",
    "Code - Insiders",
    "VSCodium",
    "Cursor",
    "Windsurf",
    "Kiro",
    "Trae",
    "Antigravity",
    "Antigravity IDE",
];

/// Where their remote halves keep what is a person's.
const REMOTE: [&str; 3] =
    [".vscode-server/data/User", ".cursor-server/data/User", ".kiro-server/data/User"];

/// The paths below `home` that a pattern of a person's place stands for, on every system.
pub(super) fn below(home: &Path, pattern: &str) -> Vec<PathBuf> {
    let Some((lead, rest)) = pattern.split_once('/') else { return Vec::new() };
    let under = |bases: &[&str]| -> Vec<PathBuf> {
        bases.iter().map(|base| home.join(base).join(rest)).collect()
    };
    let code = |editors: &mut dyn Iterator<Item = &str>| -> Vec<PathBuf> {
        let of = |editor: &str| CFG.map(|cfg| home.join(cfg).join(editor).join("User").join(rest));
        editors.flat_map(of).collect()
    };
    match lead {
        "~" => vec![home.join(rest)],
        "CFG" => under(&CFG),
        "DATA" => under(&DATA),
        "STATE" => under(&STATE),
        "LOCAL" => under(&["AppData/Local"]),
        "CODE" => {
            let mut all = code(&mut EDITORS.iter().copied());
            all.extend(under(&REMOTE));
            all
        }
        _ if lead.starts_with("CODE(") => code(&mut editors(lead)),
        _ => Vec::new(),
    }
}

/// The path that a pattern of everybody's place stands for on this machine.
pub(super) fn shared(pattern: &str) -> PathBuf {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let (folder, rest) = match pattern.split_once("%/") {
        Some(("%ProgramData", rest)) => (set("ProgramData"), rest),
        Some(("%ProgramFiles", rest)) => (set("ProgramFiles"), rest),
        _ => return PathBuf::from(pattern),
    };
    folder.map(|folder| folder.join(rest)).unwrap_or_default()
}

/// Whether the segments of a path lead to somebody's home: `home/ann`, `Users/ann`, `root`.
pub(super) fn is_home(segments: &[&str]) -> bool {
    match segments {
        [.., "home" | "Users", _] => true,
        [.., "root"] => segments.len() <= 2,
        _ => false,
    }
}
