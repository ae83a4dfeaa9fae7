//! The redirect rules on texts that libFuzzer finds: accepted texts parse alike in two other parsers, no rule panics, every
//! suggestion and fix is valid, and no allowed URL leads elsewhere.
//!
//! ```sh
//! cargo install --locked cargo-fuzz
//! cargo +nightly fuzz run redirect -- -dict=fuzz/redirect.dict -max_len=200 -timeout=5 -max_total_time=1800
//! ```
#![no_main]

#[path = "../../tests/redirect/oracle.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|text: &str| {
    oracle::accepted_alike(text);
    oracle::rules_hold(text);
});
