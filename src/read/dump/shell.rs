//! Dumps that shells and systemd quote.

use std::ops::Range;

use crate::read::assignments::assignments;
use crate::read::dump::rows::row;
use crate::read::lines::{line_end, lines, start};
use crate::read::parts::{self, Flaws};
use crate::read::quotes::Quotes;
use crate::read::words::{Style, Word, word};
use crate::read::{Entry, Node, Value};

/// The property of a systemd unit that holds its variables.
const PROPERTY: &[u8] = b"Environment=";

/// The variables that `set` prints: each at the start of a line; what is indented is of functions.
pub(super) fn set(text: &[u8], flaws: &mut Flaws) -> Vec<Entry> {
    let mut rows = Rows { text, quotes: Quotes::default(), flaws };
    let mut all = Vec::new();
    let mut at = start(text);
    while at < text.len() {
        let end = line_end(text, at);
        let Some(length) = row(&text[at..end]) else {
            at = end + 1;
            continue;
        };
        let name = at..at + length;
        let (node, behind) = rows.value(name.end + 1);
        all.push(parts::entry(text, name, node));
        at = line_end(text, behind.max(at)) + 1;
    }
    all
}

/// The variables that `systemctl` prints: a row for each, or all behind `Environment=`.
pub(super) fn systemd(text: &[u8], flaws: &mut Flaws) -> Vec<Entry> {
    let is_property = |line: &Range<usize>| text[line.clone()].starts_with(PROPERTY);
    let properties: Vec<Range<usize>> = lines(text).filter(is_property).collect();
    if properties.is_empty() {
        return set(text, flaws);
    }
    let mut all = Vec::new();
    for line in properties {
        all.extend(assignments(text, line.start + PROPERTY.len()..line.end, Style::Systemd, flaws));
    }
    all
}

struct Rows<'a, 'b> {
    text: &'a [u8],
    quotes: Quotes,
    flaws: &'b mut Flaws,
}

impl Rows<'_, '_> {
    /// The value at `from`, a word or an array, and where it ends.
    fn value(&mut self, from: usize) -> (Node, usize) {
        if self.text.get(from..from + 2) == Some(b"([") {
            return self.array(from);
        }
        let word = self.word(from);
        let end = line_end(self.text, word.end);
        if self.text.get(word.end).is_some_and(|b| matches!(b, b' ' | b'\t' | b';'))
            && word.broken.is_none()
        {
            let plain = from..end;
            return (parts::written(self.text, plain), end);
        }
        (parts::undone(word.span, &word.text), word.end)
    }

    /// `([0]="a" [b]="c")`.
    fn array(&mut self, from: usize) -> (Node, usize) {
        let mut nodes = Vec::new();
        let mut at = from + 1;
        let mut line = line_end(self.text, from);
        while at < line && self.text[at] == b'[' {
            let Some(close) = memchr::memmem::find(&self.text[at..line], b"]=") else { break };
            let word = self.word(at + close + 2);
            if word.end > line {
                line = line_end(self.text, word.end);
            }
            let last = self.text[..word.end].ends_with(b")") && word.end == line;
            at = word.end + 1;
            let text =
                if last { word.text.strip_suffix(b")").unwrap_or(&word.text) } else { &word.text };
            let end = word.span.end
                - usize::from(last && word.span.end == word.end && !word.span.is_empty());
            nodes.push(parts::undone(word.span.start..end, text));
        }
        let end = at.clamp(from + 1, line.max(from + 1));
        (Node { span: from..end, value: Value::List(nodes) }, end)
    }

    fn word(&mut self, from: usize) -> Word {
        let word = word(self.text, from, Style::Shell, &mut self.quotes);
        if let Some(at) = word.broken {
            self.flaws.add(at, "a quote does not end");
        }
        word
    }
}
