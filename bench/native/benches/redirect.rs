//! The redirect rules beside the `url` crate.
//!
//! ```sh
//! cargo bench --manifest-path bench/native/Cargo.toml
//! ```

use std::collections::HashSet;

use divan::{Bencher, black_box};
use url::Url;
use wix_oauth_apps::redirect::check::{After, RedirectChecker};
use wix_oauth_apps::redirect::{domain, grammar, uri};

/// 60 bytes.
const URL: &str = "https://shop.example.com/auth/callback?tenant=7&locale=en-GB";

fn main() {
    assert_eq!(URL.len(), 60);
    divan::main();
}

#[divan::bench(sample_size = 1000)]
fn parse_60_bytes() -> bool {
    grammar::parse(black_box(URL)).is_ok()
}

#[divan::bench(sample_size = 1000)]
fn parse_60_bytes_url_crate() -> bool {
    Url::parse(black_box(URL)).is_ok()
}

#[divan::bench]
fn validate_20_uris(bencher: Bencher<'_, '_>) {
    let uris = uris();
    let entries: Vec<Option<&str>> = uris.iter().map(|uri| Some(uri.as_str())).collect();
    bencher.bench(|| {
        let mut violations = Vec::new();
        uri::list("allowedRedirectUris", black_box(&entries), None, &mut violations);
        violations
    });
}

#[divan::bench]
fn validate_20_domains(bencher: Bencher<'_, '_>) {
    let domains = domains();
    let entries: Vec<Option<&str>> = domains.iter().map(|domain| Some(domain.as_str())).collect();
    bencher.bench(|| {
        let mut violations = Vec::new();
        domain::list("allowedRedirectDomains", black_box(&entries), None, &mut violations);
        violations
    });
}

/// A verdict with 20 URIs and 20 domains: the last entry matches, or none.
#[divan::bench(args = ["https://shop19.example.com/auth/callback", "https://shop19.example.com/auth/callback/"])]
fn verdict_after_authentication(bencher: Bencher<'_, '_>, url: &str) {
    verdict(bencher, url, After::Authentication);
}

#[divan::bench(args = ["https://shop19.example.com/thanks", "https://shop20.example.com/thanks"])]
fn verdict_after_other(bencher: Bencher<'_, '_>, url: &str) {
    verdict(bencher, url, After::Other);
}

/// The alternative without this library: parse, and look up.
#[divan::bench(args = ["https://shop19.example.com/auth/callback", "https://shop19.example.com/auth/callback/"])]
fn verdict_url_crate_and_set(bencher: Bencher<'_, '_>, url: &str) {
    let uris: HashSet<String> = uris().into_iter().collect();
    bencher.bench(|| Url::parse(black_box(url)).is_ok_and(|url| uris.contains(url.as_str())));
}

fn verdict(bencher: Bencher<'_, '_>, url: &str, after: After) {
    let (uris, domains) = (uris(), domains());
    let uris: Vec<&str> = uris.iter().map(String::as_str).collect();
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    let checker = RedirectChecker::from_lists(&uris, &domains);
    bencher.bench_local(|| checker.check(black_box(url), after, None).allowed);
}

fn uris() -> Vec<String> {
    (0..20).map(|n| format!("https://shop{n}.example.com/auth/callback")).collect()
}

fn domains() -> Vec<String> {
    (0..20).map(|n| format!("shop{n}.example.com")).collect()
}
