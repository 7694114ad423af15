//! A row told into its values.

use std::ops::Range;

use super::pages::Pages;
use super::payload::Payload;
use super::trouble::Fault;
use super::varint::varint;

/// The longest list of values, in bytes: SQLite allows no table of more than 32767 columns.
const LONGEST: u64 = 9 + 9 * 32_767;

const DAMAGED: Fault = Fault::damaged("the head of a row is damaged");

/// The sorts of value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Text,
    Blob,
    /// A number, or nothing.
    Other,
}

/// A value of a row.
pub(super) struct Value {
    /// Of which sort it is.
    pub(super) sort: Sort,
    /// Where it stands in the row.
    pub(super) span: Range<u64>,
}

impl Value {
    fn of(code: u64, at: u64) -> Option<Self> {
        let (sort, length) = match code {
            0 | 8 | 9 => (Sort::Other, 0),
            1..=4 => (Sort::Other, code),
            5 => (Sort::Other, 6),
            6 | 7 => (Sort::Other, 8),
            10 | 11 => return None,
            _ if code.is_multiple_of(2) => (Sort::Blob, (code - 12) / 2),
            _ => (Sort::Text, (code - 13) / 2),
        };
        Some(Self { sort, span: at..at.checked_add(length)? })
    }

    /// How many bytes it has.
    pub(super) fn length(&self) -> u64 {
        self.span.end - self.span.start
    }

    /// Where its first `most` bytes stand.
    pub(super) fn first(&self, most: u64) -> Range<u64> {
        self.span.start..self.span.start + self.length().min(most)
    }
}

/// A row and its values.
pub(super) struct Record<'r> {
    /// The row's bytes.
    pub(super) payload: Payload<'r>,
    /// Its values in the order in which they are stored.
    pub(super) values: Vec<Value>,
}

impl<'r> Record<'r> {
    /// Reads the list of values at the start of a row.
    pub(super) fn read(mut payload: Payload<'r>, pages: &mut Pages<'_>) -> Result<Self, Fault> {
        let mut head = Vec::new();
        payload.read(0..payload.length.min(9), pages, &mut head)?;
        let (length, mut at) = varint(&head).ok_or(DAMAGED)?;
        if length > LONGEST.min(payload.length) {
            return Err(DAMAGED);
        }
        payload.read(0..length, pages, &mut head)?;
        let (mut values, mut start) = (Vec::new(), length);
        while at < head.len() {
            let (code, taken) = head.get(at..).and_then(varint).ok_or(DAMAGED)?;
            let value = Value::of(code, start).ok_or(DAMAGED)?;
            (at, start) = (at + taken, value.span.end);
            values.push(value);
        }
        Ok(Self { payload, values })
    }

    /// The first `most` bytes of the `n`th value as UTF-8, if it is a text.
    pub(super) fn text(&mut self, n: usize, most: u64, pages: &mut Pages<'_>) -> Option<String> {
        let value = self.values.get(n).filter(|value| value.sort == Sort::Text)?;
        let mut text = Vec::new();
        self.payload.read(value.first(most), pages, &mut text).ok()?;
        pages.encoding.decode(&mut text);
        Some(String::from_utf8_lossy(&text).into_owned())
    }

    /// The `n`th value, if it is a number above zero that a page may have.
    pub(super) fn page(&mut self, n: usize, pages: &mut Pages<'_>) -> Option<u32> {
        let value = self.values.get(n).filter(|value| value.sort == Sort::Other)?;
        let mut bytes = Vec::new();
        self.payload.read(value.first(8), pages, &mut bytes).ok()?;
        if bytes.is_empty() {
            // Root pages 0 and 1 have codes without bytes, and neither is a table's.
            return None;
        }
        let number = bytes.iter().fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
        u32::try_from(number).ok().filter(|&number| number > 0)
    }
}
