//! Any bytes as a log: what is left of it without stamps and marks leads back into it.

#![no_main]

use keytrail::read::log;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    _ = log::kind(text);
    let steps = |length: usize| [0, 1, length / 3, length / 2, length.saturating_sub(1), length];
    for at in steps(text.len()) {
        _ = log::step_at(text, at.min(text.len()));
    }
    let Some(plain) = log::plain(text) else { return };
    assert!(plain.text.len() <= text.len());
    let steps = steps(plain.text.len());
    for start in steps {
        for end in steps.into_iter().filter(|end| start <= *end) {
            let back = plain.back(start..end);
            assert!(back.start <= back.end && back.end <= text.len(), "{start}..{end} to {back:?}");
        }
    }
});
