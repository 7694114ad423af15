//! The text of a rule file, and the format of a rule, through the loader; what it lets through makes
//! samples and is searched for.

#![no_main]

use keytrail::detect::{Detector, Options};
use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, checks, sample, written};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    load(text);
    let format = serde_json::to_string(text).expect("text is a JSON string");
    load(&format!("{HEAD}format = {format}\nliterals = [\"abc\"]\n"));
    load(&format!("{HEAD}format = {format}\ncontext = {{ words = [\"abc\"] }}\n"));
});

/// A rule without what decides how it is searched for.
const HEAD: &str = "name = 'Fuzz'\n[[rule]]\nid = 'fuzz'\nname = 'Fuzz'\nkind = 'api-key'\n\
                    severity = 'high'\ngrants = ''\n";

fn load(text: &str) {
    let known = |name: &str| checks::find(name).is_some();
    let Ok(rules) = written::read("fuzz", text, &known) else { return };
    let catalogue = Catalogue::of(rules);
    let detector = Detector::new(&catalogue, Options::default());
    for rule in catalogue.rules() {
        let mut dice = Dice::seeded(1);
        let made = sample::sealed(rule, &mut dice);
        let line = sample::line(rule, &made, &mut dice);
        for sighted in detector.detect(&line).all {
            assert!(sighted.range.end <= line.len());
        }
    }
}
