//! Any bytes as a container, and as all that is in it: reading ends, within its limits.

#![no_main]

use std::io::Cursor;
use std::ops::ControlFlow;
use std::time::Duration;

use keytrail::source::unpack::{
    Budget, Container, Cut, Input, Limits, Member, each_member, image, recognise,
};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

const LIMITS: Limits = Limits {
    depth: 4,
    member: 1 << 20,
    total: 8 << 20,
    member_ratio: 200,
    total_ratio: 100,
    members: 2000,
    time: Duration::from_secs(20),
};

/// Names on which it depends what some bytes are.
const NAMES: [&str; 6] = ["a", "a.tar", "a.tlz", "a.Z", "a.pdf", "a.docx"];

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    keytrail_fuzz::sow(data, size, max_size, seed, |_, _| true)
});

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(first >> 1) % NAMES.len()];
    let Some(format) = recognise(&bytes[..bytes.len().min(512)], name) else { return };
    let budget = Budget::new(LIMITS, Some(bytes.len() as u64));
    let (mut file, mut stream) = (Cursor::new(bytes), bytes);
    _ = image::describe(&mut file, &budget);
    file.set_position(0);
    let input = if first & 1 == 0 { Input::Seek(&mut file) } else { Input::Stream(&mut stream) };
    open(Container { format, name, input }, &budget);
});

fn open(container: Container<'_>, budget: &Budget) {
    let troubles = each_member(container, budget, &mut |member| {
        show(member, budget);
        ControlFlow::Continue(())
    });
    assert!(troubles.iter().all(|trouble| !trouble.what.is_empty()));
}

fn show(member: Member<'_>, budget: &Budget) {
    if let Some(format) = member.format {
        let input = Input::Stream(member.from);
        return open(Container { format, name: &member.name, input }, budget);
    }
    let mut text = Vec::new();
    if let Err(error) = member.from.read_to_end(&mut text) {
        assert!(Cut::of(&error).is_some(), "a reader's errors are told");
    }
    assert!(text.len() as u64 <= LIMITS.member);
}
