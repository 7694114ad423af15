//! What the tests of all readers share: noise, and the properties that every tree has.

use super::{DEEPEST, Flaw, Node, Tree, Value};

/// A row of numbers that looks random and is the same each time.
pub(super) struct Noise(u64);

impl Noise {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits fit") % most.max(1)
    }

    /// `text` with some bytes changed, taken out, put in or cut off.
    pub(super) fn spoil(&mut self, text: &[u8], signs: &[u8]) -> Vec<u8> {
        let mut spoilt = text.to_vec();
        for _ in 0..=self.below(6) {
            let at = self.below(spoilt.len());
            let sign = signs[self.below(signs.len())];
            match self.below(6) {
                _ if spoilt.is_empty() => spoilt.push(sign),
                0 => spoilt[at] = sign,
                1 => spoilt.insert(at, sign),
                2 => drop(spoilt.remove(at)),
                3 => spoilt.truncate(at),
                4 => {
                    let end = (at + self.below(40)).min(spoilt.len());
                    let piece = spoilt[at..end].to_vec();
                    let to = self.below(spoilt.len());
                    spoilt.splice(to..to, piece);
                }
                _ => spoilt[at] = u8::try_from(self.below(256)).expect("a byte"),
            }
        }
        spoilt
    }
}

/// Asserts what holds of every tree: spans lie within the text and within what is around them.
pub(super) fn check(text: &[u8], tree: &Tree) {
    assert!(tree.root.span.end <= text.len());
    check_node(&tree.root, 0);
    check_flaws(text, &tree.flaws);
}

pub(super) fn check_flaws(text: &[u8], flaws: &[Flaw]) {
    assert!(flaws.len() <= 16 && flaws.is_sorted_by_key(|f| f.at));
    assert!(flaws.iter().all(|f| f.at <= text.len() && !f.what.is_empty()));
}

pub(super) fn check_node(node: &Node, depth: usize) {
    assert!(node.span.start <= node.span.end && depth <= DEEPEST + 1);
    let within = |span: &std::ops::Range<usize>| {
        assert!(span.start <= span.end, "{span:?}");
        assert!(node.span.start <= span.start && span.end <= node.span.end, "{span:?} {node:?}");
    };
    match &node.value {
        Value::Map(entries) => entries.iter().for_each(|entry| {
            within(&entry.at);
            within(&entry.node.span);
            check_node(&entry.node, depth + 1);
        }),
        Value::List(nodes) => nodes.iter().for_each(|inner| {
            within(&inner.span);
            check_node(inner, depth + 1);
        }),
        Value::Text(_) | Value::Plain(_) => {}
    }
}

/// Asserts that every name and text stands in `text` as it is.
pub(super) fn check_verbatim(text: &[u8], node: &Node) {
    match &node.value {
        Value::Map(entries) => entries.iter().for_each(|entry| {
            assert_eq!(&text[entry.at.clone()], entry.name.as_bytes());
            check_verbatim(text, &entry.node);
        }),
        Value::List(nodes) => nodes.iter().for_each(|inner| check_verbatim(text, inner)),
        Value::Text(inner) => assert_eq!(&text[node.span.clone()], inner.as_bytes()),
        Value::Plain(inner) => assert_eq!(&text[node.span.clone()], inner.as_bytes()),
    }
}

/// The tree as a line: `{a:"text",b:[1]}`.
pub(super) fn show(node: &Node) -> String {
    match &node.value {
        Value::Map(entries) => {
            let all: Vec<_> =
                entries.iter().map(|e| format!("{}:{}", e.name, show(&e.node))).collect();
            format!("{{{}}}", all.join(","))
        }
        Value::List(nodes) => {
            format!("[{}]", nodes.iter().map(show).collect::<Vec<_>>().join(","))
        }
        Value::Text(text) => format!("{:?}", text.as_str()),
        Value::Plain(text) => text.clone(),
    }
}

/// Asserts that long texts are read as short ones are: what takes more than linear time does not end here.
pub(super) fn check_linear(usual: &str, pieces: &[&str], read: impl Fn(&[u8]) -> Tree) {
    let texts = pieces.iter().map(|piece| (piece, 300_000)).chain([(&usual, 1_000_000)]);
    for (piece, length) in texts {
        let text = piece.repeat(length / piece.len());
        check(text.as_bytes(), &read(text.as_bytes()));
    }
}
