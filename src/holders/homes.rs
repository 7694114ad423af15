//! Home directories: the shorthands of patterns, on every system, and what looks like one in a path.

use std::path::{Path, PathBuf};

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

const CFG: [&str; 3] = [".config", "Library/Application Support", "AppData/Roaming"];
const DATA: [&str; 3] = [".local/share", "Library/Application Support", "AppData/Local"];
const STATE: [&str; 2] = [".local/state", "AppData/Local"];

/// How the paths end that a pattern with shorthands stands for, whatever the system.
pub(super) fn endings(pattern: &str) -> Vec<String> {
    let below = |bases: &[&str], rest: &str| -> Vec<String> {
        bases.iter().map(|base| format!("{base}/{rest}")).collect()
    };
    let Some((lead, rest)) = pattern.split_once('/') else { return vec![pattern.to_owned()] };
    match lead {
        "~" => vec![rest.to_owned()],
        "CFG" => below(&CFG, rest),
        "DATA" => below(&DATA, rest),
        "STATE" => below(&STATE, rest),
        "LOCAL" => below(&["AppData/Local"], rest),
        "CODE" => below(&["User"], rest),
        "%ProgramData%" => below(&["ProgramData"], rest),
        "%ProgramFiles%" => below(&["Program Files"], rest),
        _ if lead.starts_with("CODE(") => {
            editors(lead).map(|editor| format!("{editor}/User/{rest}")).collect()
        }
        _ => vec![pattern.trim_start_matches('/').to_owned()],
    }
}

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

fn editors(lead: &str) -> impl Iterator<Item = &str> {
    let inner = lead.trim_start_matches("CODE(").trim_end_matches(')');
    inner.split(',').map(str::trim)
}

/// Whether the segments of a path lead to somebody's home: `home/ann`, `Users/ann`, `root`.
pub(super) fn is_home(segments: &[&str]) -> bool {
    match segments {
        [.., "home" | "Users", _] => true,
        [.., "root"] => segments.len() <= 2,
        _ => false,
    }
}
