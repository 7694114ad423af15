//! Which tool keeps what at a path.

use std::borrow::Cow;
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
    /// Which keys there are, by a hash: most names are none of them.
    keys: Keys,
    /// Places known by how their last name begins: there are few.
    begun: &'t [Place],
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
        let mut keys = Keys::default();
        for shelf in [Shelf::Name, Shelf::Suffix, Shelf::Folder] {
            tools.all_on(shelf).iter().for_each(|place| keys.add(&place.key));
        }
        Self { tools, homes, keys, begun: tools.all_on(Shelf::Prefix) }
    }

    /// What a file of environment variables is, whatever it is called.
    pub fn variables(&self) -> Vec<Kept<'t>> {
        self.at(".env")
    }

    /// What is kept where `origin` lies; of a member of which nothing is known, what is kept where that
    /// lies which holds it.
    pub fn at_origin(&self, origin: &Origin) -> Vec<Kept<'t>> {
        let Some(path) = origin.path() else { return Vec::new() };
        let kept = self.at(&text(path));
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
        let on = |shelf, key| match self.keys.may_hold(key) {
            true => self.tools.on(shelf, key),
            false => &[],
        };
        let below = folders.iter().flat_map(|folder| on(Shelf::Folder, folder));
        let near = on(Shelf::Name, last).iter();
        let begun = self.begun.iter().filter(|place| last.starts_with(place.key.as_ref()));
        let near = near.chain(on(Shelf::Suffix, suffix)).chain(below).chain(begun);
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

/// Hashes of names, a bit each.
struct Keys(Box<[u64; 1024]>);

impl Default for Keys {
    fn default() -> Self {
        Self(Box::new([0; 1024]))
    }
}

impl Keys {
    fn add(&mut self, key: &str) {
        let (word, bit) = hash(key);
        self.0[word] |= bit;
    }

    /// Whether `key` may be among them.
    fn may_hold(&self, key: &str) -> bool {
        let (word, bit) = hash(key);
        self.0[word] & bit != 0
    }
}

/// Which word and bit are a name's.
fn hash(name: &str) -> (usize, u64) {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    let hash = hash ^ (hash >> 32);
    ((hash >> 6) as usize & 1023, 1 << (hash & 63))
}

/// A path as text; most are text already.
fn text(path: &Path) -> Cow<'_, str> {
    path.to_str().map_or_else(|| path.to_string_lossy(), Cow::Borrowed)
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

    /// Whether the tool puts the values of environment variables where they are named.
    pub fn fills_in(&self) -> bool {
        !self.keep.references.is_empty()
    }

    /// Whether fields of what lies there are told to carry secrets.
    pub fn names_fields(&self) -> bool {
        let keep = self.keep;
        !(keep.servers.is_empty() && keep.secrets.is_empty() && keep.commands.is_empty())
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
