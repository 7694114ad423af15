//! Which tool keeps what at a path.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::holders::homes;
use crate::holders::segments::{Captures, Pattern, Segment, alternatives};
use crate::model::{Holder, HolderKind, Origin, Scope};
use crate::rules::Tools;
use crate::rules::tools::{Holds, Keep, Tool, Where};

/// The places of all tools, ready to be asked for a path.
pub struct Places<'t> {
    known: Vec<Known<'t>>,
    /// Home directories that were named.
    homes: Vec<PathBuf>,
    /// By the last segment, where that is a name.
    by_name: HashMap<String, Vec<u32>>,
    /// By what follows the last dot of the last segment, where that is fixed.
    by_suffix: HashMap<String, Vec<u32>>,
    /// By a folder's name, for patterns of which the last segment says nothing.
    by_folder: HashMap<String, Vec<u32>>,
}

struct Known<'t> {
    pattern: Pattern,
    scope: Scope,
    tool: &'t Tool,
    keep: &'t Keep,
}

/// What a tool keeps at a path.
#[derive(Clone, Debug)]
pub struct Kept<'t> {
    /// The tool.
    pub tool: &'t Tool,
    /// What it keeps there.
    pub keep: &'t Keep,
    /// Whose place it is.
    pub scope: Scope,
    /// What the named gaps of the path's pattern hold.
    captures: Captures,
    weight: usize,
}

impl<'t> Places<'t> {
    /// The places of `tools`; what lies below one of `homes` is a person's.
    pub fn new(tools: &'t Tools, homes: Vec<PathBuf>) -> Self {
        let mut places = Self {
            known: Vec::new(),
            homes,
            by_name: HashMap::new(),
            by_suffix: HashMap::new(),
            by_folder: HashMap::new(),
        };
        for tool in tools.all() {
            for keep in tool.keeps.iter() {
                keep.places.iter().for_each(|place| places.add(tool, keep, place));
            }
        }
        places
    }

    fn add(&mut self, tool: &'t Tool, keep: &'t Keep, place: &Where) {
        for text in alternatives(&place.pattern) {
            for ending in homes::endings(&text) {
                let pattern = Pattern::parse(&ending);
                let n = self.known.len() as u32;
                let (map, key) = match shelf(&pattern) {
                    Some(Shelf::Name(name)) => (&mut self.by_name, name),
                    Some(Shelf::Suffix(suffix)) => (&mut self.by_suffix, suffix),
                    Some(Shelf::Folder(folder)) => (&mut self.by_folder, folder),
                    None => continue,
                };
                map.entry(key).or_default().push(n);
                self.known.push(Known { pattern, scope: place.scope, tool, keep });
            }
        }
    }

    /// What a file of environment variables is, whatever it is called.
    pub fn variables(&self) -> Vec<Kept<'t>> {
        self.at(".env")
    }

    /// What is kept where `origin` lies; of a member of which nothing is known, what is kept where that
    /// lies which holds it.
    pub fn at_origin(&self, origin: &Origin) -> Vec<Kept<'t>> {
        let Some(path) = origin.path() else { return Vec::new() };
        let kept = self.at(&path.to_string_lossy());
        match origin {
            Origin::Member(member) if kept.is_empty() => self.at_origin(&member.outer),
            _ => kept,
        }
    }

    /// What is kept at `path`, whose segments stand between slashes: what says most first.
    pub fn at(&self, path: &str) -> Vec<Kept<'t>> {
        let segments: Vec<&str> = path.split(['/', '\\']).filter(|s| !s.is_empty()).collect();
        let Some((last, folders)) = segments.split_last() else { return Vec::new() };
        let named = self.by_name.get(*last);
        let suffix = last.rsplit_once('.').map_or("", |(_, suffix)| suffix);
        let suffixed = self.by_suffix.get(suffix);
        let below = folders.iter().filter_map(|folder| self.by_folder.get(*folder));
        let near = named.into_iter().chain(suffixed).chain(below).flatten();
        let mut kept: Vec<Kept<'t>> = Vec::new();
        for &n in near {
            let Some(mut found) = self.known[n as usize].at(&segments) else { continue };
            if self.homes.iter().any(|home| Path::new(path).starts_with(home)) {
                found.scope = Scope::User;
            }
            match kept.iter_mut().find(|other| std::ptr::eq(other.keep, found.keep)) {
                Some(other) if other.weight < found.weight => *other = found,
                Some(_) => {}
                None => kept.push(found),
            }
        }
        kept.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.tool.id.cmp(&b.tool.id)));
        kept
    }
}

/// By what a pattern is found.
enum Shelf {
    Name(String),
    Suffix(String),
    Folder(String),
}

fn shelf(pattern: &Pattern) -> Option<Shelf> {
    use crate::holders::segments::Piece;
    let (last, folders) = pattern.segments().split_last()?;
    match last {
        Segment::Name(name) => return Some(Shelf::Name(name.clone())),
        Segment::Glob(pieces) => {
            if let Some(Piece::Text(end)) = pieces.last()
                && let Some((_, suffix)) = end.rsplit_once('.')
                && !suffix.is_empty()
            {
                return Some(Shelf::Suffix(suffix.to_owned()));
            }
        }
        Segment::Any => {}
    }
    folders.iter().rev().find_map(|segment| match segment {
        Segment::Name(name) => Some(Shelf::Folder(name.clone())),
        Segment::Glob(_) | Segment::Any => None,
    })
}

impl<'t> Known<'t> {
    fn at(&self, segments: &[&str]) -> Option<Kept<'t>> {
        let (before, captures) = self.pattern.fits_end(segments)?;
        let before = &segments[..before.min(segments.len())];
        let scope = match (self.scope, homes::is_home(before)) {
            (Scope::Project, true) => Scope::User,
            (scope, _) => scope,
        };
        let weight = self.pattern.weight() * 2 + usize::from(self.scope == scope);
        Some(Kept { tool: self.tool, keep: self.keep, scope, captures, weight })
    }
}

impl Kept<'_> {
    /// The holder of what lies there.
    pub fn holder(&self) -> Holder {
        let kind = self.keep.holds.holder(self.tool.kind);
        Holder {
            name: self.name(),
            scope: Some(self.scope),
            ..Holder::of(kind, self.tool.id.clone(), self.tool.name.clone())
        }
    }

    /// Whether what lies there is a key that is itself sealed: it holds credentials, and names no field of
    /// them.
    pub fn is_sealed_key(&self) -> bool {
        self.keep.holds == Holds::Credentials && self.keep.secrets.is_empty()
    }

    /// The holder called `name` of the servers there.
    pub fn server(&self, name: &str) -> Holder {
        Holder { kind: HolderKind::McpServer, name: Some(name.to_owned()), ..self.holder() }
    }

    /// What the path says of which of the tool's holders it is.
    fn name(&self) -> Option<String> {
        const NAMES: [&str; 6] = ["session", "server", "job", "account", "profile", "project"];
        let of = |wanted: &&str| self.captures.iter().rev().find(|(name, _)| name == wanted);
        NAMES.iter().find_map(of).map(|(_, text)| text.clone())
    }
}
