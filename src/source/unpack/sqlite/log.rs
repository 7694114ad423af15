//! The write-ahead log: pages that were committed but not yet put back into the database.

use std::collections::HashMap;
use std::io::{self, BufReader, Read, SeekFrom};

use super::ReadSeek;
use super::trouble::{Fault, Kind, Troubles};

const HEAD: usize = 32;
const FRAME_HEAD: usize = 24;

/// The log's magic number; its last bit says that checksums are taken over big-endian numbers.
const MAGIC: u32 = 0x377f_0682;

const VERSION: u32 = 3_007_000;

/// The most frames that are kept in mind.
const MOST_FRAMES: u64 = 1 << 20;

const DAMAGED: Fault =
    Fault::damaged("the head of the write-ahead log is damaged; it was left out");
const UNREADABLE: Fault = Fault::damaged("the write-ahead log could not be read to its end");
const CHANGED: Fault = Fault::damaged("the write-ahead log changed while it was read");
const LATER: Fault =
    Fault::new(Kind::Unsupported, "a later version of the write-ahead log; it was left out");
const LONG: Fault = Fault::new(
    Kind::Limit,
    "the write-ahead log has more pages than are read; its end was left out",
);

/// A log and where the committed pages lie in it.
pub(super) struct Log<'f> {
    file: &'f mut dyn ReadSeek,
    salts: [u8; 8],
    frames: HashMap<u32, u64>,
}

impl<'f> Log<'f> {
    /// Reads the log of a database with pages of `size` bytes; `None` if nothing in it counts.
    pub(super) fn open(
        file: &'f mut dyn ReadSeek,
        size: usize,
        troubles: &mut Troubles,
    ) -> Option<Self> {
        let mut head = [0; HEAD];
        let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_exact(&mut head));
        match read {
            Ok(()) => {}
            // SQLite leaves empty logs behind.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return None,
            Err(_) => {
                troubles.add(UNREADABLE, 0);
                return None;
            }
        }
        let mut chain = match Chain::begin(&head, size) {
            Ok(chain) => chain,
            Err(fault) => {
                troubles.add(fault, 0);
                return None;
            }
        };
        let salts = chain.salts;
        let frames = commits(&mut BufReader::new(&mut *file), &mut chain, troubles);
        (!frames.is_empty()).then_some(Self { file, salts, frames })
    }

    /// Whether the log holds the page `number`; then it is read into `page`.
    pub(super) fn read(&mut self, number: u32, page: &mut [u8], troubles: &mut Troubles) -> bool {
        let Some(&at) = self.frames.get(&number) else { return false };
        let mut head = [0; FRAME_HEAD];
        let read = self.file.seek(SeekFrom::Start(at)).and_then(|_| {
            self.file.read_exact(&mut head)?;
            self.file.read_exact(page)
        });
        // Frames are only written over once all pages are back in the database, so it has the page too.
        let is_same = head.starts_with(&number.to_be_bytes()) && head[8..16] == self.salts;
        if read.is_err() || !is_same {
            troubles.add(CHANGED, number);
            return false;
        }
        true
    }

    /// Whether the page `number` is taken from here.
    pub(super) fn has(&self, number: u32) -> bool {
        self.frames.contains_key(&number)
    }
}

/// Where the last committed frame of each page lies.
fn commits(from: &mut dyn Read, chain: &mut Chain, troubles: &mut Troubles) -> HashMap<u32, u64> {
    let (mut frames, mut open) = (HashMap::new(), Vec::new());
    let mut frame = vec![0; FRAME_HEAD + chain.size];
    for n in 0..=MOST_FRAMES {
        match from.read_exact(&mut frame) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(_) => {
                troubles.add(UNREADABLE, 0);
                break;
            }
        }
        // What does not follow is the rest of an older or the start of an unfinished round.
        let Some((page, is_commit)) = chain.follow(&frame) else { break };
        if n == MOST_FRAMES {
            troubles.add(LONG, 0);
            break;
        }
        open.push((page, HEAD as u64 + n * frame.len() as u64));
        if is_commit {
            frames.extend(open.drain(..));
        }
    }
    frames
}

/// The running checksum that ties frames to the log's head and to each other.
struct Chain {
    size: usize,
    salts: [u8; 8],
    sum: (u32, u32),
    number: fn([u8; 4]) -> u32,
}

impl Chain {
    fn begin(head: &[u8; HEAD], size: usize) -> Result<Self, Fault> {
        let field = |n: usize| word(head, n).ok_or(DAMAGED);
        let magic = field(0)?;
        if magic & !1 != MAGIC {
            return Err(DAMAGED);
        }
        let number = if magic & 1 == 1 { u32::from_be_bytes } else { u32::from_le_bytes };
        let salts = head[16..24].try_into().expect("eight bytes");
        let mut chain = Self { size, salts, sum: (0, 0), number };
        chain.add(&head[..24]);
        if chain.sum != (field(6)?, field(7)?) || field(2)? as usize != size {
            return Err(DAMAGED);
        }
        if field(1)? != VERSION {
            return Err(LATER);
        }
        Ok(chain)
    }

    /// The page of `frame` and whether it ends a commit, if the frame is the next of the chain.
    fn follow(&mut self, frame: &[u8]) -> Option<(u32, bool)> {
        let (head, page) = frame.split_at_checked(FRAME_HEAD)?;
        let number = word(head, 0).filter(|&number| number > 0)?;
        if head[8..16] != self.salts {
            return None;
        }
        self.add(&head[..8]);
        self.add(page);
        let holds = (word(head, 4)?, word(head, 5)?) == self.sum;
        holds.then_some((number, word(head, 1)? > 0))
    }

    fn add(&mut self, bytes: &[u8]) {
        let (words, _) = bytes.as_chunks::<4>();
        let (pairs, _) = words.as_chunks::<2>();
        for &[first, second] in pairs {
            let (mut a, mut b) = self.sum;
            a = a.wrapping_add((self.number)(first)).wrapping_add(b);
            b = b.wrapping_add((self.number)(second)).wrapping_add(a);
            self.sum = (a, b);
        }
    }
}

/// The `n`th number of four bytes.
fn word(bytes: &[u8], n: usize) -> Option<u32> {
    bytes.as_chunks::<4>().0.get(n).map(|&four| u32::from_be_bytes(four))
}
