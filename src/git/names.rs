//! How names of references lead to ids.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::git::file;
use crate::git::layout::Layout;
use crate::git::reflog::{Log, OddLines, id, lines};
use crate::model::ObjectId;

/// The largest file of one reference that is read, in bytes.
pub(super) const LOOSE_LIMIT: usize = 1 << 20;
/// The largest file of packed references that is read, in bytes.
const PACKED_LIMIT: usize = 256 << 20;
/// The largest reflog that is read, in bytes.
const LOG_LIMIT: usize = 256 << 20;
/// How often a reference may lead to another.
const DEPTH: usize = 8;

/// What Git puts before and behind a name that a user types, in its order.
const RULES: [(&str, &str); 6] = [
    ("", ""),
    ("refs/", ""),
    ("refs/tags/", ""),
    ("refs/heads/", ""),
    ("refs/remotes/", ""),
    ("refs/remotes/", "/HEAD"),
];

/// What the file of a reference says.
pub(super) enum Content {
    /// The reference names this object.
    Id(ObjectId),
    /// It stands for the reference of this name.
    Symbolic(Vec<u8>),
}

/// The references in one file.
#[derive(Default)]
pub(super) struct Packed {
    pub ids: BTreeMap<Vec<u8>, ObjectId>,
    pub fault: Option<String>,
}

/// Looks names up in a repository.
pub(super) struct Names<'l> {
    layout: &'l Layout,
    packed: OnceCell<Packed>,
}

impl Content {
    /// Reads a reference's file.
    pub(super) fn of(bytes: &[u8], hash_len: usize) -> Result<Self, String> {
        if let Some(name) = bytes.strip_prefix(b"ref:") {
            return Ok(Self::Symbolic(name.trim_ascii().to_vec()));
        }
        let id = id(bytes, hash_len).map(|(id, _)| id).filter(|id| !id.is_null());
        id.map(Self::Id).ok_or_else(|| "holds neither an id nor the name of a reference".to_owned())
    }
}

impl Packed {
    fn at(path: &Path, hash_len: usize) -> Self {
        match file::read(path, PACKED_LIMIT) {
            Ok(text) => Self::of(&text.unwrap_or_default(), hash_len),
            Err(fault) => Self { fault: Some(fault), ..Self::default() },
        }
    }

    /// Reads lines of an id and a name; those that begin with `#` are comments, those with `^` say
    /// what the tag above them is a tag of.
    fn of(text: &[u8], hash_len: usize) -> Self {
        let (mut ids, mut odd) = (BTreeMap::new(), OddLines::default());
        for (number, line) in lines(text).filter(|(_, line)| !matches!(line[0], b'#' | b'^')) {
            let entry = id(line, hash_len).filter(|(id, name)| !id.is_null() && is_path(name));
            match entry {
                Some((id, name)) => ids.extend([(name.to_vec(), id)]),
                None => odd.note(number),
            }
        }
        Self { ids, fault: odd.message() }
    }
}

impl<'l> Names<'l> {
    /// Reads nothing yet.
    pub(super) fn of(layout: &'l Layout) -> Self {
        Self { layout, packed: OnceCell::new() }
    }

    /// Packed references, read when they are first asked for. Git packs a reference before it
    /// removes its file, so whoever looks for the file first misses nothing.
    pub(super) fn packed(&self) -> &Packed {
        let read = || Packed::at(&self.layout.common_dir.join("packed-refs"), self.layout.hash_len);
        self.packed.get_or_init(read)
    }

    /// The object that the reference `name` leads to, seen from the folder `home` of a work tree;
    /// none if it leads to nothing, as a branch without commits does.
    pub(super) fn id_of(&self, home: &Path, name: &[u8]) -> Result<Option<ObjectId>, String> {
        let mut name = name.to_vec();
        for _ in 0..=DEPTH {
            match self.content_of(home, &name)? {
                None => return Ok(None),
                Some(Content::Id(id)) => return Ok(Some(id)),
                Some(Content::Symbolic(next)) => name = next,
            }
        }
        Err("leads from one reference to the next without end".to_owned())
    }

    /// The object that a user means by `name`.
    pub(super) fn find(&self, name: &str) -> Option<ObjectId> {
        let home = &self.layout.git_dir;
        let Some((base, number)) = entry_of(name) else {
            return self.tip(home, if name == "@" { "HEAD" } else { name });
        };
        // The newest entry is what the reference names, and so is there without a log.
        let tip = || (number == 0).then(|| self.tip(home, base)).flatten();
        let mut logged = candidates(base);
        logged.find_map(|name| self.entry(home, name.as_bytes(), number)).or_else(tip)
    }

    /// The log at `path`, if one is there.
    pub(super) fn log(&self, path: &Path) -> Result<Option<Log>, String> {
        let text = file::read(path, LOG_LIMIT)?;
        Ok(text.map(|text| Log::of(&text, self.layout.hash_len)))
    }

    fn content_of(&self, home: &Path, name: &[u8]) -> Result<Option<Content>, String> {
        if !is_name(name) {
            return Err("stands for a reference that cannot be".to_owned());
        }
        let (dir, rest) = self.place(home, name);
        match file::read(&dir.join(file::path_of(rest)), LOOSE_LIMIT)? {
            Some(bytes) => Content::of(&bytes, self.layout.hash_len).map(Some),
            None => Ok(self.packed().ids.get(name).copied().map(Content::Id)),
        }
    }

    fn tip(&self, home: &Path, name: &str) -> Option<ObjectId> {
        candidates(name).find_map(|name| self.id_of(home, name.as_bytes()).ok().flatten())
    }

    fn entry(&self, home: &Path, name: &[u8], number: usize) -> Option<ObjectId> {
        let (dir, rest) = is_name(name).then(|| self.place(home, name))?;
        let log = self.log(&dir.join("logs").join(file::path_of(rest)));
        log.ok().flatten()?.entry(number)
    }

    /// The folder in which a name is kept, and the name there.
    fn place<'n>(&self, home: &Path, name: &'n [u8]) -> (PathBuf, &'n [u8]) {
        let common = &self.layout.common_dir;
        if let Some(rest) = name.strip_prefix(b"main-worktree/") {
            return (common.clone(), rest);
        }
        if let Some((tree, rest)) = name.strip_prefix(b"worktrees/").and_then(cut) {
            return (common.join("worktrees").join(file::path_of(tree)), rest);
        }
        (if is_shared(name) { common } else { home }.to_owned(), name)
    }
}

/// Whether all work trees share the reference `name`.
pub(super) fn is_shared(name: &[u8]) -> bool {
    let private: [&[u8]; 3] = [b"refs/bisect/", b"refs/worktree/", b"refs/rewritten/"];
    name.starts_with(b"refs/") && !private.iter().any(|folder| name.starts_with(folder))
}

/// Whether Git would look for a reference under `name`; what else lies in its folder is none.
fn is_name(name: &[u8]) -> bool {
    let folders: [&[u8]; 3] = [b"refs/", b"worktrees/", b"main-worktree/"];
    let is_folded = || folders.iter().any(|folder| name.starts_with(folder));
    let is_head = || name.iter().all(|b| b.is_ascii_uppercase() || *b == b'_');
    is_path(name) && (is_folded() || is_head())
}

/// Whether `name` stays below the folder that it is looked up in, and has no sign that Git forbids.
fn is_path(name: &[u8]) -> bool {
    let is_bad = |b: &u8| b.is_ascii_control() || b" ~^:?*[\\".contains(b);
    let is_part =
        |part: &[u8]| !part.is_empty() && !part.starts_with(b".") && !part.ends_with(b".lock");
    !name.iter().any(is_bad) && name.split(|b| *b == b'/').all(is_part)
}

fn cut(path: &[u8]) -> Option<(&[u8], &[u8])> {
    let slash = memchr::memchr(b'/', path)?;
    Some((&path[..slash], &path[slash + 1..]))
}

/// The parts of `main@{2}`.
fn entry_of(name: &str) -> Option<(&str, usize)> {
    let (name, number) = name.strip_suffix('}')?.rsplit_once("@{")?;
    Some((name, number.parse().ok()?))
}

fn candidates(name: &str) -> impl Iterator<Item = String> {
    RULES.into_iter().map(move |(before, behind)| format!("{before}{name}{behind}"))
}

#[cfg(test)]
mod tests {
    use super::super::noise::Noise;
    use super::{Content, Packed, is_name, is_path};

    #[test]
    fn names_stay_where_they_are_looked_up() {
        for name in ["HEAD", "FETCH_HEAD", "refs/heads/a/b", "worktrees/a/HEAD", "refs/tags/\u{fc}"]
        {
            assert!(is_name(name.as_bytes()), "{name}");
        }
        for name in [
            "",
            "config",
            "/etc/passwd",
            "refs/../../x",
            "refs/./x",
            "refs//x",
            "refs/",
            "../HEAD",
            "refs/heads/.x",
            "refs/heads/x.lock",
            "refs/heads/a b",
            "refs/heads/a\0",
            "C:/x",
            "refs\\x",
        ] {
            assert!(!is_name(name.as_bytes()), "{name}");
        }
        assert!(is_path(b"refs/heads/main"));
    }

    #[test]
    fn packed_references_are_read_past_what_is_odd() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let text = format!(
            "# pack-refs with: peeled sorted \n{a} refs/heads/a\n{b} refs/tags/b\r\n^{a}\n\
            odd\n{a}\n{a} ../x\n"
        );
        let packed = Packed::of(text.as_bytes(), 20);
        let names: Vec<_> = packed.ids.into_keys().collect();
        assert_eq!(names, [&b"refs/heads/a"[..], b"refs/tags/b"]);
        assert_eq!(packed.fault.as_deref(), Some("3 lines cannot be understood, first line 5"));
    }

    #[test]
    fn noise_is_borne() {
        let mut noise = Noise::new(7);
        let good = format!("{} refs/heads/a\n", "a".repeat(40)).repeat(3);
        for _ in 0..3000 {
            let spoilt = noise.spoil(good.as_bytes());
            _ = Packed::of(&spoilt, 20);
            _ = Content::of(&spoilt, 20);
            _ = is_name(&noise.bytes(20));
        }
    }
}
