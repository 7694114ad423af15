//! YAML that is not well-formed, line by line: names, dashes, and what stands behind them.

use std::ops::Range;

use zeroize::Zeroizing;

use super::block::block;
use super::flow::flow;
use super::outline::Outline;
use super::plain::is_plain;
use super::quoted::quoted;
use super::source::{Line, Source, is_blank, is_template};
use crate::read::flaws::Flaws;
use crate::read::{Node, Value};

const NO_YAML: &str = "a line is no YAML";

/// The longest name.
const NAME: usize = 1024;

/// The documents in `text` behind `start`.
pub(super) fn documents(text: &[u8], start: usize, flaws: &mut Flaws) -> Vec<Node> {
    let source = Source { text, flaws, spare: text.len() };
    let mut reader = Reader { source, outline: Outline::default() };
    let mut next = start;
    while let Some(line) = reader.source.line(next) {
        next = reader.line(line).max(line.next);
    }
    reader.outline.documents()
}

struct Reader<'a> {
    source: Source<'a>,
    outline: Outline,
}

impl Reader<'_> {
    /// Reads a line and those that belong to its value; where the next line starts.
    fn line(&mut self, line: Line) -> usize {
        let rest = self.source.bytes(&(line.first..line.end));
        let marked = line.indent() == 0 && is_marker(rest);
        if marked {
            self.outline.close_all();
        }
        let first = if marked { self.source.blanks(line.first + 3, line.end) } else { line.first };
        let rest = self.source.bytes(&(first..line.end));
        if self.source.is_empty(first, line.end) || (line.indent() == 0 && rest.starts_with(b"%")) {
            return line.next;
        }
        if is_template(rest) {
            self.source.flaws.add(first, NO_YAML);
            return line.next;
        }
        let end = self.content(first, line);
        if end >= line.next {
            return end;
        }
        if !self.source.is_empty(end, line.end) {
            self.source.flaws.add(end, "a line goes on behind its value");
        }
        line.next
    }

    /// Reads what begins at `at` in a line: dashes, a name, a value. Where it ends.
    fn content(&mut self, mut at: usize, line: Line) -> usize {
        while self.is_dash(at, line) {
            self.outline.dash(at - line.start, at, self.source.flaws);
            at = self.source.blanks(at + 1, line.end);
            if self.source.is_empty(at, line.end) {
                return line.end;
            }
        }
        if let Some((name, span, behind)) = self.name(at, line) {
            self.outline.name(at - line.start, name, span, self.source.flaws);
            return self.value(behind, line);
        }
        let opens = self.source.byte(at).is_some_and(|b| b"[{\"'".contains(&b));
        if self.outline.waits() || (self.outline.indent().is_none() && opens) {
            return self.value(at, line);
        }
        self.source.flaws.add(at, NO_YAML);
        line.end
    }

    fn is_dash(&self, at: usize, line: Line) -> bool {
        self.source.byte(at) == Some(b'-')
            && (at + 1 >= line.end || self.source.byte(at + 1).is_some_and(is_blank))
    }

    /// The name at `at`, where it stands, and where its value begins.
    fn name(&mut self, at: usize, line: Line) -> Option<(String, Range<usize>, usize)> {
        let first = self.source.byte(at)?;
        if matches!(first, b'"' | b'\'') {
            let rest = self.source.bytes(&(at + 1..line.end));
            let end = at + 1 + rest.iter().position(|&b| b == first)?;
            let colon = self.source.blanks(end + 1, line.end);
            if colon >= line.end || self.source.byte(colon) != Some(b':') {
                return None;
            }
            let (node, _) = quoted(&mut self.source, at, None);
            let Value::Text(mut text) = node.value else { return None };
            return Some((std::mem::take(&mut *text), node.span, colon + 1));
        }
        if b"[]{},#&*!|>%@`".contains(&first) {
            return None;
        }
        let rest = self.source.bytes(&(at..line.end.min(at + NAME)));
        let ends = |n: usize| rest.get(n + 1).is_none_or(|b| is_blank(*b));
        let colon = rest.iter().enumerate().position(|(n, &b)| b == b':' && ends(n))?;
        let name = rest.get(..colon)?.trim_ascii_end();
        if name.windows(2).any(|pair| pair == b" #") || at + colon >= line.end {
            return None;
        }
        let span = at..at + name.len();
        Some((self.source.lossy(&span), span, at + colon + 1))
    }

    /// Reads the value that begins at `at`, behind a name or dash; where it ends.
    fn value(&mut self, at: usize, line: Line) -> usize {
        let (at, tagged) = self.behind_marks(at, line);
        if self.source.is_empty(at, line.end) {
            return line.end;
        }
        let indent = self.outline.indent();
        let rest = self.source.bytes(&(at..line.end));
        let (node, end) = match rest.first() {
            Some(b'|' | b'>') => match block(&self.source, at, line, indent) {
                Some(block) => block,
                None => self.plain(at, line, tagged),
            },
            Some(b'"' | b'\'') => quoted(&mut self.source, at, indent),
            Some(b'[' | b'{') if !is_template(rest) => {
                flow(&mut self.source, at, indent, self.outline.depth())
            }
            Some(b'*') => {
                let end = at + rest.iter().position(|b| is_blank(*b)).unwrap_or(rest.len());
                (Node { span: at..end, value: Value::Plain(String::new()) }, end)
            }
            _ => self.plain(at, line, tagged),
        };
        self.outline.place(node);
        self.end_of_line(end, line)
    }

    /// Where reading goes on behind a value: in the line that it ends in, whose rest is looked at.
    fn end_of_line(&mut self, end: usize, line: Line) -> usize {
        if end <= line.end || self.source.text.get(end - 1) == Some(&b'\n') {
            return end;
        }
        let Some(last) = self.source.line(end) else { return end };
        if !self.source.is_empty(end, last.end) {
            self.source.flaws.add(end, "a line goes on behind its value");
        }
        last.next
    }

    /// Passes over tags and anchors; whether there is a tag.
    fn behind_marks(&self, at: usize, line: Line) -> (usize, bool) {
        let (mut at, mut tagged) = (self.source.blanks(at, line.end), false);
        while at < line.end && matches!(self.source.byte(at), Some(b'&' | b'!')) {
            tagged |= self.source.byte(at) == Some(b'!');
            let rest = self.source.bytes(&(at..line.end));
            let end = at + rest.iter().position(|b| is_blank(*b)).unwrap_or(rest.len());
            at = self.source.blanks(end, line.end);
        }
        (at, tagged)
    }

    /// A value without quotes, over all lines that are indented further and begin nothing of their own.
    fn plain(&mut self, at: usize, line: Line, tagged: bool) -> (Node, usize) {
        let mut span = at..self.end_of_words(at, line.end);
        let mut text = Zeroizing::new(self.source.lossy(&span));
        let (mut end, mut next) = (line.end, line.next);
        while let Some(more) = self.source.line(next).filter(|more| self.goes_on(*more)) {
            span.end = self.end_of_words(more.first, more.end);
            text.push(' ');
            text.push_str(&self.source.lossy(&(more.first..span.end)));
            (end, next) = (more.next, more.next);
        }
        let value = if !tagged && is_plain(&text) {
            Value::Plain(std::mem::take(&mut *text))
        } else {
            Value::Text(text)
        };
        (Node { span, value }, end)
    }

    fn goes_on(&mut self, line: Line) -> bool {
        !self.source.is_empty(line.first, line.end)
            && self.outline.indent().is_some_and(|indent| line.indent() > indent)
            && !is_template(self.source.bytes(&(line.first..line.end)))
            && !self.is_dash(line.first, line)
            && self.name(line.first, line).is_none()
    }

    /// Where words end: before a comment, without blanks.
    fn end_of_words(&self, at: usize, end: usize) -> usize {
        let rest = self.source.bytes(&(at..end));
        let comment = rest.windows(2).position(|pair| is_blank(pair[0]) && pair[1] == b'#');
        let words = rest.get(..comment.unwrap_or(rest.len())).unwrap_or_default();
        at + words.trim_ascii_end().len()
    }
}

/// Whether a line parts documents.
fn is_marker(line: &[u8]) -> bool {
    (line.starts_with(b"---") || line.starts_with(b"..."))
        && line.get(3).is_none_or(|b| is_blank(*b))
}
