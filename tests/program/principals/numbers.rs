//! How credentials write numbers, bytes and times, written down a second time from the standards.

use keytrail::rules::dice::Dice;
use sha1::{Digest, Sha1};
use sha2::Sha256;

/// Letters and digits, in the order of most issuers.
pub const DIGITS_FIRST: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The same in another order.
pub const LETTERS_FIRST: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// `count` letters and digits of each sort.
pub fn noise(seed: u64, count: usize) -> String {
    let text = Dice::seeded(seed).text(LETTERS_FIRST, count);
    String::from_utf8(text).expect("letters and digits")
}

/// Base32 without padding.
pub fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte & (128 >> (at % 8)) != 0);
    let five = |at: usize| (0..5).fold(0, |sum, next| sum * 2 + usize::from(bit(at + next)));
    (0..bytes.len() * 8).step_by(5).map(|at| char::from(BASE32[five(at)])).collect()
}

/// Base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

/// Base64 for addresses, without padding.
pub fn base64url(bytes: &[u8]) -> String {
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// The bytes behind base64 of the standard alphabet, blanks and escaped line ends aside.
pub fn unbase64(text: &str) -> Vec<u8> {
    let plain: String = text.replace("\\n", "").split_whitespace().collect();
    base64_simd::forgiving_decode_to_vec(plain.as_bytes()).expect("base64")
}

/// `number` in base 36, with zeros before it up to `width`.
pub fn base36(mut number: u64, width: usize) -> String {
    let mut digits = Vec::new();
    while number > 0 || digits.len() < width {
        digits.push(b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % 36) as usize]);
        number /= 36;
    }
    digits.reverse();
    String::from_utf8(digits).expect("digits")
}

/// The number that `text` writes in base 62, digits first.
pub fn unbase62(text: &str) -> u64 {
    text.bytes().fold(0, |sum, digit| sum * 62 + place(DIGITS_FIRST, digit))
}

/// Where `letter` stands in `alphabet`.
pub fn place(alphabet: &[u8], letter: u8) -> u64 {
    alphabet.iter().position(|other| *other == letter).expect("of the alphabet") as u64
}

/// The bytes behind base58, by long multiplication.
pub fn unbase58(text: &str) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    for letter in text.bytes() {
        let mut carry = place(BASE58, letter) as u32;
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            *byte = carry as u8;
            carry >>= 8;
        }
        if carry > 0 {
            bytes.insert(0, carry as u8);
        }
    }
    bytes
}

/// Base58, by long division.
pub fn base58(bytes: &[u8]) -> String {
    let mut rest = bytes.to_vec();
    let mut digits = Vec::new();
    while rest.iter().any(|byte| *byte > 0) {
        let mut over = 0_u32;
        for byte in &mut rest {
            over = over << 8 | u32::from(*byte);
            *byte = (over / 58) as u8;
            over %= 58;
        }
        digits.push(BASE58[over as usize]);
    }
    digits.extend(bytes.iter().take_while(|byte| **byte == 0).map(|_| b'1'));
    digits.reverse();
    String::from_utf8(digits).expect("letters and digits")
}

/// `bytes` in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes behind hexadecimal.
pub fn unhex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(byte).collect()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// SHA-1.
pub fn sha1(bytes: &[u8]) -> Vec<u8> {
    Sha1::digest(bytes).to_vec()
}

/// CRC-16/XMODEM.
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            crc << 1 ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 }
        })
    })
}

/// CRC-24 of OpenPGP (RFC 9580, section 6.1).
pub fn crc24(bytes: &[u8]) -> [u8; 3] {
    let sum = bytes.iter().fold(0xb7_04ce_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 16, |crc, _| {
            crc << 1 & 0xff_ffff ^ if crc & 0x80_0000 == 0 { 0 } else { 0x86_4cfb }
        })
    });
    let [_, rest @ ..] = sum.to_be_bytes();
    rest
}

/// Marvin32, folded to 32 bits.
pub fn marvin32(seed: &[u8; 8], bytes: &[u8]) -> u32 {
    let seed = u64::from_be_bytes(*seed);
    let (mut low, mut high) = (seed as u32, (seed >> 32) as u32);
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(4), 0);
    let words = padded.chunks(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]));
    for word in words.chain([0]) {
        low = low.wrapping_add(word);
        high ^= low;
        low = low.rotate_left(20).wrapping_add(high);
        high = high.rotate_left(9) ^ low;
        low = low.rotate_left(27).wrapping_add(high);
        high = high.rotate_left(19);
    }
    low ^ high
}

fn months(year: u64) -> [u64; 12] {
    let by = |years| year.is_multiple_of(years);
    let leap = by(4) && (!by(100) || by(400));
    [31, 28 + u64::from(leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

/// `seconds` after 1970 as reports write a time, counted up month by month.
pub fn utc(seconds: u64) -> String {
    let (mut days, clock) = (seconds / 86_400, seconds % 86_400);
    let mut all = (1970..).flat_map(|year| (1..).zip(months(year)).map(move |m| (year, m)));
    let (year, month) = loop {
        let (year, (month, length)) = all.next().expect("there is no last year");
        if days < length {
            break (year, month);
        }
        days -= length;
    };
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    format!("{year}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", days + 1)
}

/// Seconds from 1970 to the beginning of a day, if there is such a day.
pub fn unix(year: u64, month: u64, day: u64) -> Option<u64> {
    let length = *months(year).get(month as usize - 1)?;
    let before: u64 = (1970..year).flat_map(months).sum();
    let this: u64 = months(year).into_iter().take(month as usize - 1).sum();
    (1..=length).contains(&day).then_some((before + this + day - 1) * 86_400)
}

/// An element of DER.
pub fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = match content.len() {
        short @ 0..128 => vec![short as u8],
        middle @ 128..256 => vec![0x81, middle as u8],
        long => vec![0x82, (long >> 8) as u8, long as u8],
    };
    [vec![tag], length, content.to_vec()].concat()
}

/// The elements that stand one after the other in `bytes`, each with its tag.
pub fn elements(mut bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let mut found = Vec::new();
    while let [tag, first, rest @ ..] = bytes {
        let (size, rest) = match first {
            0x81 => (usize::from(rest[0]), &rest[1..]),
            0x82 => (usize::from(rest[0]) << 8 | usize::from(rest[1]), &rest[2..]),
            short => (usize::from(*short), rest),
        };
        found.push((*tag, &rest[..size]));
        bytes = &rest[size..];
    }
    found
}

#[test]
fn the_arithmetic_agrees_with_published_values() {
    assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
    assert_eq!(crc16(b"123456789"), 0x31c3);
    assert_eq!(crc24(b"123456789"), [0x21, 0xcf, 0x02]);
    assert_eq!(utc(951_827_696), "2000-02-29T12:34:56Z");
    assert_eq!(unix(2000, 2, 29), Some(951_782_400));
    assert_eq!(unix(2001, 2, 29), None);
    assert_eq!(unbase58(&base58(&[0x61, 0x62, 0])), [0x61, 0x62, 0]);
    assert_eq!(base36(123_456, 4), "2n9c");
    let folded = 0x22c7_4339 ^ 0x4927_69bf;
    assert_eq!(marvin32(&0xd53c_d9ce_cd08_93b7_u64.to_be_bytes(), b"abc"), folded);
}
