//! GitHub's fine-grained tokens: the owner's user id in front, forty bits of a SHA-256 behind.

use memchr::memmem;
use sha2::{Digest, Sha256};

use crate::model::{Claim, Field};
use crate::rules::checks::base::BASE32;
use crate::rules::checks::checksum::{Checksum, Frame};
use crate::rules::checks::{Check, Sample, Sighting, State, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(crate) const CHECK: Check = Check {
    name: "github-fine-grained",
    about: "SHA-256 in base32 inside the token; the owner's user id is readable",
    bits: 40,
    around: false,
    judge,
    seal,
};

const MARK: &[u8] = b"github_pat_";
const FRAME: Frame = Frame { mark: MARK, body: 22 + 1 + 43, gap: b"", sum: 8 };
const SUM: Checksum = Checksum {
    holds: "checksum holds (SHA-256, 40 bits)",
    find: |text| FRAME.whole(text),
    write: |covered| BASE32.encode(&Sha256::digest(covered)[..5]),
};

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let verdict = SUM.judge(sighting.value);
    match (verdict.state, owner(sighting.value)) {
        (State::Proven, id) => {
            verdict.with(id.map(|id| Claim::new(Field::Principal, format!("github user id {id}"))))
        }
        (State::Broken, None) => Verdict::silent("begins in a way that is not known"),
        _ => verdict,
    }
}

/// The user id in the first segment, where that is built as usual.
pub(crate) fn owner(token: &[u8]) -> Option<u32> {
    let segment = token.strip_prefix(MARK)?.strip_prefix(b"11")?;
    let id: [u8; 4] = BASE32.decode(segment.get(..7)?)?.try_into().ok()?;
    (segment.get(7) == Some(&b'0')).then(|| u32::from_be_bytes(id))
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let Some(mark) = memmem::find(&sample.token, MARK) else { return };
    let start = mark + MARK.len();
    if let Some(head) = sample.token.get_mut(start..start + 10) {
        let id = dice.below(200_000_000) as u32;
        let segment = [b"11".as_slice(), &BASE32.encode(&id.to_be_bytes()), b"0"].concat();
        head.copy_from_slice(&segment);
    }
    SUM.seal(&mut sample.token);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::base::BASE62;
    use crate::rules::checks::trial::{changed, claim, judge, seals, survives};

    fn vector() -> Vec<u8> {
        let parts = [
            "github_pat_",
            "11AAEOMPY08fI2aPebwj9Q",
            "_",
            "fq1JsxJuPxYQ4EF6Zmjy4ilmehNLbl9k6uhUo3H46oF",
            "LXN4KIHQ",
            "jj8WP91s",
        ];
        parts.concat().into_bytes()
    }

    #[test]
    fn the_vector_names_its_owner() {
        let verdict = judge(&CHECK, vector());
        assert_eq!(verdict.state, State::Proven);
        assert_eq!(claim(&verdict, Field::Principal), Some("github user id 583231"));
        survives(&CHECK, &vector());
    }

    #[test]
    fn a_change_breaks_it() {
        for at in 21..85 {
            assert_eq!(judge(&CHECK, changed(&vector(), at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn an_unknown_head_says_nothing() {
        let verdict = judge(&CHECK, changed(&vector(), 11));
        assert_eq!((verdict.state, verdict.claims.len()), (State::Silent, 0));
    }

    #[test]
    fn samples_can_be_sealed() {
        let sealed = seals(&CHECK, |dice| {
            let (first, second) = (dice.text(BASE62.chars(), 22), dice.text(BASE62.chars(), 59));
            [MARK, &first, b"_", &second].concat()
        });
        assert!(owner(&sealed).is_some());
    }
}
