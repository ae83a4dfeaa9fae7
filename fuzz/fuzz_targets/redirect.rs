//! Checks the redirect rules on texts that libFuzzer generates: two other parsers read an accepted text alike, no rule
//! panics, every suggestion and fix is accepted, and no allowed URL leads to another host.
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
