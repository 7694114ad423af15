//! OpenAI's keys: the mark `T3BlbkFJ` between two halves of equal length.

use memchr::memmem;

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "openai-key",
    about: "OpenAI's mark stands in the middle of the body",
    bits: 0,
    around: false,
    judge,
    seal,
};

const MARK: &[u8] = b"T3BlbkFJ";
/// How long the halves are in keys that were issued.
const HALVES: [usize; 3] = [20, 58, 74];
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

fn judge(sighting: &Sighting<'_>) -> Verdict {
    match head(sighting.value) {
        Some(head) => Verdict::parsed("mark stands in the middle").with(kind(head)),
        None => Verdict::foreign("OpenAI's mark does not stand in the middle"),
    }
}

/// What stands before two equal halves around the mark: `sk-`, or `sk-`, a kind and a hyphen.
fn head(key: &[u8]) -> Option<&[u8]> {
    let mark = memmem::find(key, MARK)?;
    let half = key.len() - mark - MARK.len();
    let (head, body) = key.split_at(mark.checked_sub(half)?);
    let kind = head.strip_prefix(b"sk-")?;
    let is_kind = |kind: &[u8]| kind.iter().all(u8::is_ascii_alphabetic);
    let fits = HALVES.contains(&half)
        && (kind.is_empty() || kind.strip_suffix(b"-").is_some_and(is_kind))
        && body.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte));
    fits.then_some(head)
}

fn kind(head: &[u8]) -> Option<Claim> {
    let scope = match head {
        b"sk-proj-" => "project",
        b"sk-svcacct-" => "service account",
        b"sk-admin-" => "admin",
        _ => return None,
    };
    Some(Claim::new(Field::Scope, scope))
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let Some(start) = memmem::find(&sample.token, b"sk-") else { return };
    let Some(mark) = memmem::find(&sample.token[start..], MARK) else { return };
    let kind =
        sample.token[start + 3..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let hyphen = kind > 0 && sample.token[start + 3 + kind] == b'-';
    let head = if hyphen { 3 + kind + 1 } else { 3 };
    let nearest = HALVES.into_iter().min_by_key(|half| half.abs_diff(mark - head));
    let half = nearest.unwrap_or(HALVES[0]);
    let body = [dice.text(LETTERS, half).as_slice(), MARK, &dice.text(LETTERS, half)].concat();
    sample.token.truncate(start + head);
    sample.token.extend(body);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    fn key(head: &str, before: usize, after: usize) -> String {
        [head, &"k".repeat(before), "T3Blb", "kFJ", &"j".repeat(after)].concat()
    }

    #[test]
    fn the_mark_stands_in_the_middle() {
        let heads = [("sk-", 20), ("sk-proj-", 74), ("sk-svcacct-", 58), ("sk-admin-", 20)];
        for (head, half) in heads {
            assert_eq!(judge(&CHECK, key(head, half, half)).state, State::Parsed, "{head}");
        }
        let verdict = judge(&CHECK, key("sk-svcacct-", 74, 74));
        assert_eq!(claim(&verdict, Field::Scope), Some("service account"));
        survives(&CHECK, key("sk-proj-", 58, 58).as_bytes());
    }

    #[test]
    fn anything_else_is_not_openais() {
        let others =
            [key("sk-", 20, 21), key("pk-", 20, 20), key("sk-proj_", 20, 20), key("sk-", 9, 9)];
        for other in others {
            assert_eq!(judge(&CHECK, &other).state, State::Foreign, "{other}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        for (head, half, tail) in [("sk-", 20, 20), ("sk-proj-", 74, 58), ("sk-admin-", 58, 74)] {
            seals(&CHECK, |dice| {
                let (before, after) = (dice.text(LETTERS, half), dice.text(LETTERS, tail));
                [head.as_bytes(), &before, MARK, &after].concat()
            });
        }
    }
}
