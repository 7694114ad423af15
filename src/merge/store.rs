//! Trails in the order in which they were made, on disk.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use crate::model::{SecretId, Trail};

/// What is known of a stored trail without reading it.
const FIXED: usize = 24;

/// Takes trails one after the other.
pub(super) struct Store {
    out: BufWriter<File>,
    count: u64,
}

/// Hands them out again, in the same order.
pub(super) struct Stored {
    from: BufReader<File>,
    left: u64,
}

/// One of them.
pub(super) struct Kept {
    /// How urgent it is.
    pub(super) score: u32,
    /// The credential.
    pub(super) id: SecretId,
    /// All of it, as JSON.
    pub(super) json: Vec<u8>,
}

impl Store {
    /// A store without trails.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { out: BufWriter::with_capacity(1 << 18, tempfile::tempfile()?), count: 0 })
    }

    /// Takes a trail; its number.
    pub(super) fn push(&mut self, trail: &Trail) -> io::Result<u64> {
        let json = serde_json::to_vec(trail)?;
        let size =
            u32::try_from(json.len()).map_err(|_| io::Error::other("a trail is too long"))?;
        self.out.write_all(&trail.rank.score.to_le_bytes())?;
        self.out.write_all(trail.secret_id.as_bytes())?;
        self.out.write_all(&size.to_le_bytes())?;
        self.out.write_all(&json)?;
        self.count += 1;
        Ok(self.count - 1)
    }

    /// The trails from the first on.
    pub(super) fn finish(self) -> io::Result<Stored> {
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(Stored { from: BufReader::with_capacity(1 << 18, file), left: self.count })
    }
}

impl Stored {
    /// The next trail.
    pub(super) fn next(&mut self) -> io::Result<Option<Kept>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let mut fixed = [0; FIXED];
        self.from.read_exact(&mut fixed)?;
        let [a, b, c, d, id @ .., e, f, g, h] = fixed;
        let mut json = vec![0; u32::from_le_bytes([e, f, g, h]) as usize];
        self.from.read_exact(&mut json)?;
        Ok(Some(Kept {
            score: u32::from_le_bytes([a, b, c, d]),
            id: SecretId::from_bytes(id),
            json,
        }))
    }
}
