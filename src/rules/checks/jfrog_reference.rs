//! JFrog reference tokens: base64 of a mark, an expiry and random text.

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, identity, run, time};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "jfrog-reference",
    about: "decodes to the mark of a reference token, its expiry and random text",
    bits: 0,
    around: false,
    judge,
    seal,
};

const MARK: &[u8] = b"reftkn:01:";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(text) = b64::decode(sighting.value).filter(|text| text.starts_with(b"reftkn:")) else {
        return Verdict::foreign("no JFrog reference token");
    };
    match read(&text) {
        Some(claims) => Verdict::parsed("decodes to a JFrog reference token").with(claims),
        None => Verdict::broken("does not decode to a JFrog reference token"),
    }
}

fn read(text: &[u8]) -> Option<Vec<Claim>> {
    let (expiry, rest) = text.strip_prefix(MARK)?.split_first_chunk::<10>()?;
    let (colon, random) = rest.split_first()?;
    let seconds: i64 = str::from_utf8(expiry).ok()?.parse().ok()?;
    let sound = *colon == b':'
        && expiry.iter().all(u8::is_ascii_digit)
        && random.len() >= 16
        && random.iter().all(u8::is_ascii_alphanumeric);
    // 0 stands for a token without end.
    let ends = (seconds > 0).then(|| time::rfc3339(seconds)).flatten();
    sound.then(|| identity::claims([(Field::ExpiresAt, ends)]))
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    sample.token = run::as_long_as(&sample.token, |filler| {
        let random = dice.text(LETTERS, filler.max(16));
        b64::standard(&[MARK, b"1893456000:", &random].concat())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    #[test]
    fn the_vector_tells_its_end() {
        let token = ["cmVmdGtuOjAxOjE4OTM0NTYwMDA6MF", "Zyb2F2Y0VyMXdSOGpxblZHWGhaVQ=="].concat();
        let verdict = judge(&CHECK, &token);
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::ExpiresAt), Some("2030-01-01T00:00:00Z"));
        assert_eq!(judge(&CHECK, token.replace("OjE4", "OjEx")).state, State::Parsed);
        assert_eq!(judge(&CHECK, token.replace("OjE4", "OjE/")).state, State::Broken);
        assert_eq!(judge(&CHECK, "k".repeat(64)).state, State::Foreign);
        survives(&CHECK, token.as_bytes());
    }

    #[test]
    fn a_token_without_end_tells_none() {
        let text = [MARK, b"0000000000:", &b"k".repeat(27)].concat();
        let verdict = judge(&CHECK, b64::standard(&text));
        assert_eq!((verdict.state, verdict.claims.len()), (State::Parsed, 0));
    }

    #[test]
    fn samples_can_be_sealed() {
        let sealed = seals(&CHECK, |dice| dice.text(LETTERS, 64));
        assert_eq!(sealed.len(), 64);
        assert!(sealed.iter().all(u8::is_ascii_alphanumeric));
    }
}
