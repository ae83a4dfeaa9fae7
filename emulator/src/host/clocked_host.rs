//! The host as the service sees it.

use crate::host::port::Host;
use crate::host::random::SeededRandom;

/// A host whose clock is the emulator's, and whose random bytes come from the option `seed` if it was set.
pub(crate) struct ClockedHost<'a> {
    /// The time of the request. It stays the same until the response is ready.
    pub(crate) now: u64,
    pub(crate) seeded: Option<&'a mut SeededRandom>,
    pub(crate) host: &'a mut dyn Host,
}

impl Host for ClockedHost<'_> {
    fn now(&mut self) -> u64 {
        self.now
    }

    fn random(&mut self, bytes: &mut [u8]) {
        match &mut self.seeded {
            Some(seeded) => seeded.fill(bytes),
            None => self.host.random(bytes),
        }
    }
}
