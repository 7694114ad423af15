//! What was inspected before: packs of which it is known which objects in them hold credentials.
//!
//! A record is found by a keyed digest of all bytes of the pack, of its index, and of the program and rules
//! that inspected it; it lists places in the index, and nothing of what stands there. Whoever changes a byte
//! of the pack has another pack. The digest can be worked out only by who has every byte of the pack and the
//! key, so that no guess of a single credential can be tested against it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{process, thread};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::git::Pack;

/// A folder of records.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    key: Zeroizing<[u8; 32]>,
    context: Vec<u8>,
}

/// The name of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name([u8; 32]);

/// How much of a pack is digested at a time, in bytes.
const PART: usize = 8 << 20;

/// What a record begins with.
const MAGIC: &[u8] = b"keytrail/inspected/v1\n";

/// The largest record that is read, in bytes.
const LARGEST: u64 = 64 << 20;

impl Cache {
    /// Opens the folder, or makes it, for what inspects as `context` says.
    pub fn open(folder: &Path, context: &[u8]) -> io::Result<Self> {
        make(folder)?;
        let path = folder.join("key");
        let key = match read_key(&path) {
            Ok(key) => key,
            Err(_) => new_key(&path)?,
        };
        Ok(Self { folder: folder.to_owned(), key, context: context.to_vec() })
    }

    /// The name under which what is known of `pack` is kept.
    pub(super) fn name(&self, pack: &Pack, threads: usize) -> Name {
        let parts: Vec<&[u8]> =
            pack.bytes().chunks(PART).chain(pack.index().bytes().chunks(PART)).collect();
        let digests = Mutex::new(vec![[0; 32]; parts.len()]);
        let next = AtomicUsize::new(0);
        let work = || {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let Some(part) = parts.get(n) else { break };
                let digest = self.digest(&[part]);
                digests.lock().unwrap_or_else(PoisonError::into_inner)[n] = digest;
            }
        };
        thread::scope(|scope| {
            (1..threads.min(parts.len())).for_each(|_| _ = scope.spawn(work));
            work();
        });
        let digests = digests.into_inner().unwrap_or_else(PoisonError::into_inner).concat();
        let length = (pack.bytes().len() as u64).to_be_bytes();
        Name(self.digest(&[MAGIC, &self.context, &length, &digests]))
    }

    /// The places in its index of the objects in a pack that hold credentials, if it was inspected before.
    pub(super) fn recall(&self, name: Name) -> Option<Vec<u32>> {
        let file = File::open(self.path(name)).ok()?;
        let mut record = Vec::new();
        file.take(LARGEST).read_to_end(&mut record).ok()?;
        let (body, seal) = record.split_at_checked(record.len().checked_sub(32)?)?;
        if self.digest(&[&name.0, body]) != seal {
            return None;
        }
        let (places, []) = body.strip_prefix(MAGIC)?.as_chunks::<4>() else { return None };
        Some(places.iter().map(|place| u32::from_be_bytes(*place)).collect())
    }

    /// Keeps them. The record is there whole or not at all, whenever this run may end.
    pub(super) fn keep(&self, name: Name, places: &[u32]) -> io::Result<()> {
        let mut record = MAGIC.to_vec();
        places.iter().for_each(|place| record.extend(place.to_be_bytes()));
        record.extend(self.digest(&[&name.0, &record]));
        let path = self.path(name);
        make(path.parent().unwrap_or(&self.folder))?;
        put(&path, &record)
    }

    fn path(&self, Name(digest): Name) -> PathBuf {
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(&hex[..2]).join(&hex[2..])
    }

    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key[..]).expect("any length of key is allowed");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

fn read_key(path: &Path) -> io::Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    let mut file = File::open(path)?;
    if !is_private(&file.metadata()?) {
        return Err(io::Error::other("others may have written the key"));
    }
    file.read_exact(&mut key[..])?;
    Ok(key)
}

fn new_key(path: &Path) -> io::Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(&mut key[..]).map_err(|error| io::Error::other(error.to_string()))?;
    put(path, &key[..])?;
    // Another run may have put its own there meanwhile.
    read_key(path)
}

/// Whether a file is the user's own, and nobody else can write or read it.
#[cfg(unix)]
fn is_private(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    about.uid() == rustix::process::geteuid().as_raw() && about.mode() & 0o077 == 0
}

/// Whether a file is the user's own, which is left to the system here.
#[cfg(not(unix))]
const fn is_private(_: &fs::Metadata) -> bool {
    true
}

/// Writes a file that nobody else may read, whole or not at all.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension(format!("{}.part", process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let put = written.and_then(|()| fs::rename(&part, path));
    if put.is_err() {
        _ = fs::remove_file(&part);
    }
    put
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
