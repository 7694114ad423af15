//! Reads files of `name = value` in sections: INI, Git's configuration, systemd's units, properties.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::read::assignments::assignments;
use crate::read::lines::{Lines, is_blank, lines, trimmed};
use crate::read::parts::{self, Flaws};
use crate::read::words::Style;
use crate::read::{Entry, Node, Tree, Value};

mod line;
mod value;

use value::Way;

/// Names that hold assignments of environment variables: of systemd, Quadlet and supervisor.
const ENVIRONMENTS: [(&str, Style); 3] = [
    ("Environment", Style::Systemd),
    ("DefaultEnvironment", Style::Systemd),
    ("environment", Style::Supervisor),
];

/// Reads `text`: a map of what stands before the first section, and of the sections. A section that is
/// opened twice is two entries; Git's `[a "b"]` is `b` in `a`.
pub fn ini(text: &[u8]) -> Tree {
    let none = Section::new(None);
    let mut file = File {
        text,
        lines: lines(text),
        section: none,
        root: Vec::new(),
        flaws: Flaws::default(),
        indent: None,
    };
    while let Some(line) = file.lines.next() {
        file.line(line);
    }
    file.end_section();
    file.flaws.tree(text, file.root)
}

struct Section {
    /// None for what stands before the first section.
    header: Option<line::Header>,
    entries: Vec<Entry>,
    /// Where the last of it ends.
    end: usize,
    /// Which of the entries hold variables, for each of `ENVIRONMENTS`.
    variables: [Option<usize>; ENVIRONMENTS.len()],
}

impl Section {
    fn new(header: Option<line::Header>) -> Self {
        let end = header.as_ref().map_or(0, |header| header.end);
        Self { header, entries: Vec::new(), end, variables: [None; ENVIRONMENTS.len()] }
    }
}

struct File<'a> {
    text: &'a [u8],
    lines: Lines<'a>,
    section: Section,
    root: Vec<Entry>,
    flaws: Flaws,
    /// How far the line is indented whose value an even further indented line would continue.
    indent: Option<usize>,
}

impl File<'_> {
    fn line(&mut self, whole: Range<usize>) {
        let line = trimmed(self.text, whole.clone());
        let indent = line.start - whole.start;
        let at_root = self.section.header.is_none();
        match self.text[line.clone()] {
            [] => {}
            [b'#' | b';', ..] => {}
            [b'!', ..] if at_root => {}
            [b'[', ..] => self.header(line),
            _ if self.continues(indent, &line) => self.prolong(line),
            _ => {
                self.indent = Some(indent);
                self.named(line);
            }
        }
    }

    /// Whether a line goes on with the value of the line before, as in Python's configuration files.
    fn continues(&self, indent: usize, line: &Range<usize>) -> bool {
        let is_deeper = self.indent.is_some_and(|before| indent > before);
        let last = self.section.entries.last();
        let in_map = last.is_some_and(|e| matches!(e.node.value, Value::Map(_)));
        let may = in_map || !line::is_assignment(self.text, line.clone());
        is_deeper && self.section.header.is_some() && may
    }

    fn prolong(&mut self, line: Range<usize>) {
        let Some(entry) = self.section.entries.last_mut() else { return };
        self.section.end = line.end;
        if let Value::Map(variables) = &mut entry.node.value {
            entry.node.span.end = line.end;
            variables.extend(assignments(self.text, line, Style::Supervisor, &mut self.flaws));
            return;
        }
        let Value::Text(value) = &mut entry.node.value else { return };
        if entry.node.span.is_empty() {
            entry.node.span.start = line.start;
        } else {
            value.push('\n');
        }
        value.push_str(&parts::lossy(&self.text[line.clone()]));
        entry.node.span.end = line.end;
    }

    fn header(&mut self, line: Range<usize>) {
        self.end_section();
        let (header, rest) = line::header(self.text, line.clone());
        if !header.ended {
            self.flaws.add(line.start, "a section's name does not end");
        }
        self.section = Section::new(Some(header));
        let rest = trimmed(self.text, rest);
        if !matches!(self.text[rest.clone()], [] | [b'#' | b';', ..]) {
            self.named(rest);
        }
    }

    fn named(&mut self, line: Range<usize>) {
        let way = self.way();
        let (name, from) = line::name(self.text, line.clone(), way);
        let Some(from) = from else {
            let none = parts::plain(self.text, name.end..name.end);
            return self.add(parts::entry(self.text, name, none));
        };
        let value = value::Reading { text: self.text, way }.read(from..line.end, &mut self.lines);
        let title = line::undone(self.text, name.clone(), way);
        let is_known = |(known, _): &(&str, Style)| *known == title && way != Way::Properties;
        if let Some(known) = ENVIRONMENTS.iter().position(is_known) {
            let range = from..value.end;
            let variables = assignments(self.text, range, ENVIRONMENTS[known].1, &mut self.flaws);
            if !variables.is_empty() {
                return self.add_variables(known, name, variables);
            }
        }
        if value.broken {
            self.flaws.add(value.span.start, "a quote does not end");
        }
        let node = parts::undone(value.span, &value.text);
        self.add(Entry { name: title, at: name, node });
    }

    fn way(&self) -> Way {
        match &self.section.header {
            None => Way::Properties,
            Some(header) if header.is_unit(self.text) => Way::Unit,
            Some(_) => Way::Section,
        }
    }

    /// Adds variables to those of the same name and section that are there.
    fn add_variables(&mut self, known: usize, at: Range<usize>, variables: Vec<Entry>) {
        let span = parts::hull(&variables, variables[0].at.clone());
        let section = &mut self.section;
        let before = section.variables[known].and_then(|n| section.entries.get_mut(n));
        if let Some(Entry { node: Node { span: whole, value: Value::Map(all) }, .. }) = before {
            whole.end = span.end;
            section.end = span.end;
            all.extend(variables);
        } else {
            section.variables[known] = Some(section.entries.len());
            let name = ENVIRONMENTS[known].0.to_owned();
            self.add(Entry { name, at, node: parts::map(span, variables) });
        }
    }

    fn add(&mut self, entry: Entry) {
        self.section.end = entry.node.span.end.max(entry.at.end).max(self.section.end);
        self.section.entries.push(entry);
    }

    fn end_section(&mut self) {
        self.indent = None;
        let section = std::mem::replace(&mut self.section, Section::new(None));
        let Some(header) = section.header else {
            self.root.extend(section.entries);
            return;
        };
        let node = match header.below {
            Some(below) => {
                let inner = parts::map(below.at.start..section.end, section.entries);
                let entry = Entry { name: below.name, at: below.at, node: inner };
                parts::map(header.start..section.end, vec![entry])
            }
            None => parts::map(header.start..section.end, section.entries),
        };
        self.root.push(parts::entry(self.text, header.name, node));
    }
}

/// The value of a line that may go on in the next ones.
struct Whole {
    span: Range<usize>,
    text: Zeroizing<Vec<u8>>,
    /// Where its last line ends.
    end: usize,
    /// Whether a quote in it does not end.
    broken: bool,
}

/// Whether the line in `range` ends with a backslash that hides its end.
fn hides_its_end(text: &[u8], range: Range<usize>) -> bool {
    let line = &text[range];
    let slashes = line.iter().rev().take_while(|b| **b == b'\\').count();
    let is_folder = matches!(line, [b'A'..=b'Z' | b'a'..=b'z', b':', b'\\', ..]);
    slashes % 2 == 1 && !(is_folder && line.iter().all(|&b| !is_blank(b)))
}

#[cfg(test)]
mod tests;
