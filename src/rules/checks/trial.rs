//! Trials that every check must stand; for tests.

use crate::model::Field;
use crate::rules::checks::{Check, Sample, Sighting, State, Verdict};
use crate::rules::dice::Dice;

/// What `check` says of `value` alone.
pub(super) fn judge(check: &Check, value: impl AsRef<[u8]>) -> Verdict {
    (check.judge)(&Sighting::alone(value.as_ref()))
}

/// The value stated for `field`.
pub(super) fn claim(verdict: &Verdict, field: Field) -> Option<&str> {
    verdict.claims.iter().find(|claim| claim.field == field).map(|claim| claim.value.as_str())
}

/// Seals 200 samples that `draw` makes up, wants each accepted, and gives the last back.
pub(super) fn seals(check: &Check, draw: impl Fn(&mut Dice) -> Vec<u8>) -> Vec<u8> {
    let mut last = Vec::new();
    for seed in 0..200 {
        let mut dice = Dice::seeded(seed);
        let mut sample = Sample { token: draw(&mut dice), ..Sample::default() };
        (check.seal)(&mut sample, &mut dice);
        let around = [sample.token.as_slice(), &sample.beside].join(&b'\n');
        let value = sample.token.as_slice();
        let verdict = (check.judge)(&Sighting { whole: value, value, around: &around });
        let fine = matches!(verdict.state, State::Proven | State::Parsed);
        assert!(fine, "seed {seed}: {}", verdict.note);
        last = sample.token;
    }
    last
}

/// Feeds `check` whatever there is, and all that `valid` becomes when it is cut or changed.
pub(super) fn survives(check: &Check, valid: &[u8]) {
    let mut dice = Dice::seeded(7);
    feed(check, b"", &mut dice);
    for round in 0..2000 {
        let length = dice.below(300);
        let noise = if round % 2 == 0 {
            dice.bytes(length)
        } else {
            dice.text(b"ABCDabcd0189+/-_=.~:{}\"&% ", length)
        };
        feed(check, &noise, &mut dice);
    }
    for cut in 0..valid.len() {
        feed(check, &valid[..cut], &mut dice);
        feed(check, &valid[cut..], &mut dice);
        let mut changed = valid.to_vec();
        changed[cut] = *dice.pick(b"A0z.\xff=");
        feed(check, &changed, &mut dice);
    }
}

fn feed(check: &Check, bytes: &[u8], dice: &mut Dice) {
    judge(check, bytes);
    let mut sample = Sample { token: bytes.to_vec(), ..Sample::default() };
    (check.seal)(&mut sample, dice);
}

/// `text` with the character at `at` replaced by another of its kind.
pub(super) fn changed(text: &[u8], at: usize) -> Vec<u8> {
    let mut text = text.to_vec();
    text[at] = if text[at] == b'A' { b'B' } else { b'A' };
    text
}
