//! Which tool keeps what at a path.

use std::path::{Path, PathBuf};

use crate::holders::segments::Captures;
use crate::holders::{homes, segments};
use crate::model::{Holder, HolderKind, Origin, Scope};
use crate::rules::Tools;
use crate::rules::tools::expand::Shelf;
use crate::rules::tools::{Holds, Keep, Place, Tool};

/// The places of all tools, to be asked for a path.
pub struct Places<'t> {
    tools: &'t Tools,
    /// Home directories that were named.
    homes: Vec<PathBuf>,
    /// Which names of folders there are, by their first byte and length: most folders are none of them.
    folders: [u64; 256],
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
        let mut folders = [0; 256];
        for key in tools.keys(Shelf::Folder) {
            let (first, bit) = sort_of(key);
            folders[first] |= bit;
        }
        Self { tools, homes, folders }
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
        let suffix = last.rsplit_once('.').map_or("", |(_, suffix)| suffix);
        let is_known = |folder: &&&str| {
            let (first, bit) = sort_of(folder);
            self.folders[first] & bit != 0
        };
        let below = folders.iter().filter(is_known);
        let below = below.flat_map(|folder| self.tools.on(Shelf::Folder, folder));
        let near = self.tools.on(Shelf::Name, last).iter();
        let near = near.chain(self.tools.on(Shelf::Suffix, suffix)).chain(below);
        let mut kept: Vec<Kept<'t>> = Vec::new();
        for place in near {
            let Some(mut found) = self.kept(place, &segments) else { continue };
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

    /// What is kept at the path of these segments, if that is `place`.
    fn kept(&self, place: &Place, segments: &[&str]) -> Option<Kept<'t>> {
        let (before, captures) = segments::fits_end(&place.ending, segments)?;
        let before = &segments[..before.min(segments.len())];
        let scope = match place.scope {
            Scope::Project if homes::is_home(before) => Scope::User,
            scope => scope,
        };
        let weight = segments::weight(&place.ending) * 2 + usize::from(place.scope == scope);
        let (tool, keep) = self.tools.of_place(place);
        Some(Kept { tool, keep, scope, captures, weight })
    }
}

/// A name's first byte, and a bit for its length.
fn sort_of(name: &str) -> (usize, u64) {
    let first = name.as_bytes().first().copied().unwrap_or_default();
    (usize::from(first), 1 << (name.len() & 63))
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
