//! Reads files that set environment variables: env files, and scripts of shells and of builds.

use std::ops::Range;

use crate::read::lines::{is_blank, line_end, start, trimmed};
use crate::read::parts::{self, Flaws};
use crate::read::quotes::{Escapes, Quotes};
use crate::read::words::{Style, skip_blanks, word};
use crate::read::{Entry, Node, Tree};

mod statement;

use statement::{Statement, Way, statement};

/// Reads `text`: a map of the variables' names, in every way that shells, Dockerfiles and env files set
/// them. Lines that set none are passed over.
pub fn dotenv(text: &[u8]) -> Tree {
    let mut script =
        Script { text, quotes: Quotes::default(), flaws: Flaws::default(), entries: Vec::new() };
    let mut at = start(text);
    let mut line_stop = line_end(text, at);
    while at < text.len() {
        let line = trimmed(text, at..line_stop);
        let end = statement(text, line.clone()).map_or(line_stop, |s| script.run(s));
        if end > line_stop {
            line_stop = line_end(text, end);
        }
        if text.get(end) == Some(&b';') {
            at = end + 1;
        } else {
            at = (line_stop + 1).min(text.len());
            line_stop = line_end(text, at);
        }
    }
    script.flaws.tree(text, script.entries)
}

struct Script<'a> {
    text: &'a [u8],
    quotes: Quotes,
    flaws: Flaws,
    entries: Vec<Entry>,
}

impl Script<'_> {
    /// Takes what `statement`, sets; tells where it ends.
    fn run(&mut self, statement: Statement) -> usize {
        let Statement { name, from, to: end, way } = statement;
        if way == Way::Words {
            return self.words(from);
        }
        let (node, end) = match way {
            Way::Plain => self.plain(from, end),
            Way::Word => self.word(from, Style::Shell),
            Way::Fish => self.fish(from, end),
            Way::PowerShell => self.power_shell(from, end),
            _ => self.batch(from..end),
        };
        self.entries.push(parts::entry(self.text, name, node));
        end
    }

    /// A row of assignments and other words.
    fn words(&mut self, from: usize) -> usize {
        let mut at = skip_blanks(self.text, from);
        while let Some(&byte) = self.text.get(at) {
            if matches!(byte, b'\n' | b'\r' | b';' | b'#' | b'&' | b'|') {
                break;
            }
            let name = statement::name(self.text, at);
            if name.is_empty() || self.text.get(name.end) != Some(&b'=') {
                at = word(self.text, at, Style::Shell, &mut self.quotes).end.max(at + 1);
            } else {
                let (node, end) = self.word(name.end + 1, Style::Shell);
                self.entries.push(parts::entry(self.text, name, node));
                at = end;
            }
            at = skip_blanks(self.text, at);
        }
        at
    }

    fn word(&mut self, from: usize, style: Style) -> (Node, usize) {
        let word = word(self.text, from, style, &mut self.quotes);
        if let Some(at) = word.broken {
            self.flaws.add(at, "a quote does not end");
        }
        (parts::undone(word.span, &word.text), word.end)
    }

    /// A value of an env file: in quotes, or to the end of the line.
    fn plain(&mut self, from: usize, end: usize) -> (Node, usize) {
        let pair = match self.text.get(from..end).unwrap_or_default() {
            [b'$', b'\'', ..] => return self.word(from, Style::Shell),
            [b'"', ..] => (b'"', Escapes::Dotenv),
            [quote @ (b'\'' | b'`'), ..] => (*quote, Escapes::None),
            _ => return self.bare(from..end),
        };
        let Some(quoted) = self.quotes.read(self.text, from + 1, pair) else {
            return self.broken(from, end);
        };
        let behind = quoted.span.end + 1;
        let is_end = |b: &u8| {
            b.is_ascii_whitespace() || matches!(b, b'#' | b';' | b',' | b')' | b'&' | b'|')
        };
        if pair.0 == b'`' || self.text.get(behind).is_none_or(is_end) {
            return (parts::undone(quoted.span, &quoted.text), behind);
        }
        self.word(from, Style::Shell)
    }

    /// A quote at `from` that does not end: its value goes to the end of its line.
    fn broken(&mut self, from: usize, end: usize) -> (Node, usize) {
        self.flaws.add(from, "a quote does not end");
        (parts::written(self.text, from + 1..end.max(from + 1)), end)
    }

    /// A value without quotes: to the end of the line, a comment, or what a script does next.
    fn bare(&self, range: Range<usize>) -> (Node, usize) {
        let value = self.text.get(range.clone()).unwrap_or_default();
        let next = memchr::memmem::find(value, b"; export ");
        let value = &value[..next.unwrap_or(value.len())];
        let starts_comment = |n: usize| n > 0 && is_blank(value[n - 1]);
        let mut signs = memchr::memchr_iter(b'#', value);
        let is_empty = value.starts_with(b"#") && is_blank(self.text[range.start - 1]);
        let comment = if is_empty { Some(0) } else { signs.find(|&n| starts_comment(n)) };
        let span = range.start..range.start + comment.unwrap_or(value.len());
        let end = if next.is_some() { range.start + value.len() } else { range.end };
        (parts::written(self.text, trimmed(self.text, span)), end)
    }

    /// A value of fish: a word, or a list of them as it is written.
    fn fish(&mut self, from: usize, end: usize) -> (Node, usize) {
        let (node, word_end) = self.word(from, Style::Fish);
        match self.text.get(skip_blanks(self.text, word_end)) {
            None | Some(b'\n' | b'\r' | b';' | b'#') => (node, word_end),
            _ => (parts::written(self.text, from..end.max(from)), end.max(word_end)),
        }
    }

    fn power_shell(&mut self, from: usize, end: usize) -> (Node, usize) {
        let pair = match self.text.get(from) {
            Some(b'"') => (b'"', Escapes::PowerShell),
            Some(b'\'') => (b'\'', Escapes::Doubled),
            _ => return self.bare(from..end.max(from)),
        };
        match self.quotes.read(self.text, from + 1, pair) {
            Some(quoted) => {
                let behind = quoted.span.end + 1;
                (parts::undone(quoted.span, &quoted.text), behind)
            }
            None => self.broken(from, end),
        }
    }

    /// A value of cmd: all of the line, without quotes around all of it.
    fn batch(&self, range: Range<usize>) -> (Node, usize) {
        let end = range.end;
        let value = match self.text.get(range.clone()).unwrap_or_default() {
            [b'"', .., b'"'] => range.start + 1..range.end - 1,
            _ => range.start..range.end.max(range.start),
        };
        (parts::written(self.text, value), end)
    }
}

#[cfg(test)]
mod tests;
