//! Supabase's API keys: a SHA-256 that also covers the project, which has to stand nearby.

use std::iter;

use sha2::{Digest, Sha256};

use crate::model::{Claim, Field};
use crate::rules::checks::checksum::{Frame, Layout};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64};
use crate::rules::dice::Dice;

/// The check.
pub(crate) const CHECK: Check = Check {
    name: "supabase-key",
    about: "SHA-256 with the ref of a project that stands nearby: proves whose key it is",
    bits: 48,
    around: true,
    judge,
    seal,
};

const MARKS: [&[u8]; 2] = [b"sb_secret_", b"sb_publishable_"];
/// The ref of every stack that people host themselves.
const SELF_HOSTED: &[u8] = b"supabase-self-hosted";
const REF: usize = 20;
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let value = sighting.value;
    let Some(Layout { covered, sum }) = find(value) else {
        return Verdict::foreign("not a Supabase key");
    };
    let (covered, sum) = (&value[covered], &value[sum]);
    match project(sighting.around, |project| checksum(project, covered) == sum) {
        Some(project) => Verdict::proven("checksum holds for a project nearby (SHA-256, 48 bits)")
            .with([Claim::new(Field::Tenant, String::from_utf8_lossy(&project))]),
        None => Verdict::silent("no project nearby that its checksum holds for"),
    }
}

/// Mark and random part are covered.
pub(crate) fn find(text: &[u8]) -> Option<Layout> {
    let frame = |mark| Frame { mark, body: 22, gap: b"_", sum: 8 };
    MARKS.into_iter().find_map(|mark| frame(mark).whole(text))
}

pub(crate) fn checksum(project: &[u8], covered: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest([project, b"|", covered].concat());
    b64::url(&digest[..6])
}

/// The first ref that fits: of a project named in `text` or in a JWT there, or the self-hosted one.
fn project(text: &[u8], fits: impl Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
    let texts = iter::once(text.to_vec()).chain(segments(text));
    let named = texts.flat_map(|text| refs(&text).map(<[u8]>::to_vec).collect::<Vec<_>>());
    named.chain([SELF_HOSTED.to_vec()]).find(|project| fits(project))
}

/// Every word of twenty lower-case letters: refs have no other mark.
fn refs(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let words = text.split(|byte| !byte.is_ascii_alphanumeric());
    words.filter(|word| word.len() == REF && word.iter().all(u8::is_ascii_lowercase))
}

/// The decoded segments of JWTs; one that is cut at the end loses its last bytes.
fn segments(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let words = text.split(|byte| *byte == b'.' || !b64::is_char(*byte));
    let segments = words.filter(|word| word.starts_with(b"eyJ"));
    segments.filter_map(|segment| b64::decode(&segment[..segment.len() & !3]))
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let Some(Layout { covered, sum }) = find(&sample.token) else { return };
    let project = dice.text(LETTERS, REF);
    let due = checksum(&project, &sample.token[covered]);
    sample.token[sum].copy_from_slice(&due);
    sample.beside = [b"SUPABASE_URL=https://", project.as_slice(), b".supabase.co"].concat();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    const BODY: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    fn vector() -> String {
        ["sb_secret_", "6s7tl3ioQ-jXWFnDP6Esa5", "_", "_shc4rxW"].concat()
    }

    fn beside(text: &str) -> Verdict {
        let (value, around) = (vector(), format!("key={}\n{text}", vector()));
        let value = value.as_bytes();
        (CHECK.judge)(&Sighting { whole: value, value, around: around.as_bytes() })
    }

    #[test]
    fn the_vector_holds_beside_its_project() {
        let claims = b64::url(br#"{"iss":"supabase","ref":"abcdefghijklmnopqrst","role":"anon"}"#);
        let token = format!("eyJhbGciOiJIUzI1NiJ9.{}.sig", String::from_utf8_lossy(&claims));
        let texts = [
            "https://abcdefghijklmnopqrst.supabase.co",
            "postgres.abcdefghijklmnopqrst:pw@pooler",
            "host=db.abcdefghijklmnopqrst.supabase.co",
            "project_id = \"abcdefghijklmnopqrst\"",
            &token,
        ];
        for text in texts {
            let verdict = beside(text);
            assert_eq!(verdict.state, State::Proven, "{text}");
            assert_eq!(claim(&verdict, Field::Tenant), Some("abcdefghijklmnopqrst"));
        }
    }

    #[test]
    fn alone_or_beside_another_project_it_says_nothing() {
        assert_eq!(judge(&CHECK, vector()).state, State::Silent);
        assert_eq!(beside("https://tsrqponmlkjihgfedcba.supabase.co").state, State::Silent);
        survives(&CHECK, vector().as_bytes());
    }

    #[test]
    fn self_hosted_keys_hold_alone() {
        let covered = ["sb_secret_", "6s7tl3ioQ-jXWFnDP6Esa5"].concat();
        let sum = checksum(SELF_HOSTED, covered.as_bytes());
        let verdict = judge(&CHECK, [covered.as_bytes(), b"_", &sum].concat());
        assert_eq!(claim(&verdict, Field::Tenant), Some("supabase-self-hosted"));
    }

    #[test]
    fn samples_can_be_sealed() {
        for mark in MARKS {
            seals(&CHECK, |dice| {
                let (body, sum) = (dice.text(BODY, 22), dice.text(BODY, 8));
                [mark, &body, b"_", &sum].concat()
            });
        }
    }
}
