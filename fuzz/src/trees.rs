//! What holds of a tree, whatever text it was read from.

use keytrail::read::{DEEPEST, Entry, Node, Tree, Value};

/// Asserts that all of `tree` stands in `text`, and each part of it in what is around it.
pub fn sound(text: &[u8], tree: &Tree) {
    assert!(tree.root.span.end <= text.len());
    assert!(tree.flaws.iter().all(|flaw| flaw.at <= text.len()));
    assert!(tree.flaws.is_sorted_by_key(|flaw| flaw.at));
    nested(&tree.root, 0);
}

fn nested(node: &Node, depth: usize) {
    assert!(depth <= DEEPEST + 2, "it is nested too deep");
    let span = &node.span;
    assert!(span.start <= span.end);
    match &node.value {
        Value::Map(entries) => entries.iter().for_each(|Entry { at, node, .. }| {
            assert!(span.start <= at.start && at.start <= at.end && at.end <= span.end);
            within(node, span, depth);
        }),
        Value::List(nodes) => nodes.iter().for_each(|node| within(node, span, depth)),
        Value::Text(_) | Value::Plain(_) => {}
    }
}

fn within(node: &Node, outer: &std::ops::Range<usize>, depth: usize) {
    assert!(outer.start <= node.span.start && node.span.end <= outer.end);
    nested(node, depth + 1);
}
