//! Packs made by hand, byte by byte, for trials.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use tempfile::TempDir;

use crate::git::layout::Layout;
use crate::git::store::Store;
use crate::model::ObjectId;

/// The sort of an entry that holds a file's content.
pub(super) const BLOB: u8 = 3;
/// The sort of an entry that changes one before it.
pub(super) const BEFORE: u8 = 6;
/// The sort of an entry that changes one of a name.
pub(super) const NAMED: u8 = 7;

/// A pack, and what its index says of it.
pub(super) struct Made {
    hash_len: usize,
    pack: Vec<u8>,
    places: Vec<(ObjectId, u64)>,
}

impl Made {
    /// A pack without entries.
    pub(super) fn new(hash_len: usize) -> Self {
        Self { hash_len, pack: b"PACK\0\0\0\x02\0\0\0\0".to_vec(), places: Vec::new() }
    }

    /// A name for an object.
    pub(super) fn id(&self, n: u8) -> ObjectId {
        ObjectId::from_bytes(&vec![n; self.hash_len]).expect("a length of Git's")
    }

    /// Adds an entry of any bytes; gives where it begins.
    pub(super) fn entry(&mut self, n: u8, parts: &[&[u8]]) -> u64 {
        let at = self.pack.len() as u64;
        self.places.push((self.id(n), at));
        self.pack.extend(parts.concat());
        at
    }

    /// Adds a file's content.
    pub(super) fn blob(&mut self, n: u8, content: &[u8]) -> u64 {
        self.entry(n, &[&head(BLOB, content.len() as u64), &deflated(content)])
    }

    /// Adds a change of the entry at `base`.
    pub(super) fn before(&mut self, n: u8, base: u64, delta: &[u8]) -> u64 {
        let distance = distance(self.pack.len() as u64 - base);
        self.entry(n, &[&head(BEFORE, delta.len() as u64), &distance, &deflated(delta)])
    }

    /// Adds a change of the object `base`.
    pub(super) fn named(&mut self, n: u8, base: u8, delta: &[u8]) -> u64 {
        let base = self.id(base);
        self.entry(n, &[&head(NAMED, delta.len() as u64), base.as_bytes(), &deflated(delta)])
    }

    /// The pack, with a checksum that is none.
    pub(super) fn pack(&self) -> Vec<u8> {
        let mut pack = self.pack.clone();
        pack[8..12].copy_from_slice(&(self.places.len() as u32).to_be_bytes());
        pack.extend(vec![0; self.hash_len]);
        pack
    }

    /// Its index.
    pub(super) fn index(&self) -> Vec<u8> {
        index_two(&self.places, self.hash_len)
    }

    /// Writes both into the folder of a store.
    pub(super) fn write(&self, objects: &Path, name: &str) {
        write(objects, name, &self.pack(), &self.index());
    }

    /// A store with nothing else in it.
    pub(super) fn store(&self) -> (TempDir, Store) {
        let dir = tempfile::tempdir().expect("a folder");
        self.write(&dir.path().join("objects"), "made");
        let store = store(dir.path(), self.hash_len);
        assert_eq!(store.faults(), []);
        (dir, store)
    }
}

/// Writes a pack and an index into the folder of a store.
pub(super) fn write(objects: &Path, name: &str, pack: &[u8], index: &[u8]) {
    let folder = objects.join("pack");
    fs::create_dir_all(&folder).expect("made");
    fs::write(folder.join(format!("{name}.pack")), pack).expect("written");
    fs::write(folder.join(format!("{name}.idx")), index).expect("written");
}

/// The store in `dir`, which need not be a repository.
pub(super) fn store(dir: &Path, hash_len: usize) -> Store {
    Store::open(&Layout {
        git_dir: dir.to_owned(),
        common_dir: dir.to_owned(),
        work_tree: None,
        bare: true,
        hash_len,
        partial: false,
        shallow: Vec::new(),
        ref_tables: false,
    })
}

/// What an entry begins with.
pub(super) fn head(sort: u8, size: u64) -> Vec<u8> {
    let first = sort << 4 | (size & 15) as u8;
    if size >> 4 == 0 {
        return vec![first];
    }
    [vec![first | 128], number(size >> 4)].concat()
}

/// A number in sevens, the lowest first.
pub(super) fn number(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 127 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// How far before an entry its base lies.
pub(super) fn distance(mut distance: u64) -> Vec<u8> {
    let mut bytes = vec![(distance & 127) as u8];
    while distance > 127 {
        distance = (distance >> 7) - 1;
        bytes.insert(0, distance as u8 | 128);
    }
    bytes
}

/// A delta of these instructions.
pub(super) fn delta(base: u64, result: u64, instructions: &[u8]) -> Vec<u8> {
    [&number(base), &number(result), instructions].concat()
}

/// `bytes` as Git compresses them.
pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut to = ZlibEncoder::new(Vec::new(), Compression::best());
    to.write_all(bytes).expect("memory takes everything");
    to.finish().expect("memory takes everything")
}

/// An index of version 1.
pub(super) fn index_one(places: &[(ObjectId, u64)], hash_len: usize) -> Vec<u8> {
    let places = sorted(places);
    let mut index = fanout(&places);
    for (id, offset) in &places {
        index.extend([&(*offset as u32).to_be_bytes(), id.as_bytes()].concat());
    }
    index.extend(vec![0; 2 * hash_len]);
    index
}

/// An index of version 2; offsets that 31 bits do not hold are in the table of long ones.
pub(super) fn index_two(places: &[(ObjectId, u64)], hash_len: usize) -> Vec<u8> {
    let places = sorted(places);
    let mut index = [b"\xfftOc\0\0\0\x02".to_vec(), fanout(&places)].concat();
    places.iter().for_each(|(id, _)| index.extend(id.as_bytes()));
    index.extend(vec![0; 4 * places.len()]);
    let mut long = Vec::new();
    for (_, offset) in &places {
        let short = if *offset >> 31 == 0 {
            *offset as u32
        } else {
            long.extend(offset.to_be_bytes());
            1 << 31 | (long.len() / 8 - 1) as u32
        };
        index.extend(short.to_be_bytes());
    }
    index.extend(long);
    index.extend(vec![0; 2 * hash_len]);
    index
}

fn sorted(places: &[(ObjectId, u64)]) -> Vec<(ObjectId, u64)> {
    let mut places = places.to_vec();
    places.sort_unstable();
    places
}

fn fanout(places: &[(ObjectId, u64)]) -> Vec<u8> {
    let up_to = |byte| places.iter().filter(|(id, _)| id.as_bytes()[0] <= byte).count() as u32;
    (0..=255).flat_map(|byte| up_to(byte).to_be_bytes()).collect()
}
