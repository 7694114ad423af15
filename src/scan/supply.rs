//! Suppliers: where a holder takes a credential from that it only refers to.

use std::collections::{BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};

use crate::holders::Referring;
use crate::model::{Finding, HolderKind, Origin, Reference};

/// Fields that refer to elsewhere, each with the file that it stands in.
#[derive(Default)]
pub(super) struct Referrers(Vec<(PathBuf, Referring)>);

/// Files of variables that programs read from the folder that they stand in.
const USUAL: [&str; 4] = [".env", ".env.local", ".env.development", ".env.mcp"];

impl Referrers {
    /// Notes what the file at `origin` refers to.
    pub(super) fn note(&mut self, origin: &Origin, referring: Vec<Referring>) {
        if let Origin::File(path) = origin {
            self.0.extend(referring.into_iter().map(|field| (path.to_path_buf(), field)));
        }
    }

    /// The files of variables that are named, each once.
    pub(super) fn files(&self) -> BTreeSet<PathBuf> {
        self.0.iter().flat_map(|(path, field)| named(path, &field.files)).collect()
    }

    /// Makes each referrer a holder of what it refers to, where that was found.
    pub(super) fn resolve(mut self, findings: &mut [Finding]) {
        self.0.sort_by(|(a, x), (b, y)| (a, &x.key).cmp(&(b, &y.key)));
        let mut by_place: HashMap<(Supplier, &str), Vec<usize>> = HashMap::new();
        for (n, finding) in findings.iter().enumerate() {
            let supplier = match &finding.place.origin {
                Origin::File(path) => Supplier::File(plain(path)),
                Origin::Process(_) => Supplier::Process,
                _ => continue,
            };
            let is_variable = finding
                .holders
                .iter()
                .any(|holder| matches!(holder.kind, HolderKind::Environment | HolderKind::Process));
            if let Some(key) = finding.key.as_deref().filter(|_| is_variable) {
                by_place.entry((supplier, key)).or_default().push(n);
            }
        }
        let mut held: Vec<(usize, crate::model::Holder)> = Vec::new();
        for (path, field) in &self.0 {
            let files = files(path, &field.files);
            let mut suppliers: Vec<_> = files.map(|file| Supplier::File(plain(&file))).collect();
            suppliers.push(Supplier::Process);
            for variable in &field.variables {
                let found = suppliers
                    .iter()
                    .filter_map(|supplier| by_place.get(&(supplier.clone(), variable.as_str())));
                let refers = Reference { path: shown(path), key: field.key.clone() };
                for &n in found.flatten() {
                    let mut holder = field.holder.clone();
                    holder.refers = Some(refers.clone());
                    held.push((n, holder));
                }
            }
            if field.variables.is_empty() {
                // A server that reads a whole file holds all that is in it.
                let named: Vec<_> = named(path, &field.files).map(|file| plain(&file)).collect();
                for (n, finding) in findings.iter().enumerate() {
                    let Origin::File(file) = &finding.place.origin else { continue };
                    if named.contains(&plain(file)) {
                        let path = shown(path);
                        let mut holder = field.holder.clone();
                        holder.refers = Some(Reference { path, key: field.key.clone() });
                        held.push((n, holder));
                    }
                }
            }
        }
        for (n, holder) in held {
            let same = |other: &crate::model::Holder| {
                (other.kind, &other.tool, &other.name) == (holder.kind, &holder.tool, &holder.name)
                    && other.refers.as_ref().map(|r| &r.path)
                        == holder.refers.as_ref().map(|r| &r.path)
            };
            if !findings[n].holders.iter().any(same) {
                findings[n].holders.push(holder);
            }
        }
    }
}

/// A path as reports write it.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// What supplies variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Supplier {
    File(PathBuf),
    Process,
}

/// The files that may supply a field in `path`: those that it names, and the usual ones beside it.
fn files(path: &Path, written: &[String]) -> impl Iterator<Item = PathBuf> {
    let folders: Vec<PathBuf> = bases(path).collect();
    let usual: Vec<_> = folders.iter().flat_map(|dir| USUAL.map(|name| dir.join(name))).collect();
    let named: Vec<_> = named(path, written).collect();
    named.into_iter().chain(usual)
}

/// The files that are written in `path`, from wherever their paths may start.
fn named(path: &Path, written: &[String]) -> impl Iterator<Item = PathBuf> {
    let folders: Vec<PathBuf> = bases(path).collect();
    let at = move |text: &String| {
        let text = ["${workspaceFolder}/", "${workspaceRoot}/", "./"]
            .iter()
            .fold(text.as_str(), |text, lead| text.strip_prefix(lead).unwrap_or(text))
            .to_owned();
        let below: Vec<_> = folders.iter().map(|dir| dir.join(&text)).collect();
        below
    };
    written.iter().flat_map(at).collect::<Vec<_>>().into_iter()
}

/// The folder of a configuration, and the project around it if that folder is a tool's own.
fn bases(path: &Path) -> impl Iterator<Item = PathBuf> {
    let folder = path.parent().map(Path::to_owned);
    let own =
        |dir: &PathBuf| dir.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let around =
        folder.as_ref().filter(|dir| own(dir)).and_then(|dir| dir.parent().map(Path::to_owned));
    folder.into_iter().chain(around)
}

/// A path without `.`, and with `..` resolved by name.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => _ = plain.pop(),
            part => plain.push(part),
        }
        plain
    })
}
