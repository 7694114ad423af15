//! A row: token bytes one after the other that every match of a format is sure to hold, so that the first
//! pass can look for rows alone.

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::model::{SEPARATORS, is_token_byte};

/// Fewest token bytes in a row that hold one of `literals`; where there are none, fewest of them in a row
/// in a match, separators apart.
pub fn row(hir: &Hir, literals: &[String]) -> usize {
    let solid = consists_of(hir, is_token_byte);
    let around = |l: &String| if solid { least(hir) } else { row_around(hir, l.as_bytes()) };
    let is_joined = |b| is_token_byte(b) && !SEPARATORS.contains(&b);
    literals.iter().map(around).min().unwrap_or_else(|| longest(hir, is_joined))
}

/// Fewest letters and digits in a row that every match holds.
pub fn word(hir: &Hir) -> usize {
    longest(hir, |b| b.is_ascii_alphanumeric())
}

/// The length of the longest stretch of every match that consists of bytes that are so.
fn longest(hir: &Hir, is: impl Fn(u8) -> bool + Copy) -> usize {
    let mut parts = Vec::new();
    flatten(hir, &mut parts);
    let solid = |part: &&&Hir| consists_of(part, is);
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
    let Some((n, before, after)) = find(&parts, literal) else {
        return among(&parts, literal).unwrap_or(tail);
    };
    let right = solid_length(after.iter(), parts[n + 1..].iter());
    if tail < literal.len() {
        return tail + right;
    }
    solid_length(before.iter().rev(), parts[..n].iter().rev()) + tail + right
}

/// The same for a literal that stands in some of the ways to go on.
fn among(parts: &[&Hir], literal: &[u8]) -> Option<usize> {
    let ways = parts.iter().filter_map(|part| match part.kind() {
        HirKind::Alternation(ways) => Some(ways),
        _ => None,
    });
    let holds = |way: &&Hir| {
        let mut parts = Vec::new();
        flatten(way, &mut parts);
        find(&parts, literal).is_some()
    };
    ways.flatten().filter(holds).map(|way| row_around(way, literal)).min()
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

#[cfg(test)]
mod tests {
    use super::{row, word};
    use crate::rules::format;

    fn of(format: &str, literals: &[&str]) -> usize {
        let literals: Vec<_> = literals.iter().map(|l| (*l).to_owned()).collect();
        row(&format::parse(format).expect("a format"), &literals)
    }

    #[test]
    fn a_row_is_what_every_match_holds() {
        assert_eq!(of("ab_[a-z]{30,40}", &["ab_"]), 33);
        assert_eq!(of("[0-9]{8,10}:AA[A-Za-z0-9_-]{33}", &[":AA"]), 35);
        assert_eq!(of("\"(?:d|k)\": \"(?<secret>[a-z]{22,})", &["d\": \""]), 0);
        assert_eq!(of("(?:'d':'|'k':')(?<secret>[a-z]{22,})", &["'d':'", "'k':'"]), 22);
        assert_eq!(of("https://[a-z]{1,9}\\.example\\.com/x[0-9]{4}!", &[".example.com"]), 19);
        assert_eq!(of("x:(?:@db\\.[a-z]{20}\\.co|[a-z]{9}\\.y\\.co)", &[".co"]), 14);
        assert_eq!(of("[A-Za-z0-9+/]{42}[AEI]=", &[]), 43);
        assert_eq!(of("[0-9a-f]{64}|[a-z]{40}", &[]), 40);
        assert_eq!(word(&format::parse("a[a-z]{20}-[0-9a-z]{9}").expect("a format")), 21);
    }
}
