//! What every reader must hold to, whatever the text.

use std::ops::Range;

use crate::read::{Entry, Flaw, Node, Tree, Value};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }
}

/// Each value of `tree` with its path: `a.b=value`; a list's elements are numbered.
pub(super) fn values(tree: &Tree) -> Vec<String> {
    let mut all = Vec::new();
    collect(&tree.root, "", &mut all);
    all
}

/// What the flaws of `tree` say.
pub(super) fn flaws(tree: &Tree) -> Vec<&'static str> {
    tree.flaws.iter().map(|flaw| flaw.what).collect()
}

fn collect(node: &Node, path: &str, all: &mut Vec<String>) {
    let below = |name: &str| if path.is_empty() { name.into() } else { format!("{path}.{name}") };
    match &node.value {
        Value::Map(entries) => {
            entries.iter().for_each(|e| collect(&e.node, &below(&e.name), all));
        }
        Value::List(nodes) => {
            nodes.iter().enumerate().for_each(|(n, node)| {
                collect(node, &below(&n.to_string()), all);
            });
        }
        Value::Text(text) => all.push(format!("{path}={}", text.as_str())),
        Value::Plain(text) => all.push(format!("{path}~{text}")),
    }
}

/// Fails unless every text of `tree` stands at its span as it is.
pub(super) fn as_written(text: &str, tree: &Tree) {
    each(&tree.root, &mut |node| {
        if let Value::Text(value) = &node.value {
            assert_eq!(text.get(node.span.clone()), Some(value.as_str()));
        }
    });
}

fn each(node: &Node, see: &mut dyn FnMut(&Node)) {
    see(node);
    match &node.value {
        Value::Map(entries) => entries.iter().for_each(|e| each(&e.node, see)),
        Value::List(nodes) => nodes.iter().for_each(|n| each(n, see)),
        Value::Text(_) | Value::Plain(_) => {}
    }
}

/// Reads spoilt and cut copies of `samples`: nothing panics, and every span lies where it may.
pub(super) fn bears_noise(read: &dyn Fn(&[u8]) -> Tree, samples: &[&str]) {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for sample in samples {
        (0..=sample.len()).for_each(|end| sound(read, &sample.as_bytes()[..end]));
        for _ in 0..400 {
            sound(read, &spoilt(sample.as_bytes(), &mut dice));
        }
    }
}

/// A copy of `text` with a few bytes changed, cut out, or told twice.
fn spoilt(text: &[u8], dice: &mut Dice) -> Vec<u8> {
    const SIGNS: &[u8] = b"\"'`\\=:;#<>&[]{}(),$%!\n\r\t \0\xFF\xC3a0-";
    let mut spoilt = text.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(spoilt.len() + 1);
        let end = (at + dice.below(9)).min(spoilt.len());
        match dice.below(4) {
            0 => _ = spoilt.drain(at..end),
            1 => spoilt.splice(at..at, text[..text.len().min(20)].iter().copied()).for_each(drop),
            _ => spoilt.insert(at, SIGNS[dice.below(SIGNS.len())]),
        }
    }
    spoilt
}

pub(super) fn sound(read: &dyn Fn(&[u8]) -> Tree, text: &[u8]) {
    let tree = read(text);
    assert!(tree.root.span.end <= text.len());
    assert!(tree.flaws.iter().all(|Flaw { at, .. }| *at <= text.len()));
    assert!(tree.flaws.is_sorted_by_key(|flaw| flaw.at));
    nested(&tree.root, 0);
}

fn nested(node: &Node, depth: usize) {
    assert!(depth <= crate::read::DEEPEST + 2, "it is nested too deep");
    assert!(node.span.start <= node.span.end);
    let within = |r: &Range<usize>| node.span.start <= r.start && r.end <= node.span.end;
    match &node.value {
        Value::Map(entries) => entries.iter().for_each(|Entry { at, node, .. }| {
            assert!(within(at) && within(&node.span), "{at:?} {:?}", node.span);
            nested(node, depth + 1);
        }),
        Value::List(nodes) => nodes.iter().for_each(|node| {
            assert!(within(&node.span));
            nested(node, depth + 1);
        }),
        Value::Text(_) | Value::Plain(_) => {}
    }
}
