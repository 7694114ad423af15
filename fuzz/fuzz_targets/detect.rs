//! Any bytes through the detector with every built-in rule, and on to findings.

#![no_main]

use std::sync::LazyLock;

use keytrail::detect::locate::{Cursor, Page};
use keytrail::detect::{Detector, Fingerprinter, Options};
use keytrail::model::Origin;
use keytrail::rules::Catalogue;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static CATALOGUE: Catalogue = Catalogue::embedded();
static DETECTOR: LazyLock<Detector<'static>> =
    LazyLock::new(|| Detector::new(&CATALOGUE, Options::default()));
static IDS: LazyLock<Fingerprinter> =
    LazyLock::new(|| Fingerprinter::new().expect("the machine has randomness"));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    keytrail_fuzz::sow(data, size, max_size, seed, |_, _| true)
});

fuzz_target!(|text: &[u8]| {
    let seen = DETECTOR.detect(text);
    for sighted in &seen.all {
        assert!(sighted.range.start < sighted.range.end, "{}: empty", sighted.of.rule.id);
        assert!(sighted.range.end <= text.len(), "{}: out of the text", sighted.of.rule.id);
    }
    let apart = seen.all.windows(2).all(|two| two[0].range.end <= two[1].range.start);
    assert!(apart, "two findings overlap");
    let mut page = Page::new(text, 0, Cursor::default(), &seen.all);
    page.hash_lines(&seen.all);
    let origin = Origin::file("fuzz");
    for sighted in seen.all {
        let finding = page.finding(&sighted, &origin, "fuzz", &IDS, false);
        assert!(finding.place.span.line <= finding.place.span.end_line);
    }
});
