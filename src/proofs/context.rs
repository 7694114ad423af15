//! Where a public key stands: in a certificate, in a list of trusted keys, or only inside the private key.

use std::ops::Range;

use memchr::memmem;

use crate::model::{Claim, Field};
use crate::proofs::signs;
use crate::proofs::witness::Found;
use crate::rules::checks::der::{INTEGER, SEQUENCE, element};
use crate::rules::checks::{b64, pem};

/// How far it is looked before and behind.
const FAR: usize = 16 << 10;
/// How far the ends of a JSON object or of a section are looked for.
const NEAR: usize = 4 << 10;

/// What the public key at `range` of `text` says; none where it is part of a private key. One of X25519 is
/// for `agreement`.
pub(super) fn of(text: &[u8], range: &Range<usize>, agreement: bool) -> Option<Found> {
    let said = |text| Some(Found { text, claims: Vec::new() });
    let before = text.get(range.start.saturating_sub(FAR)..range.start)?;
    let behind = text.get(range.end..text.len().min(range.end + FAR))?;
    if let Some(label) = armour(before) {
        return match label {
            label if has(label, b"PRIVATE") => None,
            label if has(label, b"REQUEST") => said("its certificate request stands here"),
            label if has(label, b"CERTIFICATE") => said("its certificate stands here"),
            _ => said("its public key stands here"),
        };
    }
    if in_putty_file(before) {
        return None;
    }
    let run = signs::run(text, range);
    if is_private(text.get(run.clone())?) {
        return None;
    }
    if follows_ssh_name(text.get(..run.start)?) {
        let claims = comment(text.get(run.end..)?).into_iter().collect();
        return Some(Found { text: "its public key is listed here for SSH", claims });
    }
    let object = object(before, behind);
    if object.is_some_and(|[left, right]| [left, right].iter().any(|part| names_private(part))) {
        return None;
    }
    let is_web_key =
        object.is_some_and(|[left, right]| [left, right].iter().any(|part| has(part, b"kty")));
    match (is_web_key, agreement) {
        (true, _) => said("its public JSON Web Key stands here"),
        (_, true) => said("a peer names its public key here"),
        _ => said("its public key stands here"),
    }
}

fn has(text: &[u8], word: &[u8]) -> bool {
    memmem::find(text, word).is_some()
}

/// The label of the armour that is open at the end of `before`.
fn armour(before: &[u8]) -> Option<&[u8]> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    let body = &before[memmem::rfind(before, BEGIN)? + BEGIN.len()..];
    let label = &body[..memmem::find(body, b"-----")?];
    (label.len() <= 64 && !has(body, b"-----END ")).then_some(label)
}

fn in_putty_file(before: &[u8]) -> bool {
    memmem::rfind(before, b"PuTTY-User-Key-File-")
        .is_some_and(|at| !has(&before[at..], b"Private-MAC"))
}

/// Whether a run of base64 begins as private keys without armour do.
fn is_private(run: &[u8]) -> bool {
    let head = &run[..run.len().min(4096) & !3];
    let Some(bytes) = b64::decode(head) else { return false };
    // The head may cut the element: what is inside decides.
    let inside = |bytes: &[u8]| -> Option<bool> {
        let long = usize::from(bytes.get(1)?.checked_sub(0x80).unwrap_or(0)).min(4);
        let first = element(bytes.get(2 + long..)?)?;
        Some(bytes[0] == SEQUENCE && first.tag == INTEGER && first.content.len() == 1)
    };
    bytes.starts_with(b"openssh-key-v1\0") || inside(&bytes).unwrap_or(false)
}

fn follows_ssh_name(before: &[u8]) -> bool {
    let Some(rest) = before.strip_suffix(b" ") else { return false };
    let start = rest.iter().rposition(|byte| !byte.is_ascii_graphic()).map_or(0, |at| at + 1);
    let name = &rest[start..];
    has(name, b"ssh-") || has(name, b"ecdsa-sha2-")
}

/// The comment behind a key of SSH, if it reads as `user@host`.
fn comment(behind: &[u8]) -> Option<Claim> {
    let behind = &behind[b64_padding(behind)..];
    let rest = behind.strip_prefix(b" ")?;
    let end = rest.iter().take(128).position(|byte| !byte.is_ascii_graphic());
    let word = &rest[..end.unwrap_or(rest.len().min(128))];
    let fine = |byte: &u8| byte.is_ascii_alphanumeric() || b"@._-+".contains(byte);
    let is_login = word.len() < 128 && word.contains(&b'@') && word.iter().all(fine);
    is_login.then(|| Claim::new(Field::Principal, String::from_utf8_lossy(word)))
}

fn b64_padding(text: &[u8]) -> usize {
    text.iter().take(2).take_while(|byte| **byte == b'=').count()
}

/// The object around the hit: what stands in it before and behind.
fn object<'a>(before: &'a [u8], behind: &'a [u8]) -> Option<[&'a [u8]; 2]> {
    let near = &before[before.len().saturating_sub(NEAR)..];
    let left = &near[near.iter().rposition(|byte| *byte == b'{')?..];
    let near = &behind[..behind.len().min(NEAR)];
    let right = &near[..near.iter().position(|byte| *byte == b'}').unwrap_or(near.len())];
    (!left.contains(&b'}')).then_some([left, right])
}

/// Whether a member `d`, the private one, is named.
fn names_private(part: &[u8]) -> bool {
    let plain = pem::unescape(part);
    let tight: Vec<u8> = plain.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
    has(&tight, b"\"d\":") || has(&tight, b"'d':")
}
