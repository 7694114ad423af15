//! Entries of frameworks as small values: a set of them is one number.

use crate::standards::book::{Entry, Framework, book};

/// The entry of a framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub(super) u8);

impl EntryId {
    /// It as reports write it: `owasp-nhi-2025:NHI9`.
    pub fn text(self) -> &'static str {
        &self.entry().text
    }

    /// The entry itself.
    pub fn entry(self) -> &'static Entry {
        &book().entries[usize::from(self.0)]
    }

    /// The framework that it stands in.
    pub fn framework(self) -> &'static Framework {
        &book().frameworks[self.entry().framework]
    }

    /// The entry that reports write as `text`.
    pub fn of_text(text: &str) -> Option<Self> {
        book().id(text)
    }
}

/// A set of entries, sorted by their texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ids(u128);

impl Ids {
    /// How many entries there can be.
    pub(super) const MOST: usize = 128;

    /// The entries that reports write as `texts`; texts that no framework has are passed over.
    pub fn of_texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        texts.into_iter().filter_map(|text| EntryId::of_text(text.as_ref())).collect()
    }

    /// All entries of both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The entries, in the order of their texts.
    pub fn iter(self) -> impl Iterator<Item = EntryId> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = left.trailing_zeros();
            (next < u128::BITS).then(|| {
                left &= left - 1;
                // Below 128, so that it fits.
                EntryId(next as u8)
            })
        })
    }

    /// The entries as reports write them, sorted.
    pub fn texts(self) -> Vec<String> {
        self.iter().map(|id| id.text().to_owned()).collect()
    }
}

impl FromIterator<EntryId> for Ids {
    fn from_iter<I: IntoIterator<Item = EntryId>>(ids: I) -> Self {
        ids.into_iter().fold(Self::default(), |all, id| Self(all.0 | 1 << id.0))
    }
}
