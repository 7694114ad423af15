//! RSA signatures (RFC 8017): whether a public key verifies one.

use num_bigint_dig::BigUint;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A digest that signatures are made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    /// SHA-256.
    Short,
    /// SHA-384.
    Middle,
    /// SHA-512.
    Long,
}

impl Hash {
    /// The digest of `bytes`.
    pub(super) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Short => Sha256::digest(bytes).to_vec(),
            Self::Middle => Sha384::digest(bytes).to_vec(),
            Self::Long => Sha512::digest(bytes).to_vec(),
        }
    }

    /// The last byte of its name, and its size.
    const fn mark(self) -> [u8; 2] {
        match self {
            Self::Short => [1, 32],
            Self::Middle => [2, 48],
            Self::Long => [3, 64],
        }
    }
}

/// A public key: modulus and exponent, big-endian.
#[derive(Clone, Copy)]
pub(super) struct Public<'a> {
    /// The modulus, without zeros in front.
    pub(super) n: &'a [u8],
    /// The exponent.
    pub(super) e: &'a [u8],
}

/// What the signature was made of; none where it is no signature for this key. The exponent may have 32
/// bits at most, so that time is bounded.
pub(super) fn opened(public: Public<'_>, signature: &[u8]) -> Option<Vec<u8>> {
    if public.n.len() != signature.len() || public.n.len() > 2048 || public.e.len() > 4 {
        return None;
    }
    let [n, e, s] = [public.n, public.e, signature].map(BigUint::from_bytes_be);
    if s >= n {
        return None;
    }
    let bytes = s.modpow(&e, &n).to_bytes_be();
    let zeros = public.n.len().checked_sub(bytes.len())?;
    Some([vec![0; zeros], bytes].concat())
}

/// Whether `opened` is the old padding (PKCS#1 v1.5) of the digest of `text`.
pub(super) fn is_padded(opened: &[u8], hash: Hash, text: &[u8]) -> bool {
    let [mark, size] = hash.mark();
    let head = [0x30, 17 + size, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, mark, 5, 0, 4];
    let tail = [&[0], &head[..], &[size], &hash.of(text)].concat();
    let Some(filler) = opened.len().checked_sub(tail.len() + 2).filter(|filler| *filler >= 8)
    else {
        return false;
    };
    opened == [&[0, 1], &vec![0xff; filler][..], &tail].concat()
}

/// Whether `opened` is the probabilistic padding (PSS) of the digest of `text`, with a salt as long as the
/// digest, for a modulus of whole bytes.
pub(super) fn is_salted(opened: &[u8], hash: Hash, text: &[u8]) -> bool {
    let size = usize::from(hash.mark()[1]);
    let Some(body) = opened.strip_suffix(&[0xbc]) else { return false };
    let Some(split) = body.len().checked_sub(size) else { return false };
    let (masked, seal) = body.split_at(split);
    let mask = stretched(hash, seal, masked.len());
    let mut block: Vec<u8> = masked.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
    let Some(first) = block.first_mut() else { return false };
    *first &= 0x7f;
    let Some(start) = block.len().checked_sub(size + 1) else { return false };
    let (zeros, salted) = block.split_at(start);
    let Some((1, salt)) = salted.split_first() else { return false };
    zeros.iter().all(|byte| *byte == 0)
        && hash.of(&[&[0; 8], &hash.of(text)[..], salt].concat()) == seal
}

/// The mask generation function MGF1.
fn stretched(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let blocks = (0_u32..).map(|n| hash.of(&[seed, &n.to_be_bytes()].concat()));
    blocks.flatten().take(length).collect()
}
