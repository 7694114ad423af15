//! Patterns of paths, segment by segment.

/// A pattern that the end of a path fits or not: `.cursor/mcp.json`, `projects/*/<session>.jsonl`,
/// `snippets/**`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// This name.
    Name(String),
    /// Texts with gaps between them; a gap may have a name.
    Glob(Vec<Piece>),
    /// Any number of segments.
    Any,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Gap(Option<String>),
}

/// What named gaps held: the gap's name, and its text.
pub(super) type Captures = Vec<(String, String)>;

/// How many segments of a path are looked at.
const DEEPEST: usize = 64;

impl Pattern {
    /// Reads a pattern without shorthands and alternatives.
    pub(super) fn parse(text: &str) -> Self {
        Self(text.split('/').filter(|s| !s.is_empty()).map(segment).collect())
    }

    /// Its segments, outermost first.
    pub(super) fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// How many of its segments are plain names: the more, the more it says.
    pub(super) fn weight(&self) -> usize {
        let weigh = |segment: &Segment| match segment {
            Segment::Name(_) => 4,
            Segment::Glob(_) => 2,
            Segment::Any => 0,
        };
        self.0.iter().map(weigh).sum()
    }

    /// Fits the end of `path`, given by its segments; tells how many segments stand before that end, and
    /// what named gaps held.
    pub(super) fn fits_end(&self, path: &[&str]) -> Option<(usize, Captures)> {
        let path = &path[path.len().saturating_sub(DEEPEST)..];
        let mut captures = Vec::new();
        let before = ends(&self.0, path, &mut captures)?;
        captures.reverse();
        Some((before, captures))
    }
}

/// Fits from the end on; tells how many segments are left over.
fn ends(pattern: &[Segment], path: &[&str], captures: &mut Captures) -> Option<usize> {
    let Some((last, pattern)) = pattern.split_last() else { return Some(path.len()) };
    if *last == Segment::Any {
        let kept = captures.len();
        return (0..=path.len()).rev().find_map(|end| {
            captures.truncate(kept);
            ends(pattern, &path[..end], captures)
        });
    }
    let (name, path) = path.split_last()?;
    last.fits(name, captures).then(|| ends(pattern, path, captures))?
}

impl Segment {
    /// Whether `name` fits; adds what named gaps held.
    pub(super) fn fits(&self, name: &str, captures: &mut Captures) -> bool {
        match self {
            Self::Name(own) => own == name,
            Self::Glob(pieces) => fits(pieces, name, captures),
            Self::Any => true,
        }
    }
}

/// Fits the shortest gaps; the last gap takes what is left.
fn fits(pieces: &[Piece], name: &str, captures: &mut Captures) -> bool {
    match pieces {
        [] => name.is_empty(),
        [Piece::Text(text), rest @ ..] => {
            name.strip_prefix(text.as_str()).is_some_and(|name| fits(rest, name, captures))
        }
        [Piece::Gap(gap), rest @ ..] => {
            let kept = captures.len();
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            for end in ends {
                captures.truncate(kept);
                if let Some(gap) = gap {
                    captures.push((gap.clone(), name[..end].to_owned()));
                }
                if fits(rest, &name[end..], captures) {
                    return true;
                }
            }
            captures.truncate(kept);
            false
        }
    }
}

fn segment(text: &str) -> Segment {
    if text == "**" {
        return Segment::Any;
    }
    if !text.contains(['*', '<']) {
        return Segment::Name(text.to_owned());
    }
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['*', '<']) {
        if at > 0 {
            pieces.push(Piece::Text(rest[..at].to_owned()));
        }
        let named = rest[at..].strip_prefix('<').and_then(|inner| inner.split_once('>'));
        (pieces, rest) = match named {
            Some((name, behind)) => {
                pieces.push(Piece::Gap(Some(name.to_owned())));
                (pieces, behind)
            }
            None => {
                pieces.push(Piece::Gap(None));
                (pieces, &rest[at + 1..])
            }
        };
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Segment::Glob(pieces)
}

/// The texts that `text` stands for, each of its alternatives `{a,b}` alone.
pub(super) fn alternatives(text: &str) -> Vec<String> {
    let split = text.split_once('{').and_then(|(lead, rest)| Some((lead, rest.split_once('}')?)));
    let Some((lead, (inner, behind))) = split else { return vec![text.to_owned()] };
    let ends = alternatives(behind);
    let each = inner.split(',');
    each.flat_map(|one| ends.iter().map(move |end| format!("{lead}{one}{end}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Pattern, alternatives};

    fn fits(pattern: &str, path: &str) -> Option<(usize, Vec<(String, String)>)> {
        Pattern::parse(pattern).fits_end(&path.split('/').collect::<Vec<_>>())
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

    #[test]
    fn alternatives_are_told_apart() {
        assert_eq!(alternatives("a/{b,c}.json"), ["a/b.json", "a/c.json"]);
        assert_eq!(alternatives("{a,b}{c,d}"), ["ac", "ad", "bc", "bd"]);
        assert_eq!(alternatives("a"), ["a"]);
    }
}
