//! Files as memory: a pack is read where it lies.

use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;

use memmap2::Mmap;

/// A regular file, mapped; an empty one holds nothing.
pub struct Map(Option<Mmap>);

impl Map {
    /// Maps the file at `path`; refuses what is not a regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let about = path.metadata()?;
        if !about.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        if about.len() == 0 {
            return Ok(Self(None));
        }
        map(&File::open(path)?).map(|map| Self(Some(map)))
    }
}

/// Git never changes a pack or an index once it is in place: it writes new ones and removes old ones,
/// which leaves what is mapped as it was.
#[allow(unsafe_code)]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes are only read, and nothing but a fault follows from their changing: whatever
    // stands there is checked before it is used, and copied before it is kept.
    unsafe { Mmap::map(file) }
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}
