//! Any bytes through every decoder: what comes out leads back into the text.

#![no_main]

use keytrail::detect::decode::{self, Decoded};
use keytrail::detect::runs::each_run;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    keytrail_fuzz::sow(data, size, max_size, seed, |_, _| true)
});

fuzz_target!(|text: &[u8]| {
    each_run(text, |run| {
        for decoder in decode::ALL {
            for decoded in (decoder.decode)(text, &run.range) {
                leads_back(text, &decoded);
            }
        }
    });
    decode::each_utf16(text, |decoded| leads_back(text, &decoded));
});

fn leads_back(text: &[u8], decoded: &Decoded) {
    let length = decoded.text.len();
    assert!(decoded.end <= text.len(), "{:?} ends out of the text", decoded.layers);
    let steps = [0, 1, length / 3, length / 2, length.saturating_sub(1), length];
    for start in steps {
        for end in steps.into_iter().filter(|end| start <= *end && *end <= length) {
            let back = decoded.map.back(&(start..end));
            let inside = back.start <= back.end && back.end <= text.len();
            assert!(inside, "{:?}: {start}..{end} of {length} to {back:?}", decoded.layers);
        }
    }
}
