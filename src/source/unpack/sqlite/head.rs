//! The first hundred bytes of a database: how the rest is laid out.

use super::text::Encoding;
use super::trouble::{Fault, Kind};

/// How many bytes the head has.
pub(super) const LENGTH: usize = 100;

const SHORT: Fault = Fault::damaged("the database is shorter than its head");
const SIZE: Fault = Fault::damaged("the head names no valid page size");
const ENCODING: Fault = Fault::damaged("the head names no valid text encoding; UTF-8 is assumed");
const ENCRYPTED: Fault =
    Fault::new(Kind::Encrypted, "only the head is that of a database: it seems to be encrypted");
const LATER: Fault =
    Fault::new(Kind::Unsupported, "a later version of the format; it may not have been read whole");

/// The latest version of the format for readers: that with a write-ahead log.
const LATEST: u8 = 2;

/// Least bytes of a page that SQLite itself requires.
const LEAST_USABLE: usize = 480;

/// How many bytes a page has, by the first bytes of a database.
pub(super) fn page_size(head: &[u8]) -> Result<usize, Fault> {
    let &[high, low] = head.get(16..18).ok_or(SHORT)? else { return Err(SHORT) };
    match u16::from_be_bytes([high, low]) {
        1 => Ok(1 << 16),
        size if size >= 512 && size.is_power_of_two() => Ok(usize::from(size)),
        _ => Err(SIZE),
    }
}

/// What the first page says about all others.
pub(super) struct Head {
    /// How many bytes at the start of a page the database uses.
    pub(super) usable: usize,
    /// How texts are written.
    pub(super) encoding: Encoding,
    /// What is odd about it.
    pub(super) fault: Option<Fault>,
}

impl Head {
    /// Reads the whole first page.
    pub(super) fn read(page: &[u8]) -> Result<Self, Fault> {
        let at = |place: usize| page.get(place).copied().ok_or(SHORT);
        let number = |place: usize| {
            let four = page.get(place..).and_then(|rest| rest.first_chunk::<4>());
            four.map(|four| u32::from_be_bytes(*four)).ok_or(SHORT)
        };
        let encoding = number(56)?;
        let known = Encoding::numbered(encoding);
        let is_tree = matches!(at(LENGTH)?, 2 | 5 | 10 | 13);
        if known.is_none() && number(44)? > 4 && !is_tree {
            return Err(ENCRYPTED);
        }
        let usable = page.len() - usize::from(at(20)?).min(page.len());
        if usable < LEAST_USABLE {
            return Err(SIZE);
        }
        let later = (at(19)? > LATEST).then_some(LATER);
        let fault = if known.is_none() { Some(ENCODING) } else { later };
        Ok(Self { usable, encoding: known.unwrap_or(Encoding::Utf8), fault })
    }
}
