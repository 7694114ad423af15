//! Loose objects: each compressed into a file of its own.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;

use crate::git::entry::Kind;
use crate::git::{Damage, Trouble};
use crate::model::ObjectId;

/// A loose object that was opened.
pub struct Loose {
    /// What it is.
    pub kind: Kind,
    /// How many bytes it says that it has.
    pub size: u64,
    /// They.
    pub from: Box<dyn Read>,
}

/// The longest head of a loose object, in bytes: a kind, a blank, twenty digits, a zero.
const HEAD: u64 = 32;

impl Loose {
    /// Opens the file at `path`; refuses what Git would not have written.
    pub fn open(path: &Path) -> Result<Self, Trouble> {
        if !path.metadata()?.is_file() {
            return Err(Damage("not a regular file").into());
        }
        let mut from = BufReader::new(ZlibDecoder::new(File::open(path)?));
        let mut head = Vec::new();
        let read = from.by_ref().take(HEAD).read_until(0, &mut head);
        let head = read.ok().and_then(|_| read_head(&head)).ok_or(Damage("it is no object"))?;
        let (kind, size) = head;
        Ok(Self { kind, size, from: Box::new(from) })
    }

    /// All of it; refuses what is longer or shorter than it says, or longer than `most`.
    pub fn bytes(self, most: u64) -> Result<Vec<u8>, Trouble> {
        if self.size > most {
            return Err(Damage("it is too large to be held").into());
        }
        let mut bytes = Vec::new();
        let damaged = |_| Damage("its compressed bytes are damaged");
        self.from.take(self.size + 1).read_to_end(&mut bytes).map_err(damaged)?;
        if bytes.len() as u64 != self.size {
            return Err(Damage("it is not as long as it says").into());
        }
        Ok(bytes)
    }
}

fn read_head(head: &[u8]) -> Option<(Kind, u64)> {
    let (kind, size) =
        head.strip_suffix(b"\0")?.split_at_checked(head.iter().position(|&b| b == b' ')?)?;
    let size = std::str::from_utf8(&size[1..]).ok()?;
    Some((Kind::named(kind)?, size.parse().ok()?))
}

/// The loose objects in the folder `objects`; what cannot be listed is told.
pub fn list(
    objects: &Path,
    hash_len: usize,
    tell: &mut dyn FnMut(&Path, &io::Error),
) -> Vec<(ObjectId, PathBuf)> {
    let mut all = Vec::new();
    for first in 0..=255_u8 {
        let name = format!("{first:02x}");
        let folder = objects.join(&name);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tell(&folder, &error);
                }
                continue;
            }
        };
        for entry in entries.flatten() {
            let rest = entry.file_name();
            let id = ObjectId::from_hex(&[name.as_bytes(), rest.as_encoded_bytes()].concat());
            all.extend(
                id.filter(|id| id.as_bytes().len() == hash_len).map(|id| (id, entry.path())),
            );
        }
    }
    all.sort();
    all
}

/// Where the object `id` lies if it is loose.
pub fn path_of(objects: &Path, id: &ObjectId) -> PathBuf {
    let hex = id.to_string();
    objects.join(&hex[..2]).join(&hex[2..])
}
