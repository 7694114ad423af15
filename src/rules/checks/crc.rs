//! Cyclic redundancy checks, as issuers append them to their tokens.

/// CRC-32 of IEEE 802.3.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// CRC-32C, after Castagnoli.
pub(super) fn crc32c(bytes: &[u8]) -> u32 {
    const REFLECTED: u32 = 0x82f6_3b78;
    let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ REFLECTED } else { crc >> 1 };
    let fold = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(u32::MAX, fold)
}

/// CRC-24 of OpenPGP's armour, most significant byte first.
pub(super) fn crc24(bytes: &[u8]) -> [u8; 3] {
    const POLYNOMIAL: u32 = 0x0186_4cfb;
    let step = |crc: u32| if crc >> 23 & 1 == 1 { crc << 1 ^ POLYNOMIAL } else { crc << 1 };
    let fold = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte) << 16, |crc, _| step(crc));
    let [_, sum @ ..] = bytes.iter().fold(0x00b7_04ce, fold).to_be_bytes();
    sum
}

/// CRC-16/XMODEM.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    const POLYNOMIAL: u16 = 0x1021;
    let step = |crc: u16| if crc >> 15 == 1 { crc << 1 ^ POLYNOMIAL } else { crc << 1 };
    let fold = |crc: u16, byte: &u8| (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| step(crc));
    bytes.iter().fold(0, fold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_published_check_values() {
        let digits = b"123456789";
        assert_eq!(crc32(digits), 0xcbf4_3926);
        assert_eq!(crc32c(digits), 0xe306_9283);
        assert_eq!(crc24(digits), [0x21, 0xcf, 0x02]);
        assert_eq!(crc16(digits), 0x31c3);
    }

    #[test]
    fn starts_as_published() {
        assert_eq!((crc32(b""), crc32c(b""), crc16(b"")), (0, 0, 0));
    }
}
