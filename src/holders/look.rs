//! One text, read as its format says: who holds what in it, which fields carry literals, and which refer to
//! elsewhere.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::holders::Kept;
use crate::holders::address;
use crate::holders::belief::believe;
use crate::holders::field::Field;
use crate::holders::links::{Link, links};
use crate::holders::listed::listed;
use crate::holders::login;
use crate::holders::names::Bears;
use crate::holders::naming::Known;
use crate::holders::peel::{Peeled, peel};
use crate::holders::servers::{Server, USUAL, servers};
use crate::holders::written::{Written, written};
use crate::model::{Confidence, Holder, Layer, Reason, ReasonKind};
use crate::read::log::Log;
use crate::read::{self, KeyPath, KeyPattern, Node, Tree};

/// A text of which it is known who keeps it, or in which something was found.
pub struct Look<'l, 't> {
    pub(super) text: &'l [u8],
    pub(super) kept: &'l [Kept<'t>],
    /// Which value of a database it is.
    pub(super) cell: Option<&'l str>,
    pub(super) form: Form,
    /// What recognised an environment dump, if it is one.
    pub(super) dump: Option<String>,
    /// Whose log it is, if it is one.
    pub(super) log: Option<Log>,
    /// It is a sample, for people to copy.
    pub(super) sample: bool,
    /// What was learnt so far.
    pub(super) known: Known,
}

pub(super) enum Form {
    /// A document.
    Tree(Tree),
    /// A record in each line.
    Lines,
    /// Links that install servers.
    Links(Vec<Link>),
    /// A document inside rounds of base64: its text, and its values.
    Encoded(Peeled, Tree),
    /// Text without names.
    Plain,
}

/// A secret that a field carries, whatever it looks like.
pub struct Literal {
    /// Where it stands.
    pub range: Range<usize>,
    /// Itself.
    pub value: Zeroizing<String>,
    /// How sure.
    pub confidence: Confidence,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What was undone to see it.
    pub layers: Vec<Layer>,
    /// It stands within something that is told as a whole, where others may stand too.
    pub within: bool,
}

/// A field that takes its value from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referring {
    /// The environment variables that it names.
    pub variables: Vec<String>,
    /// The files in which they may stand, as they are written.
    pub files: Vec<String>,
    /// Who refers.
    pub holder: Holder,
    /// The key of the field.
    pub key: String,
}

impl Literal {
    /// Takes it for one that is written in a sample.
    fn doubt(&mut self) {
        self.confidence = Confidence::Low;
        let why = "the file is a sample to be copied";
        self.reasons.push(Reason::new(ReasonKind::Placeholder, why));
    }
}

impl<'l, 't> Look<'l, 't> {
    /// Looks at a text that lies at `path`, in the value `cell` if that is a database, and is kept by `kept`:
    /// its bytes, whether they are all of it, and whether something was found in them. None if there is
    /// nothing to tell: nobody is known to keep it, or nothing was found in it and no field of it carries
    /// secrets.
    pub fn at(
        path: &str,
        cell: Option<&'l str>,
        kept: &'l [Kept<'t>],
        (text, whole, found): (&'l [u8], bool, bool),
    ) -> Option<Self> {
        let sample = !kept.is_empty() && is_sample(path);
        let look = |form, dump, log| Self {
            text,
            kept,
            cell,
            form,
            dump,
            log,
            sample,
            known: Known::default(),
        };
        let told = kept.iter().all(|kept| kept.keep.holds.is_told());
        if told && whole && cell.is_none() && is_document(path) {
            let links = links(text);
            if !links.is_empty() {
                let form = Form::Links(links);
                return Some(look(form, None, None));
            }
        }
        if kept.is_empty() && !found {
            return None;
        }
        if !(found || whole && kept.iter().any(Kept::names_fields)) {
            return None;
        }
        let told = ["text", "lines", "sqlite"];
        let format = match kept.iter().find(|kept| !told.contains(&kept.keep.format.as_ref())) {
            Some(kept) if cell.is_none() => Some(kept.keep.format.as_ref()),
            _ => read::format_of(if cell.is_some() { "" } else { path }, text),
        };
        if kept.is_empty() && whole {
            let dumped = read::dump::recognise(text)
                .map(|shape| (Form::Tree(read::dump::dump(text, shape)), shape.name().to_owned()));
            if let Some((form, dump)) = dumped.or_else(|| encoded(text)) {
                return Some(look(form, Some(dump), None));
            }
        }
        let form = match format {
            Some("jsonl") => Form::Lines,
            Some(format) if whole => read::tree(format, text).map_or(Form::Plain, Form::Tree),
            Some(_) | None => Form::Plain,
        };
        let log = read::log::kind(text).filter(|_| matches!(form, Form::Plain));
        Some(look(form, None, log))
    }
}

impl Look<'_, '_> {
    /// Where a document that somebody keeps is not as its format asks.
    pub fn flaw(&self) -> Option<(usize, &'static str)> {
        let Form::Tree(tree) = &self.form else { return None };
        let strict = ["json", "toml", "xml", "plist"];
        let kept = self.kept.first()?;
        let flaw = tree.flaws.first()?;
        strict.contains(&kept.keep.format.as_ref()).then_some((flaw.at, flaw.what))
    }

    pub(super) fn servers<'s>(&'s self, root: &'s Node) -> Vec<(&'s Kept<'s>, Server<'s>)> {
        let mut all = Vec::new();
        let asked = self.kept.iter().filter(|kept| !kept.keep.servers.is_empty());
        for kept in asked.clone() {
            all.extend(servers(root, &kept.keep.servers).into_iter().map(|server| (kept, server)));
        }
        if let (Some(kept), true) = (asked.clone().next(), all.is_empty()) {
            all.extend(servers(root, &USUAL).into_iter().map(|server| (kept, server)));
        }
        all
    }

    /// The literals in fields that carry secrets, and the fields that refer to elsewhere.
    pub fn fields(&self) -> (Vec<Literal>, Vec<Referring>) {
        let (mut literals, mut referring) = (Vec::new(), Vec::new());
        if let Form::Links(links) = &self.form {
            return (self.linked(links), referring);
        }
        let Form::Tree(tree) = &self.form else {
            literals.extend(self.all_of_it());
            return (literals, referring);
        };
        let several = [&tree.root];
        let documents = match self.kept.iter().any(|kept| kept.keep.format == "yaml") {
            true if !tree.root.elements().is_empty() => {
                tree.root.elements().iter().chain(several).collect()
            }
            _ => several.to_vec(),
        };
        for (kept, server) in documents.iter().flat_map(|root| self.servers(root)) {
            let said = server.said();
            let holder = holder_of(kept, &server);
            let mut refers = |variables: Vec<String>, path: &KeyPath| {
                let (files, key) = (said.files.clone(), path.to_string());
                let holder = holder.clone();
                referring.push(Referring { variables, files, holder, key });
            };
            for field in &said.fields {
                match self.literal(field) {
                    Ok(literal) => literals.extend(literal),
                    // What a client does not fill in, its server is given as it is written.
                    Err(variables) if kept.fills_in() => refers(variables, &field.path),
                    Err(_) => {}
                }
            }
            said.passed.iter().for_each(|(name, path)| refers(vec![name.clone()], path));
            if !said.files.is_empty() {
                refers(Vec::new(), &server.path.name("envFile"));
            }
        }
        for kept in self.kept {
            for field in documents.iter().flat_map(|root| listed(kept.keep, root)) {
                match self.literal(&field) {
                    Ok(literal) => literals.extend(literal),
                    Err(_) if !kept.fills_in() => {}
                    Err(variables) => referring.push(Referring {
                        variables,
                        files: Vec::new(),
                        holder: kept.holder(),
                        key: field.path.to_string(),
                    }),
                }
            }
        }
        if self.sample {
            literals.iter_mut().for_each(Literal::doubt);
        }
        literals.sort_by_key(|literal| (literal.range.start, literal.range.end));
        literals.dedup_by(|later, first| later.range.start < first.range.end);
        (literals, referring)
    }

    /// The literals in links. They stand where their link's configuration does: each begins a byte behind
    /// the one before it, so that no two stand at one place.
    fn linked(&self, links: &[Link]) -> Vec<Literal> {
        let mut all = Vec::new();
        for link in links {
            let mut servers = servers(&link.tree.root, &["mcpServers"]);
            servers.push(Server::alone(link.name.as_deref().unwrap_or_default(), &link.tree.root));
            let mut known: Vec<Zeroizing<String>> = Vec::new();
            for field in servers.iter().flat_map(|server| server.said().fields) {
                let Ok(Some(literal)) = self.literal(&field) else { continue };
                let start = link.range.start + known.len();
                if start < link.range.end && !known.contains(&literal.value) {
                    known.push(literal.value.clone());
                    all.push(Literal { range: start..link.range.end, within: true, ..literal });
                }
            }
        }
        all
    }

    /// The literal in a field, if it is believed; the variables that the field names, if it names some.
    fn literal(&self, field: &Field<'_>) -> Result<Option<Literal>, Vec<String>> {
        let text = field.text();
        let part = match written(text) {
            Written::Literal(part) => part,
            Written::Reference(variables) if variables.is_empty() => return Ok(None),
            Written::Reference(variables) => return Err(variables),
            Written::StandIn => return Ok(None),
        };
        let scheme = text[..part.start].trim();
        if field.bears == Bears::Other && !scheme.eq_ignore_ascii_case("bearer") {
            return Ok(None);
        }
        let field = field.within(part);
        let own_name = field.path.last_name().unwrap_or_default();
        if field.text().eq_ignore_ascii_case(own_name) {
            return Ok(None);
        }
        if field.bears == Bears::Address && field.text().contains(['/', ';']) {
            return Ok(None);
        }
        let login = || login::password(own_name, scheme, field.text());
        let login = || login().map(|text| (text, Bears::Password));
        let decoded = || self.decoded(&field).map(|text| (text, field.bears));
        if let Some((decoded, bears)) = login().or_else(decoded) {
            let judged = match written(&decoded) {
                Written::Literal(part) => believe(&decoded[part], bears),
                Written::Reference(_) | Written::StandIn => None,
            };
            return Ok(judged.map(|(confidence, reasons)| {
                let (range, layers) = (field.span(self.text), vec![Layer::Base64]);
                Literal { range, value: decoded, confidence, reasons, layers, within: false }
            }));
        }
        let unescaped = address::unescaped(&field);
        let layers = if unescaped.is_some() { vec![Layer::Percent] } else { Vec::new() };
        let value = unescaped.unwrap_or_else(|| Zeroizing::new(field.text().to_owned()));
        let Some((confidence, reasons)) = believe(&value, field.bears) else {
            return Ok(None);
        };
        let range = field.span(self.text);
        Ok(Some(Literal { range, value, confidence, reasons, layers, within: false }))
    }

    /// The value of a field that is written in base64 by its format: `data` of a Kubernetes secret.
    fn decoded(&self, field: &Field<'_>) -> Option<Zeroizing<String>> {
        let of_kubernetes = self.kept.iter().any(|kept| kept.tool.id == "kubernetes");
        let within = field.path.outer()?;
        if !of_kubernetes || within.last_name() != Some("data") {
            return None;
        }
        let bytes = base64_simd::STANDARD.decode_to_vec(field.text()).ok().map(Zeroizing::new)?;
        std::str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.trim().to_owned()))
    }

    /// A file, or a value of a database, of which all is one secret.
    fn all_of_it(&self) -> Option<Literal> {
        let cell = self.cell.map(cell_path);
        let is_secret = |kept: &&Kept<'_>| match (&cell, kept.keep.format.as_ref()) {
            (Some(cell), "sqlite") => {
                let row = cell.outer();
                kept.keep.secrets.iter().map(|key| KeyPattern::parse(key)).any(|key| {
                    !key.is_open()
                        && (key.fits(cell) || row.as_ref().is_some_and(|row| key.fits(row)))
                })
            }
            (None, "text" | "lines") => kept.keep.secrets.iter().any(|key| key == "*"),
            _ => false,
        };
        if self.text.len() > LINE {
            return None;
        }
        self.kept.iter().find(is_secret)?;
        let text = std::str::from_utf8(self.text).ok()?;
        let line = text.trim();
        let (confidence, reasons) = match written(line) {
            Written::Literal(_) if !line.contains(char::is_whitespace) => {
                believe(line, Bears::Secret)?
            }
            _ => return None,
        };
        let start = text.len() - text.trim_start().len();
        let value = Zeroizing::new(line.to_owned());
        let (range, layers) = (start..start + line.len(), Vec::new());
        Some(Literal { range, value, confidence, reasons, layers, within: false })
    }
}

/// The key path of a value of a database, `table/row/column`.
pub(super) fn cell_path(cell: &str) -> KeyPath {
    let (table, rest) = cell.split_once('/').unwrap_or((cell, ""));
    let (row, column) = rest.rsplit_once('/').unwrap_or((rest, ""));
    KeyPath::default().name(table).name(row).name(column)
}

/// Whether a file of that name is a sample, for people to copy: `.env.example`.
fn is_sample(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
    let words = ["example", "examples", "sample", "template", "tmpl", "dist", "defaults", "demo"];
    name.split(['.', '-', '_']).any(|word| words.contains(&word))
}

/// Whether a file of that name is for people to read.
fn is_document(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["md", "mdx", "html", "htm", "txt", "rst", "adoc"].contains(&ending)
}

/// A token alone in its file is no longer than this.
const LINE: usize = 4096;

/// A document in rounds of base64, and what it is; none if `text` is none.
fn encoded(text: &[u8]) -> Option<(Form, String)> {
    let peeled = peel(text)?;
    let rounds = match peeled.rounds {
        1 => "base64".to_owned(),
        rounds => format!("{rounds} rounds of base64"),
    };
    let (tree, name) = match read::dump::recognise(&peeled.text) {
        Some(shape) => (read::dump::dump(&peeled.text, shape), shape.name()),
        None if matches!(peeled.text.first(), Some(b'{' | b'[')) => {
            (read::json(&peeled.text), "document")
        }
        None => return None,
    };
    Some((Form::Encoded(peeled, tree), format!("{name} in {rounds}")))
}

pub(super) fn holder_of(kept: &Kept<'_>, server: &Server<'_>) -> Holder {
    Holder { disabled: server.disabled, ..kept.server(&server.name) }
}
