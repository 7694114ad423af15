//! Files as memory: a pack is read where it lies.

use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;

use memmap2::Mmap;

/// A regular file, mapped, or bytes that are there already.
pub struct Map(Held);

enum Held {
    File(Mmap),
    Bytes(Vec<u8>),
}

impl Map {
    /// Maps the file at `path`; refuses what is not a regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let about = path.metadata()?;
        if !about.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        if about.len() == 0 {
            return Ok(Vec::new().into());
        }
        map(&File::open(path)?).map(|map| Self(Held::File(map)))
    }
}

/// Git never changes a pack or an index once it is in place: it writes new ones and removes old ones,
/// which leaves what is mapped as it was.
#[expect(unsafe_code, reason = "the one way to read a pack where it lies; argued below")]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes are only read, and nothing but a fault follows from their changing: whatever
    // stands there is checked before it is used, and copied before it is kept.
    unsafe { Mmap::map(file) }
}

impl From<Vec<u8>> for Map {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Held::Bytes(bytes))
    }
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Held::File(map) => map,
            Held::Bytes(bytes) => bytes,
        }
    }
}
