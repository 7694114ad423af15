//! The index of a pack: which objects it holds, and where (gitformat-pack, versions 1 and 2).

use crate::git::{Damage, Map};
use crate::model::ObjectId;

/// A pack's index, checked to be as long as it says.
pub struct Index {
    map: Map,
    hash_len: usize,
    count: usize,
    version: Version,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// Offset and id side by side.
    One,
    /// Ids, checksums, offsets and long offsets in tables of their own.
    Two,
}

const MAGIC: &[u8] = b"\xfftOc\0\0\0\x02";
const FANOUT: usize = 256 * 4;

impl Index {
    /// Reads the index in `map`, of ids that take `hash_len` bytes.
    pub fn read(map: Map, hash_len: usize) -> Result<Self, Damage> {
        let version = if map.starts_with(MAGIC) { Version::Two } else { Version::One };
        let mut index = Self { map, hash_len, count: 0, version };
        if index.map.len() < index.fanout_at() + FANOUT {
            return Err(Damage("the index is cut off"));
        }
        index.count = index.fanout(255);
        if !(0..255).all(|byte| index.fanout(byte) <= index.fanout(byte + 1)) {
            return Err(Damage("the index counts backwards"));
        }
        if index.map.len() < index.tables_end() {
            return Err(Damage("the index is cut off"));
        }
        Ok(index)
    }

    /// All bytes of it.
    pub fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// How many objects it lists.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether it lists none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The id of object `n`; ids ascend.
    pub fn id(&self, n: usize) -> ObjectId {
        ObjectId::from_bytes(self.raw_id(n)).expect("ids have one of Git's lengths")
    }

    /// Where object `n` begins in the pack; none if the table of long offsets does not have it.
    pub fn offset(&self, n: usize) -> Option<u64> {
        if self.version == Version::One {
            return Some(u64::from(self.word(self.ids_at() + n * (4 + self.hash_len))));
        }
        let offsets = self.ids_at() + self.count * (self.hash_len + 4);
        let short = self.word(offsets + n * 4);
        if short >> 31 == 0 {
            return Some(u64::from(short));
        }
        let long = offsets + self.count * 4 + (short & 0x7fff_ffff) as usize * 8;
        let bytes = self.map.get(long..long + 8)?;
        Some(u64::from_be_bytes(bytes.try_into().ok()?))
    }

    /// Which object `id` is.
    pub fn find(&self, id: &ObjectId) -> Option<usize> {
        let wanted = id.as_bytes();
        if wanted.len() != self.hash_len {
            return None;
        }
        let first = usize::from(wanted[0]);
        let mut from = if first == 0 { 0 } else { self.fanout(first - 1) };
        let mut to = self.fanout(first);
        while from < to {
            let middle = usize::midpoint(from, to);
            match self.raw_id(middle).cmp(wanted) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// The first object whose id is not before these hexadecimal digits.
    pub fn first_from(&self, digits: &str) -> usize {
        let (mut from, mut to) = (0, self.count);
        while from < to {
            let middle = usize::midpoint(from, to);
            if self.id(middle).to_string().as_str() < digits {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    fn raw_id(&self, n: usize) -> &[u8] {
        let at = match self.version {
            Version::One => self.ids_at() + n * (4 + self.hash_len) + 4,
            Version::Two => self.ids_at() + n * self.hash_len,
        };
        &self.map[at..at + self.hash_len]
    }

    const fn fanout_at(&self) -> usize {
        match self.version {
            Version::One => 0,
            Version::Two => MAGIC.len(),
        }
    }

    const fn ids_at(&self) -> usize {
        self.fanout_at() + FANOUT
    }

    const fn tables_end(&self) -> usize {
        let entry = match self.version {
            Version::One => 4 + self.hash_len,
            Version::Two => self.hash_len + 4 + 4,
        };
        self.ids_at() + self.count * entry
    }

    fn fanout(&self, byte: usize) -> usize {
        self.word(self.fanout_at() + byte * 4) as usize
    }

    fn word(&self, at: usize) -> u32 {
        u32::from_be_bytes(self.map[at..at + 4].try_into().expect("four bytes"))
    }
}
