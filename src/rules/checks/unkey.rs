//! Unkey's keys, version 1: `unkeyv1` inside, and a CRC-32C of all before it in base58 at the end.

use memchr::memmem;

use crate::rules::checks::base::BASE58;
use crate::rules::checks::checksum::{Checksum, Layout};
use crate::rules::checks::crc::crc32c;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "unkey",
    about: "CRC-32C of all before it, in base58 at the end",
    bits: 32,
    around: false,
    judge,
    seal,
};

const SUM: Checksum = Checksum {
    holds: "checksum holds (CRC-32C, 32 bits)",
    find,
    write: |covered| BASE58.write(u64::from(crc32c(covered)), 6),
};
const MARK: &[u8] = b"unkeyv1";
/// Characters between the underscore and the mark.
const HEAD: usize = 8;
/// The longest prefix that a customer may choose.
const PREFIX: usize = 16;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    SUM.judge(sighting.value)
}

fn find(text: &[u8]) -> Option<Layout> {
    let mark = memmem::find(text, MARK)?;
    let underscore = mark.checked_sub(HEAD + 1).filter(|at| text[*at] == b'_')?;
    let is_prefix = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let prefix = text[..underscore].iter().rev().take(PREFIX).take_while(is_prefix).count();
    let end = mark + MARK.len() + 36;
    let layout = Layout { covered: underscore - prefix..end, sum: end..end + 6 };
    (prefix > 0 && text.len() >= layout.sum.end).then_some(layout)
}

fn seal(sample: &mut Sample, _: &mut Dice) {
    SUM.seal(&mut sample.token);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{changed, judge, seals, survives};

    #[test]
    fn the_vector_holds_until_it_is_changed() {
        let body = ["8qqqxAzH", "unkeyv1", "rY4ygWP3JVR9WgAZNLk48LtEio76ZPmF3twa"].concat();
        let token = ["unkey_", &body, "4WHWPw"].concat();
        assert_eq!(judge(&CHECK, &token).state, State::Proven);
        survives(&CHECK, token.as_bytes());
        for at in (0..5).chain(6..14).chain(21..63) {
            assert_eq!(judge(&CHECK, changed(token.as_bytes(), at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        for prefix in ["unkey_", "my_shop_", "a_"] {
            seals(&CHECK, |dice| {
                let (head, tail) = (dice.text(BASE58.chars(), 8), dice.text(BASE58.chars(), 42));
                [prefix.as_bytes(), &head, MARK, &tail].concat()
            });
        }
    }
}
