//! Addresses: the parts of a URL or connection string that are secret.

use std::ops::Range;

use crate::holders::belief::is_uuid;
use crate::holders::field::Field;
use crate::holders::names::{Bears, bears};
use zeroize::Zeroizing;

/// Whether a text is an address, or a string of `name=value` pairs that says how to connect.
pub(super) fn is_address(text: &str) -> bool {
    text.contains("://") || (text.contains([';', ' ']) && text.matches('=').count() > 1)
}

/// Longer texts are no addresses.
const LONGEST: usize = 64 << 10;

/// The secret parts of an address: its password, what its query says, and stretches of its path that only
/// chance makes.
pub(super) fn secrets<'t>(field: &Field<'t>) -> Vec<Field<'t>> {
    let text = field.text();
    let mut found = Vec::new();
    if text.len() > LONGEST {
        return found;
    }
    let Some(scheme) = text.find("://") else {
        pairs(text, &[';', ' '], 0, field, &mut found);
        return found;
    };
    let start = scheme + 3;
    let authority = text[start..].find(['/', '?', '#']).map_or(text.len(), |at| start + at);
    if let Some(at) = text[start..authority].rfind('@') {
        let login = start..start + at;
        if let Some(colon) = text[login.clone()].find(':') {
            let mut password = field.within(login.start + colon + 1..login.end);
            password.bears = Bears::Password;
            found.push(password);
        } else {
            let mut token = field.within(login);
            token.bears = Bears::Secret;
            found.push(token);
        }
    }
    let query = text.find('?').map_or(text.len(), |at| at + 1);
    pairs(&text[query..], &['&', '#'], query, field, &mut found);
    if text.starts_with("http") && authority < text.len() {
        let end = text[authority..].find(['?', '#']).map_or(text.len(), |at| authority + at);
        segments(&text[authority..end], authority, field, &mut found);
    }
    found
}

/// The text of `field` without its percent escapes, if it is a part of an address and has some.
pub(super) fn unescaped(field: &Field<'_>) -> Option<Zeroizing<String>> {
    let whole = field.node.text()?;
    let is_part = field.part.len() < whole.len() && whole.contains("://");
    let text = is_part.then(|| field.text())?;
    let digit = |at: usize| char::from(*text.as_bytes().get(at)?).to_digit(16);
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high << 4 | low) as u8);
                at += 3;
            }
            _ => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    let plain = std::str::from_utf8(&plain).ok().filter(|plain| *plain != text)?;
    Some(Zeroizing::new(plain.to_owned()))
}

/// `name=value` pairs, told apart by `signs`.
fn pairs<'t>(
    text: &str,
    signs: &[char],
    start: usize,
    field: &Field<'t>,
    found: &mut Vec<Field<'t>>,
) {
    let mut at = start;
    for pair in text.split(signs) {
        let range = at..at + pair.len();
        at = range.end + 1;
        let Some((name, value)) = pair.split_once('=') else { continue };
        let bears = match name.trim().to_ascii_lowercase().as_str() {
            "sig" | "signature" | "code" => Bears::Secret,
            "accountkey" | "sharedaccesskey" => Bears::Secret,
            name => bears(name),
        };
        if matches!(bears, Bears::Secret | Bears::Password) {
            let mut part = field.within(range.end - value.len()..range.end);
            part.bears = bears;
            part.path = part.path.name(name.trim());
            found.push(part);
        }
    }
}

/// Segments of a path that are as long and random as a key.
fn segments<'t>(path: &str, start: usize, field: &Field<'t>, found: &mut Vec<Field<'t>>) {
    let mut at = start;
    for segment in path.split('/') {
        let range: Range<usize> = at..at + segment.len();
        at = range.end + 1;
        let digits = segment.bytes().filter(u8::is_ascii_digit).count();
        let plain = segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=".contains(&b));
        let random = segment.len() >= KEY && plain && digits >= 3;
        if random && crate::detect::surprise(segment.as_bytes()) > 0.3 && !is_uuid(segment) {
            let mut part = field.within(range);
            part.bears = Bears::Address;
            found.push(part);
        }
    }
}

/// Shorter segments of a path are names and numbers.
const KEY: usize = 24;
