//! SMTP passwords of Amazon SES: made of an IAM user's secret access key, whose id is the login.

use hmac::{Hmac, KeyInit, Mac};
use memchr::memmem;
use sha2::Sha256;

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, aws_key_pair, aws_session, b64};
use crate::rules::dice::Dice;

/// The check.
pub(crate) const CHECK: Check = Check {
    name: "ses-smtp",
    about: "it follows from the secret access key beside it, or the id that logs in stands there",
    bits: 0,
    around: true,
    judge,
    seal,
};

/// The first byte of every password, and the bytes of its code.
const VERSION: u8 = 4;
const CODE: usize = 32;

/// Length of a secret access key, and how many of them are tried.
const SECRET: usize = 40;
const TRIES: usize = 8;

/// Where SES takes mail.
pub(crate) const REGIONS: [&str; 25] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ca-central-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-south-1",
    "sa-east-1",
    "us-gov-east-1",
    "us-gov-west-1",
];

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let bytes = b64::decode(sighting.value).filter(|bytes| bytes.len() == 1 + CODE);
    let Some(code) = bytes.as_deref().and_then(|bytes| bytes.strip_prefix(&[VERSION])) else {
        return Verdict::foreign("not of the version that SES makes");
    };
    // Temporary keys make no passwords for SMTP.
    let id = aws_key_pair::nearest_id(sighting.around, sighting.value)
        .filter(|id| !id.starts_with(aws_session::TEMPORARY));
    let claims = id.map(aws_key_pair::claims).unwrap_or_default();
    match region(sighting.around, code) {
        Some(region) => {
            let host = format!("email-smtp.{region}.amazonaws.com");
            let verdict = Verdict::proven("follows from the secret access key beside it");
            verdict.with([Claim::new(Field::Endpoint, host)])
        }
        None if id.is_some() => Verdict::parsed("an access key id stands beside it"),
        None => Verdict::silent("no access key id beside it"),
    }
    .with(claims)
}

/// The region for which one of the secret access keys in `around` makes `code`.
fn region(around: &[u8], code: &[u8]) -> Option<&'static str> {
    let loose = |byte: &u8| !b64::is_char(*byte);
    let secrets = around.split(loose).filter(|part| part.len() == SECRET).take(TRIES);
    let makes = |secret| REGIONS.into_iter().find(|region| derive(secret, region) == code);
    secrets.into_iter().find_map(makes)
}

pub(crate) fn derive(secret: &[u8], region: &str) -> [u8; CODE] {
    let steps = ["11111111", region, "ses", "aws4_request", "SendRawEmail"];
    let first = [b"AWS4", secret].concat();
    let (date, rest) = (steps[0], &steps[1..]);
    rest.iter().fold(keyed(&first, date), |key, step| keyed(&key, step))
}

fn keyed(key: &[u8], text: &str) -> [u8; CODE] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let fresh = b64::standard(&[&[VERSION], &dice.bytes(CODE)[..]].concat());
    let at = memmem::find(&sample.token, b"B").unwrap_or(0);
    sample.token.splice(at.., fresh);
    sample.beside = [b"smtp_user = ".to_vec(), aws_key_pair::made_id(b"AKIA", dice)].concat();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    fn secret() -> String {
        ["/iMEvZ7TqwMtwRAA6GG+", "x+CxiTAguVqO7cuz+2O2"].concat()
    }

    fn password() -> String {
        ["BKteQbEs7E923lJTpPTwSR", "bMHJha9+N2rR2nBJl3D/OL"].concat()
    }

    fn beside(text: &str) -> Verdict {
        let value = password();
        let around = format!("{text}\npassword={value}\n");
        let value = value.as_bytes();
        (CHECK.judge)(&Sighting { whole: value, value, around: around.as_bytes() })
    }

    #[test]
    fn the_vector_follows_from_its_secret() {
        let verdict = beside(&format!("\"id\": \"{}\", \"secret\": \"{}\"", id(), secret()));
        assert_eq!(verdict.state, State::Proven);
        let host = "email-smtp.us-east-1.amazonaws.com";
        assert_eq!(claim(&verdict, Field::Endpoint), Some(host));
        assert_eq!(claim(&verdict, Field::Tenant), Some("123456789012"));
        let other = secret().replace("iME", "iMF");
        assert_eq!(beside(&format!("secret: {other}")).state, State::Silent);
    }

    fn id() -> String {
        ["AKIA", "RZPUZDIKPUKQOKCK"].concat()
    }

    #[test]
    fn the_login_beside_it_names_the_account() {
        let verdict = beside(&format!("user={}", id()));
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::Tenant), Some("123456789012"));
        assert_eq!(judge(&CHECK, password()).state, State::Silent);
    }

    #[test]
    fn other_texts_are_something_else() {
        for text in [password().replace("BKt", "CKt"), password()[..43].to_owned(), secret()] {
            assert_eq!(judge(&CHECK, text).state, State::Foreign);
        }
        survives(&CHECK, password().as_bytes());
    }

    #[test]
    fn sealed_samples_hold() {
        seals(&CHECK, |_| b"BA".to_vec());
    }
}
