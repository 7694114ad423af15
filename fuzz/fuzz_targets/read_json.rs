//! Any bytes as JSON, one value or many: all that is told of them stands in them.

#![no_main]

use keytrail::read::{Tree, json, json_values};
use keytrail_fuzz::trees::sound;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    sound(text, &json(text));
    let (values, _) = json_values(text);
    for root in values {
        sound(text, &Tree { root, flaws: Vec::new() });
    }
});
