//! Suppliers: where a holder takes a credential from that it only refers to.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::sync::PoisonError;

use crate::holders::Referring;
use crate::inspect::{Bytes, Whence};
use crate::model::{Finding, Holder, HolderKind, Origin, Reference};
use crate::scan::{Scan, Target};
use crate::source::Buffer;

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
        let supply = Supply::of(findings);
        for (path, field) in &self.0 {
            for (n, holder) in supply.held(path, field) {
                let holders = &mut findings[n].holders;
                if holders.len() < MOST_HOLDERS && !holders.iter().any(|o| is_same(o, &holder)) {
                    holders.push(holder);
                }
            }
        }
    }
}

/// So many holders of one finding are told.
const MOST_HOLDERS: usize = 100;

/// Whether two holders are one, whichever of its fields refers.
fn is_same(a: &Holder, b: &Holder) -> bool {
    let path = |holder: &Holder| holder.refers.as_ref().map(|refers| refers.path.clone());
    (a.kind, &a.tool, &a.name, path(a)) == (b.kind, &b.tool, &b.name, path(b))
}

/// What was found, by where a reference may lead.
struct Supply {
    /// Numbers of findings in files, …
    files: HashMap<PathBuf, Vec<usize>>,
    /// … and of variables, by what supplies them and their names.
    variables: HashMap<(Supplier, String), Vec<usize>>,
}

impl Supply {
    fn of(findings: &[Finding]) -> Self {
        let (mut files, mut variables) = (HashMap::new(), HashMap::new());
        for (n, finding) in findings.iter().enumerate() {
            let supplier = match &finding.place.origin {
                Origin::File(path) => {
                    let path = plain(path);
                    files.entry(path.clone()).or_insert_with(Vec::new).push(n);
                    Supplier::File(path)
                }
                Origin::Process(_) => Supplier::Process,
                _ => continue,
            };
            let of_variables = |holder: &Holder| {
                matches!(holder.kind, HolderKind::Environment | HolderKind::Process)
            };
            if let Some(key) = &finding.key
                && finding.holders.iter().any(of_variables)
            {
                variables.entry((supplier, key.clone())).or_insert_with(Vec::new).push(n);
            }
        }
        Self { files, variables }
    }

    /// The findings that `field` in `path` refers to, each with its holder. A server that reads a whole file
    /// holds all that is in it.
    fn held(&self, path: &Path, field: &Referring) -> Vec<(usize, Holder)> {
        let refers = Some(Reference { path: shown(path), key: field.key.clone() });
        let holder = Holder { refers, ..field.holder.clone() };
        let found: Vec<usize> = if field.variables.is_empty() {
            let named = named(path, &field.files).filter_map(|file| self.files.get(&plain(&file)));
            named.flatten().copied().collect()
        } else {
            let files = files(path, &field.files).map(|file| Supplier::File(plain(&file)));
            let suppliers: Vec<_> = files.chain([Supplier::Process]).collect();
            let both = field.variables.iter().flat_map(|variable| {
                suppliers.iter().map(move |supplier| (supplier.clone(), variable.clone()))
            });
            both.filter_map(|both| self.variables.get(&both)).flatten().copied().collect()
        };
        found.into_iter().map(|n| (n, holder.clone())).collect()
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
        let below: Vec<_> = folders.iter().map(|dir| collapsed(&dir.join(&text))).collect();
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

/// A path with `..` resolved by name, that begins as it did.
fn collapsed(path: &Path) -> PathBuf {
    let here = path.starts_with(".") && path.components().next() == Some(Component::CurDir);
    let plain = plain(path);
    if here { Path::new(".").join(plain) } else { plain }
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

impl Scan<'_> {
    /// Reads files of variables that others name and that are called otherwise than such files are, as far as
    /// they lie in what is scanned.
    pub(super) fn follow(&self) {
        let files = self.referrers.lock().unwrap_or_else(PoisonError::into_inner).files();
        let roots: Vec<PathBuf> = self.plan.targets.iter().filter_map(Target::root).collect();
        let real: Vec<_> = roots.iter().filter_map(|root| root.canonicalize().ok()).collect();
        for path in files {
            let inside = path.canonicalize().is_ok_and(|at| real.iter().any(|r| at.starts_with(r)));
            let known = !self.places.at(&path.to_string_lossy()).is_empty();
            if !inside || known || !path.metadata().is_ok_and(|about| about.is_file()) {
                continue;
            }
            let Ok(mut file) = File::open(&path) else { continue };
            let origin = Origin::file(path);
            let whence = Whence { origin: &origin, logical: &self.logical(&origin) };
            let (mut buffer, kept) = (Buffer::default(), self.places.variables());
            let mut goes_on = |_| !self.stopped();
            let reading: (_, &mut dyn FnMut(u64) -> bool) = (&mut buffer, &mut goes_on);
            let from = Bytes::File(&mut file);
            let inspected = self.inspector().read_as(&kept, from, whence, reading);
            self.ledger(|ledger| ledger.found(inspected.findings));
        }
    }
}
