//! The content of a row: what stands in its page, and the pages that hold the rest.

use std::ops::Range;

use super::pages::Pages;
use super::trouble::Fault;

const BROKEN: Fault = Fault::damaged("a long row breaks off");

/// Bytes of an overflow page before its content: the number of the next.
const NEXT: usize = 4;

/// The content of a row.
pub(super) struct Payload<'r> {
    /// What stands in the row's own page.
    pub(super) local: &'r [u8],
    /// Where: the number of the page, and how far in.
    pub(super) place: (u32, usize),
    /// How many bytes there are in all.
    pub(super) length: u64,
    /// The pages that hold the rest.
    pub(super) rest: Rest,
}

/// The chain of overflow pages, as far as it was followed.
#[derive(Default)]
pub(super) struct Rest {
    next: u32,
    known: Vec<u32>,
    open: Option<usize>,
    page: Vec<u8>,
}

impl Rest {
    /// A chain that begins with the page `first`; 0 if there is none.
    pub(super) fn from(first: u32) -> Self {
        Self { next: first, ..Self::default() }
    }

    /// The content of the `n`th page.
    fn page(&mut self, n: usize, pages: &mut Pages<'_>) -> Result<&[u8], Fault> {
        while self.known.len() <= n {
            if self.next == 0 {
                return Err(BROKEN);
            }
            self.open = None;
            let next = std::mem::take(&mut self.next);
            pages.take(next, &mut self.page)?;
            self.open = Some(self.known.len());
            self.known.push(next);
            self.next = self.page.first_chunk().map_or(0, |four| u32::from_be_bytes(*four));
        }
        if self.open != Some(n) {
            self.open = None;
            pages.read(*self.known.get(n).ok_or(BROKEN)?, &mut self.page)?;
            self.open = Some(n);
        }
        self.page.get(NEXT..).ok_or(BROKEN)
    }
}

impl Payload<'_> {
    /// Puts the bytes `span` into `into`; if not all can be read, those before the damage.
    pub(super) fn read(
        &mut self,
        span: Range<u64>,
        pages: &mut Pages<'_>,
        into: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        into.clear();
        let mut at = span.start;
        let end = span.end.min(self.length);
        while at < end {
            let from = self.piece(at, pages)?;
            let piece = &from[..from.len().min(usize::try_from(end - at).unwrap_or(usize::MAX))];
            into.extend_from_slice(piece);
            at += piece.len() as u64;
        }
        if at < span.end { Err(BROKEN) } else { Ok(()) }
    }

    /// What lies together from `at` on; never nothing.
    fn piece(&mut self, at: u64, pages: &mut Pages<'_>) -> Result<&[u8], Fault> {
        let Some(behind) = at.checked_sub(self.local.len() as u64) else {
            let at = usize::try_from(at).map_err(|_| BROKEN)?;
            return self.local.get(at..).ok_or(BROKEN);
        };
        let (n, within) = split(behind, pages.usable).ok_or(BROKEN)?;
        let piece = self.rest.page(n, pages)?.get(within..).unwrap_or_default();
        if piece.is_empty() { Err(BROKEN) } else { Ok(piece) }
    }

    /// Where the byte `at`, which was read, stands in the file; 0 if it was taken from the log.
    pub(super) fn offset(&self, at: u64, pages: &Pages<'_>) -> u64 {
        let (page, before) = self.place;
        let Some(behind) = at.checked_sub(self.local.len() as u64) else {
            return pages.offset(page, before.saturating_add(at as usize));
        };
        let page = split(behind, pages.usable)
            .and_then(|(n, within)| Some((*self.rest.known.get(n)?, NEXT + within)));
        page.map_or(0, |(page, within)| pages.offset(page, within))
    }
}

/// In which overflow page a byte lies and how far in, by how many lie before it.
fn split(before: u64, usable: usize) -> Option<(usize, usize)> {
    let room = (usable - NEXT) as u64;
    Some((usize::try_from(before / room).ok()?, (before % room) as usize))
}
