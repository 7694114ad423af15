//! An object of PDF as a tree, as far as it is small.

use super::lexer::{Lexer, Pair, Token};

/// How deep things may lie in one another.
const DEEPEST: usize = 16;

/// The most things of one object that are looked at.
const MOST: usize = 20_000;

/// A thing of which an object is made.
#[derive(Debug, PartialEq)]
pub(super) enum Value<'v> {
    Name(&'v [u8]),
    Number(f64),
    /// Another object, by its number.
    Ref(u32),
    Array(Vec<Value<'v>>),
    Dictionary(Vec<(&'v [u8], Value<'v>)>),
    /// What nobody asks for.
    Other,
}

impl<'v> Value<'v> {
    /// The first thing in `text`.
    pub(super) fn read(text: &'v [u8]) -> Self {
        let mut reading = Reading { words: Lexer::new(text), left: MOST };
        reading.value(0).unwrap_or(Value::Other)
    }

    /// What a dictionary has under `key`.
    pub(super) fn get(&self, key: &[u8]) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The entries of a dictionary; of anything else there are none.
    pub(super) fn entries(&self) -> &[(&'v [u8], Self)] {
        if let Value::Dictionary(entries) = self { entries } else { &[] }
    }

    /// The things in an array; anything else is one by itself.
    pub(super) fn items(&self) -> &[Self] {
        if let Value::Array(items) = self { items } else { std::slice::from_ref(self) }
    }

    /// The name under `key`.
    pub(super) fn name(&self, key: &[u8]) -> Option<&'v [u8]> {
        match self.get(key)? {
            Value::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The whole number that is not negative under `key`.
    pub(super) fn count(&self, key: &[u8]) -> Option<usize> {
        match self.get(key)? {
            Value::Number(number) => whole(*number),
            _ => None,
        }
    }

    /// The number of the object, if it is one.
    pub(super) fn object(&self) -> Option<u32> {
        if let Value::Ref(id) = self { Some(*id) } else { None }
    }
}

/// A number that counts something.
pub(super) fn whole(number: f64) -> Option<usize> {
    (number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number))
        .then_some(number as usize)
}

struct Reading<'v> {
    words: Lexer<'v>,
    left: usize,
}

impl<'v> Reading<'v> {
    /// The next thing. None at the end, at the end of what it is in, and where it is not read on.
    fn value(&mut self, depth: usize) -> Option<Value<'v>> {
        self.left = self.left.checked_sub(1)?;
        let value = match self.words.next()? {
            Token::Name(name) => Value::Name(name),
            Token::Number(number) => Value::Number(number),
            Token::Literal(_) | Token::Hex(_) | Token::Word(_) => Value::Other,
            Token::Close(_) => return None,
            Token::Open(_) if depth == DEEPEST => {
                self.left = 0;
                Value::Other
            }
            Token::Open(Pair::Array) => Value::Array(self.array(depth)),
            Token::Open(Pair::Dictionary) => Value::Dictionary(self.dictionary(depth)),
        };
        Some(if let Value::Number(number) = value { self.number(number) } else { value })
    }

    /// A number, or the object that three words name.
    fn number(&mut self, number: f64) -> Value<'v> {
        let mut ahead = Lexer::new(self.words.rest());
        let is_ref = matches!(ahead.next(), Some(Token::Number(_)))
            && ahead.next() == Some(Token::Word(b"R"));
        match whole(number).and_then(|id| u32::try_from(id).ok()).filter(|_| is_ref) {
            Some(id) => {
                self.words.at += ahead.at;
                Value::Ref(id)
            }
            None => Value::Number(number),
        }
    }

    fn array(&mut self, depth: usize) -> Vec<Value<'v>> {
        std::iter::from_fn(|| self.value(depth + 1)).collect()
    }

    fn dictionary(&mut self, depth: usize) -> Vec<(&'v [u8], Value<'v>)> {
        let mut entries = Vec::new();
        while let Some(key) = self.value(depth + 1) {
            let Value::Name(name) = key else { continue };
            let Some(value) = self.value(depth + 1) else { break };
            entries.push((name, value));
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn objects_are_trees() {
        let value =
            Value::read(b"<< /Type/Font /Length 12 /T 3 0 R /K [1 2 0 R (x)] /In << /A 1 >> >>");
        assert_eq!((value.name(b"Type"), value.count(b"Length")), (Some(&b"Font"[..]), Some(12)));
        assert_eq!(value.get(b"T").and_then(Value::object), Some(3));
        let items = [Value::Number(1.0), Value::Ref(2), Value::Other];
        assert_eq!(value.get(b"K").map(Value::items), Some(&items[..]));
        assert_eq!(value.get(b"In").and_then(|inner| inner.count(b"A")), Some(1));
    }

    #[test]
    fn depth_and_number_are_bounded() {
        _ = Value::read(&b"[".repeat(1 << 20));
        _ = Value::read(&b"<</A".repeat(1 << 20));
        assert!(Value::read(&[&b"["[..], &b"1 ".repeat(100_000)].concat()).items().len() < 50_000);
    }
}
