//! YAML; what is not well-formed, such as a template, is read line by line.

mod block;
mod events;
mod flow;
mod lines;
mod outline;
mod plain;
mod quoted;
mod source;
#[cfg(test)]
mod tests;

use super::flaws::Flaws;
use super::{Flaw, Node, Tree, Value};

/// Longer texts are not read as documents: their trees take too much memory.
const LONGEST: usize = 4 << 20;

/// Reads a document, or a list of them if there are more than one. An alias stands as an empty value: what
/// it refers to is not repeated.
pub fn yaml(text: &[u8]) -> Tree {
    if text.len() > LONGEST {
        let flaw = Flaw { at: LONGEST, what: "it is too long for a document" };
        let root = Node { span: 0..0, value: Value::Map(Vec::new()) };
        return Tree { root, flaws: vec![flaw] };
    }
    let mut flaws = Flaws::default();
    let start = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let documents = match std::str::from_utf8(text) {
        Ok(legible) => match events::documents(legible, start) {
            Ok(documents) => documents,
            Err(flaw) => {
                flaws.add(flaw.at, flaw.what);
                lines::documents(text, start, &mut flaws)
            }
        },
        Err(error) => {
            flaws.add(error.valid_up_to(), "the text is not UTF-8");
            lines::documents(text, start, &mut flaws)
        }
    };
    Tree { root: root(documents, text.len()), flaws: flaws.all() }
}

fn root(mut documents: Vec<Node>, length: usize) -> Node {
    documents.retain(|node| !node.span.is_empty());
    let one = if documents.len() > 1 { None } else { Some(documents.pop()) };
    match one {
        Some(Some(document)) => document,
        Some(None) => Node { span: 0..0, value: Value::Map(Vec::new()) },
        None => Node { span: 0..length, value: Value::List(documents) },
    }
}
