//! GitLab's routable tokens: a payload that names cell, organisation and owner, its length, a CRC-32.

use crate::model::{Claim, Field};
use crate::rules::checks::base::BASE36;
use crate::rules::checks::checksum::{Checksum, Layout};
use crate::rules::checks::crc::crc32;
use crate::rules::checks::{Check, Sample, Sighting, State, Verdict, b64};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "gitlab-routable",
    about: "CRC-32 in base36; the ids of organisation, group, project and user are readable",
    bits: 32,
    around: false,
    judge,
    seal,
};

const SUM: Checksum = Checksum {
    holds: "checksum holds (CRC-32, 32 bits)",
    find: |text| Parts::of(text).map(|parts| parts.layout),
    write: |covered| BASE36.write(u64::from(crc32(covered)), DIGITS),
};
const DIGITS: usize = 7;
/// Random bytes in front of the routing text.
const RANDOM: usize = 16;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    if !sighting.value.contains(&b'.') {
        return Verdict::silent("older form, without checksum");
    }
    let verdict = SUM.judge(sighting.value);
    match Parts::of(sighting.value).and_then(|parts| routing(parts.payload)) {
        Some(claims) if verdict.state == State::Proven => verdict.with(claims),
        _ => verdict,
    }
}

/// What stands around the first dot of a token.
struct Parts<'a> {
    payload: &'a [u8],
    layout: Layout,
}

impl<'a> Parts<'a> {
    fn of(token: &'a [u8]) -> Option<Self> {
        let dot = memchr::memchr(b'.', token)?;
        // The first form had no version between payload and length.
        let length = if token.get(dot + 3) == Some(&b'.') { dot + 4 } else { dot + 1 };
        let sum = length + 2;
        let due = BASE36.read(token.get(length..sum)?)? as usize;
        let payload = &token[dot.checked_sub(due)?..dot];
        let layout = Layout { covered: 0..sum, sum: sum..sum + DIGITS };
        (token.len() >= layout.sum.end).then_some(Self { payload, layout })
    }
}

/// The owner, read off the lines `key:number` between the random bytes and their count.
fn routing(payload: &[u8]) -> Option<Vec<Claim>> {
    let bytes = b64::decode(payload)?;
    let (count, rest) = bytes.split_last()?;
    let lines = rest.get(RANDOM..).filter(|lines| lines.len() == usize::from(*count))?;
    lines.split(|byte| *byte == b'\n').map(stated).collect()
}

fn stated(line: &[u8]) -> Option<Claim> {
    let (key, number) = line.split_at_checked(2)?;
    let id = BASE36.read(number)?;
    let (field, what) = match key {
        b"c:" => (Field::Endpoint, "cell"),
        b"g:" => (Field::Tenant, "group id"),
        b"o:" => (Field::Tenant, "organization id"),
        b"p:" => (Field::Tenant, "project id"),
        b"t:" => (Field::Scope, "runner type"),
        b"u:" => (Field::Principal, "user id"),
        _ => return None,
    };
    Some(Claim::new(field, format!("gitlab {what} {id}")))
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let is_body = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let Some(dot) = memchr::memchr(b'.', &sample.token) else { return };
    let run = sample.token[..dot].iter().rev().take_while(|byte| is_body(byte)).count();
    let start = dot - run;
    let Some(hyphen) = memchr::memchr(b'-', &sample.token[start..dot]) else { return };
    let payload = made_payload(dice);
    let length = BASE36.write(payload.len() as u64, 2);
    let prefix = &sample.token[start..=start + hyphen];
    let covered = [prefix, &payload, b".01.", &length].concat();
    let sum = (SUM.write)(&covered);
    sample.token.truncate(start);
    sample.token.extend([covered, sum].concat());
}

fn made_payload(dice: &mut Dice) -> Vec<u8> {
    let user = BASE36.write(1_000_000 + dice.below(50_000_000) as u64, 5);
    let lines = [b"c:1\no:1\nu:".as_slice(), &user].concat();
    b64::url(&[dice.bytes(RANDOM).as_slice(), &lines, &[lines.len() as u8]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::base::BASE62;
    use crate::rules::checks::trial::{changed, claim, judge, seals, survives};

    fn vector() -> Vec<u8> {
        let payload = ["J76PEQtUWtj7lXlBBcdeR", "GM6MQpvOjEKdToybjljDg"].concat();
        ["glpat-", &payload, ".01.", "16", "0zc1ce9"].concat().into_bytes()
    }

    #[test]
    fn the_vector_names_its_owner() {
        let verdict = judge(&CHECK, vector());
        assert_eq!(verdict.state, State::Proven);
        assert_eq!(claim(&verdict, Field::Principal), Some("gitlab user id 123456"));
        assert_eq!(claim(&verdict, Field::Tenant), Some("gitlab organization id 1"));
        assert_eq!(claim(&verdict, Field::Endpoint), Some("gitlab cell 1"));
        survives(&CHECK, &vector());
    }

    #[test]
    fn a_change_breaks_it() {
        for at in (6..48).chain(54..61) {
            assert_eq!(judge(&CHECK, changed(&vector(), at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn the_first_form_had_one_dot() {
        let covered = [&vector()[..48], b".16"].concat();
        let token = [covered.as_slice(), &(SUM.write)(&covered)].concat();
        let verdict = judge(&CHECK, token);
        assert_eq!((verdict.state, verdict.claims.len()), (State::Proven, 3));
    }

    #[test]
    fn the_older_form_says_nothing() {
        let older = ["glpat-", "kkkkkkkkkkkkkkkkkkkk"].concat();
        assert_eq!(judge(&CHECK, older).state, State::Silent);
    }

    #[test]
    fn samples_can_be_sealed() {
        let sealed = seals(&CHECK, |dice| {
            let (payload, tail) = (dice.text(BASE62.chars(), 60), dice.text(BASE36.chars(), 9));
            [b"glpat-", payload.as_slice(), b".01.", &tail].concat()
        });
        assert_eq!(judge(&CHECK, sealed).claims.len(), 3);
    }
}
