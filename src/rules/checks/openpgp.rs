//! OpenPGP packets: how they follow one another, and what those of secret keys tell (RFC 9580).

use sha1::{Digest, Sha1};
use sha2::Sha256;

/// The sort of a packet with a primary secret key.
pub(super) const SECRET_KEY: u8 = 5;
/// The sort of a packet with a secret subkey.
pub(super) const SECRET_SUBKEY: u8 = 7;
/// The sort of a packet that names the owner.
pub(super) const USER_ID: u8 = 13;

/// The sort of a packet that binds names and keys to one another.
const SIGNATURE: u8 = 2;

/// One packet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Packet<'b> {
    /// Its sort.
    pub(super) tag: u8,
    /// What is in it.
    pub(super) body: &'b [u8],
}

/// The packets at the start of `bytes`, and whether nothing else is there.
pub(super) fn packets(mut bytes: &[u8]) -> (Vec<Packet<'_>>, bool) {
    let mut packets = Vec::new();
    while let Some((packet, rest)) = packet(bytes) {
        packets.push(packet);
        bytes = rest;
    }
    (packets, bytes.is_empty())
}

fn packet(bytes: &[u8]) -> Option<(Packet<'_>, &[u8])> {
    let (&head, rest) = bytes.split_first().filter(|(head, _)| **head & 0x80 != 0)?;
    let (tag, (length, rest)) = match head & 0x40 {
        0 => (head >> 2 & 15, old_length(head & 3, rest)?),
        _ => (head & 63, new_length(rest)?),
    };
    let (body, rest) = rest.split_at_checked(length)?;
    Some((Packet { tag, body }, rest))
}

/// A length in the old form; without one, the packet takes all there is.
fn old_length(kind: u8, bytes: &[u8]) -> Option<(usize, &[u8])> {
    match kind {
        3 => Some((bytes.len(), bytes)),
        kind => number(1 << kind, bytes),
    }
}

/// A length in the new form; packets in pieces are for data only.
fn new_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    match first {
        0..192 => Some((usize::from(first), rest)),
        192..224 => {
            let (&second, rest) = rest.split_first()?;
            Some((((usize::from(first) - 192) << 8) + usize::from(second) + 192, rest))
        }
        255 => number(4, rest),
        224..255 => None,
    }
}

/// The number in the first `size` bytes, at most four, and the rest.
fn number(size: usize, bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(size)?;
    Some((digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit)), rest))
}

/// After how many seconds the primary key says that it ends, the first time that its owner signed it.
pub(super) fn life(packets: &[Packet<'_>]) -> Option<u32> {
    let primary = packets.iter().take_while(|packet| packet.tag != SECRET_SUBKEY);
    let signed = primary.filter(|packet| packet.tag == SIGNATURE).map(|packet| packet.body);
    signed.filter_map(life_in).next().filter(|seconds| *seconds > 0)
}

/// The life that a signature over the key or a name of it sets, in its signed part.
fn life_in(body: &[u8]) -> Option<u32> {
    const OF_KEY: [u8; 5] = [0x10, 0x11, 0x12, 0x13, 0x1f];
    const LIFE: u8 = 9;
    let (&[version, kind, _, _], rest) = body.split_first_chunk::<4>()?;
    let width = match version {
        4 => 2,
        5 | 6 => 4,
        _ => return None,
    };
    let (size, rest) = number(width, rest).filter(|_| OF_KEY.contains(&kind))?;
    let mut fields = rest.get(..size)?;
    while let Some((length, rest)) = field_length(fields) {
        let (field, rest) = rest.split_at_checked(length)?;
        // The highest bit says only that whoever does not know the field must refuse the signature.
        if let Some((&sort, &[a, b, c, d])) = field.split_first()
            && sort & 0x7f == LIFE
        {
            return Some(u32::from_be_bytes([a, b, c, d]));
        }
        fields = rest;
    }
    None
}

/// The length of a field of a signature, and what follows it.
fn field_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    match first {
        0..192 => Some((usize::from(first), rest)),
        192..255 => {
            let (&second, rest) = rest.split_first()?;
            Some((((usize::from(first) - 192) << 8) + usize::from(second) + 192, rest))
        }
        255 => number(4, rest),
    }
}

/// What is known of a secret key without its passphrase.
pub(super) struct SecretKey {
    /// Digest of its public half, in hexadecimal.
    pub(super) fingerprint: String,
    /// When it was made, in Unix seconds.
    pub(super) created: u32,
    /// Whether its secret half can be used.
    pub(super) lock: Lock,
}

/// How a secret key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// In the clear.
    Open,
    /// In the clear, but not as it was written.
    Damaged,
    /// Encrypted with a passphrase.
    Locked,
    /// Not here: GnuPG's stub for a key on a card or in another place.
    Absent,
}

impl SecretKey {
    /// Reads the body of a secret key's packet, versions 4 to 6.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let (&version, rest) = body.split_first()?;
        let (created, rest) = rest.split_first_chunk::<4>()?;
        let (&algorithm, rest) = rest.split_first()?;
        let secret = match version {
            4 => behind_material(algorithm, rest)?,
            5 | 6 => number(4, rest).and_then(|(size, rest)| rest.get(size..))?,
            _ => return None,
        };
        let public = &body[..body.len() - secret.len()];
        let fingerprint = fingerprint(version, public);
        let created = u32::from_be_bytes(*created);
        Some(Self { fingerprint, created, lock: lock(version, secret)? })
    }
}

fn fingerprint(version: u8, public: &[u8]) -> String {
    let size = (public.len() as u32).to_be_bytes();
    let digest = match version {
        4 => Sha1::digest([&[0x99], &size[2..], public].concat()).to_vec(),
        _ => Sha256::digest([&[0x95 + version], &size[..], public].concat()).to_vec(),
    };
    digest.iter().map(|b| format!("{b:02X}")).collect()
}

/// What stands behind the public numbers of a key.
fn behind_material(algorithm: u8, bytes: &[u8]) -> Option<&[u8]> {
    match algorithm {
        1..=3 => numbers(2, bytes),
        16 | 20 => numbers(3, bytes),
        17 => numbers(4, bytes),
        18 => behind_counted(numbers(1, behind_counted(bytes)?)?),
        19 | 22 => numbers(1, behind_counted(bytes)?),
        25 | 27 => bytes.get(32..),
        26 => bytes.get(56..),
        28 => bytes.get(57..),
        _ => None,
    }
}

/// What stands behind `count` numbers, each led by its size in bits.
fn numbers(count: usize, bytes: &[u8]) -> Option<&[u8]> {
    (0..count).try_fold(bytes, |bytes, _| {
        let (bits, rest) = number(2, bytes)?;
        rest.get(bits.div_ceil(8)..)
    })
}

fn behind_counted(bytes: &[u8]) -> Option<&[u8]> {
    let (size, rest) = number(1, bytes)?;
    rest.get(size..)
}

/// `secret` begins with the octet that says how it is encrypted.
fn lock(version: u8, secret: &[u8]) -> Option<Lock> {
    let (&usage, rest) = secret.split_first()?;
    let is_stub = |part: &[u8]| part[0] == 101 && part[2..] == *b"GNU";
    Some(match usage {
        0 if version == 4 && !sum_holds(rest) => Lock::Damaged,
        0 => Lock::Open,
        _ if rest[..rest.len().min(12)].windows(5).any(is_stub) => Lock::Absent,
        _ => Lock::Locked,
    })
}

/// Whether the last two bytes are the sum of those before.
fn sum_holds(secret: &[u8]) -> bool {
    let Some((numbers, sum)) = secret.split_last_chunk::<2>() else { return false };
    let total = numbers.iter().fold(0_u16, |total, byte| total.wrapping_add(u16::from(*byte)));
    !numbers.is_empty() && total == u16::from_be_bytes(*sum)
}

#[cfg(test)]
mod tests {
    use super::{Packet, SECRET_KEY, USER_ID, packets};

    #[test]
    fn packets_have_lengths_of_every_form() {
        let long = [7; 300];
        let forms: [(&[u8], u8, usize); 8] = [
            (&[0x94, 2], SECRET_KEY, 2),
            (&[0x95, 1, 0], SECRET_KEY, 256),
            (&[0x96, 0, 0, 1, 4], SECRET_KEY, 260),
            (&[0x97], SECRET_KEY, 300),
            (&[0xc5, 191], SECRET_KEY, 191),
            (&[0xc5, 192, 0], SECRET_KEY, 192),
            (&[0xcd, 192, 100], USER_ID, 292),
            (&[0xcd, 255, 0, 0, 1, 0], USER_ID, 256),
        ];
        for (head, tag, size) in forms {
            let bytes = [head, &long[..size]].concat();
            assert_eq!(packets(&bytes), (vec![Packet { tag, body: &long[..size] }], true));
            let cut = &bytes[..bytes.len() - 1];
            assert!(head == [0x97] || packets(cut) == (Vec::new(), false));
        }
    }

    #[test]
    fn what_is_no_packet_is_left() {
        assert_eq!(packets(b""), (Vec::new(), true));
        for bytes in [&[0x14, 0][..], &[0xc5, 224, 0], &[0xc5, 255, 255, 255, 255, 255], &[0xc5]] {
            assert_eq!(packets(bytes), (Vec::new(), false), "{bytes:?}");
        }
    }
}
