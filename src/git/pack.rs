//! A pack and its index.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::git::entry::Entry;
use crate::git::{Damage, Index, Map};
use crate::model::ObjectId;

/// A pack that lies beside its index.
pub struct Pack {
    path: PathBuf,
    map: Map,
    index: Index,
    hash_len: usize,
    /// Where each object begins, and its place in the index; in order, made when first asked for.
    by_offset: OnceLock<Vec<(u64, u32)>>,
}

/// Why a pack cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The system said so.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What stands there is no pack.
    #[error(transparent)]
    Damage(#[from] Damage),
}

impl Trouble {
    /// It as damage, where only the object counts.
    pub const fn damage(&self) -> Damage {
        match self {
            Self::Io(_) => Damage("it cannot be read"),
            Self::Damage(damage) => *damage,
        }
    }
}

const HEADER: usize = 12;

impl Pack {
    /// Opens the pack at `path` with the index of the same name; ids take `hash_len` bytes.
    pub fn open(path: &Path, hash_len: usize) -> Result<Self, Trouble> {
        let map = Map::open(path)?;
        let version = map.get(4..8).map(|word| u32::from_be_bytes(word.try_into().expect("four")));
        if !map.starts_with(b"PACK") || map.len() < HEADER + hash_len {
            return Err(Damage("it is no pack").into());
        }
        if !matches!(version, Some(2 | 3)) {
            return Err(Damage("the pack is of no known version").into());
        }
        let index = Index::read(Map::open(&path.with_extension("idx"))?, hash_len)?;
        Ok(Self { path: path.to_owned(), map, index, hash_len, by_offset: OnceLock::new() })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which objects it holds.
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// All bytes of it but its checksum.
    pub fn bytes(&self) -> &[u8] {
        &self.map[..self.map.len() - self.hash_len]
    }

    /// The checksum that Git wrote at its end.
    pub fn checksum(&self) -> &[u8] {
        &self.map[self.map.len() - self.hash_len..]
    }

    /// The entry at `offset`.
    pub fn entry_at(&self, offset: u64) -> Result<Entry, Damage> {
        if offset < HEADER as u64 {
            return Err(Damage("the entry lies before all entries"));
        }
        Entry::read(self.bytes(), offset, self.hash_len)
    }

    /// The place in the index of the object that begins at `offset`.
    pub fn name_at(&self, offset: u64) -> Option<usize> {
        let by_offset = self.by_offset.get_or_init(|| {
            let place = |n| Some((self.index.offset(n)?, n as u32));
            let mut places: Vec<_> = (0..self.index.len()).filter_map(place).collect();
            places.sort_unstable();
            places
        });
        let at = by_offset.binary_search_by_key(&offset, |(offset, _)| *offset).ok()?;
        Some(by_offset[at].1 as usize)
    }

    /// Where object `id` begins.
    pub fn offset_of(&self, id: &ObjectId) -> Option<u64> {
        self.index.find(id).and_then(|n| self.index.offset(n))
    }
}
