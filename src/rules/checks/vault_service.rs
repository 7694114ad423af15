//! Vault's service tokens: a signed record in protocol buffers.

use crate::model::Field;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, identity};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "vault-service",
    about: "parses strictly as version, digest of 32 bytes and token of a Vault service token",
    bits: 0,
    around: false,
    judge,
    seal,
};

const MARK: &[u8] = b"hvs.";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The fields not yet read, in the wire format of protocol buffers.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn number(&mut self) -> Option<u64> {
        let end = self.0.iter().take(9).position(|byte| *byte < 0x80)? + 1;
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(digits.iter().rev().fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7f)))
    }

    /// The number in this field, if the field comes next.
    fn count(&mut self, field: u8) -> Option<u64> {
        self.0 = self.0.strip_prefix(&[field << 3])?;
        self.number()
    }

    /// The bytes in this field, if the field comes next.
    fn bytes(&mut self, field: u8) -> Option<&'a [u8]> {
        self.0 = self.0.strip_prefix(&[field << 3 | 2])?;
        let length = usize::try_from(self.number()?).ok()?;
        let (data, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(data)
    }
}

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(body) = sighting.value.strip_prefix(MARK) else {
        return Verdict::foreign("no Vault service token");
    };
    let end = memchr::memchr(b'.', body).unwrap_or(body.len());
    let namespace = body.get(end + 1..).and_then(identity::text);
    if b64::decode(&body[..end]).as_deref().and_then(token).is_none() {
        return Verdict::broken("does not parse as a Vault service token");
    }
    let tenant = namespace.map(|name| format!("namespace {name}"));
    Verdict::parsed("parses as a Vault service token")
        .with(identity::claims([(Field::Tenant, tenant)]))
}

/// The random text of a signed token.
fn token(bytes: &[u8]) -> Option<&[u8]> {
    let mut signed = Fields(bytes);
    let version = signed.count(1)?;
    let (digest, token) = (signed.bytes(2)?, signed.bytes(3)?);
    let mut fields = Fields(token);
    let random = fields.bytes(1)?;
    // Fields that are 0 are not written.
    fields.count(2);
    fields.count(3);
    let sound = version == 1 && digest.len() == 32 && random.len() >= 16;
    let plain = random.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
    (sound && plain && signed.0.is_empty() && fields.0.is_empty()).then_some(random)
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let body = sample.token.strip_prefix(MARK).unwrap_or(&sample.token);
    let (body, namespace) = body.split_at(memchr::memchr(b'.', body).unwrap_or(body.len()));
    // 42 bytes stand around the random text, which is 24 long at least and fits a length of one byte.
    let length = ((body.len() * 3 + 1) / 4).saturating_sub(42).clamp(24, 120);
    let random = dice.text(LETTERS, length);
    let inner =
        [&[0x0a, length as u8], random.as_slice(), &[0x10, dice.below(127) as u8 + 1]].concat();
    let digest = dice.bytes(32);
    let signed =
        [&[0x08, 1, 0x12, 32], digest.as_slice(), &[0x1a, inner.len() as u8], &inner].concat();
    sample.token = [MARK, &b64::url(&signed), namespace].concat();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    fn vector() -> String {
        [
            "hvs.",
            "CAESIN8VCN7D336xio7XBrkQAjBZer-jqqJGyqYXCd1J",
            "H9xfGhwKGG5CODhyaE9uQnNkcXhQYzlRT1RHOEFocxAH",
        ]
        .concat()
    }

    #[test]
    fn the_vector_parses() {
        assert_eq!(judge(&CHECK, vector()).state, State::Parsed);
        let named = judge(&CHECK, vector() + ".a1B2c");
        assert_eq!(claim(&named, Field::Tenant), Some("namespace a1B2c"));
        survives(&CHECK, vector().as_bytes());
    }

    #[test]
    fn nothing_may_be_missing_or_left_over() {
        let text = vector();
        assert_eq!(judge(&CHECK, &text[..text.len() - 4]).state, State::Broken);
        assert_eq!(judge(&CHECK, text.clone() + "AAAA").state, State::Broken);
        assert_eq!(judge(&CHECK, text.replace("CAES", "CBES")).state, State::Broken);
        assert_eq!(judge(&CHECK, "s.other").state, State::Foreign);
    }

    #[test]
    fn samples_can_be_sealed() {
        for length in [88, 90, 91, 96, 99, 115] {
            let sealed = seals(&CHECK, |dice| [MARK, &dice.text(LETTERS, length)].concat());
            assert_eq!(sealed.len(), MARK.len() + length);
            assert!(sealed[MARK.len()..].starts_with(b"CAESI"));
        }
    }
}
