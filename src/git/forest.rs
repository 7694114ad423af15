//! The entries of a pack by what they are told from: trees of deltas, each grown from one whole object.

use crate::git::entry::{Held, Kind};
use crate::git::{Damage, Pack};
use crate::model::ObjectId;

/// Every entry of a pack, and which of them change which.
pub struct Forest {
    /// Where each entry begins; they ascend, and an entry is called by its place here.
    offsets: Vec<u64>,
    /// The place of each in the index.
    names: Vec<u32>,
    first_child: Vec<u32>,
    next_sibling: Vec<u32>,
    /// How many entries are told from this one, itself included.
    weights: Vec<u32>,
    roots: Vec<Root>,
    faults: Vec<(u32, Damage)>,
}

/// An entry that is told from nothing else in the pack.
#[derive(Clone, Copy, Debug)]
pub struct Root {
    /// Which entry.
    pub entry: u32,
    /// What it is.
    pub grown: Grown,
}

/// What a root is.
#[derive(Clone, Copy, Debug)]
pub enum Grown {
    /// A whole object.
    Whole(Kind),
    /// A change of an object that is not in this pack.
    Outside(ObjectId),
}

const NONE: u32 = u32::MAX;

impl Forest {
    /// Reads the head of every entry of `pack`.
    pub fn of(pack: &Pack) -> Self {
        let index = pack.index();
        // What has no place in the pack is sought behind its end, and told as damaged.
        let place = |n| (index.offset(n).unwrap_or(u64::MAX), n as u32);
        let mut places: Vec<(u64, u32)> = (0..index.len()).map(place).collect();
        places.sort_unstable();
        let (offsets, names): (Vec<u64>, Vec<u32>) = places.into_iter().unzip();
        let count = offsets.len();
        let mut forest = Self {
            offsets,
            names,
            first_child: vec![NONE; count],
            next_sibling: vec![NONE; count],
            weights: Vec::new(),
            roots: Vec::new(),
            faults: Vec::new(),
        };
        (0..count as u32).for_each(|entry| forest.plant(pack, entry));
        forest.weigh();
        forest
    }

    /// The entries that are told from nothing else here.
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// The entries that lead to no object, and why.
    pub fn faults(&self) -> &[(u32, Damage)] {
        &self.faults
    }

    /// Where `entry` begins.
    pub fn offset(&self, entry: u32) -> u64 {
        self.offsets[entry as usize]
    }

    /// Where the entry behind `entry` begins; none behind the last.
    pub fn end(&self, entry: u32) -> Option<u64> {
        self.offsets.get(entry as usize + 1).copied()
    }

    /// The place of `entry` in the index.
    pub fn name(&self, entry: u32) -> usize {
        self.names[entry as usize] as usize
    }

    /// How many entries are told from `entry`, itself included.
    pub fn weight(&self, entry: u32) -> u32 {
        self.weights[entry as usize]
    }

    /// The entries that change `entry`.
    pub fn children(&self, entry: u32) -> impl Iterator<Item = u32> {
        let known = |entry: u32| (entry != NONE).then_some(entry);
        let first = known(self.first_child[entry as usize]);
        std::iter::successors(first, move |&child| known(self.next_sibling[child as usize]))
    }

    fn plant(&mut self, pack: &Pack, entry: u32) {
        let offset = self.offset(entry);
        let read = pack.entry_at(offset).and_then(|read| {
            let base = match read.held {
                Held::Whole(kind) => return Ok(Err(Grown::Whole(kind))),
                Held::Before(distance) => offset.checked_sub(distance),
                Held::Named(id) => match pack.offset_of(&id) {
                    Some(offset) => Some(offset),
                    None => return Ok(Err(Grown::Outside(id))),
                },
            };
            let base = base.and_then(|base| self.offsets.binary_search(&base).ok());
            base.map(Ok).ok_or(Damage("its base is not in the pack"))
        });
        match read {
            Ok(Ok(base)) => {
                self.next_sibling[entry as usize] = self.first_child[base];
                self.first_child[base] = entry;
            }
            Ok(Err(grown)) => self.roots.push(Root { entry, grown }),
            Err(damage) => self.faults.push((entry, damage)),
        }
    }

    /// Counts what grows from each entry; what no root leads to goes round in circles, or hangs on such.
    fn weigh(&mut self) {
        let mut order: Vec<u32> = self.roots.iter().map(|root| root.entry).collect();
        order.extend(self.faults.iter().map(|(entry, _)| *entry));
        let broken = order.len() - self.faults.len()..order.len();
        let mut parents = vec![NONE; self.offsets.len()];
        let mut reached = vec![false; self.offsets.len()];
        order.iter().for_each(|&entry| reached[entry as usize] = true);
        let mut at = 0;
        while let Some(&entry) = order.get(at) {
            at += 1;
            let mut child = self.first_child[entry as usize];
            while child != NONE {
                parents[child as usize] = entry;
                reached[child as usize] = true;
                order.push(child);
                child = self.next_sibling[child as usize];
            }
        }
        self.weights = vec![1; self.offsets.len()];
        for &entry in order.iter().rev().filter(|entry| parents[**entry as usize] != NONE) {
            self.weights[parents[entry as usize] as usize] += self.weights[entry as usize];
        }
        let lost = (0..reached.len()).filter(|&entry| !reached[entry]);
        let circle = Damage("its chain of bases has no end");
        let lost: Vec<_> = lost.map(|entry| (entry as u32, circle)).collect();
        self.hang(&order[broken]);
        self.faults.extend(lost);
    }

    /// What hangs on a broken entry is broken, too.
    fn hang(&mut self, broken: &[u32]) {
        let mut left = broken.to_vec();
        while let Some(entry) = left.pop() {
            let hanging: Vec<u32> = self.children(entry).collect();
            let damage = Damage("the object that it is told from is damaged");
            self.faults.extend(hanging.iter().map(|&child| (child, damage)));
            left.extend(hanging);
        }
    }
}
