//! The scan: the only place that knows the whole line, from targets to report.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::detect::{self, Detector, Fingerprinter, fingerprint};
use crate::git::layout::Layout;
use crate::history::{self, Cache, Repository};
use crate::holders::Places;
use crate::inspect::{Bytes, CUT_SHORT, Inspector, Whence, Within};
use crate::ledger::Ledger;
use crate::model::{Finding, Issue, IssueKind, Origin, RuleId, SecretId, Skip, SkipReason};
use crate::report::{Advice, Report, RuleInfo};
use crate::rules::dice::Dice;
use crate::rules::{Catalogue, LITERAL, Rule, Tools, sample};
use crate::scan::mask::Mask;
use crate::scan::part::{Commits, Part};
use crate::scan::proofs::Proven;
use crate::scan::supply::Referrers;
use crate::source::{self, Buffer, Ended, Entry, Stores, Walk};

mod exposure;
mod homes;
mod jenkins;
mod mask;

mod part;
mod plan;
mod processes;
mod proofs;
mod second;
mod supply;
mod trails;

pub use part::{Refusal, Since, Wish};
pub use plan::{Plan, Scope, Target, Watch};

/// Runs a scan. What could not be read is in the report; refused is only a part of a history that is none.
pub fn run(
    plan: &Plan,
    (catalogue, tools): (&Catalogue, &Tools),
    ids: &Fingerprinter,
    watch: &Watch,
) -> Result<Report, Refusal> {
    let detector = Detector::new(catalogue, plan.detection);
    let ledger = Mutex::new(Ledger::default());
    let cache = plan.cache.as_ref().map(|folder| cache(folder, catalogue, plan)).transpose()?;
    let homes = plan.targets.iter().filter_map(|target| match target {
        Target::Home { home, .. } => Some(home.clone()),
        _ => None,
    });
    let places = Places::new(tools, homes.collect());
    let (stores, referrers, keys) = (Mutex::default(), Mutex::default(), Mutex::default());
    let mut scan = Scan {
        plan,
        catalogue,
        detector,
        places,
        ids,
        watch,
        ledger,
        cache,
        stores,
        referrers,
        keys,
        proven: Proven::default(),
        read: Mutex::default(),
    };
    scan.standard_input();
    if let Some(wish) = &plan.part {
        scan.parts(wish).map_err(|refusal| refusal.masked(&Mask::of(&scan.detector, ids)))?;
    } else {
        scan.files();
        scan.homes(tools);
    }
    if plan.processes {
        scan.processes(tools);
    }
    scan.follow();
    if plan.part.is_none() {
        scan.trace_known();
        scan.follow_clues();
        scan.histories();
        scan.follow_clues();
        scan.look_again(tools);
    }
    scan.prove();
    scan.detector.trace(None);
    let Scan { ledger, detector, referrers, keys, proven, .. } = scan;
    let ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (mut findings, mut coverage) = ledger.close();
    referrers.into_inner().unwrap_or_else(PoisonError::into_inner).resolve(&mut findings);
    let keys = keys.into_inner().unwrap_or_else(PoisonError::into_inner);
    jenkins::open_homes(&mut findings, &keys);
    exposure::expose(&mut findings, plan.targets.iter().filter_map(Target::root).collect());
    proven.raise(&mut findings);
    let names = settle(&mut findings, ids);
    coverage.roots = plan.targets.iter().map(Target::name).collect();
    coverage.interrupted = watch.stop.load(Ordering::Relaxed);
    let rules = rules_of(catalogue, &findings);
    let (base, here) = (plan.base.clone(), plan.here.clone());
    let masks = BTreeMap::new();
    let mut report = Report { findings, rules, coverage, base, here, masks, ..Report::default() };
    report.source.clone_from(&plan.source);
    let mask = Mask::of(&detector, ids).knowing(names.values().copied());
    mask.report(&mut report, plan.keep_secrets);
    trails::tell(&mut report, ids, plan);
    proven.tell(&mut report, &names, &mask);
    if plan.c3id {
        trails::correlate(&mut report, ids, &names);
    }
    Ok(report)
}

/// Gives every finding its ids for the report, and tells which id each had in the run.
fn settle(findings: &mut [Finding], ids: &Fingerprinter) -> BTreeMap<SecretId, SecretId> {
    let mut names = BTreeMap::new();
    for finding in findings {
        let named = finding.secret_id;
        (finding.secret_id, finding.comparable) = ids.settled(named);
        names.insert(finding.secret_id, named);
        finding.id = fingerprint::finding(finding.secret_id, &finding.rule, &finding.logical);
    }
    names
}

struct Scan<'a> {
    plan: &'a Plan,
    catalogue: &'a Catalogue,
    detector: Detector<'a>,
    places: Places<'a>,
    ids: &'a Fingerprinter,
    watch: &'a Watch,
    ledger: Mutex<Ledger>,
    cache: Option<Cache>,
    /// Files that the walk came upon, to be read again.
    read: Mutex<Vec<Arc<Path>>>,
    /// Folders of objects that the walk came upon.
    stores: Mutex<Vec<PathBuf>>,
    /// Files in containers that hold keys which are sealed themselves.
    keys: Mutex<Vec<PathBuf>>,
    /// What known credentials prove of each other.
    proven: Proven,
    /// Fields that refer to elsewhere.
    referrers: Mutex<Referrers>,
}

impl Scan<'_> {
    fn ledger(&self, write: impl FnOnce(&mut Ledger)) {
        write(&mut self.ledger.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn stopped(&self) -> bool {
        self.watch.stop.load(Ordering::Relaxed)
    }

    fn standard_input(&self) {
        if self.plan.targets.contains(&Target::Stdin) {
            match source::standard_input() {
                Ok(mut from) => {
                    self.open(Bytes::Stream(&mut from), &Origin::Stdin, &mut Buffer::default());
                }
                Err(error) => self.fault(&Origin::Stdin, kind_of(&error), &error.to_string()),
            }
        }
    }

    fn files(&self) {
        let roots: Vec<_> = self.plan.targets.iter().filter_map(Target::path).collect();
        let stores = match self.plan.scope {
            Scope::Files => Stores::LeftOut,
            Scope::All | Scope::History => Stores::Told,
        };
        Walk::new(roots, self.plan.ignored, stores, self.plan.threads).run(|| {
            let mut buffer = Buffer::default();
            move |entry| {
                match entry {
                    Entry::File(_) | Entry::Once(_) | Entry::Skipped(_)
                        if self.plan.scope == Scope::History => {}
                    Entry::File(path) if self.is_report(&path) => {
                        let skip = Skip { path: path.to_path_buf(), reason: SkipReason::Report };
                        self.ledger(|ledger| ledger.skip(skip));
                    }
                    Entry::File(path) => {
                        self.file(&path, &mut buffer);
                        if self.plan.trace {
                            let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
                            read.push(path);
                        }
                    }
                    Entry::Once(path) => self.file(&path, &mut buffer),
                    Entry::Store(path) => self.store(path),
                    Entry::Skipped(skip) => self.ledger(|ledger| ledger.skip(skip)),
                    Entry::Failed(issue) => self.ledger(|ledger| ledger.issue(issue)),
                }
                !self.stopped()
            }
        });
    }

    fn store(&self, path: PathBuf) {
        self.stores.lock().unwrap_or_else(PoisonError::into_inner).push(path);
    }

    /// Reads the history of every repository that is a target, or that the walk came upon.
    fn histories(&self) {
        if self.plan.scope == Scope::Files {
            return;
        }
        let mut stores =
            std::mem::take(&mut *self.stores.lock().unwrap_or_else(PoisonError::into_inner));
        stores.sort();
        let git_dirs = stores.iter().filter_map(|store| store.parent());
        let targets = self.plan.targets.iter().filter_map(Target::path);
        let mut read = BTreeSet::new();
        for path in targets.chain(git_dirs.map(Path::to_owned)) {
            let Some(layout) = Layout::at(&path) else { continue };
            let real =
                layout.common_dir.canonicalize().unwrap_or_else(|_| layout.common_dir.clone());
            if read.insert(real) && !self.stopped() {
                let name = self.name_of(&path, &layout);
                let home = layout.common_dir.clone();
                self.history(&Repository { layout, name, home });
            }
        }
        for (path, name) in self.clones() {
            if let Some(layout) = Layout::at(path) {
                self.history(&Repository { layout, name: name.clone(), home: name.clone() });
            }
        }
    }

    fn clones(&self) -> impl Iterator<Item = (&PathBuf, &PathBuf)> {
        self.plan.targets.iter().filter_map(|target| match target {
            Target::Clone(path, name) => Some((path, name)),
            Target::Path(_) | Target::Home { .. } | Target::Stdin => None,
        })
    }

    /// Reads parts of the histories of the targets.
    fn parts(&self, wish: &Wish) -> Result<(), Refusal> {
        let paths = self.plan.targets.iter().filter_map(Target::path);
        let parts: Vec<_> = paths.map(|path| wish.part(&path)).collect::<Result<_, _>>()?;
        let clones = self.clones().map(|(path, name)| {
            let part = wish.part(path)?;
            let repository =
                Repository { name: name.clone(), home: name.clone(), ..part.repository };
            Ok(Part { repository, below: name.clone(), ..part })
        });
        let clones: Vec<_> = clones.collect::<Result<_, _>>()?;
        for Part { repository, below, commits } in parts.into_iter().chain(clones) {
            if let Some(commits) = &commits {
                self.past(&repository, &below, |repository, reading| match commits {
                    Commits::Some(asked) => history::commits(repository, asked, reading),
                    Commits::Behind(tips) => history::read(repository, Some(tips), reading),
                });
            }
            let index = || wish.index_of(&repository.layout);
            if wish.staged {
                self.past(&repository, &below, |r, reading| history::staged(r, index(), reading));
            }
            if wish.unstaged {
                self.past(&repository, &below, |r, reading| history::unstaged(r, index(), reading));
            }
        }
        Ok(())
    }

    /// What the paths of the repository at `path` are below.
    fn name_of(&self, path: &Path, layout: &Layout) -> PathBuf {
        let Some(work_tree) = &layout.work_tree else { return path.to_owned() };
        let here = path.canonicalize().ok();
        let there = work_tree.canonicalize().ok();
        if here.is_some() && here == there {
            return path.to_owned();
        }
        let below = |root: PathBuf| {
            let below = there.as_ref()?.strip_prefix(root.canonicalize().ok()?).ok()?.to_owned();
            Some(if below.as_os_str().is_empty() { root } else { root.join(below) })
        };
        let named = self.plan.targets.iter().filter_map(Target::path).find_map(below);
        named.unwrap_or_else(|| work_tree.clone())
    }

    fn history(&self, repository: &Repository) {
        self.past(repository, &repository.name, |repository, reading| {
            history::read(repository, None, reading)
        });
    }

    /// Reads what `read` reads of a history; of that, what lies below `below`.
    fn past(
        &self,
        repository: &Repository,
        below: &Path,
        read: impl Fn(&Repository, history::Reading<'_, '_>) -> history::Told,
    ) {
        let watch = history::Watch::new(&self.watch.objects, &self.watch.bytes, &self.watch.stop);
        let reading = history::Reading {
            inspector: self.inspector(),
            logical: &|path| match path.strip_prefix(&repository.name) {
                Ok(inside) if self.below_target(path).is_none() => slashed(inside),
                _ => self.logical_path(path),
            },
            threads: threads(self.plan.threads),
            cache: self.cache.as_ref(),
            whole: self.plan.whole_objects,
            watch: &watch,
        };
        let read = AssertUnwindSafe(|| read(repository, reading));
        let Ok(mut told) = catch_unwind(read) else {
            let path = Some(repository.home.clone());
            let message = "internal error while reading its history".to_owned();
            let issue = Issue { path, kind: IssueKind::Unreadable, message };
            return self.ledger(|ledger| ledger.issue(issue));
        };
        if below.canonicalize().ok() != repository.name.canonicalize().ok() {
            let real = below.canonicalize().unwrap_or_else(|_| below.to_owned());
            let is_below = |path: &Path| path.starts_with(&real) || path.starts_with(below);
            told.findings.retain(|(finding, _)| finding.place.origin.path().is_some_and(is_below));
        }
        self.ledger(|ledger| {
            ledger.history(told.findings, [told.objects, told.known, told.bytes]);
            told.issues.into_iter().for_each(|issue| ledger.issue(issue));
            told.skipped.into_iter().for_each(|skip| ledger.skip(skip));
        });
    }

    fn file(&self, path: &Arc<Path>, buffer: &mut Buffer) {
        let origin = Origin::File(Arc::clone(path));
        match File::open(path) {
            Ok(mut file) => self.open(Bytes::File(&mut file), &origin, buffer),
            Err(error) => self.fault(&origin, kind_of(&error), &error.to_string()),
        }
    }

    fn open(&self, from: Bytes<'_>, origin: &Origin, buffer: &mut Buffer) {
        let read = AssertUnwindSafe(|| self.read(from, origin, buffer));
        if catch_unwind(read).is_err() {
            self.fault(origin, IssueKind::Unreadable, "internal error while reading it");
        }
    }

    /// Whether `path` is one of the files that this run writes. Only a file of such a name is looked up.
    fn is_report(&self, path: &Path) -> bool {
        let is = |report: &PathBuf| {
            report.file_name() == path.file_name()
                && path.canonicalize().is_ok_and(|path| path == *report)
        };
        self.plan.reports.iter().any(is)
    }

    fn fault(&self, origin: &Origin, kind: IssueKind, message: &str) {
        let path = origin.path().map(Path::to_owned);
        let issue = Issue { path, kind, message: message.to_owned() };
        self.ledger(|ledger| ledger.issue(issue));
    }

    fn read(&self, from: Bytes<'_>, origin: &Origin, buffer: &mut Buffer) {
        let inspector = self.inspector();
        let whence = Whence { origin, logical: &self.logical(origin) };
        let inspected = inspector.read(from, whence, buffer, &mut |bytes| {
            self.watch.bytes.fetch_add(bytes, Ordering::Relaxed);
            !self.stopped()
        });
        self.watch.files.fetch_add(1, Ordering::Relaxed);
        if !inspected.keys.is_empty() {
            let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            keys.extend(inspected.keys);
        }
        if !inspected.referring.is_empty() {
            let mut referrers = self.referrers.lock().unwrap_or_else(PoisonError::into_inner);
            referrers.note(origin, inspected.referring);
        }
        let issue =
            |kind, message| Issue { path: origin.path().map(Path::to_owned), kind, message };
        let (bytes, trouble) = match inspected.ended {
            Ended::Whole(bytes) => (bytes, None),
            Ended::Stopped => {
                (0, Some(issue(IssueKind::Interrupted, "not read to its end".into())))
            }
            Ended::Failed(bytes, error) => (bytes, Some(issue(kind_of(&error), error.to_string()))),
        };
        let limit = inspected.cut_short.then(|| issue(IssueKind::Limit, CUT_SHORT.into()));
        let flaw = inspected.flaw.map(|(at, what)| {
            issue(IssueKind::Malformed, format!("{what} (at byte {at}); read as text as well"))
        });
        let within = inspected.within.into_iter().map(|Within { origin, kind, message }| Issue {
            path: origin.path().map(Path::to_owned),
            kind,
            message,
        });
        self.ledger(|ledger| {
            ledger.file(bytes, inspected.findings);
            within.for_each(|issue| ledger.issue(issue));
            trouble.into_iter().chain(limit).chain(flaw).for_each(|issue| ledger.issue(issue));
        });
    }

    const fn inspector(&self) -> Inspector<'_, '_> {
        let Plan { keep_secrets, as_text, .. } = *self.plan;
        Inspector {
            detector: &self.detector,
            places: &self.places,
            ids: self.ids,
            keep_secrets,
            as_text,
        }
    }

    /// The path below the root that the user named: the same wherever the root lies.
    fn logical(&self, origin: &Origin) -> String {
        origin.path().map_or_else(|| "-".to_owned(), |path| self.logical_path(path))
    }

    fn logical_path(&self, path: &Path) -> String {
        let name = || path.file_name().map(PathBuf::from).unwrap_or_default();
        slashed(&self.below_target(path).unwrap_or_else(name))
    }

    /// What of `path` lies below a target.
    fn below_target(&self, path: &Path) -> Option<PathBuf> {
        let below = |root: PathBuf| path.strip_prefix(&root).ok().map(Path::to_owned);
        let below = self.plan.targets.iter().filter_map(Target::root).find_map(below);
        below.filter(|path| !path.as_os_str().is_empty())
    }
}

/// A path with the slashes of Git and of the web.
fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Whether a catalogue of one rule finds the sample that `seed` makes of it.
pub fn finds_sample(catalogue: &Catalogue, seed: u64) -> bool {
    let detector = Detector::new(catalogue, detect::Options::default());
    catalogue.rules().iter().all(|rule| {
        let mut dice = Dice::seeded(seed);
        let sample = sample::sealed(rule, &mut dice);
        let line = sample::line(rule, &sample, &mut dice);
        !detector.detect(&line).all.is_empty()
    })
}

/// The cache in `folder`, for this program with these rules and options.
fn cache(folder: &Path, catalogue: &Catalogue, plan: &Plan) -> Result<Cache, Refusal> {
    let context =
        format!("{}\n{:?}\n{:?}", env!("KEYTRAIL_SOURCES"), plan.detection, catalogue.rules());
    Cache::open(folder, context.as_bytes())
        .map_err(|error| Refusal::NoCache(folder.display().to_string(), error.to_string()))
}

/// How many threads are meant by a number of which 0 leaves it to the machine.
fn threads(wanted: usize) -> usize {
    let machine = || thread::available_parallelism().map_or(1, usize::from);
    if wanted == 0 { machine() } else { wanted }
}

fn kind_of(error: &io::Error) -> IssueKind {
    match error.kind() {
        io::ErrorKind::NotFound => IssueKind::Vanished,
        _ => IssueKind::Unreadable,
    }
}

fn rules_of(catalogue: &Catalogue, findings: &[Finding]) -> BTreeMap<RuleId, RuleInfo> {
    let named = |rule: &&Rule| findings.iter().any(|finding| finding.rule == rule.id);
    let all = catalogue.rules().iter().chain([&LITERAL]);
    all.filter(named).map(|rule| (rule.id.clone(), info(rule))).collect()
}

/// What outputs may tell of a rule.
fn info(rule: &Rule) -> RuleInfo {
    let advice = |advice: &crate::rules::rule::Advice| Advice {
        text: advice.text.to_string(),
        url: advice.url.to_string(),
        source: advice.source.to_string(),
    };
    RuleInfo {
        id: rule.id.clone(),
        name: rule.name.to_string(),
        provider: rule.provider.to_string(),
        provider_name: rule.provider_name.to_string(),
        kind: rule.kind,
        severity: rule.severity,
        life: rule.life,
        grants: rule.grants.to_string(),
        revoke: advice(&rule.revoke),
        replace: advice(&rule.replace),
    }
}
