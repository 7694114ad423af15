//! Seeds: made-up credentials put into the fuzzer's bytes, which would not come upon one by itself.

pub mod packs;
pub mod trees;

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, Rule, sample};

/// Changes the first `size` bytes of `data` as the fuzzer does, or, one time in eight, puts a made-up
/// line for a rule that `keep` says yes to somewhere into them. Gives the new size.
pub fn sow(
    data: &mut [u8],
    size: usize,
    most: usize,
    seed: u32,
    keep: impl Fn(&[u8], &Rule) -> bool,
) -> usize {
    let mut dice = Dice::seeded(u64::from(seed));
    if dice.below(8) > 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, most);
    }
    let catalogue = Catalogue::embedded();
    let rules: Vec<_> = catalogue.rules().iter().filter(|r| keep(&data[..size], r)).collect();
    if rules.is_empty() {
        return libfuzzer_sys::fuzzer_mutate(data, size, most);
    }
    let rule = dice.pick(&rules);
    let made = sample::sealed(rule, &mut dice);
    let line = sample::line(rule, &made, &mut dice);
    let mut text = data[..size].to_vec();
    let at = dice.below(size + 1).max(1).min(size);
    text.splice(at..at, line);
    text.truncate(most);
    data[..text.len()].copy_from_slice(&text);
    text.len()
}
