//! Patterns of paths, segment by segment.

/// What named gaps held: the gap's name, and its text.
pub(super) type Captures = Vec<(String, String)>;

/// How many segments of a path are looked at.
const DEEPEST: usize = 64;

/// Whether `pattern` fits the end of `path`, given by its segments: `.cursor/mcp.json`,
/// `projects/*/<session>.jsonl`, `snippets/**`. Tells how many segments stand before that end, and what
/// named gaps held.
pub(super) fn fits_end(pattern: &str, path: &[&str]) -> Option<(usize, Captures)> {
    let path = &path[path.len().saturating_sub(DEEPEST)..];
    let mut captures = Vec::new();
    let before = ends(Some(pattern), path, &mut captures)?;
    captures.reverse();
    Some((before, captures))
}

/// How much a pattern says: the more of it is fixed, the more.
pub(super) fn weight(pattern: &str) -> usize {
    let weigh = |segment: &str| match segment {
        "**" => 0,
        segment if is_open(segment) => 2,
        _ => 4,
    };
    pattern.split('/').map(weigh).sum()
}

/// Whether a segment has gaps.
pub(super) fn is_open(segment: &str) -> bool {
    segment.contains(['*', '<'])
}

/// Fits from the end on; tells how many segments are left over.
fn ends(pattern: Option<&str>, path: &[&str], captures: &mut Captures) -> Option<usize> {
    let Some(pattern) = pattern else { return Some(path.len()) };
    let (before, last) = match pattern.rsplit_once('/') {
        Some((before, last)) => (Some(before), last),
        None => (None, pattern),
    };
    if last == "**" {
        let kept = captures.len();
        return (0..=path.len()).rev().find_map(|end| {
            captures.truncate(kept);
            ends(before, &path[..end], captures)
        });
    }
    let (name, path) = path.split_last()?;
    fits(last, name, captures).then(|| ends(before, path, captures))?
}

/// Whether `name` fits a segment; adds what named gaps held. Gaps are as short as they can be.
pub(super) fn fits(segment: &str, name: &str, captures: &mut Captures) -> bool {
    let Some(at) = segment.find(['*', '<']) else { return segment == name };
    let Some(name) = name.strip_prefix(&segment[..at]) else { return false };
    let gap = &segment[at..];
    let named = gap.strip_prefix('<').and_then(|inner| inner.split_once('>'));
    let (gap, rest) = named.map_or((None, &gap[1..]), |(gap, rest)| (Some(gap), rest));
    let kept = captures.len();
    let lengths = name.char_indices().map(|(at, _)| at).chain([name.len()]);
    for end in lengths {
        captures.truncate(kept);
        captures.extend(gap.map(|gap| (gap.to_owned(), name[..end].to_owned())));
        if fits(rest, &name[end..], captures) {
            return true;
        }
    }
    captures.truncate(kept);
    false
}

#[cfg(test)]
mod tests {
    fn fits(pattern: &str, path: &str) -> Option<(usize, Vec<(String, String)>)> {
        super::fits_end(pattern, &path.split('/').collect::<Vec<_>>())
    }

    #[test]
    fn patterns_fit_the_ends_of_paths_by_whole_segments() {
        assert_eq!(fits(".cursor/mcp.json", "a/b/.cursor/mcp.json"), Some((2, vec![])));
        assert_eq!(fits(".cursor/mcp.json", "a/x.cursor/mcp.json"), None);
        assert_eq!(fits(".cursor/mcp.json", "mcp.json"), None);
        assert_eq!(fits(".env.*", "p/.env.local"), Some((1, vec![])));
        assert_eq!(fits(".claude/commands/**", "r/.claude/commands/a/b.md"), Some((1, vec![])));
        assert_eq!(fits("a/**/z", "a/z"), Some((0, vec![])));
        assert_eq!(fits("a/**/z", "q/a/b/c/z"), Some((1, vec![])));
    }

    #[test]
    fn named_gaps_tell_what_they_held() {
        let captured = fits("projects/<project>/<session>.jsonl", "h/projects/-work-x/12ab.jsonl");
        let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(
            captured,
            Some((1, vec![named("project", "-work-x"), named("session", "12ab")]))
        );
        let log = fits("mcp-server-<server>.log", "Claude/mcp-server-git.hub.log");
        assert_eq!(log, Some((1, vec![named("server", "git.hub")])));
    }
}
