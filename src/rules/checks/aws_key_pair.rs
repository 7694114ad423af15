//! The key id that belongs to an AWS secret access key, and the account that it names.

use memchr::{memchr_iter, memmem};

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, aws_session, b64, identity, run};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "aws-key-pair",
    about: "an access key id stands within ten lines; it names the account",
    bits: 0,
    around: true,
    judge,
    seal,
};

const PREFIXES: [&[u8]; 4] = [b"AKIA", b"ASIA", b"ABIA", b"ACCA"];
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const ID: usize = 20;
const SECRET: usize = 40;
const LINES: usize = 10;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    if !is_secret(sighting.value) {
        return Verdict::foreign("not as mixed as a secret access key");
    }
    match nearest_id(sighting.around, sighting.value) {
        Some(id) => {
            let temporary = id.starts_with(aws_session::TEMPORARY);
            let end = temporary.then(|| aws_session::end(sighting)).flatten();
            Verdict::parsed("an access key id stands beside it")
                .with(claims(id))
                .with(identity::claims([(Field::ExpiresAt, end)]))
        }
        None => Verdict::silent("no access key id beside it"),
    }
}

fn is_secret(value: &[u8]) -> bool {
    let has = |class: fn(&u8) -> bool| value.iter().any(class);
    value.len() == SECRET
        && value.iter().all(|byte| b64::is_char(*byte) && !matches!(byte, b'-' | b'_'))
        && !value.iter().all(u8::is_ascii_hexdigit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

/// Key id and account of an access key id, and whether it is one of those that end by themselves.
pub(super) fn claims(id: &[u8]) -> Vec<Claim> {
    let temporary = id.starts_with(aws_session::TEMPORARY).then(|| "temporary".to_owned());
    identity::claims([
        (Field::Tenant, account(id)),
        (Field::KeyId, identity::text(id)),
        (Field::Scope, temporary),
    ])
}

/// The account number inside `id`; none in ids of the time before it stood there.
fn account(id: &[u8]) -> Option<String> {
    let body = id.get(4..ID)?;
    if matches!(body[0], b'I' | b'J') {
        return None;
    }
    let bits = body[..10].iter().try_fold(0_u64, |bits, letter| {
        Some(bits << 5 | BASE32.iter().position(|other| other == letter)? as u64)
    })?;
    // Ten letters are 50 bits; the number stands in the 40 behind the first.
    let number = bits >> 9 & ((1 << 40) - 1);
    (number < 1_000_000_000_000).then(|| format!("{number:012}"))
}

/// The id before or behind the secret, within ten lines: rather in the same section than beyond its
/// bracket, rather on a nearer line, rather before, where most files write it.
pub(super) fn nearest_id<'a>(around: &'a [u8], secret: &[u8]) -> Option<&'a [u8]> {
    let start = memmem::find(around, secret)?;
    let end = start + secret.len();
    let before = (0..start).rev().find(|at| is_id(around, *at));
    let behind = (end..around.len()).find(|at| is_id(around, *at));
    let gaps = [(before, before.map(|at| at..start)), (behind, behind.map(|at| end..at))];
    let near = gaps.into_iter().filter_map(|(at, gap)| {
        let between = around.get(gap?)?;
        let lines = memchr_iter(b'\n', between).count();
        let leaves = between.iter().any(|byte| b"[]{}".contains(byte));
        (lines <= LINES).then_some(((leaves, lines), at?))
    });
    let (_, at) = near.min_by_key(|(gap, _)| *gap)?;
    around.get(at..at + ID)
}

/// Whether an access key id begins at `at`.
pub(super) fn is_id(text: &[u8], at: usize) -> bool {
    let Some(id) = text.get(at..at + ID) else { return false };
    let loose =
        |byte: Option<&u8>| byte.is_none_or(|b| !b.is_ascii_uppercase() && !b.is_ascii_digit());
    PREFIXES.contains(&&id[..4])
        && id[4..].iter().all(|byte| BASE32.contains(byte))
        && loose(at.checked_sub(1).and_then(|before| text.get(before)))
        && loose(text.get(at + ID))
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let place = run::longest(&sample.token, b64::is_char);
    let secret = &mut sample.token[place];
    if let Some(head) = secret.first_chunk_mut() {
        *head = [*dice.pick(b"GHKMNP"), *dice.pick(b"ghkmnp"), *dice.pick(b"23456789")];
    }
    sample.beside = [b"aws_access_key_id = ".to_vec(), made_id(b"AKIA", dice)].concat();
}

/// An access key id of a random account.
pub(super) fn made_id(prefix: &[u8], dice: &mut Dice) -> Vec<u8> {
    let account = dice.below(1_000_000_000_000) as u64;
    let bits = 1 << 49 | account << 9 | dice.roll() >> 55;
    let letter = |place: u32| BASE32[(bits >> (45 - 5 * place) & 31) as usize];
    let head: Vec<u8> = (0..10).map(letter).collect();
    [prefix, &head, &dice.text(BASE32, 6)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    const MIXED: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    fn id() -> String {
        ["AKIA", "RZPUZDIKPUKQOKCK"].concat()
    }

    fn secret() -> Vec<u8> {
        [b"aZ7".as_slice(), &Dice::seeded(1).text(MIXED, 37)].concat()
    }

    fn beside(text: &str) -> Verdict {
        let secret = secret();
        let around = [b"key=", secret.as_slice(), b"\n", text.as_bytes()].concat();
        (CHECK.judge)(&Sighting { whole: &secret, value: &secret, around: &around })
    }

    #[test]
    fn the_vector_names_its_account() {
        let verdict = beside(&id());
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::Tenant), Some("123456789012"));
        assert_eq!(claim(&verdict, Field::KeyId), Some(id().as_str()));
    }

    #[test]
    fn old_ids_name_none() {
        let verdict = beside(&["AKIA", "IZPUZDIKPUKQOKCK"].concat());
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::Tenant), None);
    }

    #[test]
    fn the_nearest_within_ten_lines_counts() {
        let other = ["ASIA", "QZPUZDIKPUKQOKCK"].concat();
        let verdict = beside(&format!("{}\n{other}", id()));
        assert_eq!(claim(&verdict, Field::KeyId), Some(id().as_str()));
        assert_eq!(beside(&format!("{}{}", "\n".repeat(10), id())).state, State::Silent);
        assert_eq!(beside(&format!("{}A", id())).state, State::Silent);
    }

    #[test]
    fn sections_are_kept_apart() {
        let secret = String::from_utf8(secret()).expect("ASCII");
        let other = ["ASIA", "QZPUZDIKPUKQOKCK"].concat();
        for around in [
            format!("id = {}\nsecret = {secret}\nid = {other}\n", id()),
            format!("id = {other}\n[b]\nsecret = {secret}\n\n\nid = {}\n", id()),
            format!("[{{{other:?}}},{{\"s\":{secret:?},\n\n{:?}}}]", id()),
        ] {
            let (value, around) = (secret.as_bytes(), around.as_bytes());
            let verdict = (CHECK.judge)(&Sighting { whole: value, value, around });
            assert_eq!(claim(&verdict, Field::KeyId), Some(id().as_str()));
        }
    }

    #[test]
    fn digests_are_something_else() {
        for value in ["0123456789abcdef0123456789ABCDEF01234567", "short", ""] {
            assert_eq!(judge(&CHECK, value).state, State::Foreign);
        }
        assert_eq!(judge(&CHECK, "k".repeat(40)).state, State::Foreign);
    }

    #[test]
    fn samples_can_be_sealed() {
        seals(&CHECK, |dice| dice.text(MIXED, 40));
        survives(&CHECK, &secret());
    }

    #[test]
    fn made_ids_name_an_account() {
        for seed in 0..200 {
            let id = made_id(b"ASIA", &mut Dice::seeded(seed));
            assert!(is_id(&id, 0) && account(&id).is_some());
        }
    }
}
