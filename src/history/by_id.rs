//! Maps by object id: ids are hashes already, so that little is left to do.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use crate::model::ObjectId;

/// A map by object id. Who makes up ids cannot know which of them collide.
pub(super) type ById<T> = HashMap<ObjectId, T, Keyed>;

/// Makes hashers with a key of its own.
#[derive(Clone)]
pub(super) struct Keyed(u64);

impl Default for Keyed {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0) | 1)
    }
}

impl BuildHasher for Keyed {
    type Hasher = Mixer;

    fn build_hasher(&self) -> Mixer {
        Mixer { key: self.0, state: 0 }
    }
}

/// Mixes word after word.
pub(super) struct Mixer {
    key: u64,
    state: u64,
}

impl Mixer {
    fn mix(&mut self, word: u64) {
        let wide = u128::from(self.state ^ word).wrapping_mul(u128::from(self.key));
        self.state = (wide as u64) ^ (wide >> 64) as u64;
    }
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.state
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.mix(u64::from_le_bytes(last) ^ self.key);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte) ^ self.key);
    }
}
