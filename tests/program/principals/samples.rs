//! Credentials drawn from rules, and texts with made-up parts.

use keytrail::rules::dice::Dice;
use keytrail::rules::{Rule, sample};

use super::Case;
use super::numbers::{hex, noise};

/// Some samples of `rule`, each with `beside` below it, and what is told of all of them.
pub fn beside(rule: &Rule, beside: &str, told: &[(&'static str, &str)]) -> Vec<Case> {
    read(rule, beside, |_| Vec::new()).into_iter().map(|case| case.with(told)).collect()
}

/// The same, where `tells` reads off a sample what is told of it.
pub fn read(
    rule: &Rule,
    beside: &str,
    tells: impl Fn(&str) -> Vec<(&'static str, String)>,
) -> Vec<Case> {
    let case = |n| {
        let mut dice = dice(rule, n);
        let sample = sample::sealed(rule, &mut dice);
        let mut text = sample::line(rule, &sample, &mut dice);
        text.extend_from_slice(beside.as_bytes());
        text.push(b'\n');
        Case { text, told: tells(&String::from_utf8_lossy(&sample.token)) }
    };
    (0..8).map(case).collect()
}

/// Rules that draw alike must not draw the same: what is secret in one file is masked in all of them.
fn dice(rule: &Rule, n: u64) -> Dice {
    let id = rule.id.as_str().bytes();
    Dice::seeded(id.fold(n, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte))))
}

/// A text in which `{24}` is replaced by so many letters and digits, `{x24}` by hexadecimal digits, `{A24}` by
/// capitals.
pub fn filled(text: &str, told: &[(&'static str, &str)]) -> Case {
    let mut whole = String::new();
    for (n, part) in text.split(['{', '}']).enumerate() {
        let count = || part.trim_start_matches(['x', 'A']).parse().expect("a number");
        whole += &match (n % 2, part.as_bytes().first()) {
            (0, _) => part.to_owned(),
            (_, Some(b'x')) => hex(&Dice::seeded(n as u64).bytes(64))[..count()].to_owned(),
            (_, Some(b'A')) => noise(n as u64, count()).to_uppercase(),
            _ => noise(n as u64, count()),
        };
    }
    Case::known(whole + "\n", told)
}

/// Samples of `rule` in the place of `{}` in a text.
pub fn within(rule: &Rule, text: &str, told: &[(&'static str, &str)]) -> Vec<Case> {
    let case = |n| {
        let sample = sample::sealed(rule, &mut dice(rule, n));
        Case::known(text.replace("{}", &String::from_utf8_lossy(&sample.token)), told)
    };
    (0..8).map(case).collect()
}
