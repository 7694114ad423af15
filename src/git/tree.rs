//! Trees: what a folder held.

use crate::git::Damage;
use crate::model::ObjectId;

/// One thing in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'t> {
    /// What it is, and who may run it.
    pub mode: u32,
    /// Its name as it is written: whoever made the tree may have put anything here, `..` and
    /// slashes too.
    pub name: &'t [u8],
    /// The object with its content.
    pub id: ObjectId,
}

impl Entry<'_> {
    /// Whether it is a folder.
    pub fn is_tree(&self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }

    /// Whether it is a commit of another repository, as submodules are.
    pub fn is_link(&self) -> bool {
        self.mode & 0o170_000 == 0o160_000
    }

    /// Whether it is a file or a symbolic link.
    pub fn is_blob(&self) -> bool {
        matches!(self.mode & 0o170_000, 0o100_000 | 0o120_000)
    }
}

/// The entries of a tree in the order in which they are written; nothing comes after the first
/// error.
pub fn entries(bytes: &[u8], hash_len: usize) -> Entries<'_> {
    Entries { rest: bytes, hash_len }
}

/// What is left of a tree.
#[derive(Clone, Debug)]
pub struct Entries<'t> {
    rest: &'t [u8],
    hash_len: usize,
}

impl<'t> Iterator for Entries<'t> {
    type Item = Result<Entry<'t>, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = (!self.rest.is_empty()).then_some(self.rest)?;
        self.rest = &[];
        Some(first(bytes, self.hash_len).map(|(entry, rest)| {
            self.rest = rest;
            entry
        }))
    }
}

fn first(bytes: &[u8], hash_len: usize) -> Result<(Entry<'_>, &[u8]), Damage> {
    let space = memchr::memchr(b' ', bytes).ok_or(Damage("an entry of the tree has no mode"))?;
    let mode = mode(&bytes[..space]).ok_or(Damage("the mode of an entry is not octal"))?;
    let rest = &bytes[space + 1..];
    let end = memchr::memchr(0, rest).ok_or(Damage("a name in the tree does not end"))?;
    let (name, rest) = (&rest[..end], &rest[end + 1..]);
    let split = rest.split_at_checked(hash_len);
    let (raw, rest) = split.ok_or(Damage("the tree ends within an id"))?;
    let id = ObjectId::from_bytes(raw).ok_or(Damage("ids have a length that Git does not know"))?;
    Ok((Entry { mode, name, id }, rest))
}

fn mode(digits: &[u8]) -> Option<u32> {
    let is_short = (1..=10).contains(&digits.len());
    let add = |mode, b: &u8| Some(mode << 3 | char::from(*b).to_digit(8)?);
    is_short.then(|| digits.iter().try_fold(0, add)).flatten()
}

#[cfg(test)]
mod tests {
    use super::super::noise::Noise;
    use super::{Entry, entries};

    fn written(entries: &[(&str, &[u8])], hash_len: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (mode, name) in entries {
            bytes.extend([mode.as_bytes(), b" ", name, b"\0", &vec![7; hash_len]].concat());
        }
        bytes
    }

    #[test]
    fn entries_are_read_in_order() {
        let all: [(&str, &[u8]); 5] = [
            ("100644", b"file"),
            ("40000", b"folder"),
            ("120000", b"\xff link"),
            ("160000", b"sub"),
            ("100664", b"old"),
        ];
        for hash_len in [20, 32] {
            let bytes = written(&all, hash_len);
            let read: Vec<_> = entries(&bytes, hash_len).map(|e| e.expect("an entry")).collect();
            let is = |what: fn(&Entry) -> bool| read.iter().map(what).collect::<Vec<_>>();
            assert!(read.iter().zip(all).all(|(entry, (_, name))| entry.name == name));
            assert_eq!(is(|entry| entry.is_blob()), [true, false, true, false, true]);
            assert_eq!(is(|entry| entry.is_tree()), [false, true, false, false, false]);
            assert_eq!(is(|entry| entry.is_link()), [false, false, false, true, false]);
        }
    }

    #[test]
    fn nothing_comes_after_an_error() {
        let mut bytes = written(&[("100644", b"a"), ("9", b"b"), ("100644", b"c")], 20);
        let read: Vec<_> = entries(&bytes, 20).map(|entry| entry.is_ok()).collect();
        assert_eq!(read, [true, false]);
        bytes.truncate(20);
        assert!(entries(&bytes, 20).all(|entry| entry.is_err()));
        assert!(entries(&bytes, 7).all(|entry| entry.is_err()));
        assert_eq!(entries(b"", 20).count(), 0);
    }

    #[test]
    fn noise_gives_no_more_entries_than_fit() {
        let mut noise = Noise::new(2);
        let good = written(&[("100644", b"a"), ("40000", b"b"), ("100644", b"c")], 20);
        for _ in 0..3000 {
            let bytes = noise.spoil(&good);
            assert!(entries(&bytes, 20).count() <= 4);
            _ = entries(&noise.bytes(90), noise.below(40)).count();
        }
    }
}
