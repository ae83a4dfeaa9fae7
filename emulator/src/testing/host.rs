//! The host of unit tests.

use crate::host::port::Host;

/// A host with a clock that tests move, and random bytes that count up.
pub(crate) struct TestHost {
    pub(crate) now: u64,
    /// The last random number. With `None`, the random bytes are always zero.
    pub(crate) count: Option<u64>,
}

impl TestHost {
    pub(crate) fn new() -> Self {
        Self { now: 1_772_355_900_042, count: Some(0) }
    }
}

impl Host for TestHost {
    fn now(&mut self) -> u64 {
        self.now
    }

    fn random(&mut self, bytes: &mut [u8]) {
        if let Some(count) = &mut self.count {
            *count = count.wrapping_add(1);
            bytes.iter_mut().rev().zip(count.to_le_bytes()).for_each(|(byte, counted)| *byte = counted);
        }
    }
}
