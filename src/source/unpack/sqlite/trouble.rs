//! What is wrong with a database.

use std::fmt;

/// Something of a database that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What it is, without any content: `a row lies outside its page: page 7 (and 2 more)`.
    pub what: String,
    /// Which sort it is of.
    pub kind: Kind,
}

/// The sorts of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is more than is read.
    Limit,
    /// The bytes are not as the format asks, or could not be read.
    Damaged,
    /// It seems to be encrypted behind a plain head.
    Encrypted,
    /// It is written in a later version of the format.
    Unsupported,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// A sort of trouble that may occur in many places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    what: &'static str,
    kind: Kind,
}

impl Fault {
    /// Damage, in words.
    pub(super) const fn damaged(what: &'static str) -> Self {
        Self { what, kind: Kind::Damaged }
    }

    /// Trouble of another sort, in words.
    pub(super) const fn new(kind: Kind, what: &'static str) -> Self {
        Self { what, kind }
    }

    /// It as trouble of the database as a whole.
    pub(super) fn trouble(self) -> Trouble {
        Trouble { what: self.what.to_owned(), kind: self.kind }
    }
}

/// All trouble of a database: each sort once, with the page where it was first met.
#[derive(Default)]
pub(super) struct Troubles(Vec<(Fault, u32, u64)>);

impl Troubles {
    /// Notes that `fault` was met on the page with this number; 0 stands for no page in particular.
    pub(super) fn add(&mut self, fault: Fault, page: u32) {
        match self.0.iter_mut().find(|(known, ..)| *known == fault) {
            Some((_, _, times)) => *times = times.saturating_add(1),
            None => self.0.push((fault, page, 1)),
        }
    }

    /// They in the order in which they were met.
    pub(super) fn list(&self) -> Vec<Trouble> {
        let tell = |&(fault, page, times): &(Fault, u32, u64)| {
            let place = if page > 0 { format!(": page {page}") } else { String::new() };
            let more = if times > 1 { format!(" (and {} more)", times - 1) } else { String::new() };
            Trouble { what: format!("{}{place}{more}", fault.what), kind: fault.kind }
        };
        self.0.iter().map(tell).collect()
    }
}
