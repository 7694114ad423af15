//! Dumps that Node, Python and Ruby print as literals of theirs: `{ A: 'b' }`, `{'A': 'b'}`, `{"A"=>"b"}`.

use std::ops::Range;

use memchr::memmem;
use zeroize::Zeroizing;

use crate::read::lines::line_end;
use crate::read::parts::{self, Flaws};
use crate::read::quotes::{Escapes, Quoted, Quotes};
use crate::read::{Entry, Node};

/// The pairs of a name and a value in `text`, wherever they stand.
pub(super) fn pairs(text: &[u8], flaws: &mut Flaws) -> Vec<Entry> {
    let mut literal = Literal { text, line_stop: 0, quotes: Quotes::default(), flaws };
    let mut all = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some(name) = literal.name(at) else {
            at += 1;
            continue;
        };
        at = name.next;
        let Some(from) = separator(text, name.next) else { continue };
        let Some((node, next)) = literal.value(from) else { continue };
        at = next;
        let word = String::from_utf8_lossy(&name.text).into_owned();
        all.push(Entry { name: word, at: name.span, node });
    }
    literal.tell_cuts();
    all
}

struct Literal<'a, 'b> {
    text: &'a [u8],
    /// Where the line ends that was last read in.
    line_stop: usize,
    /// What is known of that line's quotes.
    quotes: Quotes,
    flaws: &'b mut Flaws,
}

struct Name {
    span: Range<usize>,
    text: Zeroizing<Vec<u8>>,
    next: usize,
}

impl Literal<'_, '_> {
    /// The name at `at`: quoted, or a bare word.
    fn name(&mut self, at: usize) -> Option<Name> {
        if matches!(self.text[at], b'"' | b'\'') {
            let Quoted { span, text } = self.quoted(at)?;
            let next = span.end + 1;
            return Some(Name { span, text, next });
        }
        let is_part = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
        let length = self.text[at..].iter().take_while(is_part).count();
        let span = at..at + length;
        let text = Zeroizing::new(self.text[span.clone()].to_vec());
        (length > 0).then_some(Name { next: span.end, text, span })
    }

    /// The quoted text at `at`, within its line.
    fn quoted(&mut self, at: usize) -> Option<Quoted> {
        if at >= self.line_stop {
            self.line_stop = line_end(self.text, at);
            self.quotes = Quotes::default();
        }
        self.quotes.read(&self.text[..self.line_stop], at + 1, (self.text[at], Escapes::Code))
    }

    /// The text at `from`, and where to go on; none if there is another value. Parts of a text that `+`
    /// joins are one.
    fn value(&mut self, from: usize) -> Option<(Node, usize)> {
        let is_quote = |text: &[u8], at: usize| matches!(text.get(at), Some(b'"' | b'\'' | b'`'));
        let mut at = is_quote(self.text, from).then_some(from)?;
        let mut whole = Zeroizing::new(Vec::new());
        loop {
            let Some(part) = self.quoted(at) else {
                self.flaws.add(at, "a quote does not end");
                whole.extend_from_slice(&self.text[at + 1..self.line_stop]);
                let end = self.line_stop;
                return Some((parts::undone(from + 1..end, &whole), end));
            };
            whole.extend_from_slice(&part.text);
            let end = part.span.end;
            let plus = skip_space(self.text, end + 1);
            at = skip_space(self.text, plus + 1);
            if self.text.get(plus) != Some(&b'+') || !is_quote(self.text, at) {
                return Some((parts::undone(from + 1..end, &whole), end + 1));
            }
        }
    }

    /// Tells where Node left something out: `... 2 more items`.
    fn tell_cuts(&mut self) {
        for at in memmem::find_iter(self.text, b"... ") {
            let rest = &self.text[at + 4..];
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits > 0 && rest[digits..].starts_with(b" more ") {
                self.flaws.add(at, "a value is cut");
            }
        }
    }
}

/// Where a value starts that `:` or `=>` parts from what ends at `at`.
fn separator(text: &[u8], at: usize) -> Option<usize> {
    let from = skip_blanks(text, at);
    let length = match text.get(from..)? {
        [b'=', b'>', ..] => 2,
        [b':', ..] => 1,
        _ => return None,
    };
    Some(skip_space(text, from + length))
}

fn skip_blanks(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|b| **b == b' ').count()
}

fn skip_space(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|b| b.is_ascii_whitespace()).count()
}
