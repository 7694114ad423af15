//! Binary property lists: a table of offsets leads to objects that name each other by number.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::read::parts::{self, Flaws};
use crate::read::{DEEPEST, Entry, Node, Tree, Value};

/// The length of what stands at the end of every list.
const TRAILER: usize = 32;

/// What an object costs of the budget, beside a text's bytes.
const COST: usize = 4;

/// Reads `text`. An object's span is its bytes; a map or list spans its own bytes and its values'.
pub(super) fn read(text: &[u8]) -> Tree {
    let mut flaws = Flaws::default();
    let Some((table, top)) = Table::find(text) else {
        flaws.add(text.len(), "the list is cut off");
        return flaws.tree(text, Vec::new());
    };
    let budget = text.len().saturating_mul(COST);
    let mut objects = Objects { text, table, flaws, open: Vec::new(), budget };
    let root = objects.object(top);
    let mut tree = objects.flaws.tree(text, Vec::new());
    if let Some(root) = root {
        tree.root = root;
    }
    tree
}

/// Where the objects stand.
struct Table {
    at: usize,
    count: usize,
    offset_width: usize,
    number_width: usize,
}

impl Table {
    /// The table, and the number of the outermost object.
    fn find(text: &[u8]) -> Option<(Self, usize)> {
        let trailer = text.get(text.len().checked_sub(TRAILER)?..)?;
        let table = Self {
            at: number(&trailer[24..32])?,
            count: number(&trailer[8..16])?,
            offset_width: usize::from(trailer[6]),
            number_width: usize::from(trailer[7]),
        };
        let is_width = |width| (1..=8).contains(&width);
        let fits = table.at < text.len() - TRAILER;
        let sound = fits && is_width(table.offset_width) && is_width(table.number_width);
        sound.then_some((table, number(&trailer[16..24])?))
    }
}

struct Objects<'a> {
    text: &'a [u8],
    table: Table,
    flaws: Flaws,
    /// The numbers of the objects that are being read, outermost first.
    open: Vec<usize>,
    /// How many more bytes may be read: objects that many others name would multiply.
    budget: usize,
}

impl Objects<'_> {
    /// The object of that number; none where it is damaged.
    fn object(&mut self, id: usize) -> Option<Node> {
        self.budget = self.budget.checked_sub(COST)?;
        let start = self.offset(id);
        let Some(start) = start.filter(|&at| at < self.table.at) else {
            self.flaws.add(self.table.at, "a value lies outside of the list");
            return None;
        };
        if self.open.contains(&id) {
            self.flaws.add(start, "a value holds itself");
            return None;
        }
        if self.open.len() >= DEEPEST {
            self.flaws.add(start, "it is nested too deep");
            return Some(Node { span: start..start + 1, value: Value::Plain(String::new()) });
        }
        let read = self.at(id, start);
        if read.is_none() {
            self.flaws.add(start, "a value is damaged");
        }
        read
    }

    fn at(&mut self, id: usize, start: usize) -> Option<Node> {
        let marker = self.text[start];
        let (length, from) = self.length(start)?;
        let until =
            |size: usize| Some(from..from.checked_add(size).filter(|&end| end <= self.table.at)?);
        match marker >> 4 {
            0x0 | 0x1 | 0x2 | 0x3 | 0x8 => self.scalar(start),
            0x4 | 0x5 => self.text(until(length)?, parts::lossy),
            0x6 => self.text(until(length.checked_mul(2)?)?, utf16),
            0xA | 0xC => {
                let items = until(length.checked_mul(self.table.number_width)?)?;
                self.within(id, |objects| objects.list(start, items))
            }
            0xD => {
                let keys = until(length.checked_mul(self.table.number_width)?)?;
                self.within(id, |objects| objects.map(start, keys))
            }
            _ => None,
        }
    }

    /// How long an object says it is, and where what it holds starts.
    fn length(&self, start: usize) -> Option<(usize, usize)> {
        let short = usize::from(self.text[start] & 0xF);
        if short != 0xF || self.text[start] < 0x40 {
            return Some((short, start + 1));
        }
        let width = 1_usize << (self.text.get(start + 1)? & 0xF).min(4);
        let from = start + 2 + width;
        Some((number(self.text.get(start + 2..from)?)?, from))
    }

    fn scalar(&self, start: usize) -> Option<Node> {
        let low = self.text[start] & 0xF;
        let (size, value) = match self.text[start] >> 4 {
            0 => (
                0,
                ["", "", "", "", "", "", "", "", "false", "true"]
                    .get(usize::from(low))?
                    .to_string(),
            ),
            kind => {
                let size = if kind == 8 { usize::from(low) + 1 } else { 1 << low.min(4) };
                let bytes = self.text.get(start + 1..start + 1 + size)?;
                (size, scalar(kind, bytes)?)
            }
        };
        Some(Node { span: start..start + 1 + size, value: Value::Plain(value) })
    }

    fn text(
        &mut self,
        span: Range<usize>,
        undo: impl Fn(&[u8]) -> Zeroizing<String>,
    ) -> Option<Node> {
        self.budget = self.budget.checked_sub(span.len())?;
        let value = Value::Text(undo(&self.text[span.clone()]));
        Some(Node { span, value })
    }

    fn within(&mut self, id: usize, read: impl FnOnce(&mut Self) -> Node) -> Option<Node> {
        self.open.push(id);
        let node = read(self);
        self.open.pop();
        Some(node)
    }

    fn list(&mut self, start: usize, items: Range<usize>) -> Node {
        let mut span = start..items.end;
        let mut nodes = Vec::new();
        for item in self.numbers(items) {
            if self.budget < COST {
                self.flaws.add(start, "values are repeated too often");
                break;
            }
            nodes.extend(self.object(item));
        }
        for node in &nodes {
            span = span.start.min(node.span.start)..span.end.max(node.span.end);
        }
        Node { span, value: Value::List(nodes) }
    }

    fn map(&mut self, start: usize, keys: Range<usize>) -> Node {
        let end = (keys.end + keys.len()).min(self.table.at);
        let names = self.numbers(keys.clone());
        let values = self.numbers(keys.end..end);
        let mut entries = Vec::new();
        for (name, value) in names.into_iter().zip(values) {
            if self.budget < COST {
                self.flaws.add(start, "values are repeated too often");
                break;
            }
            let (Some(name), Some(node)) = (self.object(name), self.object(value)) else {
                continue;
            };
            if let Value::Text(text) = name.value {
                entries.push(Entry { name: text.to_string(), at: name.span, node });
            }
        }
        parts::map(parts::hull(&entries, start..end), entries)
    }

    fn numbers(&self, range: Range<usize>) -> Vec<usize> {
        let bytes = self.text.get(range).unwrap_or_default();
        bytes.chunks_exact(self.table.number_width).filter_map(number).collect()
    }

    fn offset(&self, id: usize) -> Option<usize> {
        let width = self.table.offset_width;
        let at = (id < self.table.count)
            .then_some(id)?
            .checked_mul(width)?
            .checked_add(self.table.at)?;
        number(self.text.get(at..at.checked_add(width)?)?)
    }
}

/// A number, most significant byte first.
fn number(bytes: &[u8]) -> Option<usize> {
    let add = |sum: u64, &byte: &u8| Some(sum.checked_mul(256)? + u64::from(byte));
    usize::try_from(bytes.iter().try_fold(0, add)?).ok()
}

fn scalar(kind: u8, bytes: &[u8]) -> Option<String> {
    if matches!(kind, 1 | 8) {
        let (head, tail) = bytes.split_at(bytes.len().saturating_sub(8));
        let signed = tail.try_into().map(i64::from_be_bytes);
        return match (head.iter().all(|&b| b == 0), signed) {
            (true, Ok(number)) => Some(number.to_string()),
            _ => Some(number(bytes)?.to_string()),
        };
    }
    match *bytes {
        [a, b, c, d] => Some(f32::from_be_bytes([a, b, c, d]).to_string()),
        [a, b, c, d, e, f, g, h] => Some(f64::from_be_bytes([a, b, c, d, e, f, g, h]).to_string()),
        _ => None,
    }
}

fn utf16(bytes: &[u8]) -> Zeroizing<String> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|&pair| u16::from_be_bytes(pair));
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    text
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::read::Value;
    use crate::read::check::{flaws, values};

    /// A list of those objects, the first being outermost.
    fn list(objects: &[&[u8]]) -> Vec<u8> {
        let mut text = b"bplist00".to_vec();
        let mut offsets = Vec::new();
        for object in objects {
            offsets.push(u8::try_from(text.len()).expect("it is short"));
            text.extend_from_slice(object);
        }
        let at = text.len() as u64;
        text.extend_from_slice(&offsets);
        text.extend_from_slice(&[0, 0, 0, 0, 0, 0, 1, 1]);
        text.extend_from_slice(&(objects.len() as u64).to_be_bytes());
        text.extend_from_slice(&0_u64.to_be_bytes());
        text.extend_from_slice(&at.to_be_bytes());
        text
    }

    fn sample() -> Vec<u8> {
        let map = b"\xD3\x01\x02\x03\x04\x05\x06";
        let objects: [&[u8]; 9] = [
            map,
            b"\x51a",
            b"\x62\0\xE4\0b",
            b"\x51c",
            b"\x53one",
            b"\xA2\x07\x08",
            b"\x10\x07",
            b"\x09",
            b"\x42xy",
        ];
        list(&objects)
    }

    #[test]
    fn objects_are_read_with_their_places() {
        let text = sample();
        let tree = read(&text);
        assert_eq!(values(&tree), ["a=one", "\u{E4}b.0~true", "\u{E4}b.1=xy", "c~7"]);
        assert_eq!(flaws(&tree), [""; 0]);
        let Value::Map(entries) = &tree.root.value else { unreachable!("it is a map") };
        assert_eq!(&text[entries[0].node.span.clone()], b"one");
    }

    #[test]
    fn cycles_and_repetition_end() {
        assert_eq!(flaws(&read(&list(&[b"\xA1\x00"]))), ["a value holds itself"]);
        let double = |n: u8| [0xA2, n, n];
        let objects: Vec<[u8; 3]> = (1..40).map(double).chain([*b"\x52ab"]).collect();
        let objects: Vec<&[u8]> = objects.iter().map(<[u8; 3]>::as_slice).collect();
        let tree = read(&list(&objects));
        assert!(values(&tree).len() < 400);
        assert!(flaws(&tree).contains(&"values are repeated too often"));
        assert_eq!(flaws(&read(b"bplist00")), ["the list is cut off"]);
    }

    #[test]
    fn any_byte_may_be_wrong() {
        let text = sample();
        for at in 0..text.len() {
            for byte in [0, 1, 0x0F, 0x5F, 0x7F, 0xA1, 0xAF, 0xD2, 0xDF, 0xFF] {
                let mut spoilt = text.clone();
                spoilt[at] = byte;
                crate::read::check::sound(&read, &spoilt);
            }
        }
        (0..text.len()).for_each(|end| crate::read::check::sound(&read, &text[..end]));
    }
}
