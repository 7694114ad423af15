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

const MAGIC: &[u8] = b"\xfftOc";
const TWO: &[u8] = b"\0\0\0\x02";
const FANOUT: usize = 256 * 4;

impl Index {
    /// Reads the index in `map`, of ids that take `hash_len` bytes.
    pub fn read(map: Map, hash_len: usize) -> Result<Self, Damage> {
        let version = match map.strip_prefix(MAGIC) {
            None => Version::One,
            Some(rest) if rest.starts_with(TWO) => Version::Two,
            Some(_) => return Err(Damage("the index is of no known version")),
        };
        let mut index = Self { map, hash_len, count: 0, version };
        if index.map.len() < index.fanout_at() + FANOUT {
            return Err(Damage("the index is cut off"));
        }
        index.count = index.fanout(255);
        if !(0..255).all(|byte| index.fanout(byte) <= index.fanout(byte + 1)) {
            return Err(Damage("the index counts backwards"));
        }
        let is_whole = index.tables_end().is_some_and(|end| end <= index.map.len());
        if is_whole { Ok(index) } else { Err(Damage("the index is cut off")) }
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
        let long_offsets = self.map.get(offsets + self.count * 4..)?;
        let from = usize::try_from(short & 0x7fff_ffff).ok()?.checked_mul(8)?;
        let (bytes, _) = long_offsets.get(from..)?.split_first_chunk()?;
        Some(u64::from_be_bytes(*bytes))
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
            Version::Two => MAGIC.len() + TWO.len(),
        }
    }

    const fn ids_at(&self) -> usize {
        self.fanout_at() + FANOUT
    }

    /// Where the tables end that each object has a row in; none if no memory reaches there.
    fn tables_end(&self) -> Option<usize> {
        let entry = match self.version {
            Version::One => 4 + self.hash_len,
            Version::Two => self.hash_len + 4 + 4,
        };
        self.count.checked_mul(entry)?.checked_add(self.ids_at())
    }

    fn fanout(&self, byte: usize) -> usize {
        self.word(self.fanout_at() + byte * 4) as usize
    }

    fn word(&self, at: usize) -> u32 {
        u32::from_be_bytes(self.map[at..at + 4].try_into().expect("four bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::made::{index_one, index_two};
    use super::super::noise::Noise;
    use super::Index;
    use crate::git::{Damage, Map};
    use crate::model::ObjectId;

    type Places = Vec<(ObjectId, u64)>;

    fn places(hash_len: usize) -> Places {
        let place = |n: u8| {
            let mut raw = vec![n; hash_len];
            (raw[0], raw[1]) = (n / 4 * 51, n);
            (ObjectId::from_bytes(&raw).expect("a length of Git's"), 12 + u64::from(n) * 1000)
        };
        (0..20).map(place).collect()
    }

    fn read(bytes: &[u8], hash_len: usize) -> Result<Index, Damage> {
        Index::read(Map::from(bytes.to_vec()), hash_len)
    }

    fn holds(index: &Index, places: &Places) {
        assert_eq!((index.len(), index.is_empty()), (places.len(), places.is_empty()));
        for (n, (id, offset)) in places.iter().enumerate() {
            assert_eq!((index.id(n), index.offset(n)), (*id, Some(*offset)));
            assert_eq!(index.find(id), Some(n));
            assert_eq!(index.first_from(&id.to_string()), n);
            let mut other = id.as_bytes().to_vec();
            other[19] ^= 0x40;
            let other = ObjectId::from_bytes(&other).expect("as long as before");
            assert_eq!(index.find(&other), None);
        }
        assert_eq!(index.first_from("ff00"), places.len());
    }

    #[test]
    fn both_versions_are_read_for_both_lengths_of_ids() {
        for hash_len in [20, 32] {
            for some in [places(hash_len), Vec::new()] {
                holds(&read(&index_one(&some, hash_len), hash_len).expect("version 1"), &some);
                holds(&read(&index_two(&some, hash_len), hash_len).expect("version 2"), &some);
            }
        }
        let index = read(&index_two(&places(20), 20), 20).expect("version 2");
        assert_eq!(index.find(&places(32)[0].0), None);
    }

    #[test]
    fn offsets_may_be_long() {
        let mut places = places(20);
        (places[3].1, places[7].1, places[8].1) = (1 << 31, u64::MAX, 5 << 40 | 3);
        holds(&read(&index_two(&places, 20), 20).expect("version 2"), &places);
        places[3].1 = u64::from(u32::MAX);
        (places[7].1, places[8].1) = (0, 1);
        holds(&read(&index_one(&places, 20), 20).expect("version 1"), &places);
    }

    #[test]
    fn a_long_offset_that_is_not_there_is_none() {
        let places = places(20);
        let mut bytes = index_two(&places, 20);
        let offsets = 8 + 1024 + places.len() * 24;
        for word in [0xffff_ffff_u32, 0x8000_0005] {
            bytes[offsets..offsets + 4].copy_from_slice(&word.to_be_bytes());
            let index = read(&bytes, 20).expect("its tables are whole");
            assert_eq!((index.offset(0), index.offset(1)), (None, Some(places[1].1)));
        }
    }

    #[test]
    fn what_is_cut_off_or_does_not_add_up_is_refused() {
        let refusal = |bytes: &[u8]| read(bytes, 20).err();
        let cut = Some(Damage("the index is cut off"));
        let (one, two) = (index_one(&places(20), 20), index_two(&places(20), 20));
        for bytes in [&one, &two] {
            let end = bytes.len() - 40;
            assert!((0..8).all(|end| refusal(&bytes[..end]).is_some()));
            assert!((8..end).all(|end| refusal(&bytes[..end]) == cut));
            assert_eq!(refusal(&bytes[..end]), None);
        }
        let mut many = two.clone();
        many[8 + 1020..8 + 1024].fill(0xff);
        assert_eq!(refusal(&many), cut);
        let mut backwards = two.clone();
        backwards[8 + 400..8 + 404].fill(0x7f);
        assert_eq!(refusal(&backwards), Some(Damage("the index counts backwards")));
        let mut later = two;
        later[7] = 3;
        assert_eq!(refusal(&later), Some(Damage("the index is of no known version")));
    }

    #[test]
    fn noise_is_borne() {
        let mut noise = Noise::new(11);
        let good = [index_one(&places(20), 20), index_two(&places(20), 20)];
        for round in 0..3000 {
            let bytes = noise.spoil(&good[round % 2]);
            let Ok(index) = read(&bytes, 20) else { continue };
            for n in 0..index.len() {
                let id = index.id(n);
                _ = (index.offset(n), index.find(&id), index.first_from(&id.to_string()));
            }
        }
    }
}
