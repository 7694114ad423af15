//! What stretches of a text are called, and who holds what is there.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use crate::detect::without_values;
use crate::holders::Kept;
use crate::holders::links::Link;
use crate::holders::look::{Form, Look, cell_path, holder_of};
use crate::holders::names::is_plain;
use crate::holders::servers::Server;
use crate::holders::speech;
use crate::model::{Claim, Exposure, Field as Attribute, Holder, HolderKind};
use crate::read::{self, KeyPath, KeyPattern, Node, Step, Tree, Way};

/// What a place is called by its format, and who holds what is there.
#[derive(Default)]
pub struct Named {
    /// The names that lead to it.
    pub key: Option<String>,
    /// Who has it.
    pub holder: Option<Holder>,
    /// What its holder says of its use.
    pub exposure: Vec<Exposure>,
    /// Whose it is, by what stands beside it.
    pub owner: Vec<Claim>,
}

impl Look<'_, '_> {
    /// What the stretch at `range` is called, and who holds what is there.
    /// `value` is the credential there, unwrapped.
    pub fn named(&self, range: &Range<usize>, value: &[u8]) -> Named {
        let named = match &self.form {
            Form::Links(links) => {
                let within =
                    |link: &&Link| link.range.start <= range.start && range.end <= link.range.end;
                let holder = links.iter().find(within).map(Link::holder);
                let holder = holder.or_else(|| self.keeper());
                Named { holder, ..Named::default() }
            }
            Form::Encoded(peeled, tree) => {
                let at = memchr::memmem::find(&peeled.text, value);
                let path = at.and_then(|at| tree.root.path_to(at));
                let key = path.map(|path| path.to_string());
                Named { key, holder: self.keeper(), ..Named::default() }
            }
            Form::Tree(tree) => self.in_tree(&tree.root, range),
            Form::Lines => self.in_line(range),
            Form::Plain => Named { key: None, holder: self.logger(range), ..Named::default() },
        };
        let shown = self.cell.map(shown_cell);
        let Some(cell) = shown.as_deref().map(cell_path) else { return named };
        let key = match named.key {
            Some(key) => format!("{cell}.{key}"),
            None => cell.to_string(),
        };
        Named { key: Some(key), ..named }
    }

    /// Whose text without names it is; of a log, in which step the stretch stands.
    fn logger(&self, range: &Range<usize>) -> Option<Holder> {
        let Some(log) = self.log else { return self.keeper() };
        let of = || Holder::of(HolderKind::Ci, log.slug().into(), log.name().into());
        let mut holder = self.keeper().unwrap_or_else(of);
        if holder.kind == HolderKind::Ci
            && let Some(step) = self.step(range.start)
        {
            holder.name = Some(match holder.name {
                Some(job) => format!("{job}: {step}"),
                None => step,
            });
        }
        Some(holder)
    }

    fn keeper(&self) -> Option<Holder> {
        if let Some(dump) = &self.dump {
            let holder = Holder::of(HolderKind::Environment, "environment-dump".into(), "".into());
            return Some(Holder { name: Some(dump.clone()), ..holder });
        }
        self.kept.first().map(Kept::holder)
    }

    /// The step of a log in which the byte at `at` stands.
    fn step(&self, at: usize) -> Option<String> {
        let mut known = self.known.step.borrow_mut();
        if let Some((from, step)) = &*known
            && *from <= at
            && !begins_step(&self.text[*from..at])
        {
            return step.clone();
        }
        let step = read::log::step_at(self.text, at);
        let step = step.map(|step| without_values(step.as_bytes()));
        *known = Some((at, step.clone()));
        step
    }

    fn in_tree(&self, root: &Node, range: &Range<usize>) -> Named {
        let way = root.way_to(range.start).or_else(|| root.way_to(range.end.checked_sub(1)?));
        let key = way.as_ref().map(called);
        let path = way.map(|way| way.path);
        let spots = self.known.servers.get_or_init(|| self.spots(root));
        if let Some(Spot { holder, .. }) = spot_of(spots, range.start, path.as_ref()) {
            let exposure = holder.disabled.then_some(Exposure::Disabled).into_iter().collect();
            return Named { key, holder: Some(holder.clone()), exposure, owner: Vec::new() };
        }
        let mut holder = self.keeper();
        if let (Some(holder), Some(path)) = (&mut holder, &path)
            && holder.kind == HolderKind::Memory
        {
            holder.role = speech::role(root, path);
        }
        let owner = path.map(|path| self.owner(root, &path)).unwrap_or_default();
        Named { key, holder, owner, ..Named::default() }
    }

    fn spots(&self, root: &Node) -> Vec<Spot> {
        let spot = |(kept, server): (&Kept<'_>, Server<'_>)| Spot {
            span: server.node.span.clone(),
            holder: holder_of(kept, &server),
            path: server.path,
        };
        let mut spots: Vec<_> = self.servers(root).into_iter().map(spot).collect();
        spots.sort_by_key(|spot| (spot.span.start, spot.span.end));
        spots
    }

    /// Whose the value at `path` is: what the fields say that name the owner of all, or of what holds it.
    fn owner(&self, root: &Node, path: &KeyPath) -> Vec<Claim> {
        let owners = self.known.owners.get_or_init(|| self.owners(root)).iter();
        let around = |owner: &&Owner| match &owner.of {
            Some(of) => path.steps().starts_with(of.steps()),
            None => true,
        };
        let fits = owners.filter(|owner| owner.path != *path).filter(around);
        let mut claims: Vec<_> = fits.map(|owner| owner.claim.clone()).collect();
        claims.sort();
        claims.dedup();
        claims.truncate(MOST_OWNERS);
        claims
    }

    fn owners(&self, root: &Node) -> Vec<Owner> {
        let mut owners = Vec::new();
        for key in self.kept.iter().flat_map(|kept| kept.keep.owner.iter()) {
            let open = key.contains('*');
            KeyPattern::parse(key).each(root, &mut |path, node| {
                let text = node.text().unwrap_or_default();
                let named = (1..=LONGEST_OWNER).contains(&text.len())
                    && !looks_random(text)
                    && !NOBODY.contains(&text);
                if named && owners.len() < MOST_FIELDS {
                    let claim = Claim::new(Attribute::Principal, text);
                    let of = open.then(|| path.outer().unwrap_or_default());
                    owners.push(Owner { path: path.clone(), of, claim });
                }
            });
        }
        owners
    }

    /// In a record of its own.
    fn in_line(&self, range: &Range<usize>) -> Named {
        let text = self.text;
        let mut line = self.known.line.borrow_mut();
        let known = line.take().filter(|(line, _)| line.contains(&range.start));
        let (stretch, tree) = known.unwrap_or_else(|| {
            let start = memchr::memrchr(b'\n', &text[..range.start]).map_or(0, |at| at + 1);
            let end = memchr::memchr(b'\n', &text[range.start..]);
            let end = end.map_or(text.len(), |at| range.start + at);
            (start..end, read::json(&text[start..end]))
        });
        let path = tree.root.path_to(range.start - stretch.start);
        let mut holder = self.keeper();
        if let (Some(holder), Some(path)) = (&mut holder, &path) {
            holder.role = speech::role(&tree.root, path);
            let session = || speech::session(&tree.root).map(str::to_owned);
            holder.name = holder.name.take().or_else(session);
        }
        *line = Some((stretch, tree));
        Named { key: path.map(|path| path.to_string()), holder, ..Named::default() }
    }
}

/// The server whose stretch holds the byte at `at`, or that `path` leads into.
fn spot_of<'s>(spots: &'s [Spot], at: usize, path: Option<&KeyPath>) -> Option<&'s Spot> {
    /// So many servers are asked one by one.
    const FEW: usize = 1000;
    let before = spots.partition_point(|spot| spot.span.start <= at);
    let start = before.checked_sub(1).map(|n| spots[n].span.start);
    // Of those that say the same stretch, the first is known by the most specific place.
    let first = start.map_or(0, |start| spots.partition_point(|spot| spot.span.start < start));
    if let Some(spot) = spots[first..before].iter().find(|spot| spot.span.contains(&at)) {
        return Some(spot);
    }
    let leads = |spot: &&Spot| path.is_some_and(|path| path.steps().starts_with(spot.path.steps()));
    spots.iter().take(FEW).find(|spot| spot.span.contains(&at) || leads(spot))
}

/// What a value is called: by its own name where it stands in a list as `NAME=value`, or beside a name.
fn called(Way { path, nodes }: &Way<'_>) -> String {
    let node = nodes.last().and_then(|node| node.text());
    let assigned = node.and_then(|text| text.split_once('=')).map(|(name, _)| name);
    let (last, outer) = (path.steps().last(), path.outer().unwrap_or_default());
    let pair = nodes.len().checked_sub(2).map(|n| nodes[n]);
    let (name, list) = match last {
        Some(Step::Element(_)) => (assigned.filter(|name| is_plain(name)), outer),
        Some(Step::Name(value)) if value == "value" => {
            let name =
                pair.and_then(|pair| ["name", "key"].iter().find_map(|key| pair.get(key)?.text()));
            (name, outer.outer().unwrap_or_default())
        }
        _ => (None, outer),
    };
    name.map_or_else(|| path.to_string(), |name| list.name(name).to_string())
}

/// The stretch of a server.
struct Spot {
    span: Range<usize>,
    path: KeyPath,
    holder: Holder,
}

/// A field that says whose something is.
struct Owner {
    path: KeyPath,
    /// What holds it and what it owns; none if it owns all.
    of: Option<KeyPath>,
    claim: Claim,
}

/// What was learnt of a text while its stretches were named.
#[derive(Default)]
pub(super) struct Known {
    servers: OnceCell<Vec<Spot>>,
    owners: OnceCell<Vec<Owner>>,
    /// The record that was read last.
    line: RefCell<Option<(Range<usize>, Tree)>>,
    /// The step of a log that was looked for last, and from where.
    step: RefCell<Option<(usize, Option<String>)>>,
}

/// The name of a value of a database as it may be shown: the first text of a row may itself be a secret.
pub fn shown_cell(cell: &str) -> String {
    let (table, rest) = cell.split_once('/').unwrap_or((cell, ""));
    let (row, column) = rest.rsplit_once('/').unwrap_or((rest, ""));
    let mut shown = String::new();
    for word in row.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let name = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        shown.push_str(if may_be_secret(name) { "…" } else { name });
        shown.push_str(&word[name.len()..]);
    }
    format!("{table}/{shown}/{column}")
}

/// Whether a word of letters and digits may be a secret: a mixture of them, or as long as keys are. Parts of
/// UUIDs are none.
fn may_be_secret(word: &str) -> bool {
    const LONG: usize = 20;
    let (digits, letters) =
        (word.contains(|c: char| c.is_numeric()), word.contains(char::is_alphabetic));
    let hex = word.bytes().all(|b| b.is_ascii_hexdigit());
    (digits && word.len() >= LONG) || (digits && letters && !hex && word.len() >= 6)
}

/// Whether a text is made by chance, as secrets are and names are not.
fn looks_random(text: &str) -> bool {
    text.len() >= 20 && without_values(text.as_bytes()) == "…"
}

/// User names that go with any token and name nobody.
const NOBODY: [&str; 10] = [
    "__token__",
    "x-access-token",
    "x-oauth-basic",
    "x-token-auth",
    "oauth2",
    "oauth2accesstoken",
    "gitlab-ci-token",
    "_json_key",
    "token",
    "git",
];

/// A longer text names nobody.
const LONGEST_OWNER: usize = 120;

/// So many owners of one value are told, …
const MOST_OWNERS: usize = 4;

/// … and so many fields of a text are looked at for them.
const MOST_FIELDS: usize = 1000;

/// Whether a step of a log may begin in `text`.
fn begins_step(text: &[u8]) -> bool {
    let find = |mark: &[u8]| memchr::memmem::find(text, mark).is_some();
    find(b"##[") || find(b"section_")
}
