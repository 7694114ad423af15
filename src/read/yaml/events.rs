//! The tree of well-formed YAML, from a parser's events.

use std::borrow::Cow;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use zeroize::Zeroizing;

use super::plain::is_plain;
use crate::read::{DEEPEST, Entry, Flaw, Node, Value};

/// Which of a row of characters has its offset in bytes noted.
const STEP: usize = 64;

/// The documents in `text` behind `start`; the first flaw if it is not well-formed.
pub(super) fn documents(text: &str, start: usize) -> Result<Vec<Node>, Flaw> {
    let places = Places::of(text, start);
    let mut build = Build { text, places: &places, open: Vec::new(), documents: Vec::new() };
    for event in Parser::new_from_str(text.get(start..).unwrap_or_default()) {
        let (event, span) = event.map_err(|error| build.flaw(&error))?;
        build.event(event, span)?;
    }
    Ok(build.documents)
}

/// Where characters stand in bytes: the parser counts in characters.
struct Places {
    start: usize,
    /// Offsets of each `STEP`th character; none if every character is a byte.
    steps: Option<Vec<usize>>,
}

impl Places {
    fn of(text: &str, start: usize) -> Self {
        let steps = text
            .get(start..)
            .filter(|text| !text.is_ascii())
            .map(|text| text.char_indices().step_by(STEP).map(|(n, _)| start + n).collect());
        Self { start, steps }
    }

    fn byte(&self, text: &str, index: usize) -> usize {
        let Some(steps) = &self.steps else { return text.len().min(self.start + index) };
        let Some(&step) = steps.get(index / STEP) else { return text.len() };
        let rest = text.get(step..).unwrap_or_default();
        rest.char_indices().nth(index % STEP).map_or(text.len(), |(n, _)| step + n)
    }
}

struct Open {
    span: Range<usize>,
    body: Body,
}

enum Body {
    Map(Vec<Entry>, Option<(String, Range<usize>)>),
    List(Vec<Node>),
}

struct Build<'a> {
    text: &'a str,
    places: &'a Places,
    open: Vec<Open>,
    documents: Vec<Node>,
}

impl Build<'_> {
    fn flaw(&self, error: &ScanError) -> Flaw {
        let at = self.places.byte(self.text, error.marker().index());
        Flaw { at, what: "not well-formed from here on" }
    }

    fn bytes(&self, span: Span) -> Range<usize> {
        let start = self.places.byte(self.text, span.start.index());
        start..self.places.byte(self.text, span.end.index()).max(start)
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Flaw> {
        let span = self.bytes(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let marked = anchor != 0 || tag.is_some();
                let span = self.content(span, style, marked);
                let plain = style == ScalarStyle::Plain && !tag.is_some_and(|tag| asks_text(&tag));
                self.place(self.scalar(span, text, plain));
            }
            Event::Alias(_) => {
                let value = Value::Plain(String::new());
                self.place(Node { span, value });
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(span, anchor != 0 || tag.is_some(), Body::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, tag) => {
                self.begin(span, anchor != 0 || tag.is_some(), Body::Map(Vec::new(), None))?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            _ => {}
        }
        Ok(())
    }

    /// A scalar; a plain one is no text if it looks so. Where none is written the parser's span may be that of
    /// the next sign.
    fn scalar(&self, mut span: Range<usize>, text: Cow<'_, str>, plain: bool) -> Node {
        let written = self.text.get(span.clone()).unwrap_or_default();
        if plain && (text.is_empty() || (text == "~" && written != "~")) {
            span.end = span.start;
            return Node { span, value: Value::Plain(String::new()) };
        }
        let value = if plain && is_plain(&text) {
            Value::Plain(written.to_owned())
        } else {
            Value::Text(Zeroizing::new(text.into_owned()))
        };
        Node { span, value }
    }

    /// Where the content of a scalar stands: the parser's span holds its quotes, its tag and its anchor.
    fn content(&self, span: Range<usize>, style: ScalarStyle, marked: bool) -> Range<usize> {
        let Range { mut start, mut end } = self.behind_marks(span, marked);
        let raw = self.text.get(start..end).unwrap_or_default();
        match style {
            ScalarStyle::Plain => end = start + raw.trim_end().len(),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let quotes = ['"', '\''];
                end -= usize::from(raw.len() > 1 && raw.ends_with(quotes));
                start += usize::from(raw.starts_with(quotes));
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let head = if marked { raw.find('\n').unwrap_or(raw.len()) } else { 0 };
                let body = raw.get(head..).unwrap_or_default();
                start += head + (body.len() - body.trim_start().len());
                end = start.max(end - (raw.len() - raw.trim_end().len()));
            }
        }
        start..end.max(start)
    }

    fn behind_marks(&self, mut span: Range<usize>, marked: bool) -> Range<usize> {
        let mut raw = self.text.get(span.clone()).unwrap_or_default();
        while marked && raw.starts_with(['&', '!']) {
            raw = raw.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
        }
        span.start = span.end - raw.len();
        span
    }

    fn begin(&mut self, span: Range<usize>, marked: bool, body: Body) -> Result<(), Flaw> {
        if self.open.len() >= DEEPEST {
            return Err(Flaw { at: span.start, what: "nested too deep" });
        }
        let span = self.behind_marks(span, marked);
        self.open.push(Open { span, body });
        Ok(())
    }

    /// Ends a map or list: with its closing sign if it has one, else with its last value, for then the
    /// parser's span stands somewhere behind it.
    fn end(&mut self, span: Range<usize>) {
        let Some(Open { span: own, body }) = self.open.pop() else { return };
        let mut whole = if span.is_empty() { own.start..own.start } else { own.start..span.end };
        let mut empty = span.is_empty();
        let mut widen = |by: &Range<usize>| {
            whole =
                if empty { by.clone() } else { whole.start.min(by.start)..whole.end.max(by.end) };
            empty = false;
        };
        let value = match body {
            Body::Map(entries, _) => {
                entries.iter().for_each(|entry| {
                    widen(&entry.at);
                    widen(&entry.node.span);
                });
                Value::Map(entries)
            }
            Body::List(nodes) => {
                nodes.iter().for_each(|node| widen(&node.span));
                Value::List(nodes)
            }
        };
        self.place(Node { span: whole, value });
    }

    /// Puts a value where it belongs; in a map each first one is a name.
    fn place(&mut self, mut node: Node) {
        match self.open.last_mut().map(|open| &mut open.body) {
            None => self.documents.push(node),
            Some(Body::List(nodes)) => nodes.push(node),
            Some(Body::Map(entries, name)) => match name.take() {
                Some((name, at)) => {
                    if node.span.is_empty() && matches!(node.value, Value::Plain(_)) {
                        node.span = at.end..at.end;
                    }
                    entries.push(Entry { name, at, node });
                }
                None => *name = Some(as_name(node, entries)),
            },
        }
    }
}

/// Whether a tag makes a text of a word that looks like a number.
fn asks_text(tag: &Tag) -> bool {
    !(tag.is_yaml_core_schema()
        && matches!(tag.suffix.as_str(), "int" | "float" | "bool" | "null" | "timestamp"))
}

/// A value that stands as a name. A map or list can't be one: it goes into a nameless entry of its own.
fn as_name(node: Node, entries: &mut Vec<Entry>) -> (String, Range<usize>) {
    let at = node.span.clone();
    match node.value {
        Value::Text(mut text) => (std::mem::take(&mut *text), at),
        Value::Plain(text) => (text, at),
        Value::Map(_) | Value::List(_) => {
            let start = at.start..at.start;
            entries.push(Entry { name: String::new(), at: start.clone(), node });
            (String::new(), start)
        }
    }
}
