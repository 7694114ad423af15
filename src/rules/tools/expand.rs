//! From a pattern of a path to the endings of paths that it stands for, on whatever system.

/// Where systems keep configurations below a home.
pub const CFG: [&str; 3] = [".config", "Library/Application Support", "AppData/Roaming"];
/// Where they keep data.
pub const DATA: [&str; 3] = [".local/share", "Library/Application Support", "AppData/Local"];
/// Where they keep states.
pub const STATE: [&str; 2] = [".local/state", "AppData/Local"];

/// The texts that `text` stands for, each of its alternatives `{a,b}` alone.
pub fn alternatives(text: &str) -> Vec<String> {
    let split = text.split_once('{').and_then(|(lead, rest)| Some((lead, rest.split_once('}')?)));
    let Some((lead, (inner, behind))) = split else { return vec![text.to_owned()] };
    let ends = alternatives(behind);
    let each = inner.split(',');
    each.flat_map(|one| ends.iter().map(move |end| format!("{lead}{one}{end}"))).collect()
}

/// How the paths end that a pattern with shorthands stands for, whatever the system.
pub fn endings(pattern: &str) -> Vec<String> {
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

/// The editors named in `CODE(A,B)`.
pub fn editors(lead: &str) -> impl Iterator<Item = &str> {
    let inner = lead.trim_start_matches("CODE(").trim_end_matches(')');
    inner.split(',').map(str::trim)
}

/// By what a pattern is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// Its last name.
    Name,
    /// What follows the last dot of its last name.
    Suffix,
    /// The name of a folder in it.
    Folder,
    /// How its last name begins.
    Prefix,
}

/// By what `ending` is found; none if nothing in it is fixed.
pub fn shelf(ending: &str) -> Option<(Shelf, &str)> {
    let open = |name: &str| name.contains(['*', '<']);
    let mut names = ending.rsplit('/');
    let last = names.next()?;
    if !open(last) {
        return Some((Shelf::Name, last));
    }
    if let Some(name) = names.find(|name| !open(name)) {
        return Some((Shelf::Folder, name));
    }
    let suffix = last.rsplit_once('.').map(|(_, suffix)| suffix);
    if let Some(suffix) = suffix.filter(|suffix| !suffix.is_empty() && !open(suffix)) {
        return Some((Shelf::Suffix, suffix));
    }
    let prefix = last.find(['*', '<']).map(|gap| &last[..gap]);
    prefix.filter(|prefix| !prefix.is_empty()).map(|prefix| (Shelf::Prefix, prefix))
}

#[cfg(test)]
mod tests {
    use super::{Shelf, alternatives, endings, shelf};

    #[test]
    fn alternatives_are_told_apart() {
        assert_eq!(alternatives("a/{b,c}.json"), ["a/b.json", "a/c.json"]);
        assert_eq!(alternatives("{a,b}{c,d}"), ["ac", "ad", "bc", "bd"]);
        assert_eq!(alternatives("a"), ["a"]);
    }

    #[test]
    fn shorthands_stand_for_every_system() {
        assert_eq!(endings("~/.a/b"), [".a/b"]);
        assert_eq!(
            endings("CFG/A/b"),
            [".config/A/b", "Library/Application Support/A/b", "AppData/Roaming/A/b"]
        );
        assert_eq!(endings("CODE(Cursor)/mcp.json"), ["Cursor/User/mcp.json"]);
        assert_eq!(endings("/etc/a/b"), ["etc/a/b"]);
    }

    #[test]
    fn patterns_lie_on_the_shelf_of_what_is_fixed_in_them() {
        assert_eq!(shelf(".a/b.json"), Some((Shelf::Name, "b.json")));
        assert_eq!(shelf("p/<session>.jsonl"), Some((Shelf::Folder, "p")));
        assert_eq!(shelf("*.jsonl"), Some((Shelf::Suffix, "jsonl")));
        assert_eq!(shelf("a/b/**"), Some((Shelf::Folder, "b")));
        assert_eq!(shelf("a/.env.*"), Some((Shelf::Folder, "a")));
        assert_eq!(shelf(".env.*"), Some((Shelf::Prefix, ".env.")));
        assert_eq!(shelf("*"), None);
    }
}
