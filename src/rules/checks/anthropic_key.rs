//! Anthropic's keys: 86 characters, a hyphen, and a tail that ends with two zero bytes.

use memchr::memmem;

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "anthropic-key",
    about: "a hyphen and two zero bytes stand at their places in the body",
    bits: 0,
    around: false,
    judge,
    seal,
};

const MARK: &[u8] = b"sk-ant-";
/// Where the hyphen stands in the body.
const HYPHEN: usize = 86;
const BODY: usize = HYPHEN + 1 + 8;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some((kind, body)) = sighting.value.strip_prefix(MARK).and_then(parts) else {
        return Verdict::foreign("not an Anthropic key");
    };
    let scope = |scope: &str| [Claim::new(Field::Scope, scope)];
    match kind {
        b"api03" => structure(body).with(scope("api")),
        b"admin01" => structure(body).with(scope("admin")),
        b"api01" => other().with(scope("enterprise")),
        b"oat01" => other().with(scope("oauth access")),
        b"ort01" => other().with(scope("oauth refresh")),
        _ => other(),
    }
}

/// Kind and body, which the first hyphen parts.
fn parts(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let hyphen = memchr::memchr(b'-', rest)?;
    Some((&rest[..hyphen], &rest[hyphen + 1..]))
}

fn structure(body: &[u8]) -> Verdict {
    if is_issued(body) {
        Verdict::parsed("hyphen and zero bytes stand at their places")
    } else {
        Verdict::broken("tail does not fit: made up, redacted or damaged")
    }
}

fn other() -> Verdict {
    Verdict::silent("a kind whose structure is not known")
}

fn is_issued(body: &[u8]) -> bool {
    let Some((random, [b'-', tail @ ..])) = body.split_at_checked(HYPHEN) else { return false };
    let zeros = b64::decode(tail).is_some_and(|tail| tail.len() == 6 && tail.ends_with(&[0, 0]));
    zeros && random.iter().copied().all(b64::is_char)
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let Some(mark) = memmem::find(&sample.token, MARK) else { return };
    let Some((kind, _)) = parts(&sample.token[mark + MARK.len()..]) else { return };
    let start = mark + MARK.len() + kind.len() + 1;
    let Some(body) = sample.token.get_mut(start..start + BODY) else { return };
    let tail = b64::url(&[dice.bytes(4).as_slice(), &[0, 0]].concat());
    body[HYPHEN] = b'-';
    body[HYPHEN + 1..].copy_from_slice(&tail);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{changed, claim, judge, seals, survives};

    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    fn key(kind: &str) -> Vec<u8> {
        ["sk-", "ant-", kind, "-", &"k".repeat(86), "-", "EjRWeAAA"].concat().into_bytes()
    }

    #[test]
    fn the_tail_fits() {
        for (kind, scope) in [("api03", "api"), ("admin01", "admin")] {
            let verdict = judge(&CHECK, key(kind));
            assert_eq!(verdict.state, State::Parsed);
            assert_eq!(claim(&verdict, Field::Scope), Some(scope));
            survives(&CHECK, &key(kind));
        }
    }

    #[test]
    fn another_tail_is_made_up() {
        let key = key("api03");
        for at in [99, key.len() - 1, key.len() - 2] {
            assert_eq!(judge(&CHECK, changed(&key, at)).state, State::Broken, "{at}");
        }
        assert_eq!(judge(&CHECK, &key[..key.len() - 1]).state, State::Broken);
    }

    #[test]
    fn other_kinds_only_tell_their_name() {
        let verdict = judge(&CHECK, key("oat01"));
        assert_eq!(verdict.state, State::Silent);
        assert_eq!(claim(&verdict, Field::Scope), Some("oauth access"));
        assert_eq!(judge(&CHECK, "sk-other").state, State::Foreign);
    }

    #[test]
    fn samples_can_be_sealed() {
        for kind in ["api03-", "admin01-"] {
            seals(&CHECK, |dice| [MARK, kind.as_bytes(), &dice.text(LETTERS, 93), b"AA"].concat());
        }
    }
}
