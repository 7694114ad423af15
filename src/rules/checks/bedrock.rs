//! Keys of Amazon Bedrock: base64 of a named login, or of a presigned address.

use memchr::memmem;

use crate::model::{Claim, Field};
use crate::rules::checks::{
    Check, Sample, Sighting, Verdict, aws_key_pair, b64, identity, run, time,
};
use crate::rules::dice::Dice;

/// Long-term keys.
pub(super) const LONG: Check = Check {
    name: "bedrock-long",
    about: "decodes to the IAM user, the account and the secret of a Bedrock key",
    bits: 0,
    around: false,
    judge: judge_long,
    seal: seal_long,
};

/// Short-term keys.
pub(super) const SHORT: Check = Check {
    name: "bedrock-short",
    about: "decodes to a presigned Bedrock address with its key id, region and times",
    bits: 0,
    around: false,
    judge: judge_short,
    seal: seal_short,
};

const LONG_MARK: &[u8] = b"ABSK";
const SHORT_MARK: &[u8] = b"bedrock-api-key-";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

fn judge_long(sighting: &Sighting<'_>) -> Verdict {
    let Some(body) = sighting.value.strip_prefix(LONG_MARK) else {
        return Verdict::foreign("no Bedrock key");
    };
    match b64::decode(body).as_deref().and_then(owner) {
        Some(claims) => Verdict::parsed("decodes to a Bedrock user and account").with(claims),
        None => Verdict::broken("does not decode to a Bedrock user and account"),
    }
}

/// User and account of `BedrockAPIKey-<name>-at-<account>:<secret>`.
fn owner(text: &[u8]) -> Option<Vec<Claim>> {
    let colon = memchr::memchr(b':', text)?;
    let (login, secret) = (&text[..colon], &text[colon + 1..]);
    let at = memmem::rfind(login, b"-at-")?;
    let (user, account) = (&login[..at], &login[at + 4..]);
    let sound = user.starts_with(b"BedrockAPIKey-")
        && account.len() == 12
        && account.iter().all(u8::is_ascii_digit)
        && secret.len() >= 16;
    sound.then(|| {
        identity::claims([
            (Field::Tenant, identity::text(account)),
            (Field::Principal, identity::text(user)),
        ])
    })
}

fn judge_short(sighting: &Sighting<'_>) -> Verdict {
    let Some(body) = sighting.value.strip_prefix(SHORT_MARK) else {
        return Verdict::foreign("no Bedrock key");
    };
    match b64::decode(body).as_deref().and_then(session) {
        Some(claims) => Verdict::parsed("decodes to a presigned Bedrock address").with(claims),
        None => Verdict::broken("does not decode to a presigned Bedrock address"),
    }
}

/// Key id, account, region and times of a presigned address.
fn session(text: &[u8]) -> Option<Vec<Claim>> {
    let query = str::from_utf8(text).ok()?.split_once('?')?.1;
    let field =
        |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let signed = field("Action") == Some("CallWithBearerToken")
        && field("X-Amz-Signature").is_some_and(|signature| !signature.is_empty());
    let credential = field("X-Amz-Credential")?.replace("%2F", "/");
    let mut parts = credential.split('/');
    let (id, region) = (parts.next()?, parts.nth(1)?);
    let issued = time::unix(field("X-Amz-Date")?)?;
    let life: i64 = field("X-Amz-Expires")?.parse().ok()?;
    if !signed || !aws_key_pair::is_id(id.as_bytes(), 0) || !(0..=10_000_000).contains(&life) {
        return None;
    }
    let mut claims = aws_key_pair::claims(id.as_bytes());
    claims.extend(identity::claims([
        (Field::IssuedAt, time::rfc3339(issued)),
        (Field::ExpiresAt, time::rfc3339(issued + life)),
        (Field::Endpoint, identity::text(region.as_bytes())),
    ]));
    Some(claims)
}

fn seal_long(sample: &mut Sample, dice: &mut Dice) {
    sample.token = run::as_long_as(&sample.token, |filler| {
        let account = dice.text(b"123456789", 12);
        let name = dice.text(b"abcdefghijklmnopqrstuvwxyz0123456789", 4);
        let secret = dice.text(LETTERS, filler.max(16));
        let login = [b"BedrockAPIKey-", name.as_slice(), b"-at-", &account, b":", &secret].concat();
        [LONG_MARK, &b64::standard(&login)].concat()
    });
}

fn seal_short(sample: &mut Sample, dice: &mut Dice) {
    sample.token = run::as_long_as(&sample.token, |filler| {
        let id = aws_key_pair::made_id(b"ASIA", dice);
        let address = [
            b"bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256",
            b"&X-Amz-Credential=".as_slice(),
            &id,
            b"%2F20250101%2Fus-east-1%2Fbedrock%2Faws4_request&X-Amz-Date=20250101T000000Z",
            b"&X-Amz-Expires=43200&X-Amz-Security-Token=",
            &dice.text(LETTERS, filler),
            b"&X-Amz-Signature=",
            &dice.text(b"0123456789abcdef", 64),
            b"&X-Amz-SignedHeaders=host&Version=1",
        ];
        [SHORT_MARK, &b64::standard(&address.concat())].concat()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    #[test]
    fn the_long_vector_names_user_and_account() {
        let key = [
            "ABSK",
            "QmVkcm9ja0FQSUtleS1kZW1vLWF0LTEyMzQ1Njc4OTAxMjpzbnQyN2xSbGRYQ2hE",
            "WDVkSmR4QURsSzRnTUJydjZ2TDdHU1VVOTVxWHNJb3lQUXp4ZVBCdHVtWlFGeTY=",
        ];
        let verdict = judge(&LONG, key.concat());
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::Tenant), Some("123456789012"));
        assert_eq!(claim(&verdict, Field::Principal), Some("BedrockAPIKey-demo"));
        survives(&LONG, key.concat().as_bytes());
        assert_eq!(judge(&LONG, "ABSK".to_owned() + &"k".repeat(128)).state, State::Broken);
    }

    #[test]
    fn samples_can_be_sealed() {
        let long = seals(&LONG, |dice| [LONG_MARK, &dice.text(LETTERS, 128)].concat());
        assert_eq!(long.len(), 132);
        let short = seals(&SHORT, |dice| [SHORT_MARK, &dice.text(LETTERS, 600)].concat());
        survives(&SHORT, &short);
    }

    #[test]
    fn the_short_one_tells_its_times() {
        let mut sample = Sample::default();
        seal_short(&mut sample, &mut Dice::seeded(3));
        let verdict = judge(&SHORT, &sample.token);
        assert_eq!(claim(&verdict, Field::IssuedAt), Some("2025-01-01T00:00:00Z"));
        assert_eq!(claim(&verdict, Field::ExpiresAt), Some("2025-01-01T12:00:00Z"));
        assert_eq!(claim(&verdict, Field::Endpoint), Some("us-east-1"));
        assert!(claim(&verdict, Field::Tenant).is_some());
    }
}
