//! The rows of a table: a tree of pages walked from its root.

use super::page::{Found, Page};
use super::pages::Pages;
use super::payload::{Payload, Rest};
use super::trouble::Fault;

/// The deepest tree that SQLite itself follows.
const DEEPEST: u8 = 20;

const DEEP: Fault = Fault::damaged("the tree of a table is too deep");
const MIXED: Fault = Fault::damaged("a page belongs to another sort of table");

/// A row.
pub(super) struct Row<'r> {
    /// Its rowid, if its table has such.
    pub(super) id: Option<i64>,
    /// The number of its page.
    pub(super) page: u32,
    /// What it holds.
    pub(super) payload: Payload<'r>,
}

/// A walk over all rows of a table.
pub(super) struct Rows {
    /// Pages to be read, the next one last, and how deep they lie.
    pending: Vec<(u32, u8)>,
    is_index: Option<bool>,
    page: Page,
    next: usize,
    end: usize,
}

impl Rows {
    /// The rows of the tree with this root.
    pub(super) fn of(root: u32) -> Self {
        Self { pending: vec![(root, 0)], is_index: None, page: Page::none(), next: 0, end: 0 }
    }

    /// The next row. Damage is noted and passed over.
    pub(super) fn next(&mut self, pages: &mut Pages<'_>) -> Option<Row<'_>> {
        let found = self.find(pages)?;
        let (page, at) = (self.page.number, found.local.start);
        let local = self.page.bytes.get(found.local)?;
        let rest = Rest::from(found.rest);
        let payload = Payload { local, place: (page, at), length: found.length, rest };
        Some(Row { id: found.id, page, payload })
    }

    fn find(&mut self, pages: &mut Pages<'_>) -> Option<Found> {
        loop {
            while self.next < self.end {
                self.next += 1;
                match self.page.row(self.next - 1) {
                    Ok(found) => return Some(found),
                    Err(fault) => pages.troubles.add(fault, self.page.number),
                }
            }
            let (number, depth) = self.pending.pop()?;
            if let Err(fault) = self.open(number, depth, pages) {
                pages.troubles.add(fault, number);
            }
        }
    }

    fn open(&mut self, number: u32, depth: u8, pages: &mut Pages<'_>) -> Result<(), Fault> {
        (self.next, self.end) = (0, 0);
        if depth > DEEPEST {
            return Err(DEEP);
        }
        let sort = self.page.open(number, pages)?;
        if *self.is_index.get_or_insert(sort.is_index) != sort.is_index {
            return Err(MIXED);
        }
        if !sort.is_leaf {
            for n in (0..=self.page.count).rev() {
                match self.page.child(n) {
                    Ok(child) => self.pending.push((child, depth + 1)),
                    Err(fault) => pages.troubles.add(fault, number),
                }
            }
        }
        // In the tree of an index rows also stand between the pages below.
        self.end = if sort.is_leaf || sort.is_index { self.page.count } else { 0 };
        Ok(())
    }
}
