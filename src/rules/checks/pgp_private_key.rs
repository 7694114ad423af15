//! OpenPGP private keys in text armour: proven by the CRC-24 of the armour, named by their fingerprint.

use crate::model::{Claim, Field};
use crate::rules::checks::crc::crc24;
use crate::rules::checks::openpgp::{self, Lock, Packet, SECRET_KEY, SECRET_SUBKEY, SecretKey};
use crate::rules::checks::{Check, Sample, Verdict, b64, pem, time};
use crate::rules::dice::Dice;

/// An armoured key.
pub(super) const CHECK: Check = Check {
    name: "pgp-private-key",
    about: "the CRC-24 of the armour holds, and a private key is in it",
    bits: 24,
    around: false,
    judge: |sighting| judge(sighting.value),
    seal,
};

const BEGIN: &[u8] = b"-----BEGIN PGP PRIVATE KEY BLOCK-----";
const END: &[u8] = b"-----END ";

/// The inside of an armour.
struct Armour {
    bytes: Vec<u8>,
    /// The CRC-24 that is stated.
    sum: Option<[u8; 3]>,
}

fn judge(text: &[u8]) -> Verdict {
    let Some(armour) = read(text) else { return Verdict::broken("the body is not base64") };
    let (packets, whole) = openpgp::packets(&armour.bytes);
    let begins_well = packets.first().is_some_and(|packet| packet.tag == SECRET_KEY);
    let keys: Vec<SecretKey> = packets
        .iter()
        .filter(|packet| matches!(packet.tag, SECRET_KEY | SECRET_SUBKEY))
        .filter_map(|packet| SecretKey::read(packet.body))
        .collect();
    let has = |lock| keys.iter().any(|key| key.lock == lock);
    if !keys.is_empty() && keys.iter().all(|key| key.lock == Lock::Absent) {
        return Verdict::foreign("stubs of keys on a card or in another place");
    }
    let state = if has(Lock::Open) {
        ", not locked"
    } else if has(Lock::Locked) {
        ", locked with a passphrase"
    } else {
        ""
    };
    match armour.sum {
        Some(sum) if sum != crc24(&armour.bytes) => {
            Verdict::broken("checksum does not hold: made up, redacted or damaged")
        }
        None if !whole => Verdict::broken("the body is truncated"),
        _ if !begins_well => Verdict::broken("the body is no private key"),
        Some(_) => Verdict::proven(format!("checksum holds (CRC-24){state}")),
        None if has(Lock::Damaged) || keys.is_empty() => {
            Verdict::broken("the key's parts do not fit together")
        }
        None => Verdict::parsed(format!("parses as a private key{state}")),
    }
    .with(claims(&packets, keys.first()))
}

/// The primary key's fingerprint, age and end, and its owner's first names.
fn claims(packets: &[Packet<'_>], primary: Option<&SecretKey>) -> Vec<Claim> {
    let name = |packet: &Packet<'_>| {
        let name = String::from_utf8_lossy(packet.body).trim().to_owned();
        let short = !name.is_empty() && name.len() <= 200;
        (packet.tag == openpgp::USER_ID && short).then(|| Claim::new(Field::Principal, name))
    };
    let key = primary.map(|key| Claim::new(Field::KeyId, key.fingerprint.clone()));
    let created = primary.and_then(|key| time::rfc3339(i64::from(key.created)));
    let created = created.map(|created| Claim::new(Field::IssuedAt, created));
    let life = openpgp::life(packets).map(i64::from);
    let end =
        primary.zip(life).and_then(|(key, life)| time::rfc3339(i64::from(key.created) + life));
    let end = end.map(|end| Claim::new(Field::ExpiresAt, end));
    key.into_iter()
        .chain(created)
        .chain(end)
        .chain(packets.iter().filter_map(name).take(4))
        .collect()
}

/// Reads the first armour in `text`.
fn read(text: &[u8]) -> Option<Armour> {
    let begin = memchr::memmem::find(text, BEGIN)? + BEGIN.len();
    let body = &text[begin..];
    let end = memchr::memmem::find(body, END).unwrap_or(body.len());
    let body = pem::unescape(&body[..end]);
    let lines = body.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| !line.contains(&b':'));
    let base64: Vec<u8> = lines.flatten().copied().filter(is_base64).collect();
    // Behind the padding of the body, if it has any: one more sign and four characters.
    let sum = base64.len().checked_sub(5).filter(|at| base64[*at] == b'=');
    let (body, sum) = base64.split_at(sum.unwrap_or(base64.len()));
    let sum = match sum.split_first() {
        Some((_, sum)) => Some(b64::decode(sum)?.try_into().ok()?),
        None => None,
    };
    Some(Armour { bytes: b64::decode(body)?, sum })
}

fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Puts a fresh key in the sample's place, with escaped line ends: they fit wherever a key can stand.
fn seal(sample: &mut Sample, dice: &mut Dice) {
    sample.token = armour(&made_up(dice), "\\n");
}

/// `bytes` in armour, with a header and the checksum.
fn armour(bytes: &[u8], feed: &str) -> Vec<u8> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let base64 = b64::standard(bytes);
    let mut lines = vec![text(BEGIN), "Comment: a sample".to_owned(), String::new()];
    lines.extend(base64.chunks(64).map(text));
    lines.push(format!("={}", text(&b64::standard(&crc24(bytes)))));
    lines.push(text(BEGIN).replace("BEGIN", "END"));
    lines.join(feed).into_bytes()
}

fn made_up(dice: &mut Dice) -> Vec<u8> {
    let seed: [u8; 32] = dice.bytes(32).try_into().expect("32 bytes were asked for");
    let created = (1_500_000_000 + dice.below(1 << 27)) as u32;
    key(&seed, created, "A Sample <sample@example>")
}

/// An Ed25519 key of version 4 in the clear, with a name and nothing that signs it.
fn key(seed: &[u8; 32], created: u32, owner: &str) -> Vec<u8> {
    const CURVE: &[u8] = &[9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1];
    let point = ed25519_dalek::SigningKey::from_bytes(seed).verifying_key().to_bytes();
    let short: Vec<u8> = seed.iter().copied().skip_while(|b| *b == 0).collect();
    let bits = short.first().map_or(0, |b| short.len() as u32 * 8 - b.leading_zeros());
    let secret = [&(bits as u16).to_be_bytes()[..], &short].concat();
    let sum: u16 = secret.iter().map(|b| u16::from(*b)).sum();
    let body = [
        &[4],
        &created.to_be_bytes()[..],
        &[22],
        CURVE,
        &[1, 7, 0x40],
        &point,
        &[0],
        &secret,
        &sum.to_be_bytes(),
    ]
    .concat();
    let names = owner.as_bytes();
    [&[0x94, body.len() as u8], &body[..], &[0xb4, names.len() as u8], names].concat()
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, CHECK, armour, key, made_up};
    use crate::model::Field;
    use crate::rules::checks::trial::{claim, judge, seals, survives};
    use crate::rules::checks::{State, Verdict};
    use crate::rules::dice::Dice;

    /// The Ed25519 key of RFC 9580, appendix A, in hexadecimal; its fingerprint is published there.
    const SEED: [&str; 2] =
        ["1a8b1ff05ded48e18bf50166c664ab02", "3ea70003d78d9e41f5758a91d850f8d2"];
    const CREATED: u32 = 0x53f3_5f0b;
    const FINGERPRINT: &str = "C959BDBAFA32A2F89A153B678CFDE12197965A9A";

    fn published() -> Vec<u8> {
        let number = u128::from_str_radix;
        let halves = SEED.map(|half| number(half, 16).expect("hexadecimal").to_be_bytes());
        let seed = halves.concat().try_into().expect("two halves of 16 bytes");
        key(&seed, CREATED, "EdDSA sample key 1")
    }

    fn of(bytes: &[u8]) -> Verdict {
        judge(&CHECK, armour(bytes, "\n"))
    }

    /// As `armour`, without the line of the checksum.
    fn unsummed(bytes: &[u8]) -> String {
        let text = String::from_utf8(armour(bytes, "\n")).expect("text");
        let lines: Vec<_> = text.split('\n').filter(|line| !line.starts_with('=')).collect();
        lines.join("\n")
    }

    /// The published key with what stands behind its public half replaced.
    fn kept(secret: &[u8]) -> Vec<u8> {
        let whole = published();
        let body = [&whole[2..2 + 51], secret].concat();
        [&[0x94, body.len() as u8], &body[..]].concat()
    }

    #[test]
    fn the_published_key_holds_in_every_wrapping() {
        for feed in ["\n", "\r\n", "\\n", "\\r\\n", "\n    ", "\n> ", "\n# ", "\\n\" +\n \""] {
            let verdict = judge(&CHECK, armour(&published(), feed));
            assert_eq!(verdict.state, State::Proven, "{feed:?}: {}", verdict.note);
            assert!(verdict.note.contains("not locked"));
            assert_eq!(claim(&verdict, Field::KeyId), Some(FINGERPRINT));
            assert_eq!(claim(&verdict, Field::IssuedAt), Some("2014-08-19T14:28:27Z"));
            assert_eq!(claim(&verdict, Field::Principal), Some("EdDSA sample key 1"));
        }
    }

    #[test]
    fn without_a_checksum_the_packets_must_parse() {
        let whole = published();
        let verdict = judge(&CHECK, unsummed(&whole));
        assert_eq!(verdict.state, State::Parsed, "{}", verdict.note);
        assert_eq!(claim(&verdict, Field::KeyId), Some(FINGERPRINT));
        assert_eq!(judge(&CHECK, unsummed(&whole[..whole.len() - 1])).state, State::Broken);
        let mut changed = whole.clone();
        changed[70] ^= 1;
        assert_eq!(judge(&CHECK, unsummed(&changed)).state, State::Broken);
    }

    #[test]
    fn a_wrong_checksum_is_told() {
        let text = String::from_utf8(armour(&published(), "\n")).expect("text");
        let verdict =
            judge(&CHECK, text.replace("\n=", "\n=A").replace("K\n-----END", "\n-----END"));
        assert_ne!(verdict.state, State::Proven);
        for at in BEGIN.len() + 20..text.len() - 40 {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'7' { b'8' } else { b'7' };
            let verdict = judge(&CHECK, &changed);
            assert!(text.as_bytes()[at] == b'\n' || verdict.state == State::Broken, "at {at}");
            assert_ne!(verdict.state, State::Proven, "at {at}");
        }
        for cut in 0..text.len() - 45 {
            assert_ne!(judge(&CHECK, &text[..cut]).state, State::Proven, "cut at {cut}");
        }
    }

    #[test]
    fn locked_keys_are_told_from_stubs() {
        let locked = of(&kept(&[&[254, 9, 3, 8][..], &[1; 9], &[2; 70]].concat()));
        assert_eq!(locked.state, State::Proven);
        assert!(locked.note.contains("locked with a passphrase"), "{}", locked.note);
        assert_eq!(claim(&locked, Field::KeyId), Some(FINGERPRINT));
        for mode in [1, 2] {
            let stub = kept(&[&[255, 0, 101, 0][..], b"GNU", &[mode]].concat());
            assert_eq!(of(&stub).state, State::Foreign);
            // A stub above a subkey that is there.
            let mut subkey = published();
            subkey[0] = 0x9c;
            assert_eq!(of(&[stub, subkey].concat()).state, State::Proven);
        }
    }

    #[test]
    fn a_public_key_in_this_armour_is_none() {
        let mut public = published();
        public[0] = 0x98;
        assert_eq!(of(&public).state, State::Broken);
        assert_eq!(of(b"").state, State::Broken);
    }

    #[test]
    fn hostile_armour_does_not_panic() {
        survives(&CHECK, &armour(&published(), "\n"));
        // What a wrong checksum would hide from the parser.
        let whole = published();
        for at in 0..whole.len() {
            of(&whole[..at]);
            for byte in [0, 1, 3, 5, 18, 22, 127, 192, 224, 255] {
                let mut changed = whole.clone();
                changed[at] = byte;
                of(&changed);
                judge(&CHECK, unsummed(&changed));
            }
        }
    }

    #[test]
    fn sealed_samples_hold() {
        seals(&CHECK, |_| Vec::new());
        let verdict = of(&made_up(&mut Dice::seeded(1)));
        assert_eq!(claim(&verdict, Field::Principal), Some("A Sample <sample@example>"));
    }
}
