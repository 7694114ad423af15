//! Sets that many things share: each is kept once and called by a number.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Values called by number, in the order in which they came.
pub(super) struct Names<T> {
    numbers: HashMap<Arc<T>, u32>,
    values: Vec<Arc<T>>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), values: Vec::new() }
    }
}

impl<T: Hash + Eq> Names<T> {
    /// The number of `value`.
    pub(super) fn number(&mut self, value: T) -> u32 {
        if let Some(&known) = self.numbers.get(&value) {
            return known;
        }
        let (number, value) = (self.values.len() as u32, Arc::new(value));
        self.values.push(Arc::clone(&value));
        self.numbers.insert(value, number);
        number
    }

    /// The value of a number that was given out.
    pub(super) fn value(&self, number: u32) -> &T {
        &self.values[number as usize]
    }

    /// Every value, in order.
    pub(super) fn values(&self) -> impl ExactSizeIterator<Item = &T> {
        self.values.iter().map(AsRef::as_ref)
    }
}

/// Sets of numbers; number 0 is the empty one.
pub(super) struct Sets {
    names: Names<Vec<u32>>,
    unions: HashMap<(u32, u32), u32>,
}

impl Default for Sets {
    fn default() -> Self {
        let mut names = Names::default();
        names.number(Vec::new());
        Self { names, unions: HashMap::new() }
    }
}

impl Sets {
    /// The empty set.
    pub(super) const EMPTY: u32 = 0;

    /// The set of `members`, in any order.
    pub(super) fn of(&mut self, mut members: Vec<u32>) -> u32 {
        members.sort_unstable();
        members.dedup();
        self.names.number(members)
    }

    /// What is in a set, ascending.
    pub(super) fn members(&self, set: u32) -> &[u32] {
        self.names.value(set)
    }

    /// The set of what is in either.
    pub(super) fn union(&mut self, a: u32, b: u32) -> u32 {
        if a == b || b == Self::EMPTY {
            return a;
        }
        if a == Self::EMPTY {
            return b;
        }
        let pair = (a.min(b), a.max(b));
        if let Some(&known) = self.unions.get(&pair) {
            return known;
        }
        let union = self.of([self.members(a), self.members(b)].concat());
        self.unions.insert(pair, union);
        union
    }
}

#[cfg(test)]
mod tests {
    use super::Sets;

    #[test]
    fn equal_sets_have_one_number() {
        let mut sets = Sets::default();
        let (a, b) = (sets.of(vec![3, 1, 3]), sets.of(vec![2]));
        let both = sets.union(a, b);
        assert_eq!(sets.members(both), [1, 2, 3]);
        assert_eq!(both, sets.of(vec![1, 2, 3]));
        assert_eq!(sets.union(both, a), both);
        assert_eq!(sets.union(Sets::EMPTY, a), a);
    }
}
