//! The platform that the emulator runs on: its clock and its random bytes, and the values that are derived from them.
//!
//! - `port`: the trait `Host`, which a platform implements
//! - `clock`: the emulator's clock, which follows the platform's or was set by a test; `date`: times as text
//! - `random`: random IDs, and a generator that repeats its output from a seed
//! - `clocked_host`: the `Host` that the service sees, with the emulator's clock and the generator of the option `seed`
//! - `digest`: SHA-256, and IDs that are derived from a text

pub(crate) mod clock;
pub(crate) mod clocked_host;
pub(crate) mod date;
pub(crate) mod digest;
pub(crate) mod port;
pub(crate) mod random;
