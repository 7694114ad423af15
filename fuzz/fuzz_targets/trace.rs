//! A value, and a text in which it may stand: hits lie in the text, in order, and name the value.

#![no_main]

use keytrail::trace::{Tracer, Wanted};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&length, rest)) = data.split_first() else { return };
    let (value, text) = rest.split_at(usize::from(length).min(rest.len()));
    for rare in [false, true] {
        let tracer = Tracer::new(&[Wanted { id: 1, value, rare }]);
        let mut before = 0;
        tracer.search(text, &mut |hit| {
            assert_eq!(hit.id, 1);
            assert!(hit.range.start >= before && hit.range.end <= text.len());
            assert!(!hit.range.is_empty());
            before = hit.range.start;
        });
    }
});
