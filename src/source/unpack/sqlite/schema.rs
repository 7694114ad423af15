//! The tables of a database, as its first page lists them.

use super::pages::Pages;
use super::record::Record;
use super::rows::Row;
use super::trouble::Fault;

/// The most bytes of a table's statement that are read for the names of its columns.
const LONGEST_STATEMENT: u64 = 256 << 10;

/// The most bytes of a table's or a column's name that are used.
pub(super) const LONGEST_NAME: usize = 200;

/// A table.
pub(super) struct Table {
    /// Its name.
    pub(super) name: String,
    /// The page where its rows begin.
    pub(super) root: u32,
    /// The statement that made it.
    pub(super) statement: String,
}

impl Table {
    /// The table that a row of the schema tells of; `None` if it tells of something else, of a table that
    /// has no rows of its own, or of one that SQLite keeps for itself.
    pub(super) fn of(row: Row<'_>, pages: &mut Pages<'_>) -> Result<Option<Self>, Fault> {
        let mut record = Record::read(row.payload, pages)?;
        if record.text(0, 16, pages).is_none_or(|sort| sort != "table") {
            return Ok(None);
        }
        let Some(root) = record.page(3, pages) else { return Ok(None) };
        let mut name = record.text(1, 2 * LONGEST_NAME as u64, pages).unwrap_or_default();
        if name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_")) {
            return Ok(None);
        }
        shorten(&mut name);
        let statement = record.text(4, LONGEST_STATEMENT, pages).unwrap_or_default();
        Ok(Some(Self { name, root, statement }))
    }
}

/// Cuts a name to what is used of it.
pub(super) fn shorten(name: &mut String) {
    name.truncate(name.floor_char_boundary(LONGEST_NAME));
}
