//! A format's regular expression, read for what it guarantees: lengths, endings, randomness.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::rules::row::{row, word};
use crate::rules::rule::Shape;

/// Parses a format as the matcher will: bytes, no Unicode classes, bounded size.
pub fn parse(format: &str) -> Result<Hir, String> {
    ParserBuilder::new()
        .utf8(false)
        .unicode(false)
        .nest_limit(64)
        .build()
        .parse(format)
        .map_err(|e| format!("format: {e}"))
}

/// Reads off what every match of `format` guarantees.
pub fn shape(format: &str, literals: &[String]) -> Result<Shape, String> {
    let hir = parse(format)?;
    let length = |n: Option<usize>| {
        n.and_then(|n| u32::try_from(n).ok()).unwrap_or(Shape::MOST).min(Shape::MOST)
    };
    let min = length(hir.properties().minimum_len());
    if min == 0 {
        return Err("format: matches nothing at all".to_owned());
    }
    if holds_empty_class(&hir) {
        return Err("format: holds a class that admits no byte".to_owned());
    }
    if steps(&hir) > MOST_STEPS {
        return Err(format!("format: unrolls to more than {MOST_STEPS} steps"));
    }
    let (mut tail, mut alphabet) = ([0; 4], [0; 4]);
    endings(&hir, &mut tail);
    bytes(&hir, &mut alphabet);
    Ok(Shape {
        min,
        row: length(Some(row(&hir, literals))),
        word: length(Some(word(&hir))),
        max: length(hir.properties().maximum_len()),
        anchored: begins_with_one_of(&hir, literals),
        bits: bits(&hir) as u32,
        tail,
        alphabet,
    })
}

/// How far a format may unroll; what is larger takes too long to compile.
const MOST_STEPS: u64 = 30_000;

/// How many steps a format has when its counted repetitions are written out.
fn steps(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(_) => 1,
        HirKind::Repetition(rep) => {
            let times = rep.max.unwrap_or(rep.min.saturating_add(1));
            steps(&rep.sub).saturating_mul(u64::from(times))
        }
        HirKind::Capture(capture) => steps(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(steps).fold(0, u64::saturating_add)
        }
    }
}

/// Whether a part of the format can never match, so that no sample can be drawn of it.
fn holds_empty_class(hir: &Hir) -> bool {
    let mut empty = false;
    if let HirKind::Class(class) = hir.kind() {
        empty = true;
        each_byte(class, |_| empty = false);
    }
    empty || hir.kind().subs().iter().any(holds_empty_class)
}

fn begins_with_one_of(hir: &Hir, literals: &[String]) -> bool {
    let prefixes = Extractor::new().extract(hir);
    let begins = |prefix: &[u8]| literals.iter().any(|l| prefix.starts_with(l.as_bytes()));
    prefixes.literals().is_some_and(|all| all.iter().all(|p| begins(p.as_bytes())))
}

/// Marks the bytes with which a match can end; tells whether the part can be empty.
fn endings(hir: &Hir, tail: &mut [u64; 4]) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => {
            if let Some(&last) = literal.0.last() {
                mark(tail, last);
            }
            literal.0.is_empty()
        }
        HirKind::Class(class) => {
            each_byte(class, |b| mark(tail, b));
            false
        }
        HirKind::Repetition(rep) => endings(&rep.sub, tail) || rep.min == 0,
        HirKind::Capture(capture) => endings(&capture.sub, tail),
        HirKind::Concat(parts) => parts.iter().rev().all(|part| endings(part, tail)),
        HirKind::Alternation(parts) => {
            parts.iter().fold(false, |empty, part| endings(part, tail) | empty)
        }
    }
}

/// Marks the bytes that a match can hold.
fn bytes(hir: &Hir, alphabet: &mut [u64; 4]) {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().for_each(|&byte| mark(alphabet, byte)),
        HirKind::Class(class) => each_byte(class, |byte| mark(alphabet, byte)),
        _ => hir.kind().subs().iter().for_each(|part| bytes(part, alphabet)),
    }
}

const fn mark(set: &mut [u64; 4], byte: u8) {
    set[(byte >> 6) as usize] |= 1 << (byte & 63);
}

/// Calls `visit` with each byte that a class admits; characters above ASCII are left out.
pub fn each_byte(class: &Class, mut visit: impl FnMut(u8)) {
    match class {
        Class::Bytes(class) => {
            class.iter().for_each(|range| (range.start()..=range.end()).for_each(&mut visit));
        }
        Class::Unicode(class) => class.iter().for_each(|range| {
            let end = range.end().min('\x7f');
            (range.start()..=end).for_each(|c| visit(c as u8));
        }),
    }
}

/// Bits of freedom in the shortest match: what a thief would have to guess.
fn bits(hir: &Hir) -> f64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) => 0.0,
        HirKind::Class(class) => {
            let mut size = 0_u32;
            each_byte(class, |_| size += 1);
            f64::from(size.max(1)).log2()
        }
        HirKind::Repetition(rep) => bits(&rep.sub) * f64::from(rep.min),
        HirKind::Capture(capture) => bits(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(bits).sum(),
        HirKind::Alternation(parts) => parts.iter().map(bits).fold(f64::MAX, f64::min),
    }
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn formats_that_cannot_be_compiled_or_drawn_are_refused() {
        let long = "(?:(?:(?:ab{4294967295}){4294967295}){4294967295}|b|c)de";
        for (format, why) in [(long, "steps"), ("abc[a&&b]", "class"), ("(?u:abc[à-ü])", "class")]
        {
            let flaw = shape(format, &["abc".to_owned()]).expect_err("it is refused");
            assert!(flaw.contains(why), "{format}: {flaw}");
        }
    }
}
