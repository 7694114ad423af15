//! An entry of a pack: what stands before its compressed bytes (gitformat-pack).

use crate::git::Damage;
use crate::model::ObjectId;

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// An object of this kind, whole.
    Whole(Kind),
    /// What changes the object that begins so many bytes before.
    Before(u64),
    /// What changes the object of this name.
    Named(ObjectId),
}

/// The kinds of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A commit.
    Commit,
    /// A folder.
    Tree,
    /// A file's content.
    Blob,
    /// An annotated tag.
    Tag,
}

impl Kind {
    /// The kind that Git calls by this name.
    pub fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"commit" => Some(Self::Commit),
            b"tree" => Some(Self::Tree),
            b"blob" => Some(Self::Blob),
            b"tag" => Some(Self::Tag),
            _ => None,
        }
    }
}

/// The head of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it holds.
    pub held: Held,
    /// How many bytes that inflates to.
    pub size: u64,
    /// Where the compressed bytes begin in the pack.
    pub data: usize,
}

impl Entry {
    /// Reads the entry at `at` in `pack`; refuses one that is cut off or of no known sort.
    pub fn read(pack: &[u8], at: u64, hash_len: usize) -> Result<Self, Damage> {
        let cut = Damage("the entry is cut off");
        let mut at = usize::try_from(at).map_err(|_| cut)?;
        let mut next = || {
            let byte = pack.get(at).copied().ok_or(cut)?;
            at += 1;
            Ok(byte)
        };
        let first = next()?;
        let (mut size, mut shift, mut more) = (u64::from(first & 15), 4, first & 128 != 0);
        while more {
            let byte = next()?;
            if shift > 57 {
                return Err(Damage("the entry's size has no end"));
            }
            size |= u64::from(byte & 127) << shift;
            (shift, more) = (shift + 7, byte & 128 != 0);
        }
        let held = match first >> 4 & 7 {
            1 => Held::Whole(Kind::Commit),
            2 => Held::Whole(Kind::Tree),
            3 => Held::Whole(Kind::Blob),
            4 => Held::Whole(Kind::Tag),
            6 => Held::Before(distance(&mut next)?),
            7 => {
                let id = pack.get(at..at + hash_len).and_then(ObjectId::from_bytes).ok_or(cut)?;
                at += hash_len;
                Held::Named(id)
            }
            _ => return Err(Damage("the entry is of no known sort")),
        };
        Ok(Self { held, size, data: at })
    }
}

fn distance(next: &mut impl FnMut() -> Result<u8, Damage>) -> Result<u64, Damage> {
    let mut byte = next()?;
    let mut distance = u64::from(byte & 127);
    while byte & 128 != 0 {
        byte = next()?;
        let far = distance.checked_add(1).filter(|far| far >> 56 == 0);
        let far = far.ok_or(Damage("the entry's base lies before all packs"))?;
        distance = far << 7 | u64::from(byte & 127);
    }
    Ok(distance)
}
