//! Atlassian's tokens: a CRC-32 in upper-case hexadecimal over all that stands before it.

use memchr::memmem;

use crate::rules::checks::checksum::{Checksum, Frame, Layout};
use crate::rules::checks::crc::crc32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "atlassian-crc",
    about: "CRC-32 of all before it, in upper-case hexadecimal at the end",
    bits: 32,
    around: false,
    judge,
    seal,
};

const SUM: Checksum = Checksum { holds: "checksum holds (CRC-32, 32 bits)", find, write };
const DIGITS: usize = 8;
const APP_PASSWORD: Frame = Frame { mark: b"ATBB", body: 24, gap: b"", sum: DIGITS };
const MARKS: [&[u8]; 2] = [b"ATATT3", b"ATCTT3"];
/// As the token has it, in a URL, in a shell.
const EQUALS: [&[u8]; 3] = [b"=", b"%3D", br"\="];

fn judge(sighting: &Sighting<'_>) -> Verdict {
    SUM.judge(sighting.value)
}

fn find(text: &[u8]) -> Option<Layout> {
    MARKS.into_iter().find_map(|mark| with_equals(text, mark)).or_else(|| APP_PASSWORD.whole(text))
}

/// The checksum stands behind the first `=` after the mark, which is covered too.
fn with_equals(text: &[u8], mark: &[u8]) -> Option<Layout> {
    let start = memmem::find(text, mark)?;
    let token = &text[start..];
    let body = token.iter().take_while(|byte| is_body(**byte)).count();
    let equals = EQUALS.into_iter().find(|equals| token[body..].starts_with(equals))?;
    let sum = start + body + equals.len();
    let layout = Layout { covered: start..sum, sum: sum..sum + DIGITS };
    (text.len() >= layout.sum.end).then_some(layout)
}

const fn is_body(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn write(covered: &[u8]) -> Vec<u8> {
    let body = covered.iter().take_while(|byte| is_body(**byte)).count();
    let equals: &[u8] = if body < covered.len() { b"=" } else { b"" };
    format!("{:08X}", crc32(&[&covered[..body], equals].concat())).into_bytes()
}

fn seal(sample: &mut Sample, _: &mut Dice) {
    SUM.seal(&mut sample.token);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{changed, judge, seals, survives};

    const BODY: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    fn vector(equals: &str) -> Vec<u8> {
        let parts = [
            "ATATT3",
            "xFfGF0",
            "AOUAnMiP-DxOQcYnP_OceCqLLr46Au3PB7E0RwZsbvXJg0nsEMRGECea4R62NPuaM8W5zOhuWPqNpwYN88hQAUl-T7",
            "_CkdSPhmDekxSu4CjFAJFawO0u9IQMLBCuoVrfm00J038SctH96WIOcbqq4uvyyWT7MbD-OAUlWWzCVtO",
            equals,
            "FFCB3E29",
        ];
        parts.concat().into_bytes()
    }

    #[test]
    fn the_vectors_hold() {
        for equals in ["=", "%3D", r"\="] {
            assert_eq!(judge(&CHECK, vector(equals)).state, State::Proven, "{equals}");
            survives(&CHECK, &vector(equals));
        }
        let password = ["ATBB", "HW6NX3HVc4kKgsG8wjn3OUaU", "69A76286"].concat();
        assert_eq!(judge(&CHECK, password).state, State::Proven);
    }

    #[test]
    fn a_change_breaks_it() {
        for at in (6..183).chain(184..192) {
            assert_eq!(judge(&CHECK, changed(&vector("="), at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        for (mark, equals) in [("ATATT3xFfGF0", "="), ("ATCTT3xFfGN0", "%3D")] {
            seals(&CHECK, |dice| {
                let (body, sum) = (dice.text(BODY, 171), dice.text(b"0123456789ABCDEF", 8));
                [mark.as_bytes(), &body, equals.as_bytes(), &sum].concat()
            });
        }
        seals(&CHECK, |dice| [b"ATBB", dice.text(&BODY[..62], 32).as_slice()].concat());
    }
}
