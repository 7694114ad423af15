//! CRC-32 of the body in six base62 digits: GitHub's classic tokens, npm, Vercel, SaladCloud, Polar.

use crate::rules::checks::base::BASE62;
use crate::rules::checks::checksum::{Checksum, Layout};
use crate::rules::checks::crc::crc32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "crc32-base62-body",
    about: "CRC-32 of the body, in base62 at the end (GitHub classic, npm, Vercel and others)",
    bits: 32,
    around: false,
    judge,
    seal,
};

const SUM: Checksum = Checksum {
    holds: "checksum holds (CRC-32, 32 bits)",
    find,
    write: |body| BASE62.write(u64::from(crc32(body)), DIGITS),
};
const DIGITS: usize = 6;
/// Every issuer that does this makes at least so many.
const SHORTEST: usize = 30 + DIGITS;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    if sighting.value.contains(&b'.') {
        return Verdict::silent("newer form, which carries a JWT");
    }
    SUM.judge(sighting.value)
}

/// The letters and digits behind the last underscore.
fn find(text: &[u8]) -> Option<Layout> {
    let start = memchr::memrchr(b'_', text)? + 1;
    let run = text[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let end = start + run;
    (run >= SHORTEST).then(|| Layout { covered: start..end - DIGITS, sum: end - DIGITS..end })
}

fn seal(sample: &mut Sample, _: &mut Dice) {
    SUM.seal(&mut sample.token);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{changed, judge, seals, survives};

    fn vectors() -> Vec<String> {
        let parts = [
            ["ghp_", "zIua1AOh7aeQjrVBdENoOkL49UQpki", "", "0kVXLs"],
            ["gho_", "KRFcB5wNu6ELJkcd7tFflDjhatNx7M", "", "0OPble"],
            [
                "ghr_",
                "K6bfzqbhP5HoZBUVfU62ucW0gk61Hc6lbm",
                "c068ZiAdd6jCkvFft3dwOrbcNMNLtc0Y1x2l",
                "2DLSB5",
            ],
            ["npm_", "pWzByrKZZtKddQktqNMilCRXvsxF9l", "", "2Tinir"],
            ["vcp_", "1d24xbcLcCfvXERLT8qlBi4sW", "XFrtekV8ZdjfNcbcHVCmP4fh5", "0G1471"],
            ["polar_oat_", "marahM49ZvmlnLuGc5", "SFYxEKitXajJhpy8Q9M", "0aecOo"],
        ];
        parts.iter().map(|parts| parts.concat()).collect()
    }

    #[test]
    fn the_vectors_hold() {
        for vector in vectors() {
            assert_eq!(judge(&CHECK, vector).state, State::Proven);
        }
    }

    #[test]
    fn any_change_breaks_it() {
        let vector = vectors().concat();
        let token = &vector.as_bytes()[..40];
        survives(&CHECK, token);
        for at in 4..40 {
            assert_eq!(judge(&CHECK, changed(token, at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        for (mark, length) in [("ghp_", 36), ("ghr_", 76), ("salad_cloud_user_", 49)] {
            seals(&CHECK, |dice| [mark.as_bytes(), &dice.text(BASE62.chars(), length)].concat());
        }
    }

    #[test]
    fn the_newer_form_says_nothing() {
        let newer = ["ghs_", "12345_", "eyJhbGciOiJSUzI1NiJ9", ".e30.", &"k".repeat(86)].concat();
        assert_eq!(judge(&CHECK, newer).state, State::Silent);
        assert_eq!(judge(&CHECK, "ghp_short").state, State::Foreign);
    }
}
