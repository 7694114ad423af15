//! Session tokens of AWS: the temporary key id beside one names the account, a time beside it the end.

use memchr::memmem;

use crate::model::Field;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, aws_key_pair, b64, identity, time};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "aws-session",
    about: "a temporary access key id stands within ten lines; it names the account",
    bits: 0,
    around: true,
    judge,
    seal,
};

/// How the ids of temporary keys begin.
pub(super) const TEMPORARY: &[u8] = b"ASIA";
const EXPIRATION: &[u8] = b"expiration";
/// How far the time may stand behind its name.
const GAP: usize = 8;
/// How far the name may stand from the credential: a session token is a thousand characters long or more.
const NEAR: usize = 2048;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let id = aws_key_pair::nearest_id(sighting.around, sighting.value);
    let claims = id.filter(|id| id.starts_with(TEMPORARY)).map(aws_key_pair::claims);
    let end = identity::claims([(Field::ExpiresAt, end(sighting))]);
    match claims {
        Some(claims) => Verdict::parsed("a temporary key id stands beside it").with(claims),
        None => Verdict::silent("no temporary key id beside it"),
    }
    .with(end)
}

/// The nearest time beside it that is called its expiration.
pub(super) fn end(sighting: &Sighting<'_>) -> Option<String> {
    let start = memmem::find(sighting.around, sighting.value)?;
    let end = start + sighting.value.len();
    let around = start.saturating_sub(NEAR)..(end + NEAR).min(sighting.around.len());
    let (from, text) = (around.start, &sighting.around[around]);
    let lower = text.to_ascii_lowercase();
    let away = |at: &usize| (from + at).abs_diff(start).min((from + at).abs_diff(end));
    let nearest = memmem::find_iter(&lower, EXPIRATION).min_by_key(away)?;
    let rest = &text[nearest + EXPIRATION.len()..];
    let digits = rest.iter().take(GAP).position(u8::is_ascii_digit)?;
    let is_time = |byte: &&u8| byte.is_ascii_digit() || b"-:TZ.+".contains(byte);
    let length = rest[digits..].iter().take(32).take_while(is_time).count();
    moment(str::from_utf8(&rest[digits..digits + length]).ok()?)
}

/// A time with its zone, in UTC; AWS writes none but `Z` and `+00:00`.
fn moment(text: &str) -> Option<String> {
    let whole = text.strip_suffix("+00:00").or_else(|| text.strip_suffix('Z'))?;
    time::unix(whole).and_then(time::rfc3339)
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let id = aws_key_pair::made_id(TEMPORARY, dice);
    sample.beside = [b"aws_access_key_id = ".to_vec(), id].concat();
    // Nothing in the token itself is known to be more than base64.
    sample.token.truncate(b64::unpadded(&sample.token).len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, seals, survives};

    fn beside(text: &str) -> Verdict {
        let token = "IQoJb3JpZ2luX2Vj".to_owned() + &"k7Q".repeat(80);
        let around = format!("{text}\naws_session_token = {token}\n");
        let value = token.as_bytes();
        (CHECK.judge)(&Sighting { whole: value, value, around: around.as_bytes() })
    }

    #[test]
    fn names_account_and_end() {
        let id = ["ASIA", "RZPUZDIKPUKQOKCK"].concat();
        for end in
            ["\"Expiration\": \"2026-03-01T12:30:00Z\"", "expiration=2026-03-01T12:30:00+00:00"]
        {
            let verdict = beside(&format!("{id}\n{end}"));
            assert_eq!(verdict.state, State::Parsed);
            assert_eq!(claim(&verdict, Field::Tenant), Some("123456789012"));
            assert_eq!(claim(&verdict, Field::KeyId), Some(id.as_str()));
            assert_eq!(claim(&verdict, Field::ExpiresAt), Some("2026-03-01T12:30:00Z"));
        }
    }

    #[test]
    fn what_is_not_its_own_is_not_told() {
        let permanent = ["AKIA", "RZPUZDIKPUKQOKCK"].concat();
        for text in
            [permanent.as_str(), "", "expiration: never", "expiration=2026-03-01T12:30:00+02:00"]
        {
            let verdict = beside(text);
            assert_eq!((verdict.state, verdict.claims.len()), (State::Silent, 0), "{text}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        seals(&CHECK, |dice| dice.text(b"ABCDabcd0123+/", 300));
        survives(&CHECK, b"IQoJb3JpZ2luX2Vjexpiration");
    }
}
