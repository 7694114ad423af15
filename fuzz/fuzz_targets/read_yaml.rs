//! Any bytes as YAML: all that is told of them stands in them.

#![no_main]

use keytrail::read::yaml::yaml;
use keytrail_fuzz::trees::sound;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    sound(text, &yaml(text));
});
