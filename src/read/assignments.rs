//! Rows of assignments: `A=b C="d e"`.

use std::ops::Range;

use crate::read::Entry;
use crate::read::lines::name_length;
use crate::read::parts::{self, Flaws};
use crate::read::quotes::Quotes;
use crate::read::words::{Style, Word, word};

/// The assignments in `range`; words that are none are passed over.
pub(super) fn assignments(
    text: &[u8],
    range: Range<usize>,
    style: Style,
    flaws: &mut Flaws,
) -> Vec<Entry> {
    let mut all = Vec::new();
    let Some(text) = text.get(..range.end) else { return all };
    let mut row = Row { text, style, quotes: Quotes::default() };
    let mut at = range.start;
    while let Some(&byte) = text.get(at) {
        if byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'\\') {
            at += 1;
            continue;
        }
        let whole = row.word(at);
        if let Some(at) = whole.broken {
            flaws.add(at, "a quote does not end");
        }
        let outer = at..whole.end.max(at + 1);
        at = outer.end;
        all.extend(row.assignment(outer, &whole));
    }
    all
}

struct Row<'a> {
    text: &'a [u8],
    style: Style,
    quotes: Quotes,
}

impl Row<'_> {
    fn word(&mut self, at: usize) -> Word {
        word(self.text, at, self.style, &mut self.quotes)
    }

    /// The assignment that `whole` is, whose quotes lie in `outer` too.
    fn assignment(&mut self, outer: Range<usize>, whole: &Word) -> Option<Entry> {
        let start = whole.span.start.min(outer.end);
        let name = start..start + name_length(&self.text[start..outer.end]);
        (!name.is_empty() && self.text.get(name.end) == Some(&b'=')).then_some(())?;
        let from = name.end + 1;
        let node = if start > outer.start {
            let value = whole.text.get(name.len() + 1..).unwrap_or_default();
            parts::undone(from..whole.span.end.max(from), value)
        } else {
            let value = self.word(from);
            parts::undone(value.span, &value.text)
        };
        Some(parts::entry(self.text, name, node))
    }
}

#[cfg(test)]
mod tests {
    use super::assignments;
    use crate::read::check::values;
    use crate::read::parts::Flaws;
    use crate::read::words::Style;

    #[test]
    fn words_are_names_and_values() {
        let read = |text: &str, style| {
            let mut flaws = Flaws::default();
            let all = assignments(text.as_bytes(), 0..text.len(), style, &mut flaws);
            values(&flaws.tree(text.as_bytes(), all))
        };
        let text = r#""A=b c" D=e 'F=\x41' word G="h i" J="#;
        assert_eq!(read(text, Style::Systemd), ["A=b c", "D=e", "F=A", "G=h i", "J="]);
        assert_eq!(read(r#"A="b,c",D='e',F=g h"#, Style::Supervisor), ["A=b,c", "D=e", "F=g"]);
        assert_eq!(read("A=b \\\n  C=d", Style::Shell), ["A=b", "C=d"]);
    }
}
