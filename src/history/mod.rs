//! A repository's whole history to findings: every object looked at once, and only for what is found the
//! question who brought it, who removed it and from where it can still be reached.

mod objects;
mod watch;

pub use watch::Watch;

pub fn probe(
    path: &std::path::Path,
    detector: &crate::detect::Detector<'_>,
    ids: &crate::detect::Fingerprinter,
    threads: usize,
) {
    use std::sync::atomic::*;
    let t = std::time::Instant::now();
    let layout = crate::git::layout::Layout::at(path).unwrap();
    let store = crate::git::store::Store::open(&layout);
    let forests: Vec<_> = store.packs().iter().map(crate::git::forest::Forest::of).collect();
    let (a, b, c) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let watch = Watch::new(&a, &b, &c);
    let inspector = crate::inspect::Inspector { detector, ids, keep_secrets: false };
    let look = objects::Look { store: &store, inspector, threads, watch: &watch };
    let mut seen = look.all(&forests);
    seen.sort();
    assert!(t.elapsed().as_nanos() > 0);
    std::fs::write(
        "/tmp/probe.txt",
        format!(
            "{} objects {} MB {} hits {} faults {:?} {} commits\n",
            seen.objects,
            seen.bytes / 1000000,
            seen.hits.len(),
            seen.faults.len(),
            seen.faults.first(),
            seen.commits.len()
        ),
    )
    .unwrap();
}
