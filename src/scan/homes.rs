//! The places of tools below a home directory, and nothing else that lies there.

use crate::holders::machine;
use crate::model::{Skip, SkipReason};
use crate::rules::Tools;
use crate::scan::{Scan, Target};
use crate::source::{Buffer, Entry, Ignored, Stores, Walk};

impl Scan<'_> {
    /// Reads the places of tools below the homes that are targets.
    pub(super) fn homes(&self, tools: &Tools) {
        for target in &self.plan.targets {
            let Target::Home { home, shared } = target else { continue };
            let real = home.canonicalize().unwrap_or_else(|_| home.clone());
            let mut roots = Vec::new();
            for path in machine::places(tools, home, *shared) {
                let inside = path.canonicalize().is_ok_and(|path| path.starts_with(&real));
                let special =
                    path.metadata().is_ok_and(|about| !about.is_file() && !about.is_dir());
                if special {
                    let skip = Skip { path, reason: SkipReason::SpecialFile };
                    self.ledger(|ledger| ledger.skip(skip));
                } else if inside || !path.starts_with(home) {
                    roots.push(path);
                } else {
                    let skip = Skip { path, reason: SkipReason::LinkOutside };
                    self.ledger(|ledger| ledger.skip(skip));
                }
            }
            let stores = Stores::LeftOut;
            Walk::new(roots, Ignored::All, stores, self.plan.threads).run(|| {
                let mut buffer = Buffer::default();
                move |entry| {
                    match entry {
                        Entry::File(path) => {
                            let kept = self.places.at(&path.to_string_lossy());
                            if let Some(kept) = kept.first() {
                                self.watch.look_at(&kept.tool.name);
                                self.file(&path, &mut buffer);
                            }
                        }
                        Entry::Skipped(skip) => self.ledger(|ledger| ledger.skip(skip)),
                        Entry::Failed(issue) => self.ledger(|ledger| ledger.issue(issue)),
                        Entry::Once(_) | Entry::Store(_) => {}
                    }
                    !self.stopped()
                }
            });
        }
    }
}
