//! Microsoft's common annotated security keys: `JQQJ9` in the middle, a date, a signature, a Marvin32 sum.

use crate::model::{Claim, Field};
use crate::rules::checks::marvin::marvin32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, identity, run, time};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "microsoft-cask",
    about: "Microsoft's mark, date and Marvin32 checksum; the signature names the service",
    bits: 60,
    around: false,
    judge,
    seal,
};

const SEED: u64 = u64::from_be_bytes(*b"Default0");
/// Where the sum begins, and where the last character of either length ends.
const SUM: usize = 80;
const LENGTHS: [usize; 2] = [84, 86];

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const SERVICES: &[(&[u8], &str)] = &[
    (b"ACOG", "Azure AI services"),
    (b"AZAC", "Azure App Configuration"),
    (b"AZCS", "Azure Communication Services"),
    (b"AZDO", "Azure DevOps"),
    (b"AZEG", "Azure Event Grid"),
    (b"AZFR", "Azure Fluid Relay"),
    (b"AZMP", "Azure Maps"),
    (b"AZMR", "Azure Mixed Reality"),
    (b"NUGT", "NuGet"),
    (b"msql", "Azure SQL"),
];

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let key = b64::unpadded(sighting.value);
    let Some(bytes) = read(key) else {
        return Verdict::foreign("Microsoft's mark does not stand at its place");
    };
    if sums(&bytes).iter().any(|sum| sum.starts_with(&key[SUM..])) {
        Verdict::proven("checksum holds (Marvin32)").with(claims(key))
    } else {
        Verdict::broken("checksum fails (Marvin32)")
    }
}

/// The 60 bytes that are summed.
fn read(key: &[u8]) -> Option<Vec<u8>> {
    let mark = key.get(52..58)?;
    let marked = mark.starts_with(b"JQQJ9") && matches!(mark[5], b'9' | b'D' | b'H');
    let plain = key[..SUM.min(key.len())].iter().all(u8::is_ascii_alphanumeric);
    (marked && plain && LENGTHS.contains(&key.len())).then(|| b64::decode(&key[..SUM]))?
}

/// The sum as it is written now, and as it was in the first keys.
fn sums(bytes: &[u8]) -> [Vec<u8>; 2] {
    let sum = marvin32(SEED, bytes).to_le_bytes();
    let mut rest = u32::from_be_bytes(sum);
    let mut text = Vec::with_capacity(6);
    while rest > 0 {
        text.push(DIGITS[rest as usize % 62]);
        rest /= 62;
    }
    text.reverse();
    text.resize(6, b'0');
    [text, b64::standard(&sum)[..6].to_vec()]
}

fn claims(key: &[u8]) -> Vec<Claim> {
    if key[60] == b'N' && &key[76..80] == b"NUGT" {
        return nuget(key);
    }
    identity::claims([(Field::Scope, service(key)), (Field::IssuedAt, month(key))])
}

fn service(key: &[u8]) -> Option<String> {
    let signed = |(signature, _): &&(&[u8], &str)| *signature == &key[76..80];
    SERVICES.iter().find(signed).map(|(_, name)| (*name).to_owned())
}

fn month(key: &[u8]) -> Option<String> {
    let (year, month) = date(key)?;
    Some(format!("{year}-{month:02}"))
}

fn date(key: &[u8]) -> Option<(i64, i64)> {
    let month = ordinal(key[59])? + 1;
    (month <= 12).then_some((2024 + ordinal(key[58])?, month))
}

fn ordinal(letter: u8) -> Option<i64> {
    LETTERS.iter().position(|other| *other == letter).map(|at| at as i64)
}

/// NuGet fills the free fields with owner, kind and times.
fn nuget(key: &[u8]) -> Vec<Claim> {
    let issued = minute(key);
    let lifetime = number(&key[73..76]).and_then(|units| i64::try_from(units * 300).ok());
    let expires = issued.zip(lifetime).map(|(from, seconds)| from + seconds);
    identity::claims([
        (Field::Principal, number(&key[63..69]).map(|owner| owner.to_string())),
        (Field::Scope, Some(kind(key))),
        (Field::IssuedAt, issued.and_then(time::rfc3339)),
        (Field::ExpiresAt, expires.and_then(time::rfc3339)),
    ])
}

fn minute(key: &[u8]) -> Option<i64> {
    let (year, month) = date(key)?;
    let [day, hour, minute] = [ordinal(key[69])?, ordinal(key[70])?, ordinal(key[71])?];
    time::at(year, month, day + 1, [hour, minute, 0])
}

fn kind(key: &[u8]) -> String {
    let environment = if key[62] == b'P' { ", production" } else { "" };
    let life = match key[72] {
        b'S' => ", short-lived",
        b'L' => ", long-lived",
        _ => "",
    };
    format!("NuGet{environment}{life}")
}

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |sum, digit| {
        Some(sum * 62 + DIGITS.iter().position(|other| other == digit)? as u64)
    })
}

fn seal(sample: &mut Sample, _: &mut Dice) {
    let place = run::longest(&sample.token, |byte| byte.is_ascii_alphanumeric());
    let key = &mut sample.token[place];
    let Some(bytes) = read(key) else { return };
    let [now, _] = sums(&bytes);
    let length = key.len() - SUM;
    key[SUM..].copy_from_slice(&now[..length]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{changed, claim, judge, seals, survives};

    fn devops() -> String {
        let random = "HTlaMLZ4SxDNZf07xkiLkfGcHTFAm5Z9TaqmsNQFdWbY0DqjPpoZ";
        [random, "JQQJ", "99BFACAAAAAAAAAAAAASAZDO"].concat()
    }

    fn nuget() -> String {
        let random = "dopO3iRhoN11yk1tHSmo7o7TuXJxtd9lK21brHrNbXoVroIGuRkI";
        [random, "JQQJ", "99BFN5P0000LZENeS003NUGT", "2oFI"].concat()
    }

    #[test]
    fn both_sums_of_the_devops_vector_hold() {
        let older = String::from_utf8(b64::standard(&[0xa7, 0x0d, 0x66, 0xca])).expect("ASCII");
        for sum in ["33fj", "33fjMw==", &older[..4], &older] {
            let verdict = judge(&CHECK, devops() + sum);
            assert_eq!(verdict.state, State::Proven, "{sum}");
            assert_eq!(claim(&verdict, Field::Scope), Some("Azure DevOps"));
            assert_eq!(claim(&verdict, Field::IssuedAt), Some("2025-06"));
        }
    }

    #[test]
    fn nuget_tells_owner_kind_and_times() {
        let verdict = judge(&CHECK, nuget());
        assert_eq!(verdict.state, State::Proven);
        assert_eq!(claim(&verdict, Field::Principal), Some("1337"));
        assert_eq!(claim(&verdict, Field::Scope), Some("NuGet, production, short-lived"));
        assert_eq!(claim(&verdict, Field::IssuedAt), Some("2025-06-05T13:30:00Z"));
        assert_eq!(claim(&verdict, Field::ExpiresAt), Some("2025-06-05T13:45:00Z"));
    }

    #[test]
    fn every_signature_can_be_sealed() {
        for (signature, _) in SERVICES {
            for (tail, pads) in [(4, &b""[..]), (6, b"==")] {
                let sealed = seals(&CHECK, |dice| {
                    let random = dice.text(LETTERS, 52);
                    let date = [dice.text(LETTERS, 1), dice.text(b"ABCDEFGHIJKL", 1)].concat();
                    let free = dice.text(LETTERS, 16);
                    let tail = dice.text(LETTERS, tail);
                    let mark = ["JQQJ", "99"].concat();
                    [&random, mark.as_bytes(), &date, &free, signature, &tail, pads].concat()
                });
                assert_eq!(judge(&CHECK, changed(&sealed, 9)).state, State::Broken);
            }
        }
    }

    #[test]
    fn stands_what_comes() {
        survives(&CHECK, nuget().as_bytes());
        survives(&CHECK, (devops() + "33fjMw==").as_bytes());
        assert_eq!(judge(&CHECK, "k".repeat(84)).state, State::Foreign);
    }
}
