//! Key paths: the names that lead to a value in a tree, and patterns of them.

use std::fmt;

use crate::read::{Entry, Node, Value};

/// The names that lead from the root of a tree to a value: `mcpServers.github.env.TOKEN`, `hooks[0].url`.
/// A name that holds a sign of this notation stands in quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath(Vec<Step>);

/// One step of a key path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// To a named value.
    Name(String),
    /// To the element of a list, counted from 0.
    Element(usize),
}

impl KeyPath {
    /// The steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The path one step deeper.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The path to the value called `name` in this one.
    #[must_use]
    pub fn name(&self, name: &str) -> Self {
        self.then(Step::Name(name.to_owned()))
    }

    /// The path to what holds its end; none from the root.
    pub fn outer(&self) -> Option<Self> {
        let (_, outer) = self.0.split_last()?;
        Some(Self(outer.to_vec()))
    }

    /// The last name on it.
    pub fn last_name(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|step| match step {
            Step::Name(name) => Some(name.as_str()),
            Step::Element(_) => None,
        })
    }

    /// This path below `outer`.
    #[must_use]
    pub fn below(&self, outer: &Self) -> Self {
        Self(outer.0.iter().chain(&self.0).cloned().collect())
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            match step {
                Step::Element(element) => write!(f, "[{element}]")?,
                Step::Name(name) => {
                    f.write_str(if n > 0 { "." } else { "" })?;
                    let plain = |c: char| c.is_alphanumeric() || "_-$@:/".contains(c);
                    if !name.is_empty() && name.chars().all(plain) {
                        f.write_str(name)?;
                    } else {
                        write!(f, "\"{}\"", name.replace('"', "\\\""))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// A pattern of key paths: names joined by dots, `*` for any one step, `**` for any number of them; a name
/// with a dot stands in quotes. Names are compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Name(String),
    One,
    Any,
}

impl KeyPattern {
    /// Reads a pattern; an empty one is the root.
    pub fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let quoted = rest.strip_prefix('"').and_then(|inner| inner.split_once('"'));
            let (name, behind) = match quoted {
                Some((name, behind)) => (name, behind.strip_prefix('.').unwrap_or(behind)),
                None => rest.split_once('.').unwrap_or((rest, "")),
            };
            parts.push(match (name, quoted) {
                ("*", None) => Part::One,
                ("**", None) => Part::Any,
                _ => Part::Name(name.to_owned()),
            });
            rest = behind;
        }
        Self(parts)
    }

    /// Whether the last step may be of any name.
    pub fn is_open(&self) -> bool {
        matches!(self.0.last(), Some(Part::One | Part::Any))
    }

    /// Calls `visit` with every value of `root` whose path fits, and that path.
    pub fn each<'t>(&self, root: &'t Node, visit: &mut dyn FnMut(&KeyPath, &'t Node)) {
        descend(&self.0, root, &KeyPath::default(), visit);
    }

    /// Whether `path` fits.
    pub fn fits(&self, path: &KeyPath) -> bool {
        fits(&self.0, path.steps())
    }
}

fn fits(parts: &[Part], steps: &[Step]) -> bool {
    match (parts, steps) {
        ([], steps) => steps.is_empty(),
        ([Part::Any, rest @ ..], steps) => {
            (0..=steps.len()).any(|skipped| fits(rest, &steps[skipped..]))
        }
        ([_, ..], []) => false,
        ([part, rest @ ..], [step, behind @ ..]) => part.fits(step) && fits(rest, behind),
    }
}

impl Part {
    fn fits(&self, step: &Step) -> bool {
        match (self, step) {
            (Self::Name(name), Step::Name(other)) => name.eq_ignore_ascii_case(other),
            (Self::Name(_), Step::Element(_)) => false,
            (Self::One | Self::Any, _) => true,
        }
    }
}

/// Follows `parts` from `node` on; trees are no deeper than [`crate::read::DEEPEST`].
fn descend<'t>(
    parts: &[Part],
    node: &'t Node,
    path: &KeyPath,
    visit: &mut dyn FnMut(&KeyPath, &'t Node),
) {
    let Some((part, rest)) = parts.split_first() else { return visit(path, node) };
    if *part == Part::Any {
        descend(rest, node, path, visit);
        node.each_child(&mut |step, child| descend(parts, child, &path.then(step), visit));
        return;
    }
    node.each_child(&mut |step, child| {
        if part.fits(&step) {
            descend(rest, child, &path.then(step), visit);
        }
    });
}

impl Node {
    /// Calls `visit` with each value in this one, and the step that leads there.
    pub fn each_child<'t>(&'t self, visit: &mut dyn FnMut(Step, &'t Self)) {
        match &self.value {
            Value::Map(entries) => {
                entries.iter().for_each(|entry| visit(Step::Name(entry.name.clone()), &entry.node));
            }
            Value::List(nodes) => {
                nodes.iter().enumerate().for_each(|(n, node)| visit(Step::Element(n), node));
            }
            Value::Text(_) | Value::Plain(_) => {}
        }
    }

    /// The value called `name`, whatever its case; the last of them if there are several.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let named = |entry: &&Entry| entry.name.eq_ignore_ascii_case(name);
        self.entries().iter().rev().find(named).map(|entry| &entry.node)
    }

    /// The entries, if it is a map.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements, if it is a list.
    pub fn elements(&self) -> &[Self] {
        match &self.value {
            Value::List(nodes) => nodes,
            _ => &[],
        }
    }

    /// The text, if it is one, or a number or word as it is written.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Plain(plain) => Some(plain),
            Value::Map(_) | Value::List(_) => None,
        }
    }

    /// Whether it says yes.
    pub fn is_true(&self) -> bool {
        self.text().is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// The way to the innermost value that holds the byte at `at`, or whose name does; none if that is the
    /// root itself.
    pub fn way_to(&self, at: usize) -> Option<Way<'_>> {
        let mut way = Way { path: KeyPath::default(), nodes: vec![self] };
        loop {
            let holds = |span: &std::ops::Range<usize>| span.contains(&at);
            let node = way.nodes.last()?;
            let next = match &node.value {
                Value::Map(entries) => nearest(entries, |e| e.at.start.min(e.node.span.start), at)
                    .into_iter()
                    .chain(entries)
                    .find(|entry| holds(&entry.at) || holds(&entry.node.span))
                    .map(|entry| (Step::Name(entry.name.clone()), &entry.node, holds(&entry.at))),
                Value::List(nodes) => nearest(nodes, |node| node.span.start, at)
                    .into_iter()
                    .chain(nodes)
                    .find(|node| holds(&node.span))
                    .map(|node| (Step::Element(index_of(nodes, node)), node, false)),
                Value::Text(_) | Value::Plain(_) => None,
            };
            let Some((step, inner, is_name)) = next else { break };
            way.path.0.push(step);
            way.nodes.push(inner);
            if is_name {
                break;
            }
        }
        (way.nodes.len() > 1).then_some(way)
    }

    /// The path to the innermost value that holds the byte at `at`, or whose name does.
    pub fn path_to(&self, at: usize) -> Option<KeyPath> {
        self.way_to(at).map(|way| way.path)
    }
}

/// A path, and the values on it.
pub struct Way<'t> {
    /// The names.
    pub path: KeyPath,
    /// The values, from the root to the last: one more than there are steps.
    pub nodes: Vec<&'t Node>,
}

/// The last of `all` that starts at or before `at`, if they lie in the order of the text: where it does not
/// hold what is sought, that is still to be looked for among all.
fn nearest<T>(all: &[T], start: impl Fn(&T) -> usize, at: usize) -> Option<&T> {
    all.get(all.partition_point(|one| start(one) <= at).checked_sub(1)?)
}

/// Which of `nodes` it is.
fn index_of(nodes: &[Node], node: &Node) -> usize {
    let start = nodes.partition_point(|other| std::ptr::from_ref(other) < std::ptr::from_ref(node));
    start.min(nodes.len().saturating_sub(1))
}
