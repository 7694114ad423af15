//! Any bytes as XML: all that is told of them stands in them.

#![no_main]

use keytrail::read::xml::xml;
use keytrail_fuzz::trees::sound;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    sound(text, &xml(text));
});
