//! The first byte chooses a check, the rest is what it sees; its seal holds on samples of its rules.

#![no_main]

use std::hash::{DefaultHasher, Hash, Hasher};

use keytrail::rules::checks::{self, Check, Sample, Sighting, State};
use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, Rule, sample};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use regex::bytes::RegexBuilder;

fn chosen(data: &[u8]) -> Option<&'static Check> {
    checks::ALL.get(usize::from(*data.first()?) % checks::ALL.len()).copied()
}

fn names(rule: &Rule, check: &Check) -> bool {
    rule.check.as_deref() == Some(check.name)
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let keep = |data: &[u8], rule: &Rule| chosen(data).is_some_and(|check| names(rule, check));
    keytrail_fuzz::sow(data, size, max_size, seed, keep)
});

fuzz_target!(|data: &[u8]| {
    let Some(check) = chosen(data) else { return };
    let text = &data[1..];
    _ = (check.judge)(&Sighting::alone(text));
    let parts: Vec<_> = text.splitn(3, |b| *b == b'"').collect();
    let value = parts.get(1).unwrap_or(&parts[0]);
    _ = (check.judge)(&Sighting { whole: value, value, around: text });
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let mut dice = Dice::seeded(hasher.finish());
    let mut made = Sample { token: text.to_vec(), ..Sample::default() };
    (check.seal)(&mut made, &mut dice);
    let catalogue = Catalogue::embedded();
    let rules: Vec<_> = catalogue.rules().iter().filter(|rule| names(rule, check)).collect();
    if !rules.is_empty() && text.len() % 16 == 0 {
        let rule = *dice.pick(&rules);
        holds(rule, check, &mut dice);
    }
});

/// A sealed sample of a rule is never broken, nor of another type.
fn holds(rule: &Rule, check: &Check, dice: &mut Dice) {
    let made = sample::sealed(rule, dice);
    let line = sample::line(rule, &made, dice);
    let format = RegexBuilder::new(&rule.format).unicode(false).build().expect("it is built in");
    let Some(found) = format.captures(&made.token) else { return };
    let whole = found.get(0).expect("group 0 is the match").as_bytes();
    let value = found.name("secret").map_or(whole, |group| group.as_bytes());
    let verdict = (check.judge)(&Sighting { whole, value, around: &line });
    let wrong = matches!(verdict.state, State::Broken | State::Foreign);
    assert!(!wrong, "{}: {} after seal: {}", rule.id, check.name, verdict.note);
}
