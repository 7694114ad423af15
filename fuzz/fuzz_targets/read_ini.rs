//! Any bytes as an INI file: all that is told of them stands in them.

#![no_main]

use keytrail::read::ini::ini;
use keytrail_fuzz::trees::sound;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    sound(text, &ini(text));
});
