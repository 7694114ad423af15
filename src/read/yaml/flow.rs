//! Lists in brackets and maps in braces, within a text that is read line by line.

use std::ops::Range;

use zeroize::Zeroizing;

use super::plain::is_plain;
use super::quoted::quoted;
use super::source::{Source, is_template};
use crate::read::{DEEPEST, Entry, Node, Value};

/// The list or map that begins at `at`, and where it ends. Its later lines are indented by more than
/// `indent`, if that is asked for, or it ends before them. It lies in `depth` others.
pub(super) fn flow(
    source: &mut Source<'_>,
    at: usize,
    indent: Option<usize>,
    depth: usize,
) -> (Node, usize) {
    let mut flow = Flow { source, at, indent, depth, closers: Vec::new(), over: false };
    let node = flow.value();
    (node, flow.at)
}

struct Flow<'s, 'a> {
    source: &'s mut Source<'a>,
    at: usize,
    indent: Option<usize>,
    depth: usize,
    /// Signs that close what is open, from the outermost to the innermost.
    closers: Vec<u8>,
    /// Whether a line was met that no longer belongs to it.
    over: bool,
}

impl Flow<'_, '_> {
    /// The next sign that is no blank, comment or line end; none if the text or the flow is over.
    fn sign(&mut self) -> Option<u8> {
        while !self.over {
            let byte = self.source.byte(self.at)?;
            match byte {
                b'\n' => {
                    let line = self.source.line(self.at + 1)?;
                    let left = self.indent.is_some_and(|indent| line.indent() <= indent);
                    let closes = self.source.byte(line.first).is_some_and(|b| b",]}".contains(&b));
                    if left && !closes && !line.is_blank() {
                        self.over = true;
                        return None;
                    }
                    self.at = line.first;
                }
                b'#' if self.at > 0
                    && self.source.byte(self.at - 1).is_some_and(|b| b.is_ascii_whitespace()) =>
                {
                    self.at = self.source.line(self.at).map_or(self.at, |line| line.end);
                }
                b if b.is_ascii_whitespace() => self.at += 1,
                _ => return Some(byte),
            }
        }
        None
    }

    fn value(&mut self) -> Node {
        self.marks();
        let sign = self.sign();
        let at = self.at;
        match sign {
            Some(b'[' | b'{') if is_template(self.source.bytes(&(at..at + 2))) => self.template(),
            Some(b'[' | b'{') if self.depth >= DEEPEST => self.too_deep(),
            Some(b'[') => self.list(),
            Some(b'{') => self.map(),
            Some(b'"' | b'\'') => {
                let (node, end) = quoted(self.source, self.at, self.indent);
                self.at = end;
                node
            }
            Some(b',' | b']' | b'}') | None => nothing(at),
            Some(sign) => {
                let span = self.words();
                let text = self.source.lossy(&span);
                let value = match sign {
                    b'*' => Value::Plain(String::new()),
                    _ if is_plain(&text) => Value::Plain(text),
                    _ => Value::Text(Zeroizing::new(text)),
                };
                Node { span, value }
            }
        }
    }

    /// Passes over tags and anchors.
    fn marks(&mut self) {
        while let Some(b'!' | b'&') = self.sign() {
            self.words();
        }
    }

    fn template(&mut self) -> Node {
        let start = self.at;
        let end = self.source.line(start).map_or(start, |line| line.end).max(start + 1);
        let rest = self.source.bytes(&(start..end));
        let close = rest.windows(2).position(|pair| pair == b"}}" || pair == b"%}");
        self.at = close.map_or(end, |n| start + n + 2);
        let span = start..self.at;
        let text = Zeroizing::new(self.source.lossy(&span));
        Node { span, value: Value::Text(text) }
    }

    /// Words up to a sign that parts, closes or names; one byte at least.
    fn words(&mut self) -> Range<usize> {
        let start = self.at;
        let is_mark = matches!(self.source.byte(start), Some(b'!' | b'&' | b'*'));
        while let Some(byte) = self.source.byte(self.at) {
            let next = self.source.byte(self.at + 1);
            let ends = match byte {
                b',' | b'[' | b']' | b'{' | b'}' | b'\n' | b'\r' => true,
                b':' => next.is_none_or(|b| b.is_ascii_whitespace() || b",[]{}".contains(&b)),
                b' ' | b'\t' => is_mark || next == Some(b'#'),
                _ => false,
            };
            if ends && self.at > start {
                break;
            }
            self.at += 1;
        }
        let words = self.source.bytes(&(start..self.at));
        start..start + words.trim_ascii_end().len().max(1)
    }

    fn list(&mut self) -> Node {
        let start = self.at;
        let mut nodes = Vec::new();
        let end = self.rows(b']', |flow| {
            let node = flow.value();
            let node = if flow.sign() == Some(b':') { flow.pair(node) } else { node };
            nodes.push(node);
        });
        Node { span: start..end, value: Value::List(nodes) }
    }

    /// A value of a list that is a name with a value.
    fn pair(&mut self, name: Node) -> Node {
        let start = name.span.start;
        let mut entries = Vec::new();
        self.depth += 1;
        self.named(name, &mut entries);
        self.depth -= 1;
        let end = entries.last().map_or(start, |entry| entry.node.span.end);
        Node { span: start..end, value: Value::Map(entries) }
    }

    fn map(&mut self) -> Node {
        let start = self.at;
        let mut entries = Vec::new();
        let end = self.rows(b'}', |flow| {
            let name = flow.value();
            flow.named(name, &mut entries);
        });
        Node { span: start..end, value: Value::Map(entries) }
    }

    fn named(&mut self, name: Node, entries: &mut Vec<Entry>) {
        let at = name.span.clone();
        let name = match name.value {
            Value::Text(mut text) => std::mem::take(&mut *text),
            Value::Plain(text) => text,
            Value::Map(_) | Value::List(_) => {
                let start = at.start..at.start;
                entries.push(Entry { name: String::new(), at: start, node: name });
                String::new()
            }
        };
        let mut node = nothing(at.end);
        if self.sign() == Some(b':') {
            self.at += 1;
            let value = self.value();
            if !value.span.is_empty() || matches!(value.value, Value::Text(_)) {
                node = value;
            }
        }
        entries.push(Entry { name, at, node });
    }

    /// Reads rows with commas between them up to their end; where that is.
    fn rows(&mut self, closer: u8, mut row: impl FnMut(&mut Self)) -> usize {
        let start = self.at;
        self.at += 1;
        self.closers.push(closer);
        self.depth += 1;
        let (mut comma, mut closed, mut end) = (true, false, self.at);
        while let Some(sign) = self.next_sign(closer, &mut comma) {
            if sign == closer {
                self.at += 1;
                (closed, end) = (true, self.at);
                break;
            }
            if !comma {
                self.source.flaws.add(self.at, "a comma is missing");
            }
            comma = false;
            let from = self.at;
            row(self);
            self.at = self.at.max(from + 1);
            end = self.at;
        }
        if !closed {
            self.source.flaws.add(start, "a list or map does not end");
        }
        self.closers.pop();
        self.depth -= 1;
        end
    }

    /// The sign that the next row begins with, or the closing one; none if what is around ends here.
    fn next_sign(&mut self, closer: u8, comma: &mut bool) -> Option<u8> {
        loop {
            match self.sign()? {
                b',' => *comma = true,
                sign @ (b']' | b'}') if sign != closer => {
                    if self.closers.contains(&sign) {
                        return None;
                    }
                    self.source.flaws.add(self.at, "a sign stands where it has no meaning");
                }
                sign => return Some(sign),
            }
            self.at += 1;
        }
    }

    /// Passes over what lies too deep.
    fn too_deep(&mut self) -> Node {
        let start = self.at;
        self.source.flaws.add(start, "nested too deep");
        let mut depth = 0_usize;
        while let Some(sign) = self.sign() {
            match sign {
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth -= 1,
                b'"' | b'\'' => self.at = quoted(self.source, self.at, self.indent).1 - 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        Node { span: start..self.at, value: Value::Plain(String::new()) }
    }
}

fn nothing(at: usize) -> Node {
    Node { span: at..at, value: Value::Plain(String::new()) }
}
