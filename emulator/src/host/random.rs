//! Random values: bytes and IDs from a host, and a generator that repeats its output from a seed.

use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::host::port::Host;

/// Returns `N` random bytes.
pub(crate) fn random_bytes<const N: usize>(host: &mut dyn Host) -> [u8; N] {
    let mut bytes = [0; N];
    host.random(&mut bytes);
    bytes
}

/// Returns a random GUID (UUID version 4).
pub(crate) fn guid(host: &mut dyn Host) -> String {
    guid_from(random_bytes(host))
}

/// Returns the version 4 GUID that consists of these bytes.
pub(crate) fn guid_from(bytes: [u8; 16]) -> String {
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// A generator of random bytes: SHA-256 of a seed and a counter. The same seed gives the same bytes; without the seed,
/// they cannot be predicted.
#[derive(Debug, Clone)]
pub(crate) struct SeededRandom {
    seed: [u8; 32],
    /// The number of blocks that were generated. A snapshot stores it.
    pub(crate) drawn: u64,
}

impl SeededRandom {
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        Self { seed, drawn: 0 }
    }

    /// Returns the generator of a seed that a user chose.
    pub(crate) fn from_text(seed: &str) -> Self {
        Self::new(Sha256::digest(seed).into())
    }

    /// Fills the buffer with the next bytes.
    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::new().chain_update(self.seed).chain_update(self.drawn.to_be_bytes()).finalize();
            chunk.iter_mut().zip(block).for_each(|(byte, random)| *byte = random);
            self.drawn = self.drawn.wrapping_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_well_formed_and_of_version_4() {
        for byte in [0, 0xff] {
            let id = guid_from([byte; 16]);
            assert!(wix_oauth_apps::app::is_guid(&id), "{id}");
            assert_eq!(id.as_bytes()[14], b'4');
            assert!(matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'), "{id}");
        }
        assert_ne!(guid_from([0; 16]), guid_from([1; 16]));
    }

    #[test]
    fn a_seed_repeats_its_bytes_from_any_position() {
        let draw = |random: &mut SeededRandom| {
            let mut bytes = [0; 40];
            random.fill(&mut bytes);
            bytes
        };
        let (mut first, mut second) = (SeededRandom::from_text("a"), SeededRandom::from_text("a"));
        assert_eq!(draw(&mut first), draw(&mut second));
        let next = draw(&mut first);
        assert_ne!(next, draw(&mut SeededRandom::from_text("a")));
        let mut restored = SeededRandom { drawn: second.drawn, ..SeededRandom::from_text("a") };
        assert_eq!(draw(&mut restored), next);
        assert_ne!(draw(&mut SeededRandom::from_text("b")), draw(&mut SeededRandom::from_text("a")));
    }
}
