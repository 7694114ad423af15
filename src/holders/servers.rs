//! Maps of servers, in all the ways in which clients write them.

use std::collections::HashSet;

use crate::holders::command::{self, Word};
use crate::holders::names::{self, Bears, bears, header};
use crate::holders::{address, field::Field};
use crate::read::{Entry, KeyPath, KeyPattern, Node, Step, Value};

/// A server in a client's configuration.
pub(super) struct Server<'t> {
    /// Its name.
    pub(super) name: String,
    /// The names that lead to it.
    pub(super) path: KeyPath,
    /// All that is said of it.
    pub(super) node: &'t Node,
    /// It is switched off.
    pub(super) disabled: bool,
}

/// What is said of a server.
#[derive(Default)]
pub(super) struct Said<'t> {
    /// What may be secrets.
    pub(super) fields: Vec<Field<'t>>,
    /// Variables that it is given by their names alone, and where.
    pub(super) passed: Vec<(String, KeyPath)>,
    /// Files of variables that it reads.
    pub(super) files: Vec<String>,
}

/// Where clients keep their servers: asked where no client's own key holds any.
pub(super) const USUAL: [&str; 8] = [
    "mcpServers",
    "servers",
    "mcp.servers",
    "\"mcp.servers\"",
    "mcp_servers",
    "context_servers",
    "mcp",
    "extensions",
];

/// The servers in `root`, below the key paths `keys`.
pub(super) fn servers<'t>(root: &'t Node, keys: &[impl AsRef<str>]) -> Vec<Server<'t>> {
    let mut servers: Vec<Server<'t>> = Vec::new();
    let mut known = HashSet::new();
    for key in keys.iter().map(AsRef::as_ref) {
        KeyPattern::parse(key).each(root, &mut |path, node| {
            if key.is_empty() && !is_flat(node) {
                return;
            }
            for server in itself(path, node).map_or_else(|| of(path, node), |one| vec![one]) {
                if known.insert(std::ptr::from_ref(server.node)) {
                    servers.push(server);
                }
            }
        });
    }
    servers
}

/// A server that is written as a bean: `<option name="name" value="…"/>` among its options.
fn itself<'t>(path: &KeyPath, node: &'t Node) -> Option<Server<'t>> {
    let name = option(node, "name")?.to_owned();
    let disabled = option(node, "enabled").is_some_and(|text| text.eq_ignore_ascii_case("false"));
    Some(Server { name, path: path.clone(), node, disabled })
}

/// The value of an option of a bean.
fn option<'t>(node: &'t Node, name: &str) -> Option<&'t str> {
    let options = node.entries().iter().filter(|entry| entry.name == "option");
    let mut pairs = options.filter_map(|entry| named(&entry.node));
    pairs.find(|(own, _)| *own == name)?.1.text()
}

fn of<'t>(path: &KeyPath, node: &'t Node) -> Vec<Server<'t>> {
    let server = |name: String, step: Step, node: &'t Node| Server {
        name,
        path: path.then(step),
        node,
        disabled: is_disabled(node),
    };
    match &node.value {
        Value::Map(entries) => entries
            .iter()
            .filter(|entry| matches!(entry.node.value, Value::Map(_)))
            .map(|Entry { name, node, .. }| server(name.clone(), Step::Name(name.clone()), node))
            .collect(),
        Value::List(nodes) => nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| matches!(node.value, Value::Map(_)))
            .map(|(n, node)| {
                let name = ["name", "id", "title"].iter().find_map(|key| node.get(key)?.text());
                server(name.map_or_else(|| n.to_string(), str::to_owned), Step::Element(n), node)
            })
            .collect(),
        Value::Text(_) | Value::Plain(_) => Vec::new(),
    }
}

/// Whether every value of a map is a server.
fn is_flat(node: &Node) -> bool {
    let starts = ["command", "cmd", "url", "serverUrl", "httpUrl", "transport", "uri"];
    let is_server = |entry: &Entry| starts.iter().any(|key| entry.node.get(key).is_some());
    !node.entries().is_empty() && node.entries().iter().all(is_server)
}

fn is_disabled(node: &Node) -> bool {
    node.get("disabled").is_some_and(Node::is_true)
        || node.get("enabled").is_some_and(|enabled| {
            enabled.text().is_some_and(|text| text.eq_ignore_ascii_case("false"))
        })
}

/// What a field of a server's entry is.
enum Sort {
    Variables,
    Headers,
    Address,
    Words,
    Files,
    /// Names of variables.
    Names,
    Other,
}

fn sort(name: &str) -> Sort {
    match name.to_ascii_lowercase().as_str() {
        "env" | "envs" | "environment" | "envvars" | "containerenv" | "remoteenv" => {
            Sort::Variables
        }
        "headers" | "http_headers" | "oauth_headers" | "extra_headers" | "extraheaders"
        | "requestheaders" => Sort::Headers,
        "url" | "serverurl" | "httpurl" | "baseurl" | "uri" | "server_url" | "endpoint" => {
            Sort::Address
        }
        "command" | "cmd" | "args" | "arguments" | "runargs" | "headershelper" => Sort::Words,
        "envfile" | "env_file" | "env-file" => Sort::Files,
        "env_keys"
        | "env_vars"
        | "bearer_token_env_var"
        | "env_http_headers"
        | "env_key"
        | "passenv" => Sort::Names,
        _ => Sort::Other,
    }
}

impl<'t> Server<'t> {
    /// A server of which all that is said is `node`.
    pub(super) fn alone(name: &str, node: &'t Node) -> Self {
        let disabled = is_disabled(node);
        Self { name: name.to_owned(), path: KeyPath::default(), node, disabled }
    }

    /// What is said of it.
    pub(super) fn said(&self) -> Said<'t> {
        let mut said = Said::default();
        said.entry(&self.path, self.node, DEEPEST);
        said.line(&self.path, self.node);
        said
    }
}

/// How deep the fields of an entry nest.
const DEEPEST: usize = 6;

impl<'t> Said<'t> {
    fn entry(&mut self, path: &KeyPath, node: &'t Node, depth: usize) {
        if depth == 0 {
            return;
        }
        node.each_child(&mut |step, child| {
            let name = match &step {
                Step::Name(name) => name.clone(),
                Step::Element(_) => String::new(),
            };
            let path = path.then(step);
            match sort(&name) {
                Sort::Variables => self.variables(&path, child),
                Sort::Headers => self.headers(&path, child),
                Sort::Address if child.text().is_some() => {
                    let field = Field::whole(path, Bears::Address, child);
                    field.iter().for_each(|field| self.fields.extend(address::secrets(field)));
                }
                Sort::Words if child.entries().is_empty() => {}
                Sort::Files => self.files.extend(child.text().map(str::to_owned)),
                Sort::Names => self.names(&path, child),
                Sort::Address | Sort::Words | Sort::Other => match bears(&name) {
                    bears @ (Bears::Secret | Bears::Password) if child.text().is_some() => {
                        self.fields.extend(Field::whole(path, bears, child));
                    }
                    _ => self.entry(&path, child, depth - 1),
                },
            }
        });
    }

    /// The command line that an entry's fields make together, and those of entries within.
    fn line(&mut self, path: &KeyPath, node: &'t Node) {
        let mut words = Vec::new();
        for key in ["command", "cmd", "path", "headersHelper"] {
            let Some(value) = node.get(key) else { continue };
            let path = path.name(key);
            match &value.value {
                Value::List(nodes) => words.extend(all(&path, nodes)),
                Value::Text(_) => words.extend(command::split(&path, value)),
                Value::Map(_) => self.line(&path, value),
                Value::Plain(_) => {}
            }
        }
        for key in ["args", "arguments", "runArgs"] {
            let Some(value) = node.get(key) else { continue };
            let path = path.name(key);
            match &value.value {
                Value::List(nodes) => words.extend(all(&path, nodes)),
                Value::Text(_) => words.extend(command::split(&path, value)),
                Value::Map(_) | Value::Plain(_) => {}
            }
        }
        let handed = command::handed(&words);
        self.fields.extend(handed.fields);
        self.passed.extend(handed.passed);
        self.files.extend(handed.files);
        for key in ["transport", "server", "mcp_config", "remote", "local"] {
            if let Some(inner) = node.get(key) {
                self.line(&path.name(key), inner);
            }
        }
    }

    /// Variables: a map, a list of `NAME=value`, or a list of names with their values.
    fn variables(&mut self, path: &KeyPath, node: &'t Node) {
        node.each_child(&mut |step, child| {
            let own = path.then(step.clone());
            if let Some((name, value)) = named(child) {
                self.variable(path.name(name), name, value);
            } else if let (Step::Element(_), Some(text)) = (&step, child.text()) {
                if let Some((name, value)) = text.split_once('=') {
                    let bears = bears(name);
                    let part = text.len() - value.len()..text.len();
                    let field = Field { path: path.name(name), bears, node: child, part };
                    self.variable_of(field);
                } else if names::is_plain(text) {
                    self.passed.push((text.to_owned(), own));
                }
            } else if let Step::Name(name) = &step {
                self.variable(own, name, child);
            }
        });
    }

    fn variable(&mut self, path: KeyPath, name: &str, node: &'t Node) {
        if let Some(field) = Field::whole(path, bears(name), node) {
            self.variable_of(field);
        }
    }

    fn variable_of(&mut self, field: Field<'t>) {
        let text = field.text();
        match field.bears {
            _ if command::speaks(text) => {
                self.fields.extend(command::handed(&[Word::of(&field)]).fields);
            }
            Bears::Address | Bears::Other if address::is_address(text) => {
                self.fields.extend(address::secrets(&field));
                self.fields.push(Field { bears: Bears::Other, ..field });
            }
            // What is no secret may still name a variable.
            _ => self.fields.push(field),
        }
    }

    /// Headers: a map, or a list of names with their values, or of `Name: value`.
    fn headers(&mut self, path: &KeyPath, node: &'t Node) {
        node.each_child(&mut |step, child| {
            if let Some((name, value)) = named(child) {
                self.fields.extend(Field::whole(path.name(name), header(name), value));
            } else if let (Step::Element(_), Some(text)) = (&step, child.text()) {
                let Some((name, value)) = text.split_once(':') else { return };
                let part = text.len() - value.trim_start().len()..text.len();
                let (path, bears) = (path.name(name), header(name));
                self.fields.push(Field { path, bears, node: child, part });
            } else if let Step::Name(name) = &step {
                self.fields.extend(Field::whole(path.name(name), header(name), child));
            }
        });
    }

    /// Names of variables: one, a list of them, or a map from something to them.
    fn names(&mut self, path: &KeyPath, node: &'t Node) {
        if let Some(text) = node.text().filter(|text| names::is_plain(text)) {
            self.passed.push((text.to_owned(), path.clone()));
        }
        node.each_child(&mut |step, child| {
            if let Some(text) = child.text().filter(|text| names::is_plain(text)) {
                self.passed.push((text.to_owned(), path.then(step)));
            }
        });
    }
}

/// A command has no more words than this.
const MOST_WORDS: usize = 10_000;

fn all<'t>(path: &KeyPath, nodes: &'t [Node]) -> impl Iterator<Item = Word<'t>> {
    let word = |(n, node)| Word::whole(path.then(Step::Element(n)), node);
    nodes.iter().enumerate().take(MOST_WORDS).filter_map(word)
}

/// `{"name": …, "value": …}`.
fn named(node: &Node) -> Option<(&str, &Node)> {
    let name = ["name", "key"].iter().find_map(|key| node.get(key)?.text())?;
    Some((name, node.get("value")?))
}
