//! Tables that grow while a TOML text is read, and the tree that they make at last.

use std::collections::HashMap;
use std::ops::Range;

use crate::read::{Entry, Node, Value};

/// A name, and where it stands.
pub(super) struct Name {
    pub(super) text: String,
    pub(super) at: Range<usize>,
}

/// Which table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Table(usize);

enum Slot {
    Value(Node),
    Table(usize),
    Tables(Vec<usize>),
}

struct Rows {
    span: Range<usize>,
    rows: Vec<(Name, Slot)>,
    /// The last row of each name: a search through the rows would take quadratic time.
    last: HashMap<String, usize>,
}

/// All tables of a text.
pub(super) struct Tables(Vec<Rows>);

impl Tables {
    /// One table, with nothing in it.
    pub(super) fn new(span: Range<usize>) -> (Self, Table) {
        let mut all = Self(Vec::new());
        let root = all.add(span);
        (all, Table(root))
    }

    fn add(&mut self, span: Range<usize>) -> usize {
        self.0.push(Rows { span, rows: Vec::new(), last: HashMap::new() });
        self.0.len() - 1
    }

    fn slot(&mut self, table: Table, name: &str) -> Option<&mut Slot> {
        let Table(table) = table;
        let rows = self.0.get_mut(table)?;
        let row = *rows.last.get(name)?;
        rows.rows.get_mut(row).map(|(_, slot)| slot)
    }

    fn put(&mut self, table: Table, name: Name, slot: Slot) {
        let Table(table) = table;
        if let Some(rows) = self.0.get_mut(table) {
            rows.last.insert(name.text.clone(), rows.rows.len());
            rows.rows.push((name, slot));
        }
    }

    /// Puts a value into a table; whether its name was free.
    pub(super) fn set(&mut self, table: Table, name: Name, node: Node) -> bool {
        let free = self.slot(table, &name.text).is_none();
        self.put(table, name, Slot::Value(node));
        free
    }

    /// Whether that name stands for what is no table.
    pub(super) fn is_value(&mut self, table: Table, name: &str) -> bool {
        matches!(self.slot(table, name), Some(Slot::Value(_)))
    }

    /// The table of that name in `table`, the last one if there is a list of them; it is made if there is
    /// none.
    pub(super) fn inner(&mut self, table: Table, name: Name) -> Table {
        let known = match self.slot(table, &name.text) {
            Some(Slot::Table(inner)) => Some(*inner),
            Some(Slot::Tables(all)) => all.last().copied(),
            _ => None,
        };
        let Some(known) = known else {
            let inner = self.add(name.at.clone());
            self.put(table, name, Slot::Table(inner));
            return Table(inner);
        };
        Table(known)
    }

    /// A new table at the end of the list of that name in `table`.
    pub(super) fn push(&mut self, table: Table, name: Name, span: Range<usize>) -> Table {
        let inner = self.add(span);
        match self.slot(table, &name.text) {
            Some(Slot::Tables(all)) => all.push(inner),
            _ => self.put(table, name, Slot::Tables(vec![inner])),
        }
        Table(inner)
    }

    /// Makes the span of a table hold `span`.
    pub(super) fn widen(&mut self, table: Table, span: &Range<usize>) {
        let Table(table) = table;
        if let Some(rows) = self.0.get_mut(table) {
            widen(&mut rows.span, span);
        }
    }

    /// The tree of a table; it holds no more levels than the paths that were asked for.
    pub(super) fn node(&mut self, table: Table) -> Node {
        let Table(table) = table;
        let Some(rows) = self.0.get_mut(table) else {
            return Node { span: 0..0, value: Value::Map(Vec::new()) };
        };
        let (mut span, rows) = (rows.span.clone(), std::mem::take(&mut rows.rows));
        let entries = rows.into_iter().map(|(Name { text, at }, slot)| {
            let node = match slot {
                Slot::Value(node) => node,
                Slot::Table(inner) => self.node(Table(inner)),
                Slot::Tables(all) => self.list(&all, &at),
            };
            widen(&mut span, &at);
            widen(&mut span, &node.span);
            Entry { name: text, at, node }
        });
        let value = Value::Map(entries.collect());
        Node { span, value }
    }

    fn list(&mut self, all: &[usize], at: &Range<usize>) -> Node {
        let nodes: Vec<_> = all.iter().map(|&inner| self.node(Table(inner))).collect();
        let mut span = nodes.first().map_or(at.clone(), |node| node.span.clone());
        nodes.iter().for_each(|node| widen(&mut span, &node.span));
        Node { span, value: Value::List(nodes) }
    }
}

fn widen(span: &mut Range<usize>, by: &Range<usize>) {
    *span = span.start.min(by.start)..span.end.max(by.end);
}
