//! A JSON document cut into its fields and elements as it streams by: nothing is held that is not asked for.

use std::borrow::Cow;
use std::io::{self, BufRead};

use memchr::memchr2;

/// What is wrong with a document, and where. Tells nothing of its content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text} (byte {at})")]
pub(super) struct Flaw {
    /// How many bytes before it.
    pub(super) at: u64,
    /// It in words.
    pub(super) text: Cow<'static, str>,
}

/// The text of a document, and how much of it was read.
pub(super) struct Cut<R> {
    from: R,
    at: u64,
}

/// The longest name of a field that is looked at.
const LONGEST_NAME: usize = 256;

impl<R: BufRead> Cut<R> {
    /// A document from its start.
    pub(super) const fn new(from: R) -> Self {
        Self { from, at: 0 }
    }

    /// How many bytes were read.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    /// Says that `text` is wrong here.
    pub(super) fn flaw(&self, text: impl Into<Cow<'static, str>>) -> Flaw {
        Flaw { at: self.at, text: text.into() }
    }

    /// Hands each field of the object that comes next to `each`, which has to consume its value and says
    /// whether to go on. False if it said no.
    pub(super) fn fields(
        &mut self,
        each: &mut dyn FnMut(&str, &mut Self) -> Result<bool, Flaw>,
    ) -> Result<bool, Flaw> {
        self.open(b'{', "an object was expected")?;
        let mut raw = Vec::new();
        let mut first = true;
        while self.goes_on(b'}', first)? {
            first = false;
            let whole = self.keep(&mut raw, LONGEST_NAME)?;
            let name: Option<String> = serde_json::from_slice(&raw).ok().filter(|_| whole);
            if !raw.starts_with(b"\"") || (whole && name.is_none()) {
                return Err(self.flaw("the name of a field was expected"));
            }
            self.open(b':', "a colon was expected")?;
            self.blank()?;
            if !each(name.as_deref().unwrap_or_default(), self)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Hands each element of the array that comes next to `each`, which has to consume it.
    pub(super) fn elements(
        &mut self,
        each: &mut dyn FnMut(&mut Self) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        self.open(b'[', "a list was expected")?;
        let mut first = true;
        while self.goes_on(b']', first)? {
            first = false;
            each(self)?;
        }
        Ok(())
    }

    /// Passes over the value that comes next.
    pub(super) fn skip(&mut self) -> Result<(), Flaw> {
        self.value(&mut |_| ())
    }

    /// Takes the value that comes next into `to`; false if it has more than `most` bytes.
    pub(super) fn keep(&mut self, to: &mut Vec<u8>, most: usize) -> Result<bool, Flaw> {
        to.clear();
        let mut whole = true;
        self.value(&mut |part| {
            whole &= to.len() + part.len() <= most;
            if whole {
                to.extend(part);
            }
        })?;
        Ok(whole)
    }

    /// Takes the next line into `to`, without its end: none at the end, false if it has more than `most` bytes.
    pub(super) fn line(&mut self, to: &mut Vec<u8>, most: usize) -> Result<Option<bool>, Flaw> {
        to.clear();
        let mut whole = true;
        let start = self.at;
        loop {
            let chunk = held(&mut self.from, self.at)?;
            if chunk.is_empty() {
                return Ok((self.at > start).then_some(whole));
            }
            let end = memchr::memchr(b'\n', chunk);
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            whole &= to.len() + part.len() <= most;
            if whole {
                to.extend(part);
            }
            let read = part.len() + usize::from(end.is_some());
            self.read(read);
            if end.is_some() {
                return Ok(Some(whole));
            }
        }
    }

    /// Passes over blanks; the byte after them, none at the end.
    pub(super) fn blank(&mut self) -> Result<Option<u8>, Flaw> {
        loop {
            let chunk = held(&mut self.from, self.at)?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let blank = chunk.iter().take_while(|&&b| is_blank(b)).count();
            let next = chunk.get(blank).copied();
            self.read(blank);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    /// Takes `byte`, after blanks; else says `wrong`.
    fn open(&mut self, byte: u8, wrong: &'static str) -> Result<(), Flaw> {
        match self.blank()? {
            Some(found) if found == byte => self.read(1),
            Some(_) => return Err(self.flaw(wrong)),
            None => return Err(self.flaw(CUT_OFF)),
        }
        Ok(())
    }

    /// Whether another item comes before `end`; the comma before it is taken, or the end.
    fn goes_on(&mut self, end: u8, first: bool) -> Result<bool, Flaw> {
        match self.blank()? {
            None => Err(self.flaw(CUT_OFF)),
            Some(byte) if byte == end => {
                self.read(1);
                Ok(false)
            }
            Some(_) if first => Ok(true),
            Some(b',') => {
                self.read(1);
                self.blank()?;
                Ok(true)
            }
            Some(_) => Err(self.flaw("a comma was expected")),
        }
    }

    fn value(&mut self, keep: &mut dyn FnMut(&[u8])) -> Result<(), Flaw> {
        let mut shape = Shape::default();
        loop {
            let chunk = held(&mut self.from, self.at)?;
            if chunk.is_empty() {
                return Err(self.flaw(CUT_OFF));
            }
            let (read, ends) = shape.go(chunk);
            keep(chunk.get(..read).unwrap_or_default());
            self.read(read);
            if ends {
                return if shape.any { Ok(()) } else { Err(self.flaw("a value was expected")) };
            }
        }
    }

    fn read(&mut self, count: usize) {
        self.from.consume(count);
        self.at += count as u64;
    }
}

/// What is said of a document that ends too early.
pub(super) const CUT_OFF: &str = "it is cut off";

fn held<R: BufRead>(from: &mut R, at: u64) -> Result<&[u8], Flaw> {
    let lost = |error: io::Error| Flaw { at, text: format!("it cannot be read: {error}").into() };
    from.fill_buf().map_err(lost)
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// How far into a value one is.
#[derive(Default)]
struct Shape {
    depth: u64,
    string: bool,
    escaped: bool,
    any: bool,
}

impl Shape {
    /// How many bytes of `chunk` belong to the value, and whether it ends there.
    fn go(&mut self, chunk: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(&byte) = chunk.get(at) {
            if self.string {
                at += self.string_part(chunk.get(at..).unwrap_or_default());
                if !self.string && self.depth == 0 {
                    return (at, true);
                }
                continue;
            }
            match byte {
                b'"' => self.string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 1 => {
                    return (at + 1, true);
                }
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                b'}' | b']' | b',' | b':' if self.depth == 0 => return (at, true),
                _ if is_blank(byte) && self.depth == 0 => return (at, true),
                _ => (),
            }
            self.any = true;
            at += 1;
        }
        (at, false)
    }

    /// How many bytes of `chunk` belong to the string that one is in.
    fn string_part(&mut self, chunk: &[u8]) -> usize {
        if std::mem::take(&mut self.escaped) {
            return 1;
        }
        let Some(at) = memchr2(b'"', b'\\', chunk) else { return chunk.len() };
        match chunk.get(at) {
            Some(b'"') => self.string = false,
            _ => self.escaped = true,
        }
        at + 1
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::{CUT_OFF, Cut};

    fn cut(text: &[u8], step: usize) -> Result<Vec<(String, Vec<u8>)>, String> {
        let mut seen = Vec::new();
        let mut cut = Cut::new(BufReader::with_capacity(step, text));
        let mut each = |name: &str, cut: &mut Cut<_>| {
            if name == "list" {
                cut.elements(&mut |cut| {
                    let mut raw = Vec::new();
                    cut.keep(&mut raw, 100)?;
                    seen.push(("-".to_owned(), raw));
                    Ok(())
                })?;
            } else {
                let mut raw = Vec::new();
                cut.keep(&mut raw, 100)?;
                seen.push((name.to_owned(), raw));
            }
            Ok(true)
        };
        cut.fields(&mut each).map_err(|flaw| flaw.text.into_owned())?;
        Ok(seen)
    }

    #[test]
    fn fields_and_elements_come_whole_however_they_are_read() {
        let text =
            br#" {"a" : "x\"}\\", "list":[1 , {"b":[{}]},"]"], "c\u0041":null,"d":-1.5e3 } "#;
        let expected: Vec<(String, Vec<u8>)> = [
            ("a", r#""x\"}\\""#),
            ("-", "1"),
            ("-", r#"{"b":[{}]}"#),
            ("-", r#""]""#),
            ("cA", "null"),
            ("d", "-1.5e3"),
        ]
        .map(|(name, raw)| (name.to_owned(), raw.as_bytes().to_vec()))
        .to_vec();
        for step in 1..20 {
            assert_eq!(cut(text, step), Ok(expected.clone()), "{step}");
        }
    }

    #[test]
    fn every_shorter_text_is_cut_off() {
        let text = br#"{"a":"x\"","list":[1,{"b":2}],"c":null}"#;
        for end in 0..text.len() {
            assert_eq!(cut(&text[..end], 7), Err(CUT_OFF.to_owned()), "{end}");
        }
    }

    #[test]
    fn what_is_no_document_is_refused_where_it_is_wrong() {
        for text in ["[]", "{1:2}", r#"{"a" 1}"#, r#"{"a":}"#, r#"{"a":1 "b":2}"#, r#"{"list":{}}"#]
        {
            let told = cut(text.as_bytes(), 8).expect_err("it is refused");
            assert!(told.contains("expected"), "{text}: {told}");
        }
    }

    #[test]
    fn long_values_are_passed_over() {
        let text = format!(r#"{{"a":"{}","b":1}}"#, "x".repeat(1000));
        let mut cut = Cut::new(text.as_bytes());
        let mut seen = Vec::new();
        let mut each = |name: &str, cut: &mut Cut<_>| {
            let mut raw = Vec::new();
            seen.push((name.to_owned(), cut.keep(&mut raw, 10)?, raw.len() <= 10));
            Ok(true)
        };
        assert_eq!(cut.fields(&mut each), Ok(true));
        assert_eq!(seen, [("a".to_owned(), false, true), ("b".to_owned(), true, true)]);
    }

    #[test]
    fn depth_costs_nothing() {
        let text = format!("{{\"a\":{}", "[".repeat(1 << 20));
        assert_eq!(cut(text.as_bytes(), 4096), Err(CUT_OFF.to_owned()));
    }
}
