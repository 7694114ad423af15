//! Rows: whether a text holds enough bytes in a row of one of several alphabets. A value without a mark
//! consists of its format's bytes; most names have a byte among them that no format admits.

use crate::detect::runs::SHORTEST;
use crate::rules::Rule;

/// Alphabets that are looked for at a time, a lane of eight bits each.
const LANES: usize = 16;

/// The longest row that a lane can count.
const LONGEST: usize = 127;

/// The top bit of each lane.
const TOPS: u128 = u128::from_ne_bytes([128; LANES]);

/// The lowest bit of each lane.
const ONES: u128 = u128::from_ne_bytes([1; LANES]);

/// Up to sixteen alphabets, and how long a row of each has to be.
pub struct Rows {
    /// For each byte, all bits of the lanes whose alphabets hold it.
    lanes: [u128; 256],
    /// What a lane's count lacks of its top bit when the row is long enough.
    lacking: u128,
}

impl Rows {
    /// The rows that values without a mark hold, by any of `rules`.
    pub fn new(rules: &[Rule]) -> Self {
        let mut kinds: Vec<([u64; 4], usize)> = Vec::new();
        for rule in rules.iter().filter(|rule| rule.context.is_some()) {
            // A format that is sure of no row is led to by a run all the same.
            let row = if rule.shape.row == 0 { SHORTEST } else { rule.shape.row as usize };
            let (alphabet, row) = (rule.shape.alphabet, row.min(LONGEST));
            match kinds.iter_mut().find(|(known, _)| *known == alphabet) {
                Some((_, least)) => *least = row.min(*least),
                None => kinds.push((alphabet, row)),
            }
        }
        // Of what does not fit in lanes of its own, one alphabet is made that holds all.
        kinds.sort_by_key(|(alphabet, row)| {
            (alphabet.iter().map(|w| w.count_ones()).sum::<u32>(), *row)
        });
        while kinds.len() > LANES {
            let (one, other) = (kinds.pop(), kinds.pop());
            let Some(((a, m), (b, n))) = one.zip(other) else { break };
            kinds.push((std::array::from_fn(|w| a[w] | b[w]), m.min(n)));
        }
        let mut lanes = [[0; LANES]; 256];
        let mut lacking = [0; LANES];
        for (lane, (alphabet, row)) in kinds.into_iter().enumerate() {
            lacking[lane] = (LONGEST + 1 - row) as u8;
            for (byte, lanes) in lanes.iter_mut().enumerate() {
                lanes[lane] = if alphabet[byte >> 6] >> (byte & 63) & 1 == 1 { 255 } else { 0 };
            }
        }
        Self { lanes: lanes.map(u128::from_ne_bytes), lacking: u128::from_ne_bytes(lacking) }
    }

    /// Whether `text` holds a long enough row of one of the alphabets.
    pub fn any_in(&self, text: &[u8]) -> bool {
        let mut counts = 0_u128;
        text.iter().any(|&byte| {
            counts = (counts + ONES) & self.lanes[usize::from(byte)];
            (counts + self.lacking) & TOPS != 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;
    use crate::rules::Catalogue;
    use crate::rules::dice::Dice;

    #[test]
    fn a_row_of_an_alphabet_is_found_and_a_broken_one_is_not() {
        let rules = Catalogue::embedded();
        let hex = rules.find("datadog-api-key").expect("an embedded rule").clone();
        let rows = Rows::new(&[hex]);
        let mut dice = Dice::seeded(4);
        for length in 0..300 {
            let mut text = dice.text(b"0123456789abcdef", length);
            assert_eq!(rows.any_in(&text), length >= 32, "{length}");
            (0..length).step_by(30).for_each(|at| text[at] = b'_');
            assert!(!rows.any_in(&text), "{length}");
        }
    }
}
