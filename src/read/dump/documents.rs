//! Dumps inside documents of JSON and of sections.

use crate::read::dump::Shape;
use crate::read::dump::rows::row;
use crate::read::parts::{self, Flaws};
use crate::read::{Entry, Node, Tree, Value};

/// The variables in the JSON document `text`.
pub(super) fn json(text: &[u8], shape: Shape, flaws: &mut Flaws) -> Vec<Entry> {
    let Tree { root, flaws: found } = crate::read::json::json(text);
    found.iter().for_each(|flaw| flaws.add(flaw.at, flaw.what));
    let mut all = Vec::new();
    match shape {
        Shape::Docker => rows(text, root, &mut all),
        Shape::PowerShellJson => keyed(root, &mut all),
        Shape::Pm2 => below("env", root, &mut all),
        Shape::NodeReport => below("environmentVariables", root, &mut all),
        _ => all.extend(variables(root)),
    }
    all
}

/// The variables of programs in a configuration of supervisor.
pub(super) fn supervisor(text: &[u8], flaws: &mut Flaws) -> Vec<Entry> {
    let Tree { root, flaws: found } = crate::read::ini::ini(text);
    found.iter().for_each(|flaw| flaws.add(flaw.at, flaw.what));
    let mut all = Vec::new();
    below("environment", root, &mut all);
    all
}

/// The entries of a map that are no maps or lists.
fn variables(node: Node) -> Vec<Entry> {
    let Value::Map(entries) = node.value else { return Vec::new() };
    let is_one = |e: &Entry| matches!(e.node.value, Value::Text(_) | Value::Plain(_));
    entries.into_iter().filter(is_one).collect()
}

/// What `node` holds, each with its name if it has one.
fn inside(node: Node) -> Vec<(String, Node)> {
    match node.value {
        Value::Map(entries) => entries.into_iter().map(|e| (e.name, e.node)).collect(),
        Value::List(nodes) => nodes.into_iter().map(|node| (String::new(), node)).collect(),
        Value::Text(_) | Value::Plain(_) => Vec::new(),
    }
}

/// The variables of every map that is called `name`.
fn below(name: &str, node: Node, all: &mut Vec<Entry>) {
    for (called, node) in inside(node) {
        if called == name && matches!(node.value, Value::Map(_)) {
            all.extend(variables(node));
        } else {
            below(name, node, all);
        }
    }
}

/// The texts `A=b` of every list that is called `Env`.
fn rows(text: &[u8], node: Node, all: &mut Vec<Entry>) {
    for (called, node) in inside(node) {
        match node.value {
            Value::List(rows) if called == "Env" => {
                all.extend(rows.iter().filter_map(|n| assignment(text, n)));
            }
            _ => rows(text, node, all),
        }
    }
}

fn assignment(text: &[u8], node: &Node) -> Option<Entry> {
    let Value::Text(whole) = &node.value else { return None };
    let length = row(whole.as_bytes())?;
    let (name, value) = (&whole[..length], &whole[length + 1..]);
    let mut span = node.span.clone();
    let mut at = span.start..span.start;
    if text.get(span.clone()).is_some_and(|raw| raw.starts_with(&whole.as_bytes()[..=length])) {
        at.end += length;
        span.start = at.end + 1;
    }
    Some(Entry { name: name.to_owned(), at, node: parts::undone(span, value.as_bytes()) })
}

/// The variables of maps with a `Key` and a `Value`.
fn keyed(node: Node, all: &mut Vec<Entry>) {
    if let Value::List(nodes) = node.value {
        nodes.into_iter().for_each(|node| keyed(node, all));
        return;
    }
    let Value::Map(entries) = node.value else { return };
    let mut name = None;
    let mut value = None;
    for entry in entries {
        match (entry.name.as_str(), &entry.node.value) {
            ("Key" | "Name", Value::Text(text)) => name = Some((text.to_string(), entry.node.span)),
            ("Value", Value::Text(_)) => value = Some(entry.node),
            _ => {}
        }
    }
    if let (Some((name, at)), Some(node)) = (name, value) {
        all.push(Entry { name, at, node });
    }
}
