//! The port to the platform.

/// The platform that an emulator runs on. The wasm binding implements it with the clock and the random bytes of
/// JavaScript, tests with a clock that they move.
pub trait Host {
    /// Returns the time, in milliseconds since 1970-01-01T00:00:00Z.
    fn now(&mut self) -> u64;
    /// Fills the buffer with random bytes.
    fn random(&mut self, bytes: &mut [u8]);
}
