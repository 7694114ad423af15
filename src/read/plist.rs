//! Reads property lists of Apple's systems, in XML and in binary form.

use crate::read::parts::Flaws;
use crate::read::{Entry, Node, Tree, Value};

mod binary;

/// Reads `text`: what the list holds, usually a map.
pub fn plist(text: &[u8]) -> Tree {
    if text.starts_with(b"bplist") {
        return binary::read(text);
    }
    let mut flaws = Flaws::default();
    let mut document = crate::read::xml::xml(text);
    document.flaws.iter().for_each(|flaw| flaws.add(flaw.at, flaw.what));
    let outermost = entries(&mut document.root).into_iter().find(|e| e.name == "plist");
    let inside = outermost.map(|mut e| entries(&mut e.node)).unwrap_or_default();
    let root = inside.into_iter().find_map(|e| value(e, &mut flaws));
    let mut tree = flaws.tree(text, Vec::new());
    if let Some(root) = root {
        tree.root = root;
    }
    tree
}

/// The entries of an element; none if it holds but a text.
fn entries(node: &mut Node) -> Vec<Entry> {
    match &mut node.value {
        Value::Map(entries) => std::mem::take(entries),
        _ => Vec::new(),
    }
}

/// What an element stands for; none if it is no value.
fn value(element: Entry, flaws: &mut Flaws) -> Option<Node> {
    let Entry { name, mut node, .. } = element;
    let value = match (name.as_str(), node.value) {
        ("dict", Value::Map(entries)) => Value::Map(pairs(entries, flaws)),
        ("array", Value::Map(entries)) => {
            Value::List(entries.into_iter().filter_map(|e| value(e, flaws)).collect())
        }
        ("dict", _) => Value::Map(Vec::new()),
        ("array", _) => Value::List(Vec::new()),
        ("string" | "data", value @ Value::Text(_)) => value,
        ("integer" | "real" | "date", Value::Text(text)) => Value::Plain(text.to_string()),
        ("true" | "false", _) => Value::Plain(name),
        (_, Value::Plain(text)) => Value::Plain(text),
        _ => return None,
    };
    node.value = value;
    Some(node)
}

/// The pairs of a `dict`: each `key` names the value behind it.
fn pairs(elements: Vec<Entry>, flaws: &mut Flaws) -> Vec<Entry> {
    let mut pairs = Vec::new();
    let mut key = None;
    for element in elements {
        let at = element.node.span.start;
        if element.name == "key" {
            if let Value::Text(name) = &element.node.value {
                key = Some((name.to_string(), element.node.span));
            }
        } else if let Some(node) = value(element, flaws) {
            match key.take() {
                Some((name, at)) => pairs.push(Entry { name, at, node }),
                None => flaws.add(at, "a value has no key"),
            }
        }
    }
    if let Some((_, at)) = key {
        flaws.add(at.start, "a key has no value");
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::plist;
    use crate::read::check::{as_written, bears_noise, flaws, values};

    const TEXT: &str = "<?xml version=\"1.0\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"x\">\n\
        <plist version=\"1.0\"><dict>\r\n<key>Label</key><string>one</string>\r\n<key>Env</key>\n<dict><key>WORD</key>\
        <string>two</string></dict><key>List</key><array><string>a</string><integer>7</integer><true/></array>\
        <key>None</key><dict/></dict></plist>";

    #[test]
    fn keys_name_what_follows() {
        let tree = plist(TEXT.as_bytes());
        let expected = ["Label=one", "Env.WORD=two", "List.0=a", "List.1~7", "List.2~true"];
        assert_eq!(
            (values(&tree).as_slice(), flaws(&tree).len()),
            (expected.map(String::from).as_slice(), 0)
        );
        as_written(TEXT, &tree);
    }

    #[test]
    fn damage_is_told_and_passed() {
        let text =
            "<plist><dict><string>x</string><key>A</key><data>QQ==</data><key>B</key></dict>";
        let tree = plist(text.as_bytes());
        assert_eq!(values(&tree), ["A=QQ=="]);
        let expected = ["an element does not end", "a value has no key", "a key has no value"];
        assert_eq!(flaws(&tree), expected);
        bears_noise(&plist, &[TEXT]);
    }
}
