//! JSON, JSON with comments, JSON5 and Python literals, read around damage.

mod quoted;
mod scan;
#[cfg(test)]
mod tests;

use std::ops::Range;

use zeroize::Zeroizing;

use super::flaws::Flaws;
use super::{DEEPEST, Entry, Flaw, Node, Tree, Value};
use scan::Scan;

const NO_COLON: &str = "a colon is missing";
const NO_COMMA: &str = "a comma is missing";
const NO_NAME: &str = "a name is missing";
const NO_VALUE: &str = "a value is missing";
const STRAY: &str = "a sign stands where it has no meaning";
const MAP_OPEN: &str = "a map does not end";
const LIST_OPEN: &str = "a list does not end";
const TOO_DEEP: &str = "nested too deep";

/// Reads one value; what stands behind it is a flaw. A list or a map is preferred to bare words before it.
pub fn json(text: &[u8]) -> Tree {
    let mut reader = Reader::new(text, false);
    let mut root = reader.next_value();
    while root.as_ref().is_some_and(|node| matches!(node.value, Value::Plain(_))) {
        let at = reader.scan.at;
        let Some(node) = reader.next_value() else { break };
        reader.flaws.add(at, "more than one value");
        if matches!(node.value, Value::Map(_) | Value::List(_)) {
            root = Some(node);
        }
    }
    let Some(mut root) = root else {
        reader.flaws.add(0, "there is no value");
        let root = Node { span: 0..0, value: Value::Map(Vec::new()) };
        return Tree { root, flaws: reader.flaws.all() };
    };
    reader.go_on(&mut root);
    let at = reader.scan.at;
    if reader.next_value().is_some() {
        reader.flaws.add(at, "more than one value");
    }
    Tree { root, flaws: reader.flaws.all() }
}

/// Reads values one behind another, such as one a line.
pub fn json_values(text: &[u8]) -> (Vec<Node>, Vec<Flaw>) {
    let mut reader = Reader::new(text, true);
    let mut all = Vec::new();
    while let Some(node) = reader.next_value() {
        all.push(node);
    }
    (all, reader.flaws.all())
}

struct Reader<'a> {
    scan: Scan<'a>,
    flaws: Flaws,
    /// Signs that would close a container around the one being read, from the outermost to the innermost.
    closers: Vec<u8>,
    /// Whether a brace at the start of a line begins a value of its own where a name should stand.
    many: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8], many: bool) -> Self {
        let scan = Scan::new(text);
        Self { scan, flaws: Flaws::default(), closers: Vec::new(), many }
    }

    /// The next outermost value; signs before it that begin none are flaws.
    fn next_value(&mut self) -> Option<Node> {
        loop {
            self.blanks();
            let sign = self.scan.peek()?;
            if !matches!(sign, b',' | b':' | b']' | b'}' | b')') {
                return Some(self.value(sign));
            }
            self.flaws.add(self.scan.at, STRAY);
            self.scan.at += 1;
        }
    }

    /// Goes on with a map or list that a stray closing sign ended too early: a comma stands behind it.
    fn go_on(&mut self, root: &mut Node) {
        while !self.flaws.are_hopeless() {
            self.blanks();
            match (self.scan.peek(), &mut root.value) {
                (Some(b'}' | b']' | b')'), _) => {
                    self.flaws.add(self.scan.at, STRAY);
                    self.scan.at += 1;
                }
                (Some(b','), Value::Map(entries)) => {
                    self.flaws.add(self.scan.at, "a map ends too early");
                    self.scan.at += 1;
                    self.map_from(entries);
                    root.span.end = self.scan.at;
                }
                (Some(b','), Value::List(nodes)) => {
                    self.flaws.add(self.scan.at, "a list ends too early");
                    self.scan.at += 1;
                    self.list_from(nodes, b']');
                    root.span.end = self.scan.at;
                }
                _ => return,
            }
        }
    }

    fn blanks(&mut self) {
        self.scan.blanks(&mut self.flaws);
    }

    /// The value that begins with `sign`, which is none that closes or parts.
    fn value(&mut self, sign: u8) -> Node {
        match sign {
            b'{' | b'[' | b'(' => self.container(sign),
            b'"' | b'\'' => {
                let (span, text) = self.scan.quoted(sign, &mut self.flaws);
                Node { span, value: Value::Text(Zeroizing::new(text)) }
            }
            _ => self.bare(),
        }
    }

    /// A word or number; a word with a quote right behind it is the mark of a Python string.
    fn bare(&mut self) -> Node {
        let span = self.scan.word(false);
        match self.scan.peek() {
            Some(quote @ (b'"' | b'\'')) if scan::is_mark(self.scan.bytes(&span)) => {
                self.value(quote)
            }
            _ => {
                let word = self.scan.bytes(&span);
                if !word.first().is_some_and(|&b| scan::begins_word(b)) {
                    self.flaws.add(span.start, STRAY);
                }
                Node { span, value: Value::Plain(quoted::lossy(word)) }
            }
        }
    }

    fn container(&mut self, sign: u8) -> Node {
        let start = self.scan.at;
        if self.closers.len() >= DEEPEST {
            self.flaws.add(start, TOO_DEEP);
            self.scan.skip_container(&mut self.flaws);
            return Node { span: start..self.scan.at, value: Value::Plain(String::new()) };
        }
        self.scan.at += 1;
        let value = if sign == b'{' {
            let mut entries = Vec::new();
            self.map_from(&mut entries);
            Value::Map(entries)
        } else {
            let mut nodes = Vec::new();
            self.list_from(&mut nodes, if sign == b'[' { b']' } else { b')' });
            Value::List(nodes)
        };
        Node { span: start..self.scan.at, value }
    }

    /// Reads entries to the end of a map.
    fn map_from(&mut self, entries: &mut Vec<Entry>) {
        self.closers.push(b'}');
        let mut comma = true;
        while let Some(sign) = self.next_sign(b'}', &mut comma, MAP_OPEN) {
            if sign == b'{' && self.is_next_one() {
                self.flaws.add(self.scan.at, MAP_OPEN);
                break;
            }
            if !comma {
                self.flaws.add(self.scan.at, NO_COMMA);
            }
            comma = false;
            entries.push(self.entry(sign));
        }
        self.closers.pop();
    }

    /// Reads values to the end of a list; a text with a colon behind it is taken for the next name in the
    /// map around the list.
    fn list_from(&mut self, nodes: &mut Vec<Node>, closer: u8) {
        self.closers.push(closer);
        let (mut comma, mut last) = (true, self.scan.at);
        while let Some(sign) = self.next_sign(closer, &mut comma, LIST_OPEN) {
            if sign == b':' {
                if self.is_in_map()
                    && matches!(nodes.last(), Some(Node { value: Value::Text(_), .. }))
                {
                    self.flaws.add(last, LIST_OPEN);
                    self.scan.at = last;
                    nodes.pop();
                    break;
                }
                self.flaws.add(self.scan.at, STRAY);
                self.scan.at += 1;
                comma = true;
                continue;
            }
            if !comma {
                self.flaws.add(self.scan.at, NO_COMMA);
            }
            comma = false;
            last = self.scan.at;
            nodes.push(self.value(sign));
        }
        self.closers.pop();
    }

    /// The sign that the next entry or value begins with; none if the container ends, be it with its own
    /// sign, with one that closes a container around it, or with the text.
    fn next_sign(&mut self, closer: u8, comma: &mut bool, open: &'static str) -> Option<u8> {
        loop {
            if self.flaws.are_hopeless() {
                return None;
            }
            self.blanks();
            let at = self.scan.at;
            let Some(sign) = self.scan.peek() else {
                self.flaws.add(at, open);
                return None;
            };
            match sign {
                b',' => {
                    if *comma {
                        self.flaws.add(at, NO_VALUE);
                    }
                    *comma = true;
                }
                b'}' | b']' | b')' if sign == closer => {
                    self.scan.at += 1;
                    return None;
                }
                b'}' | b']' | b')' if self.closers.contains(&sign) => {
                    self.flaws.add(at, open);
                    return None;
                }
                b'}' | b']' | b')' => self.flaws.add(at, STRAY),
                _ => return Some(sign),
            }
            self.scan.at += 1;
        }
    }

    /// Whether a brace where a name should stand begins a neighbour of the map that is being read.
    fn is_next_one(&self) -> bool {
        self.around() == Some(b']') || (self.many && self.scan.is_line_start())
    }

    /// Whether the container being read stands in a map.
    fn is_in_map(&self) -> bool {
        self.around() == Some(b'}')
    }

    /// The closing sign of what is around the container being read.
    fn around(&self) -> Option<u8> {
        self.closers.len().checked_sub(2).and_then(|n| self.closers.get(n)).copied()
    }

    fn entry(&mut self, sign: u8) -> Entry {
        let start = self.scan.at;
        let nameless = matches!(sign, b'{' | b'[' | b'(');
        let (at, name) = if nameless || sign == b':' {
            self.flaws.add(start, NO_NAME);
            (start..start, String::new())
        } else {
            self.name(sign)
        };
        let node = self.named_value(nameless);
        Entry { name, at, node }
    }

    fn name(&mut self, sign: u8) -> (Range<usize>, String) {
        if matches!(sign, b'"' | b'\'') {
            return self.scan.quoted(sign, &mut self.flaws);
        }
        let at = self.scan.word(true);
        match self.scan.peek() {
            Some(quote @ (b'"' | b'\'')) if scan::is_mark(self.scan.bytes(&at)) => self.name(quote),
            _ => {
                let name = quoted::name(self.scan.bytes(&at));
                (at, name)
            }
        }
    }

    /// The value behind a name and its colon; without a colon only what stands in the same line.
    fn named_value(&mut self, nameless: bool) -> Node {
        let end = self.scan.at;
        self.blanks();
        let colon = self.scan.peek() == Some(b':');
        if colon {
            self.scan.at += 1;
            self.blanks();
        } else if !nameless {
            self.flaws.add(end, NO_COLON);
        }
        let sign = self.scan.peek().filter(|s| !matches!(s, b',' | b':' | b'}' | b']' | b')'));
        match sign {
            Some(sign) if nameless || colon || !self.scan.has_line_end(end) => self.value(sign),
            _ => {
                if colon {
                    self.flaws.add(self.scan.at, NO_VALUE);
                }
                Node { span: end..end, value: Value::Plain(String::new()) }
            }
        }
    }
}
