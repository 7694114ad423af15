//! Tokens that are base64 of a JSON object: Sentry, Grafana, 1Password.

use serde_json::Value;

use crate::model::{Claim, Field};
use crate::rules::checks::json::{self, Object};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, identity, run};
use crate::rules::dice::Dice;

/// Sentry organisation tokens.
pub(super) const SENTRY: Check = Check {
    name: "sentry-org",
    about: "decodes to a Sentry organisation, followed by a secret of 32 bytes",
    bits: 0,
    around: false,
    judge: judge_sentry,
    seal: seal_sentry,
};

/// Grafana Cloud access policy tokens.
pub(super) const GRAFANA_CLOUD: Check = Check {
    name: "grafana-cloud",
    about: "decodes to organisation, name and key of a Grafana Cloud token",
    bits: 0,
    around: false,
    judge: judge_grafana_cloud,
    seal: seal_grafana_cloud,
};

/// Grafana's former keys.
pub(super) const GRAFANA_LEGACY: Check = Check {
    name: "grafana-legacy",
    about: "decodes to organisation, name and key of a former Grafana key",
    bits: 0,
    around: false,
    judge: judge_grafana_legacy,
    seal: seal_grafana_legacy,
};

/// 1Password service accounts.
pub(super) const ONEPASSWORD: Check = Check {
    name: "onepassword-service-account",
    about: "decodes to the account, address and keys of a 1Password service account",
    bits: 0,
    around: false,
    judge: judge_onepassword,
    seal: seal_onepassword,
};

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const SENTRY_MARK: &[u8] = b"sntrys_";
const GRAFANA_MARK: &[u8] = b"glc_";
const ONEPASSWORD_MARK: &[u8] = b"ops_";

/// The verdict on the base64 in `text`, whose object `read` knows.
fn decide(what: &str, text: &[u8], read: fn(&Object) -> Option<Vec<Claim>>) -> Verdict {
    let object = b64::decode(text).and_then(|bytes| json::object(&bytes));
    match object.as_ref().and_then(read) {
        Some(claims) => Verdict::parsed(format!("decodes to {what}")).with(claims),
        None => Verdict::broken(format!("does not decode to {what}")),
    }
}

fn judge_sentry(sighting: &Sighting<'_>) -> Verdict {
    let Some(body) = sighting.value.strip_prefix(SENTRY_MARK) else {
        return Verdict::foreign("no Sentry organisation token");
    };
    let end = memchr::memrchr(b'_', body).unwrap_or(0);
    let secret = b64::decode(body.get(end + 1..).unwrap_or_default());
    if secret.is_none_or(|bytes| bytes.len() != 32) {
        return Verdict::broken("the secret of a Sentry token is 32 bytes long");
    }
    decide("a Sentry organisation", &body[..end], |object| {
        object.get("iat")?.as_f64()?;
        let url = json::text(object, "url");
        Some(identity::claims([
            (Field::Issuer, url.clone()),
            (Field::Tenant, Some(json::text(object, "org")?)),
            (Field::IssuedAt, json::time(object, "iat")),
            (Field::Endpoint, json::text(object, "region_url").or(url)),
        ]))
    })
}

fn judge_grafana_cloud(sighting: &Sighting<'_>) -> Verdict {
    let Some(body) = sighting.value.strip_prefix(GRAFANA_MARK) else {
        return Verdict::foreign("no Grafana Cloud token");
    };
    decide("a Grafana Cloud token", body, |object| {
        json::text(object, "k")?;
        let region = object.get("m").and_then(Value::as_object).and_then(|m| json::text(m, "r"));
        Some(identity::claims([
            (Field::Tenant, Some(json::text(object, "o")?)),
            (Field::KeyId, Some(json::text(object, "n")?)),
            (Field::Endpoint, region),
        ]))
    })
}

fn judge_grafana_legacy(sighting: &Sighting<'_>) -> Verdict {
    if !sighting.value.starts_with(b"eyJrIjoi") {
        return Verdict::foreign("no former Grafana key");
    }
    decide("a former Grafana key", sighting.value, |object| {
        json::text(object, "k")?;
        Some(identity::claims([
            (Field::Tenant, Some(json::text(object, "id")?)),
            (Field::KeyId, Some(json::text(object, "n")?)),
        ]))
    })
}

fn judge_onepassword(sighting: &Sighting<'_>) -> Verdict {
    let Some(body) = sighting.value.strip_prefix(ONEPASSWORD_MARK) else {
        return Verdict::foreign("no 1Password service account token");
    };
    decide("a 1Password service account", body, |object| {
        json::text(object, "secretKey")?;
        Some(identity::claims([
            (Field::Principal, Some(json::text(object, "email")?)),
            (Field::KeyId, json::text(object, "deviceUuid")),
            (Field::Endpoint, Some(json::text(object, "signInAddress")?)),
        ]))
    })
}

fn seal_sentry(sample: &mut Sample, dice: &mut Dice) {
    sample.token = run::as_long_as(&sample.token, |filler| {
        let org = word(dice, LOWER, filler);
        let object = format!(
            r#"{{"iat": 1735689600.199743, "url": "https://sentry.example", "region_url": "https://us.sentry.example", "org": "{org}"}}"#
        );
        let secret = b64::standard(&dice.bytes(32));
        let (object, secret) = (b64::standard(object.as_bytes()), b64::unpadded(&secret));
        [SENTRY_MARK, &object, b"_", secret].concat()
    });
}

fn seal_grafana_cloud(sample: &mut Sample, dice: &mut Dice) {
    sample.token = run::as_long_as(&sample.token, |filler| {
        let (org, name) = (dice.below(1_000_000), word(dice, LOWER, filler));
        let key = word(dice, LETTERS, 24);
        let object = format!(r#"{{"o":"{org:06}","n":"{name}","k":"{key}","m":{{"r":"eu"}}}}"#);
        [GRAFANA_MARK, &b64::standard(object.as_bytes())].concat()
    });
}

fn seal_grafana_legacy(sample: &mut Sample, dice: &mut Dice) {
    sample.token = run::as_long_as(&sample.token, |filler| {
        let (key, name) = (word(dice, LETTERS, 32), word(dice, LOWER, filler));
        b64::standard(format!(r#"{{"k":"{key}","n":"{name}","id":1}}"#).as_bytes())
    });
}

fn seal_onepassword(sample: &mut Sample, dice: &mut Dice) {
    sample.token = run::as_long_as(&sample.token, |filler| {
        let mut part = |length| word(dice, LETTERS, length);
        let (user, key, device) = (part(13), part(26), part(26));
        let (seed, proof) = (part(43), part(filler));
        let object = format!(
            r#"{{"signInAddress":"team.1password.example","userAuth":{{"method":"SRPg-4096","alg":"PBES2g-HS256","iterations":650000}},"email":"{user}@accounts.example","srpX":"{proof}","muk":{{"alg":"A256GCM","kty":"oct","k":"{seed}"}},"secretKey":"A3-{key}","deviceUuid":"{device}"}}"#
        );
        [ONEPASSWORD_MARK, &b64::url(object.as_bytes())].concat()
    });
}

fn word(dice: &mut Dice, letters: &[u8], length: usize) -> String {
    (0..length).map(|_| char::from(*dice.pick(letters))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    #[test]
    fn the_sentry_vector_tells_its_organisation() {
        let token = [
            "sntrys_",
            "eyJpYXQiOiAxNzA0MjA1ODAyLjE5OTc0MywgInVybCI6ICJodHRwczovL3NlbnRyeS5leGFtcGxlIi",
            "wgInJlZ2lvbl91cmwiOiAiaHR0cHM6Ly91cy5zZW50cnkuZXhhbXBsZSIsICJvcmciOiAiYWNtZSJ9",
            "_",
            "BDpxh3TFcr2KJa2+sb/NX",
            "AJWrhHOz5+cP5JdDlK+r4k",
        ]
        .concat();
        let verdict = judge(&SENTRY, &token);
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::Tenant), Some("acme"));
        assert_eq!(claim(&verdict, Field::Endpoint), Some("https://us.sentry.example"));
        assert_eq!(claim(&verdict, Field::IssuedAt), Some("2024-01-02T14:30:02Z"));
        assert_eq!(judge(&SENTRY, &token[..token.len() - 2]).state, State::Broken);
        survives(&SENTRY, token.as_bytes());
    }

    #[test]
    fn samples_can_be_sealed() {
        for (check, mark, length) in [
            (&SENTRY, SENTRY_MARK, 240),
            (&GRAFANA_CLOUD, GRAFANA_MARK, 120),
            (&GRAFANA_LEGACY, b"eyJrIjoi", 80),
            (&ONEPASSWORD, ONEPASSWORD_MARK, 700),
        ] {
            let sealed = seals(check, |dice| [mark, &dice.text(LETTERS, length)].concat());
            assert!(sealed.starts_with(mark));
            assert!((0..4).contains(&(sealed.len() - length - mark.len())), "{}", check.name);
            survives(check, &sealed);
            let noise = [mark, "k".repeat(80).as_bytes()].concat();
            assert_eq!(judge(check, noise).state, State::Broken, "{}", check.name);
            assert_eq!(judge(check, "k".repeat(80)).state, State::Foreign, "{}", check.name);
        }
    }

    #[test]
    fn each_tells_whose_it_is() {
        for (check, field) in [
            (&GRAFANA_CLOUD, Field::Endpoint),
            (&GRAFANA_LEGACY, Field::Tenant),
            (&ONEPASSWORD, Field::Principal),
        ] {
            let sealed = seals(check, |_| Vec::new());
            assert!(claim(&judge(check, sealed), field).is_some(), "{}", check.name);
        }
    }
}
