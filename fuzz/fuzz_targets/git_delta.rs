//! Any bytes as a delta and its base: what is made is as long as it says, and each piece is where it is from.

#![no_main]

use keytrail::git::delta;
use libfuzzer_sys::fuzz_target;

/// The longest result that is made.
const MOST: u64 = 1 << 24;

fuzz_target!(|data: &[u8]| {
    let Some((&length, rest)) = data.split_first() else { return };
    let (base, code) = rest.split_at(rest.len().min(usize::from(length)));
    change(base, code);
    // The same bytes behind the right size of the base.
    change(base, &[&[length & 127 | 128, length >> 7], code].concat());
    change(&base.repeat(300), code);
});

fn change(base: &[u8], change: &[u8]) {
    let Ok(sizes) = delta::sizes(base, change) else { return };
    assert_eq!(sizes.base, base.len() as u64);
    if sizes.result > MOST {
        return;
    }
    let (mut out, mut pieces) = (vec![0; sizes.result as usize], Vec::new());
    delta::apply(base, change, &sizes, &mut out, &mut pieces).expect("its sizes were right");
    let mut end = 0;
    for piece in pieces {
        assert_eq!(piece.range.start, end);
        end = piece.range.end;
        let new = &out[piece.range];
        assert!(piece.from.is_none_or(|from| base[from..from + new.len()] == *new));
    }
    assert_eq!(end, out.len());
}
