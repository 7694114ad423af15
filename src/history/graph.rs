//! The commits of a repository, parents before children.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::history::by_id::ById;
use crate::history::objects::Row;
use crate::model::ObjectId;

/// Commits by their place in an order in which each stands behind its parents and, where that leaves a
/// choice, behind older ones.
pub(super) struct Graph {
    rows: Vec<Row>,
    parents: Vec<Vec<u32>>,
    places: ById<u32>,
}

impl Graph {
    /// Puts `rows` in order. Of commits that claim to be their own ancestors the order is arbitrary.
    pub(super) fn of(rows: Vec<Row>) -> Self {
        let known: ById<usize> = rows.iter().enumerate().map(|(n, row)| (row.id, n)).collect();
        let mut missing: Vec<usize> = Vec::with_capacity(rows.len());
        let mut children = vec![Vec::new(); rows.len()];
        for (n, row) in rows.iter().enumerate() {
            let parents = row.parents.iter().filter_map(|id| known.get(id));
            missing.push(parents.clone().count());
            parents.for_each(|&parent| children[parent].push(n));
        }
        let key = |n: usize| Reverse((rows[n].time, rows[n].id, n));
        let mut ready: BinaryHeap<_> =
            (0..rows.len()).filter(|&n| missing[n] == 0).map(key).collect();
        let mut order = Vec::with_capacity(rows.len());
        while let Some(Reverse((_, _, n))) = ready.pop() {
            order.push(n);
            for &child in &children[n] {
                missing[child] -= 1;
                if missing[child] == 0 {
                    ready.push(key(child));
                }
            }
        }
        order.extend((0..rows.len()).filter(|&n| missing[n] > 0));
        Self::ordered(rows, &order)
    }

    fn ordered(rows: Vec<Row>, order: &[usize]) -> Self {
        let mut taken: Vec<Option<Row>> = rows.into_iter().map(Some).collect();
        let rows: Vec<Row> = order.iter().filter_map(|&n| taken[n].take()).collect();
        let places: ById<u32> =
            rows.iter().enumerate().map(|(n, row)| (row.id, n as u32)).collect();
        let before = |n: usize, row: &Row| {
            let places = row.parents.iter().filter_map(|id| places.get(id).copied());
            places.filter(|&parent| (parent as usize) < n).collect()
        };
        let parents = rows.iter().enumerate().map(|(n, row)| before(n, row)).collect();
        Self { rows, parents, places }
    }

    /// The commits in order.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The parents of commit `n` that are there.
    pub(super) fn parents(&self, n: usize) -> &[u32] {
        &self.parents[n]
    }

    /// The place of a commit.
    pub(super) fn place(&self, id: &ObjectId) -> Option<usize> {
        self.places.get(id).map(|&n| n as usize)
    }

    /// The commits that are reached from `tips`, a flag each.
    pub(super) fn reached(&self, tips: impl IntoIterator<Item = ObjectId>) -> Vec<bool> {
        let mut reached = vec![false; self.rows.len()];
        tips.into_iter().filter_map(|id| self.place(&id)).for_each(|n| reached[n] = true);
        for n in (0..self.rows.len()).rev() {
            if reached[n] {
                self.parents[n].iter().for_each(|&parent| reached[parent as usize] = true);
            }
        }
        reached
    }

    /// Parents that reached commits name and that are not there; those that are `cut` off need not be.
    pub(super) fn missing(&self, reached: &[bool], cut: impl Fn(&Row) -> bool) -> Vec<ObjectId> {
        let rows = self.rows.iter().zip(reached).filter(|(_, reached)| **reached);
        let parents = rows.filter(|(row, _)| !cut(row)).flat_map(|(row, _)| &row.parents);
        parents.filter(|id| !self.places.contains_key(id)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;
    use crate::history::objects::Row;
    use crate::model::ObjectId;

    fn id(n: u8) -> ObjectId {
        ObjectId::from_bytes(&[n; 20]).expect("twenty bytes")
    }

    fn row(n: u8, parents: &[u8], time: i64) -> Row {
        Row { id: id(n), tree: id(0), parents: parents.iter().map(|&p| id(p)).collect(), time }
    }

    #[test]
    fn parents_come_first_whatever_the_clocks_say_and_circles_end() {
        let rows = [row(1, &[2], 5), row(2, &[3, 4], 90), row(3, &[], 80), row(4, &[9], 70)];
        let graph = Graph::of(rows.to_vec());
        let order: Vec<u8> = graph.rows().iter().map(|row| row.id.as_bytes()[0]).collect();
        assert_eq!(order, [4, 3, 2, 1]);
        let reached = graph.reached([id(2)]);
        assert_eq!(reached, [true, true, true, false]);
        assert_eq!(graph.missing(&reached, |_| false), [id(9)]);
        let circle = Graph::of(vec![row(1, &[2], 1), row(2, &[1], 1)]);
        assert_eq!(circle.rows().len(), 2);
    }
}
