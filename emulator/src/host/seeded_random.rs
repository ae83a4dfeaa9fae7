//! As many random bytes as are asked for, out of one seed.

use sha2::{Digest, Sha256};

/// A generator: SHA-256 of the seed and a counter. From one seed always the same bytes come; without the seed, nobody can
/// tell them.
#[derive(Debug, Clone)]
pub(crate) struct SeededRandom {
    seed: [u8; 32],
    /// How many blocks came out of it.
    pub(crate) drawn: u64,
}

impl SeededRandom {
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        Self { seed, drawn: 0 }
    }

    /// The generator of a seed that a user chose.
    pub(crate) fn of_text(seed: &str) -> Self {
        Self::new(Sha256::digest(seed).into())
    }

    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        for block in bytes.chunks_mut(32) {
            let drawn = Sha256::new().chain_update(self.seed).chain_update(self.drawn.to_be_bytes()).finalize();
            block.iter_mut().zip(drawn).for_each(|(byte, drawn)| *byte = drawn);
            self.drawn = self.drawn.wrapping_add(1);
        }
    }
}
