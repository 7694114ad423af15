//! Reads netrc files: who logs in where, and with which password.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::read::lines::{line_end, lines, start};
use crate::read::parts::{self, Flaws};
use crate::read::quotes::{Escapes, Quotes};
use crate::read::{Entry, Tree, Value};

/// The name of what is for every other machine.
const DEFAULT: &[u8] = b"default";

/// Reads `text`: a map of machines' names, each with its `login`, `password`, `account`. Macros are passed
/// over.
pub fn netrc(text: &[u8]) -> Tree {
    let mut file = File {
        text,
        at: start(text),
        quotes: Quotes::default(),
        flaws: Flaws::default(),
        machines: Vec::new(),
    };
    while let Some(word) = file.word() {
        file.take(&word);
    }
    file.flaws.tree(text, file.machines)
}

struct Word {
    span: Range<usize>,
    text: Zeroizing<Vec<u8>>,
}

struct File<'a> {
    text: &'a [u8],
    at: usize,
    quotes: Quotes,
    flaws: Flaws,
    machines: Vec<Entry>,
}

impl File<'_> {
    fn take(&mut self, word: &Word) {
        match word.text.as_slice() {
            b"machine" => match self.word() {
                Some(name) => self.machine(&name),
                None => self.flaws.add(word.span.start, "a machine has no name"),
            },
            DEFAULT => self.machine(word),
            b"login" | b"user" | b"password" | b"account" => self.field(word),
            b"macdef" => self.skip_macro(),
            [b'#', ..] => self.at = line_end(self.text, word.span.start),
            _ => self.flaws.add(word.span.start, "a word is no keyword"),
        }
    }

    fn machine(&mut self, name: &Word) {
        let node = parts::map(name.span.clone(), Vec::new());
        let at = name.span.clone();
        self.machines.push(Entry { name: parts::lossy(&name.text).to_string(), at, node });
    }

    fn field(&mut self, keyword: &Word) {
        let Some(value) = self.word() else {
            return self.flaws.add(keyword.span.start, "a keyword has no value");
        };
        let Some(machine) = self.machines.last_mut() else {
            return self.flaws.add(keyword.span.start, "a keyword has no machine");
        };
        let name = if keyword.text.as_slice() == b"user" {
            "login".into()
        } else {
            parts::name(&keyword.text, &(0..keyword.text.len()))
        };
        let node = parts::undone(value.span, &value.text);
        machine.node.span.end = node.span.end;
        if let Value::Map(fields) = &mut machine.node.value {
            fields.push(Entry { name, at: keyword.span.clone(), node });
        }
    }

    /// A macro goes to the next empty line.
    fn skip_macro(&mut self) {
        let mut rest = lines(self.text);
        rest.at = line_end(self.text, self.at);
        rest.next();
        self.at = rest.find(Range::is_empty).map_or(self.text.len(), |line| line.end);
    }

    /// The next word: between blanks, or between double quotes.
    fn word(&mut self) -> Option<Word> {
        let rest = self.text.get(self.at..)?;
        let from = self.at + rest.iter().position(|b| !b.is_ascii_whitespace())?;
        if self.text[from] == b'"' {
            let quoted = self.quotes.read(self.text, from + 1, (b'"', Escapes::C));
            if let Some(quoted) = quoted.filter(|q| is_line(&self.text[q.span.clone()])) {
                self.at = quoted.span.end + 1;
                return Some(Word { span: quoted.span, text: quoted.text });
            }
            self.flaws.add(from, "a quote does not end");
        }
        let length = self.text[from..].iter().position(u8::is_ascii_whitespace);
        self.at = length.map_or(self.text.len(), |length| from + length);
        let text = Zeroizing::new(self.text[from..self.at].to_vec());
        Some(Word { span: from..self.at, text })
    }
}

fn is_line(text: &[u8]) -> bool {
    memchr::memchr2(b'\n', b'\r', text).is_none()
}

#[cfg(test)]
mod tests {
    use super::netrc;
    use crate::read::check::{as_written, bears_noise, flaws, values};

    const FILE: &str = "\u{FEFF}# said\nmachine a.example login me password word#1\r\nmacdef init\nmachine no login no\n\n\
        machine b.example\n\tlogin you\n\tpassword words account x\nmachine a.example password other\ndefault login any password none\n";

    #[test]
    fn machines_have_logins() {
        let tree = netrc(FILE.as_bytes());
        let expected = [
            "a.example.login=me",
            "a.example.password=word#1",
            "b.example.login=you",
            "b.example.password=words",
            "b.example.account=x",
            "a.example.password=other",
            "default.login=any",
            "default.password=none",
        ];
        assert_eq!(values(&tree), expected);
        assert_eq!(flaws(&tree), [""; 0]);
        as_written(FILE, &tree);
        assert_eq!(values(&netrc(b"machine a password \"b \\\"c\"")), ["a.password=b \"c"]);
    }

    #[test]
    fn damage_is_told_and_passed() {
        let tree = netrc(b"login a what machine b password \"c\nlogin d\nmachine");
        assert_eq!(values(&tree), ["b.password=\"c", "b.login=d"]);
        let expected = [
            "a keyword has no machine",
            "a word is no keyword",
            "a quote does not end",
            "a machine has no name",
        ];
        assert_eq!(flaws(&tree), expected);
        bears_noise(&netrc, &[FILE]);
    }
}
