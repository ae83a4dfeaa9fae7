//! Helpers of the unit tests.
//!
//! - `host`: a host with a clock that tests move
//! - `client`: an emulator, and an authorized client of it

pub(crate) mod client;
pub(crate) mod host;
