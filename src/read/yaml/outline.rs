//! Maps and lists that are open while lines are read, by their indentation.

use std::ops::Range;

use crate::read::flaws::Flaws;
use crate::read::{DEEPEST, Entry, Node, Value};

const INDENT: &str = "a line is indented otherwise than those around it";

struct Open {
    /// The column of its names or dashes.
    indent: usize,
    span: Range<usize>,
    body: Body,
}

enum Body {
    /// Entries, and the name that has no value yet.
    Map(Vec<Entry>, Option<(String, Range<usize>)>),
    /// Values, and the dash that has none yet.
    List(Vec<Node>, Option<Range<usize>>),
}

/// What is open, from the outermost to the innermost.
#[derive(Default)]
pub(super) struct Outline {
    open: Vec<Open>,
    documents: Vec<Node>,
}

impl Outline {
    /// The column that a value's later lines must be right of; none if nothing is open.
    pub(super) fn indent(&self) -> Option<usize> {
        self.open.last().map(|open| open.indent)
    }

    /// How many maps and lists are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether a name or a dash has no value yet.
    pub(super) fn waits(&self) -> bool {
        self.open.last().is_some_and(|open| match &open.body {
            Body::Map(_, name) => name.is_some(),
            Body::List(_, dash) => dash.is_some(),
        })
    }

    /// Begins an entry at `column`.
    pub(super) fn name(
        &mut self,
        column: usize,
        name: String,
        at: Range<usize>,
        flaws: &mut Flaws,
    ) {
        self.settle(column, at.start, flaws);
        if self.is_list_at(column) && self.open.len() > 1 {
            self.close();
        }
        if self.is_list_at(column) || !self.fits(column) {
            self.begin(column, Body::Map(Vec::new(), None), at.start, flaws);
        }
        self.leave_empty();
        let Some(open) = self.open.last_mut() else { return };
        open.span.end = open.span.end.max(at.end);
        match &mut open.body {
            Body::Map(_, waiting) => *waiting = Some((name, at)),
            Body::List(_, dash) => *dash = Some(at),
        }
    }

    /// Begins a value of a list whose dash stands at `at`.
    pub(super) fn dash(&mut self, column: usize, at: usize, flaws: &mut Flaws) {
        self.settle(column, at, flaws);
        let in_map = matches!(self.open.last(), Some(Open { body: Body::Map(..), .. }));
        if in_map || !self.fits(column) {
            self.begin(column, Body::List(Vec::new(), None), at, flaws);
        }
        self.leave_empty();
        let Some(open) = self.open.last_mut() else { return };
        open.span.end = open.span.end.max(at + 1);
        match &mut open.body {
            Body::List(_, dash) => *dash = Some(at..at + 1),
            Body::Map(_, name) => *name = Some((String::new(), at..at)),
        }
    }

    /// Puts a value where one is waited for; as a document of its own if nothing is open.
    pub(super) fn place(&mut self, node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return;
        };
        open.span = open.span.start.min(node.span.start)..open.span.end.max(node.span.end);
        match &mut open.body {
            Body::Map(entries, name) => {
                let start = node.span.start..node.span.start;
                let (name, at) = name.take().unwrap_or((String::new(), start));
                entries.push(Entry { name, at, node });
            }
            Body::List(nodes, dash) => {
                *dash = None;
                nodes.push(node);
            }
        }
    }

    /// Ends a document.
    pub(super) fn close_all(&mut self) {
        while !self.open.is_empty() {
            self.close();
        }
    }

    /// All documents.
    pub(super) fn documents(mut self) -> Vec<Node> {
        self.close_all();
        self.documents
    }

    /// Closes what stands right of `column`. What is right of it while what is around it is left of it goes
    /// on in this column.
    fn settle(&mut self, column: usize, at: usize, flaws: &mut Flaws) {
        while self.indent().is_some_and(|indent| indent > column) {
            let around = self.open.len().checked_sub(2).and_then(|n| self.open.get(n));
            if around.is_some_and(|around| around.indent >= column) {
                self.close();
                continue;
            }
            flaws.add(at, INDENT);
            if let Some(open) = self.open.last_mut() {
                open.indent = column;
            }
        }
    }

    fn is_list_at(&self, column: usize) -> bool {
        matches!(self.open.last(), Some(Open { indent, body: Body::List(..), .. }) if *indent == column)
    }

    /// Whether what is open goes on at `column`.
    fn fits(&self, column: usize) -> bool {
        self.indent() == Some(column)
    }

    /// Opens a map or list, as the value that is waited for. If none is, it has no name; a map that stands
    /// in a map that waits for none goes on with that.
    fn begin(&mut self, indent: usize, body: Body, at: usize, flaws: &mut Flaws) {
        if self.open.len() >= DEEPEST {
            flaws.add(at, "nested too deep");
            return;
        }
        if !self.open.is_empty() && !self.waits() {
            flaws.add(at, INDENT);
            match (self.open.last_mut().map(|open| &mut open.body), &body) {
                (Some(Body::Map(..)), Body::Map(..)) | (Some(Body::List(..)), Body::List(..)) => {
                    return;
                }
                (Some(Body::Map(_, name)), _) => *name = Some((String::new(), at..at)),
                (Some(Body::List(_, dash)), _) => *dash = Some(at..at),
                (None, _) => {}
            }
        }
        self.open.push(Open { indent, span: at..at, body });
    }

    /// Gives what is waited for an empty value.
    fn leave_empty(&mut self) {
        let at = match self.open.last().map(|open| &open.body) {
            Some(Body::Map(_, Some((_, at))) | Body::List(_, Some(at))) => at.end,
            _ => return,
        };
        self.place(Node { span: at..at, value: Value::Plain(String::new()) });
    }

    fn close(&mut self) {
        self.leave_empty();
        let Some(Open { span, body, .. }) = self.open.pop() else { return };
        let value = match body {
            Body::Map(entries, _) => Value::Map(entries),
            Body::List(nodes, _) => Value::List(nodes),
        };
        self.place(Node { span, value });
    }
}
