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
                let rest = pack.get(at..).and_then(|rest| rest.get(..hash_len));
                let id = rest.and_then(ObjectId::from_bytes).ok_or(cut)?;
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

#[cfg(test)]
mod tests {
    use super::super::made;
    use super::super::noise::Noise;
    use super::{Entry, Held, Kind};
    use crate::git::Damage;
    use crate::model::ObjectId;

    fn read(bytes: &[u8]) -> Result<Entry, Damage> {
        Entry::read(bytes, 0, 20)
    }

    #[test]
    fn sizes_take_as_many_bytes_as_they_need() {
        let kinds = [Kind::Commit, Kind::Tree, Kind::Blob, Kind::Tag];
        for (sort, kind) in (1..).zip(kinds) {
            for (size, length) in [(0, 1), (15, 1), (16, 2), (2047, 2), (2048, 3), (1 << 32, 6)] {
                let bytes = [&b"before"[..], &made::head(sort, size)].concat();
                let entry = Entry::read(&bytes, 6, 20).expect("an entry");
                assert_eq!(entry, Entry { held: Held::Whole(kind), size, data: 6 + length });
            }
        }
        let most = (1 << 60) - 1;
        assert_eq!(read(&made::head(3, most)).map(|entry| entry.size), Ok(most));
        let endless = Err(Damage("the entry's size has no end"));
        assert_eq!(read(&made::head(3, most + 1)), endless);
        assert_eq!(read(&[0xbf; 30]), endless);
    }

    #[test]
    fn bases_lie_before_or_have_names() {
        assert_eq!(made::distance(128), [0x80, 0]);
        assert_eq!(made::distance(16511), [0xff, 0x7f]);
        for far in [0, 1, 127, 128, 16511, 16512, 1 << 40] {
            let bytes = [made::head(made::BEFORE, 300), made::distance(far)].concat();
            let entry = read(&bytes).expect("an entry");
            assert_eq!(entry, Entry { held: Held::Before(far), size: 300, data: bytes.len() });
        }
        for hash_len in [20, 32] {
            let bytes = [made::head(made::NAMED, 300), vec![5; hash_len]].concat();
            let entry = Entry::read(&bytes, 0, hash_len).expect("an entry");
            let id = ObjectId::from_bytes(&bytes[2..]).expect("a length of Git's");
            assert_eq!(entry, Entry { held: Held::Named(id), size: 300, data: 2 + hash_len });
        }
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        let cut = Err(Damage("the entry is cut off"));
        let before = [made::head(made::BEFORE, 300), made::distance(1 << 40)].concat();
        let named = [made::head(made::NAMED, 300), vec![5; 20]].concat();
        for bytes in [made::head(3, 1 << 50), before, named] {
            assert!((0..bytes.len()).all(|end| read(&bytes[..end]) == cut));
            assert_eq!(Entry::read(&bytes, u64::MAX, 20), cut);
            assert_eq!(Entry::read(&bytes, 99, 20), cut);
        }
        for sort in [0, 5] {
            let unknown = Err(Damage("the entry is of no known sort"));
            assert_eq!(read(&made::head(sort, 9)), unknown);
        }
        let far = [&[0x60][..], &[0xff; 20]].concat();
        assert_eq!(read(&far), Err(Damage("the entry's base lies before all packs")));
    }

    #[test]
    fn noise_is_borne() {
        let mut noise = Noise::new(12);
        for _ in 0..10_000 {
            let bytes = noise.bytes_of(&[0x60, 0x70, 0xb3, 0xe4, 0xff, 0x80, 3, 0], 40);
            let at = noise.below(44) as u64;
            let entry = Entry::read(&bytes, at, if at.is_multiple_of(2) { 20 } else { 32 });
            assert!(entry.is_err() || entry.is_ok_and(|entry| entry.data <= bytes.len()));
        }
    }
}
