//! A format's regular expression, read for what it guarantees: lengths, endings, randomness.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::model::{SEPARATORS, is_token_byte};
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
    if steps(&hir) > MOST_STEPS {
        return Err(format!("format: unrolls to more than {MOST_STEPS} steps"));
    }
    let mut tail = [0; 4];
    endings(&hir, &mut tail);
    Ok(Shape {
        min,
        row: length(Some(row(&hir, literals))),
        max: length(hir.properties().maximum_len()),
        anchored: begins_with_one_of(&hir, literals),
        bits: bits(&hir) as u32,
        tail,
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
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(steps).sum(),
    }
}

/// Fewest token bytes in a row that hold one of `literals`; where there are none, fewest of them in a row
/// in a match, separators apart.
fn row(hir: &Hir, literals: &[String]) -> usize {
    let solid = consists_of(hir, is_token_byte);
    let around = |l: &String| if solid { least(hir) } else { row_around(hir, l.as_bytes()) };
    literals.iter().map(around).min().unwrap_or_else(|| longest_row(hir))
}

/// The length of the longest stretch of every match that holds token bytes and no separator.
fn longest_row(hir: &Hir) -> usize {
    let mut parts = Vec::new();
    flatten(hir, &mut parts);
    let is_joined = |b| is_token_byte(b) && !SEPARATORS.contains(&b);
    let solid = |part: &&&Hir| consists_of(part, is_joined);
    let from = |n: usize| parts[n..].iter().take_while(solid).map(|part| least(part)).sum();
    (0..parts.len()).map(from).max().unwrap_or(0)
}

/// The length of the shortest match, in bytes.
fn least(part: &Hir) -> usize {
    part.properties().minimum_len().unwrap_or(0)
}

/// Fewest token bytes in a row that hold the end of `literal`, from behind its last other byte: those of
/// the literal itself where the format does not tell more.
fn row_around(hir: &Hir, literal: &[u8]) -> usize {
    let mut parts = Vec::new();
    flatten(hir, &mut parts);
    let tail = literal.iter().rev().take_while(|b| is_token_byte(**b)).count();
    let Some((n, before, after)) = find(&parts, literal) else { return tail };
    let right = solid_length(after.iter(), parts[n + 1..].iter());
    if tail < literal.len() {
        return tail + right;
    }
    solid_length(before.iter().rev(), parts[..n].iter().rev()) + tail + right
}

/// The first part in which `literal` stands, and what stands around it there.
fn find(parts: &[&Hir], literal: &[u8]) -> Option<(usize, Vec<u8>, Vec<u8>)> {
    parts.iter().enumerate().find_map(|(n, part)| {
        if let HirKind::Literal(whole) = part.kind() {
            let at = whole.0.windows(literal.len()).position(|window| window == literal)?;
            return Some((n, whole.0[..at].to_vec(), whole.0[at + literal.len()..].to_vec()));
        }
        let all = Extractor::new().extract(part);
        let texts = all.literals().filter(|_| all.is_exact())?;
        texts.iter().any(|text| text.as_bytes() == literal).then(|| (n, Vec::new(), Vec::new()))
    })
}

/// How many token bytes follow at least: those of `near`, and if those are all, of `parts`.
fn solid_length<'a>(
    near: impl ExactSizeIterator<Item = &'a u8>,
    parts: impl Iterator<Item = &'a &'a Hir>,
) -> usize {
    let whole = near.len();
    let length = near.take_while(|b| is_token_byte(**b)).count();
    if length < whole {
        return length;
    }
    let solid = |part: &&&Hir| consists_of(part, is_token_byte);
    length + parts.take_while(solid).map(|part| least(part)).sum::<usize>()
}

/// The parts of a format in their order, groups opened.
fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Concat(all) => all.iter().for_each(|part| flatten(part, parts)),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        _ => parts.push(hir),
    }
}

/// Whether every match consists of bytes that are so.
fn consists_of(hir: &Hir, is: impl Fn(u8) -> bool + Copy) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => literal.0.iter().all(|&b| is(b)),
        HirKind::Class(Class::Bytes(class)) => {
            class.iter().all(|range| (range.start()..=range.end()).all(is))
        }
        HirKind::Class(Class::Unicode(_)) => false,
        HirKind::Repetition(rep) => consists_of(&rep.sub, is),
        HirKind::Capture(capture) => consists_of(&capture.sub, is),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().all(|part| consists_of(part, is))
        }
    }
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
