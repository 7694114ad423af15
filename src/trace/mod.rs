//! Known values, in whatever form they stand in a text.

use std::ops::Range;

use crate::model::Layer;

/// A value to look for.
pub struct Wanted<'a> {
    /// What hits call it.
    pub id: u32,
    /// It.
    pub value: &'a [u8],
    /// Nobody can guess it.
    pub rare: bool,
}

/// Looks for known values.
pub struct Tracer {
    all: Vec<(u32, zeroize::Zeroizing<Vec<u8>>)>,
}

/// A known value in a text.
pub struct Hit {
    /// Which.
    pub id: u32,
    /// Where.
    pub range: Range<usize>,
    /// In what form.
    pub layers: Vec<Layer>,
}

impl Tracer {
    /// Looks for these.
    pub fn new(wanted: &[Wanted<'_>]) -> Self {
        Self {
            all: wanted
                .iter()
                .filter(|w| w.value.len() > 7)
                .map(|w| (w.id, w.value.to_vec().into()))
                .collect(),
        }
    }

    /// There is nothing to look for.
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Tells every place of every value.
    pub fn search(&self, text: &[u8], hit: &mut dyn FnMut(Hit)) {
        for (id, value) in &self.all {
            for at in memchr::memmem::find_iter(text, &value[..]) {
                hit(Hit { id: *id, range: at..at + value.len(), layers: Vec::new() });
            }
        }
    }
}
