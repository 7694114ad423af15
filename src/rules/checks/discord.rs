//! Discord: bot tokens that name their bot, and ids that tell their time.

use std::ops::Range;

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, identity, jwt, time};
use crate::rules::dice::Dice;

/// Bot tokens.
pub(super) const BOT: Check = Check {
    name: "discord-bot",
    about: "the first segment decodes to the bot's id",
    bits: 0,
    around: false,
    judge: judge_bot,
    seal: seal_bot,
};

/// Ids beside the secret, as in webhooks.
pub(super) const SNOWFLAKE: Check = Check {
    name: "snowflake-id",
    about: "the id in the address tells a time since 2015",
    bits: 0,
    around: false,
    judge: judge_snowflake,
    seal: seal_snowflake,
};

/// Seconds from 1970 to the first of 2011, from which bot tokens count.
const BOT_EPOCH: i64 = 1_293_840_000;
/// Milliseconds from 1970 to the first of 2015, from which ids count.
const ID_EPOCH: u64 = 1_420_070_400_000;
/// The first second of 2100.
const FAR: i64 = 4_102_444_800;

fn judge_bot(sighting: &Sighting<'_>) -> Verdict {
    let Some(claims) = bot(sighting.value) else {
        return Verdict::foreign("the first segment is no Discord id");
    };
    Verdict::parsed("the first segment decodes to a Discord id").with(claims)
}

fn bot(text: &[u8]) -> Option<Vec<Claim>> {
    let [id, issued, _] = jwt::segments(text)?;
    let id = b64::decode(id)?;
    let issued: [u8; 4] = b64::decode(issued)?.try_into().ok()?;
    let issued = i64::from(u32::from_be_bytes(issued)) + BOT_EPOCH;
    let number = (17..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_digit);
    number.then(|| {
        let known = (ID_EPOCH as i64 / 1000..FAR).contains(&issued);
        identity::claims([
            (Field::Principal, identity::text(&id)),
            (Field::IssuedAt, known.then(|| time::rfc3339(issued)).flatten()),
        ])
    })
}

fn judge_snowflake(sighting: &Sighting<'_>) -> Verdict {
    let Some(place) = digits(sighting.whole) else {
        return Verdict::silent("no id in the address");
    };
    let text = str::from_utf8(&sighting.whole[place]).unwrap_or_default();
    match text.parse().ok().and_then(created) {
        Some(time) => {
            Verdict::parsed("the id tells a time").with([Claim::new(Field::IssuedAt, time)])
        }
        None => Verdict::broken("the id tells no time between 2015 and 2100"),
    }
}

/// When the id was given out.
fn created(id: u64) -> Option<String> {
    let seconds = i64::try_from(((id >> 22) + ID_EPOCH) / 1000).ok()?;
    (seconds < FAR).then(|| time::rfc3339(seconds)).flatten()
}

/// The first 17 to 20 digits that stand together.
fn digits(text: &[u8]) -> Option<Range<usize>> {
    let mut start = 0;
    text.split(|byte| !byte.is_ascii_digit()).find_map(|piece| {
        let place = start..start + piece.len();
        start += piece.len() + 1;
        (17..=20).contains(&piece.len()).then_some(place)
    })
}

fn seal_bot(sample: &mut Sample, dice: &mut Dice) {
    let Some([id, _, tail]) = jwt::segments(&sample.token) else { return };
    // 24 characters hold 18 digits, 26 hold 19, 27 and 28 hold 20.
    let length = (id.len() * 3 / 4).clamp(17, 20);
    let digits = [b"10", dice.text(b"0123456789", length - 2).as_slice()].concat();
    let issued = (1_735_689_600 + dice.below(10_000_000) as i64 - BOT_EPOCH) as u32;
    let padded = id.ends_with(b"=");
    let id = if padded { b64::standard(&digits) } else { b64::url(&digits) };
    sample.token = [id, b64::url(&issued.to_be_bytes()), tail.to_vec()].join(&b'.');
}

fn seal_snowflake(sample: &mut Sample, _: &mut Dice) {
    if let Some(place) = digits(&sample.token)
        && let Some(head) = sample.token[place].first_chunk_mut()
    {
        *head = *b"10";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    #[test]
    fn the_vector_names_bot_and_time() {
        let token = ["MTMyMzgwMjg3MzAzNjkzMTA3OQ", ".GlYXAA.", &"k".repeat(38)].concat();
        let verdict = judge(&BOT, &token);
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::Principal), Some("1323802873036931079"));
        assert_eq!(claim(&verdict, Field::IssuedAt), Some("2025-01-01T00:00:00Z"));
        assert_eq!(judge(&BOT, "k".repeat(26) + ".GlYXAA.k").state, State::Foreign);
        survives(&BOT, token.as_bytes());
    }

    #[test]
    fn bots_can_be_sealed() {
        for length in [24, 26, 27, 28] {
            let sealed = seals(&BOT, |dice| {
                [dice.text(LETTERS, length), dice.text(LETTERS, 6), dice.text(LETTERS, 38)]
                    .join(&b'.')
            });
            assert_eq!(sealed.len(), length.min(27) + 46);
        }
    }

    #[test]
    fn an_id_tells_its_time() {
        let id = (1_735_689_600_000 - ID_EPOCH) << 22;
        let verdict = judge(&SNOWFLAKE, format!("/webhooks/{id}/secret"));
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::IssuedAt), Some("2025-01-01T00:00:00Z"));
        assert_eq!(judge(&SNOWFLAKE, "/99999999999999999999/").state, State::Broken);
        assert_eq!(judge(&SNOWFLAKE, "/12345678901234567890/").state, State::Broken);
        assert_eq!(judge(&SNOWFLAKE, "/1234/").state, State::Silent);
    }

    #[test]
    fn webhooks_can_be_sealed() {
        for length in 17..=20 {
            let sealed = seals(&SNOWFLAKE, |dice| {
                [b"/webhooks/", dice.text(b"0123456789", length).as_slice(), b"/secret"].concat()
            });
            survives(&SNOWFLAKE, &sealed);
        }
    }
}
