//! A structured text as a tree: every value with its name, and where it stands in the text.

use std::fmt;
use std::ops::Range;

use zeroize::Zeroizing;

/// A value, and where it stands.
pub struct Node {
    /// The bytes of the text that the value is written in: for a text what stands between its quotes (or
    /// all of it if it has none), for a map or list everything from its first sign to its last.
    pub span: Range<usize>,
    /// The value.
    pub value: Value,
}

/// The sorts of value.
pub enum Value {
    /// Named values in the order of the text. A name may come twice.
    Map(Vec<Entry>),
    /// Values in a row.
    List(Vec<Node>),
    /// A text, with quotes and escapes undone. Invalid UTF-8 stands as U+FFFD.
    Text(Zeroizing<String>),
    /// A number, a boolean, a date or nothing, as it is written.
    Plain(String),
}

/// A named value.
pub struct Entry {
    /// The name, with quotes and escapes undone.
    pub name: String,
    /// Where the name stands, without its quotes.
    pub at: Range<usize>,
    /// What is called so.
    pub node: Node,
}

/// What a reader made of a text. It never fails: what it could not read it names.
pub struct Tree {
    /// The outermost value; an empty map if there is none.
    pub root: Node,
    /// Where the text is not as its format asks, in order; empty if all was read.
    pub flaws: Vec<Flaw>,
}

/// A place where a text is not as its format asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Offset in bytes.
    pub at: usize,
    /// What is wrong, without any text of the file: `a string does not end`.
    pub what: &'static str,
}

/// The deepest nesting that readers follow; what lies deeper is a flaw and stands as an empty `Plain`.
pub const DEEPEST: usize = 128;

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Map(entries) => {
                f.debug_map().entries(entries.iter().map(|e| (&e.name, &e.node))).finish()
            }
            Value::List(nodes) => f.debug_list().entries(nodes).finish(),
            Value::Text(text) => write!(f, "Text({})", text.len()),
            Value::Plain(_) => f.write_str("Plain"),
        }
    }
}
