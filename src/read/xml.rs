//! Reads XML: elements are maps of their attributes and children, or texts.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::Event;
use zeroize::Zeroizing;

use crate::read::entities;
use crate::read::lines::trimmed;
use crate::read::parts::{self, Flaws};
use crate::read::{DEEPEST, Entry, Node, Tree, Value};

mod tag;

/// The name of a text beside attributes or children.
const TEXT: &str = "#text";

/// How often reading goes on behind damaged markup; each time may look through all of the text.
const MOST_DAMAGE: usize = 16;

/// Elements of HTML that never have an end.
const VOID: [&str; 8] = ["br", "hr", "img", "input", "link", "meta", "source", "wbr"];

/// Reads `text`: a map of the outermost element's name. Definitions of document types are passed over.
pub fn xml(text: &[u8]) -> Tree {
    let clean = without_invalid(text);
    let mut document =
        Document { text, open: vec![Open::default()], flaws: Flaws::default(), deeper: 0 };
    let mut from = memchr::memchr(b'<', text);
    for _ in 0..MOST_DAMAGE {
        let Some(at) = from else { break };
        from = document.read(&clean, at);
    }
    document.finish()
}

/// `text` at its length, each invalid byte of UTF-8 replaced: the parser stops at such bytes.
fn without_invalid(text: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(text).is_ok() {
        return Cow::Borrowed(text);
    }
    let mut clean = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        clean.extend_from_slice(chunk.valid().as_bytes());
        clean.extend(chunk.invalid().iter().map(|_| b'\x1A'));
    }
    Cow::Owned(clean)
}

/// An element whose end was not yet seen; the first stands for the document.
#[derive(Default)]
struct Open {
    at: Range<usize>,
    start: usize,
    inside: usize,
    entries: Vec<Entry>,
    run: Vec<Piece>,
}

/// A part of a text: as it stands between tags, or of a CDATA section.
struct Piece {
    span: Range<usize>,
    escaped: bool,
}

struct Document<'a> {
    text: &'a [u8],
    open: Vec<Open>,
    flaws: Flaws,
    /// How many elements are open below the deepest that is followed.
    deeper: usize,
}

impl Document<'_> {
    /// Reads from `base` to the end, or to damage: then tells where to go on.
    fn read(&mut self, clean: &[u8], base: usize) -> Option<usize> {
        let mut reader = Reader::from_reader(clean.get(base..)?);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let place = |offset: u64| base + usize::try_from(offset).unwrap_or(usize::MAX - base);
        loop {
            let from = place(reader.buffer_position());
            match reader.read_event() {
                Ok(Event::Eof) => return None,
                Ok(event) => self.take(&event, from..place(reader.buffer_position())),
                Err(error) => {
                    let at = place(reader.error_position()).max(from);
                    self.flaws.add(at, what(&error));
                    let rest = clean.get(at + 1..)?;
                    return memchr::memchr(b'<', rest).map(|n| at + 1 + n);
                }
            }
        }
    }

    fn take(&mut self, event: &Event<'_>, span: Range<usize>) {
        match event {
            Event::Start(_) => self.start(span, false),
            Event::Empty(_) => self.start(span, true),
            Event::End(_) => self.end(span),
            Event::Text(_) | Event::GeneralRef(_) => self.piece(Piece { span, escaped: true }),
            Event::CData(_) => {
                let span = span.start + "<![CDATA[".len()..span.end - "]]>".len();
                self.piece(Piece { span, escaped: false });
            }
            _ => {}
        }
    }

    fn start(&mut self, span: Range<usize>, empty: bool) {
        let at = tag::name(self.text, span.start + 1..span.end);
        if at.is_empty() {
            self.flaws.add(span.start, "a tag has no name");
        } else if self.deeper > 0 || self.open.len() >= DEEPEST {
            self.pass_over(&span, at, empty);
        } else {
            self.end_run();
            let entries = tag::attributes(self.text, at.end..span.end - 1 - usize::from(empty));
            let (start, inside) = (span.start, span.end);
            let void = self.is_void(&at);
            self.open.push(Open { at, start, inside, entries, run: Vec::new() });
            if empty || void {
                self.close(span.end..span.end);
            }
        }
    }

    fn pass_over(&mut self, span: &Range<usize>, at: Range<usize>, empty: bool) {
        if self.deeper == 0 {
            self.flaws.add(span.start, "it is nested too deep");
            self.end_run();
            let node = Node { span: span.clone(), value: Value::Plain(String::new()) };
            let entry = parts::entry(self.text, at, node);
            self.top().entries.push(entry);
        }
        self.deeper += usize::from(!empty);
    }

    fn is_void(&self, at: &Range<usize>) -> bool {
        let is = |at: &Range<usize>, name: &str| {
            self.text[at.clone()].eq_ignore_ascii_case(name.as_bytes())
        };
        self.open.get(1).is_some_and(|root| is(&root.at, "html"))
            && VOID.iter().any(|name| is(at, name))
    }

    fn end(&mut self, span: Range<usize>) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let name = &self.text[tag::name(self.text, span.start + 2..span.end)];
        let is_it = |open: &Open| self.text[open.at.clone()].eq_ignore_ascii_case(name);
        let Some(depth) = self.open.iter().skip(1).rposition(is_it) else {
            self.flaws.add(span.start, "an end has no start");
            return;
        };
        self.cut_off(depth + 2, span.start);
        self.close(span);
    }

    /// Ends the elements beyond the first `depth` at `at`, where none of them has its end.
    fn cut_off(&mut self, depth: usize, at: usize) {
        while self.open.len() > depth {
            let start = self.top().start;
            self.flaws.add(start, "an element does not end");
            self.close(at..at);
        }
    }

    /// Closes the innermost element, whose end tag is `end`.
    fn close(&mut self, end: Range<usize>) {
        let lone = self.take_run();
        let Some(open) = self.open.pop() else { return };
        let node = match lone {
            Some(node) if open.entries.is_empty() => node,
            None if open.entries.is_empty() => parts::undone(open.inside..open.inside, b""),
            text => {
                let mut entries = open.entries;
                entries.extend(text.map(beside));
                parts::map(open.start..end.end, entries)
            }
        };
        let entry = parts::entry(self.text, open.at, node);
        self.top().entries.push(entry);
    }

    fn piece(&mut self, piece: Piece) {
        if self.open.len() < 2 || self.deeper > 0 || piece.span.is_empty() {
            return;
        }
        let run = &mut self.top().run;
        match run.last_mut() {
            Some(last) if last.escaped && piece.escaped && last.span.end == piece.span.start => {
                last.span.end = piece.span.end;
            }
            _ => run.push(piece),
        }
    }

    /// Makes an entry of the text before a child.
    fn end_run(&mut self) {
        let text = self.take_run();
        self.top().entries.extend(text.map(beside));
    }

    /// The text since the last tag, without blanks at its edges; none if there is nothing else.
    fn take_run(&mut self) -> Option<Node> {
        let text = self.text;
        let mut run = std::mem::take(&mut self.top().run);
        let is_empty = |p: &Piece| p.escaped && text[p.span.clone()].trim_ascii().is_empty();
        run.truncate(run.iter().rposition(|p| !is_empty(p))? + 1);
        run.drain(..run.iter().position(|p| !is_empty(p))?);
        if let Some(first) = run.first_mut().filter(|p| p.escaped) {
            first.span.start = trimmed(text, first.span.clone()).start;
        }
        if let Some(last) = run.last_mut().filter(|p| p.escaped) {
            last.span.end = trimmed(text, last.span.clone()).end;
        }
        let span = run.first()?.span.start..run.last()?.span.end;
        let mut value = Zeroizing::new(Vec::with_capacity(span.len()));
        for piece in &run {
            let part = &text[piece.span.clone()];
            if piece.escaped {
                value.extend_from_slice(&entities::undo(part));
            } else {
                value.extend_from_slice(part);
            }
        }
        Some(parts::undone(span, &value))
    }

    fn top(&mut self) -> &mut Open {
        self.open.last_mut().expect("the document itself never closes")
    }

    fn finish(mut self) -> Tree {
        self.cut_off(1, self.text.len());
        let entries = std::mem::take(&mut self.top().entries);
        self.flaws.tree(self.text, entries)
    }
}

/// A text beside attributes or children.
fn beside(node: Node) -> Entry {
    Entry { name: TEXT.into(), at: node.span.start..node.span.start, node }
}

fn what(error: &Error) -> &'static str {
    match error {
        Error::Syntax(SyntaxError::UnclosedComment) => "a comment does not end",
        Error::Syntax(SyntaxError::UnclosedCData) => "a CDATA section does not end",
        Error::Syntax(SyntaxError::UnclosedDoctype) => "a document type does not end",
        Error::Syntax(_) => "a tag does not end",
        _ => "it is no XML here",
    }
}

#[cfg(test)]
mod tests {
    use super::xml;
    use crate::read::check::{as_written, bears_noise, flaws, values};
    use crate::read::{DEEPEST, Value};

    const SETTINGS: &str = "\u{FEFF}<?xml version=\"1.0\"?>\r\n<!-- c -->\r\n<settings a='1'>\r\n  <server>\r\n    \
        <id>one</id><password> word </password>\r\n  </server><server><id>two</id></server>beside\r\n</settings>\n";

    #[test]
    fn elements_attributes_and_texts_are_named() {
        let tree = xml(SETTINGS.as_bytes());
        let expected = [
            "settings.a=1",
            "settings.server.id=one",
            "settings.server.password=word",
            "settings.server.id=two",
            "settings.#text=beside",
        ];
        assert_eq!(values(&tree), expected);
        assert_eq!(flaws(&tree), [""; 0]);
        as_written(SETTINGS, &tree);
    }

    #[test]
    fn entities_and_cdata_are_undone_and_types_never_expanded() {
        let text = "<!DOCTYPE a [<!ENTITY e \"SECRET\">]><a x=\"1&amp;2\"><b>&lt;&#65;<!-- - -->c&e;</b>\
            <c><![CDATA[ <k> ]]></c><d/></a>";
        let expected = ["a.x=1&2", "a.b=<Ac&e;", "a.c= <k> ", "a.d="];
        let tree = xml(text.as_bytes());
        assert_eq!(values(&tree), expected);
        let Value::Map(entries) = &tree.root.value else { unreachable!("the root is a map") };
        assert!(text[entries[0].node.span.clone()].starts_with("<a x="));
        assert!(text[entries[0].node.span.clone()].ends_with("</a>"));
    }

    #[test]
    fn damage_is_told_and_passed() {
        let tree = xml(b"<a><b>1<c>2</a></x><d k>&nbsp <!-- <e>3</e>");
        assert_eq!(values(&tree), ["a.b.#text=1", "a.b.c=2", "d.k=", "d.#text=&nbsp", "d.e=3"]);
        let expected = [
            "an element does not end",
            "an element does not end",
            "an end has no start",
            "an element does not end",
            "a comment does not end",
        ];
        assert_eq!(flaws(&tree), expected);
        let tree = xml(b"<html><br><p id=x>one\xFF<img src='y'></p></html>");
        let expected = ["html.br=", "html.p.id=x", "html.p.#text=one\u{FFFD}", "html.p.img.src=y"];
        assert_eq!(values(&tree), expected);
        assert_eq!(flaws(&tree), [""; 0]);
    }

    #[test]
    fn what_is_too_deep_is_passed_over() {
        let text = "<a>".repeat(DEEPEST * 2) + "x" + &"</a>".repeat(DEEPEST * 2) + "<b>y</b>";
        let tree = xml(text.as_bytes());
        assert_eq!(flaws(&tree), ["it is nested too deep"]);
        assert_eq!(values(&tree).last().map(String::as_str), Some("b=y"));
    }

    #[test]
    fn noise_is_borne() {
        bears_noise(
            &xml,
            &[
                SETTINGS,
                "<!DOCTYPE a [<!ENTITY e \"S\">]><a x=\"1&amp;2\"><b>&lt;<![CDATA[k]]></b></a>",
            ],
        );
    }
}
