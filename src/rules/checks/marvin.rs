//! Marvin32, the keyed sum that Microsoft puts into its credentials.

/// Both halves of the sum, folded into 32 bits.
pub(super) fn marvin32(seed: u64, data: &[u8]) -> u32 {
    let (low, high) = halves(seed, data);
    low ^ high
}

fn halves(seed: u64, data: &[u8]) -> (u32, u32) {
    let (words, rest) = data.as_chunks::<4>();
    let mut state = (seed as u32, (seed >> 32) as u32);
    for word in words {
        state = mix(state, u32::from_le_bytes(*word));
    }
    let mut last = [0; 4];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    mix(mix(state, u32::from_le_bytes(last)), 0)
}

const fn mix((low, high): (u32, u32), word: u32) -> (u32, u32) {
    let low = low.wrapping_add(word);
    let high = high ^ low;
    let low = low.rotate_left(20).wrapping_add(high);
    let high = high.rotate_left(9) ^ low;
    let low = low.rotate_left(27).wrapping_add(high);
    (low, high.rotate_left(19))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_published_sums() {
        let sum = |seed, data: &str| {
            let (low, high) = halves(seed, data.as_bytes());
            u64::from(high) << 32 | u64::from(low)
        };
        assert_eq!(sum(0xd53c_d9ce_cd08_93b7, "abc"), 0x22c7_4339_4927_69bf);
        assert_eq!(sum(0x0ddd_deee_efff_f000, "abcdefghijklmnopqrstuvwxyz"), 0xa128_eb7e_7260_aca2);
    }
}
