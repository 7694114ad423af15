//! Visits the values of all rows.

use std::ops::ControlFlow;

use super::columns::Columns;
use super::pages::Pages;
use super::record::{Record, Sort, Value};
use super::rows::{Row, Rows};
use super::schema::Table;
use super::trouble::{Fault, Kind};
use super::{Cell, Limits, SHORTEST};

/// The longest text that a row is called by, in bytes.
const LONGEST_KEY: usize = 200;

const LONG: Fault =
    Fault::new(Kind::Limit, "a value is longer than is read; only its first part was read");

/// A visit to all values.
pub(super) struct Cells<'v> {
    limit: u64,
    visit: &'v mut dyn FnMut(Cell<'_>) -> ControlFlow<()>,
    bytes: Vec<u8>,
    name: String,
}

impl<'v> Cells<'v> {
    /// A visit that has not begun.
    pub(super) fn new(
        limits: &Limits,
        visit: &'v mut dyn FnMut(Cell<'_>) -> ControlFlow<()>,
    ) -> Self {
        Self { limit: limits.cell, visit, bytes: Vec::new(), name: String::new() }
    }

    /// Visits the values of all tables.
    pub(super) fn visit_all(&mut self, pages: &mut Pages<'_>) -> ControlFlow<()> {
        let mut schema = Rows::of(1);
        while let Some(row) = schema.next(pages) {
            let page = row.page;
            match Table::of(row, pages) {
                Ok(Some(table)) => self.visit_table(&table, pages)?,
                Ok(None) => {}
                Err(fault) => pages.troubles.add(fault, page),
            }
        }
        ControlFlow::Continue(())
    }

    fn visit_table(&mut self, table: &Table, pages: &mut Pages<'_>) -> ControlFlow<()> {
        let mut rows = Rows::of(table.root);
        let (mut columns, mut count) = (None, 0_u64);
        while let Some(row) = rows.next(pages) {
            let is_index = row.id.is_none();
            count += 1;
            let columns =
                columns.get_or_insert_with(|| Columns::read(&table.statement).stored(is_index));
            self.name.clear();
            self.name.push_str(&table.name);
            self.visit_row(row, (columns, count), pages)?;
        }
        ControlFlow::Continue(())
    }

    fn visit_row(
        &mut self,
        row: Row<'_>,
        (columns, count): (&[String], u64),
        pages: &mut Pages<'_>,
    ) -> ControlFlow<()> {
        let (id, page) = (row.id, row.page);
        let read = Record::read(row.payload, pages);
        let tell = |fault: &Fault| pages.troubles.add(*fault, page);
        let Ok(mut record) = read.inspect_err(tell) else { return ControlFlow::Continue(()) };
        let values = std::mem::take(&mut record.values);
        let mut wanted = values.iter().enumerate().filter(|(_, value)| is_wanted(value)).peekable();
        if wanted.peek().is_none() {
            return ControlFlow::Continue(());
        }
        let number = || id.map_or_else(|| count.to_string(), |id| id.to_string());
        let key = self.key(&mut record, &values, pages).unwrap_or_else(number);
        self.name.extend(["/", &key, "/"]);
        let row = self.name.len();
        for (n, value) in wanted {
            self.name.truncate(row);
            let column = columns.get(n).cloned().unwrap_or_else(|| (n + 1).to_string());
            self.name.push_str(&column);
            self.visit_value(value, &mut record, pages)?;
        }
        ControlFlow::Continue(())
    }

    /// The first short text of a row.
    fn key(
        &mut self,
        record: &mut Record<'_>,
        values: &[Value],
        pages: &mut Pages<'_>,
    ) -> Option<String> {
        let most = pages.encoding.most_bytes(LONGEST_KEY);
        for value in values.iter().filter(|v| v.sort == Sort::Text && v.length() <= most) {
            let read = record.payload.read(value.first(most), pages, &mut self.bytes);
            pages.encoding.decode(&mut self.bytes);
            if read.is_ok() && (1..=LONGEST_KEY).contains(&self.bytes.len()) {
                return Some(String::from_utf8_lossy(&self.bytes).into_owned());
            }
        }
        None
    }

    fn visit_value(
        &mut self,
        value: &Value,
        record: &mut Record<'_>,
        pages: &mut Pages<'_>,
    ) -> ControlFlow<()> {
        let page = record.payload.place.0;
        if let Err(fault) = record.payload.read(value.first(self.limit), pages, &mut self.bytes) {
            pages.troubles.add(fault, page);
        } else if value.length() > self.limit {
            pages.troubles.add(LONG, page);
        }
        let offset = record.payload.offset(value.span.start, pages);
        if value.sort == Sort::Text {
            pages.encoding.decode(&mut self.bytes);
        }
        if (self.bytes.len() as u64) < SHORTEST {
            return ControlFlow::Continue(());
        }
        (self.visit)(Cell { name: &self.name, bytes: &self.bytes, offset })
    }
}

fn is_wanted(value: &Value) -> bool {
    value.sort != Sort::Other && value.length() >= SHORTEST
}
