//! Tailscale's keys: the key id stands in clear and ends with `CNTRL`.

use memchr::memmem;

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "tailscale-key",
    about: "the key id ends as Tailscale's control plane makes it; it is readable",
    bits: 0,
    around: false,
    judge,
    seal,
};

const MARK: &[u8] = b"tskey-";
const END: &[u8] = b"CNTRL";

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let mut parts = sighting.value.split(|byte| *byte == b'-');
    let (Some(b"tskey"), Some(_), Some(id), Some(_)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Verdict::foreign("not a Tailscale key with a key id");
    };
    if !id.ends_with(END) || !id.iter().all(u8::is_ascii_alphanumeric) {
        return Verdict::silent("key id of another make");
    }
    let claim = Claim::new(Field::KeyId, String::from_utf8_lossy(id));
    Verdict::parsed("key id ends as Tailscale makes it").with([claim])
}

fn seal(sample: &mut Sample, _: &mut Dice) {
    let Some(mark) = memmem::find(&sample.token, MARK) else { return };
    let hyphens = memchr::memchr_iter(b'-', &sample.token[mark..]);
    let Some(end) = hyphens.map(|at| mark + at).nth(2) else { return };
    if let Some(tail) = sample.token[..end].last_chunk_mut::<5>() {
        tail.copy_from_slice(END);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::base::BASE62;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    #[test]
    fn names_its_key() {
        let key = ["tskey-", "auth-", "kFGiAS2", "CNTRL", "-", &"k".repeat(32)].concat();
        let verdict = judge(&CHECK, &key);
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::KeyId), Some("kFGiAS2CNTRL"));
        survives(&CHECK, key.as_bytes());
    }

    #[test]
    fn another_id_says_nothing() {
        let key = ["tskey-", "auth-", "kFGiAS2", "OTHER", "-", &"k".repeat(32)].concat();
        assert_eq!(judge(&CHECK, key).state, State::Silent);
        assert_eq!(judge(&CHECK, "tskey-short").state, State::Foreign);
    }

    #[test]
    fn samples_can_be_sealed() {
        for mark in ["tskey-api-k", "tskey-webhook-k"] {
            seals(&CHECK, |dice| {
                let (id, secret) = (dice.text(BASE62.chars(), 11), dice.text(BASE62.chars(), 32));
                [mark.as_bytes(), &id, b"-", &secret].concat()
            });
        }
    }
}
