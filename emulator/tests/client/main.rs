//! The client over the emulator, in one process, with a clock that the tests drive and a network that they can break.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::result_large_err,
    reason = "clippy recognizes only functions under `#[test]` as tests"
)]

mod ensure;
#[path = "../../../tests/support/json.rs"]
mod json;
mod list;
mod merge;
mod network;
mod random;
#[path = "../../../tests/sim/mod.rs"]
mod sim;
mod unsettled;
