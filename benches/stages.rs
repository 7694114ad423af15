//! Bytes per second of each stage, on text that is made up anew: `cargo bench`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use keytrail::detect::anchors::Anchors;
use keytrail::detect::runs::each_run;
use keytrail::detect::{Detector, Options, decode};
use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};

fn main() {
    divan::main();
}

const SIZE: usize = 4 << 20;

/// Text like a program's: short words, long names, numbers, line ends.
fn source() -> Vec<u8> {
    const WORDS: [&str; 16] = [
        "if",
        "return",
        "static",
        "value",
        "buffer_length",
        "getApplicationContext",
        "0x1f",
        "=",
        "MAX_PENDING_REQUESTS",
        "(",
        ");",
        "->next",
        "struct",
        "kmalloc_array(size",
        "\"text\"",
        "{",
    ];
    let mut dice = Dice::seeded(1);
    let mut text = Vec::with_capacity(SIZE + 64);
    while text.len() < SIZE {
        text.extend_from_slice(dice.pick(&WORDS).as_bytes());
        text.push(if dice.below(8) == 0 { b'\n' } else { b' ' });
    }
    text
}

/// Lines of base64 of ordinary text.
fn wrapped() -> Vec<u8> {
    let encoded = base64_simd::STANDARD.encode_to_string(&source()[..SIZE * 3 / 4]);
    encoded.as_bytes().chunks(76).collect::<Vec<_>>().join(&b'\n')
}

/// A token every few hundred bytes.
fn leaky(catalogue: &Catalogue) -> Vec<u8> {
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    let mut dice = Dice::seeded(2);
    let mut text = Vec::new();
    for part in source().chunks(400) {
        text.extend_from_slice(part);
        text.extend(sample::line(rule, &sample::sealed(rule, &mut dice), &mut dice));
    }
    text
}

#[divan::bench]
fn prefilter(bencher: Bencher<'_, '_>) {
    let text = source();
    bencher.counter(BytesCount::new(text.len())).bench(|| {
        let mut runs = 0;
        each_run(black_box(&text), |_| runs += 1);
        runs
    });
}

#[divan::bench]
fn prefilter_and_literals(bencher: Bencher<'_, '_>) {
    let (text, catalogue) = (source(), Catalogue::embedded());
    let anchors = Anchors::new(catalogue.rules());
    bencher.counter(BytesCount::new(text.len())).bench(|| {
        let mut found = Vec::new();
        each_run(black_box(&text), |run| anchors.within(&text, &run, &mut found));
        found.len()
    });
}

#[divan::bench]
fn decoding(bencher: Bencher<'_, '_>) {
    let text = wrapped();
    bencher.counter(BytesCount::new(text.len())).bench(|| {
        let mut plain = 0;
        each_run(black_box(&text), |run| {
            let fits = decode::ALL.iter().filter(|decoder| (decoder.may)(&run.tally));
            fits.for_each(|decoder| plain += (decoder.decode)(&text, &run.range).len());
        });
        plain
    });
}

fn detect(bencher: Bencher<'_, '_>, text: &[u8]) {
    let catalogue = Catalogue::embedded();
    let detector = Detector::new(&catalogue, Options::default());
    bencher
        .counter(BytesCount::new(text.len()))
        .bench(|| detector.detect(black_box(text)).all.len());
}

#[divan::bench]
fn whole_on_source(bencher: Bencher<'_, '_>) {
    detect(bencher, &source());
}

#[divan::bench]
fn whole_on_base64(bencher: Bencher<'_, '_>) {
    detect(bencher, &wrapped());
}

#[divan::bench]
fn whole_with_a_token_every_400_bytes(bencher: Bencher<'_, '_>) {
    detect(bencher, &leaky(&Catalogue::embedded()));
}
