//! Compares the emulator's rules with the client's `checkRedirect` on random apps and URLs that almost match.
//!
//! `AGREEMENT_CASES` sets the number of cases, and `AGREEMENT_SEED` selects others. A failure names the entries and the URL.

use std::env;

use serde_json::json;
use wix_oauth_apps::redirect::check::{After, RedirectChecker};

use super::*;
use crate::http::json::Object;

#[test]
fn the_emulator_and_check_redirect_agree() {
    let cases = variable("AGREEMENT_CASES", 200_000);
    let seed = variable("AGREEMENT_SEED", 0x5EED);
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let options = Options::default();
    let mut allowed = [0_u64; 2];
    let mut wildcards = 0_u64;
    for _ in 0..cases {
        let uris: Vec<String> = (0..=random.below(3)).map(|_| url(&mut random)).collect();
        let domains: Vec<String> = (0..=random.below(3)).map(|_| domain(&mut random)).collect();
        let asked = match random.below(4) {
            0 => url(&mut random),
            1 => mutated(uris.first().map_or("", String::as_str), &mut random),
            2 => random.pick(&uris).clone(),
            _ => on_domain(random.pick(&domains).clone().as_str(), &mut random),
        };
        let app = App::new(
            "",
            Object::from_iter([
                ("allowedRedirectUris".to_owned(), json!(uris)),
                ("allowedRedirectDomains".to_owned(), json!(domains)),
            ]),
            None,
        );
        let lists = [&uris, &domains].map(|list| list.iter().map(String::as_str).collect::<Vec<_>>());
        let [uris, domains] = &lists;
        let checker = RedirectChecker::from_lists(uris, domains);
        for (after, emulated, count) in [
            (After::Authentication, allows_uri(&app, &asked, &options), 0),
            (After::Other, allows_domain(&app, &asked, &options), 1),
        ] {
            let verdict = checker.check(&asked, after, None);
            assert_eq!(
                verdict.allowed, emulated,
                "{asked:?} after {after:?}, with {uris:?} and {domains:?}: {}",
                verdict.message
            );
            if let Some(count) = allowed.get_mut(count) {
                *count = count.saturating_add(u64::from(emulated));
            }
            wildcards = wildcards.saturating_add(u64::from(
                verdict.matched.is_some_and(|entry| after == After::Authentication && entry != asked),
            ));
        }
    }
    // The comparison is worth little if few URLs are allowed.
    println!("{cases} cases; allowed: {allowed:?}, {wildcards} of them through a wildcard");
    assert!(allowed.iter().all(|count| count.saturating_mul(25) >= cases), "{allowed:?} of {cases} were allowed");
    assert!(wildcards.saturating_mul(200) >= cases, "{wildcards} of {cases} matched a wildcard");
}

const SCHEMES: [&str; 18] = [
    "https://",
    "https://",
    "https://",
    "https://",
    "http://",
    "HTTPS://",
    "hTTp://",
    "https:",
    "https:///",
    "//",
    "",
    "com.example.app:/",
    "myapp://",
    "javascript:",
    "mailto:",
    "intent://",
    "MS-word:",
    "slack://",
];
const HOSTS: [&str; 60] = [
    "shop.example.com",
    "shop.example.com",
    "example.com",
    "localhost",
    "a.b.example.com",
    "pr-7-shop.example.com",
    "*-shop.example.com",
    "*-shop.example.com",
    "*.example.com",
    "pr.example.com",
    "shop.localhost",
    "127.0.0.1",
    "[::1]",
    "Shop.Example.com",
    "LOCALHOST",
    "shop-*.example.com",
    "shop-1.example.com",
    "a*b*.example.com",
    "axbx.example.com",
    "shop.*.com",
    "*",
    "*.com",
    "*.0.0.1",
    "*-.example.com",
    "_x.example.com",
    "a_b.example.com",
    "-a.example.com",
    "a-.example.com",
    "a..example.com",
    ".example.com",
    "example.com.",
    "localhost.",
    "127.1",
    "127.0.0.2",
    "127.0.0.01",
    "127.0.0.256",
    "0x7f.0.0.1",
    "example.0x",
    "example.1",
    "1.2.3.4.5",
    "0.0.0.0",
    "[::]",
    "[::1%25eth0]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[2001:db8::1]",
    "[2001:DB8::1]",
    "[1:0:0:2::3]",
    "[1::2:0:0:3]",
    "[1:2:3:4:5:6:7:8]",
    "[1:2:3:4:5:6::8]",
    "[v1.x]",
    "xn--fa-hia.de",
    "xn--FA-hia.de",
    "xn--example-.com",
    "xn--a.com",
    "xn--*-hia.de",
    "exämple.com",
    "ex%61mple.com",
    "",
];
const PORTS: [&str; 18] = [
    "", "", "", "", "", ":3000", ":3000", ":443", ":80", ":8443", ":0", ":65535", ":65536", ":080", ":+80", ":", ":8a",
    ":*",
];
const USERS: [&str; 12] = ["", "", "", "", "", "", "", "", "", "user@", "user:pw@", "evil.example:80@"];
const PATHS: [&str; 44] = [
    "",
    "/",
    "/cb",
    "/cb",
    "/cb",
    "/cb/",
    "/CB",
    "/a/b",
    "/a//b",
    "//cb",
    "//evil.example",
    "/\\evil.example",
    "/a b",
    "/a\tb",
    "/é",
    "/[a]",
    "/a|b",
    "/%zz",
    "/..",
    "/a/../b",
    "/%2e%2e/x",
    "/*",
    "/%2f%2fevil.example",
    "/%2Fevil.example",
    "/https://evil.example",
    "/https:%2f%2fevil.example",
    "/https%3A%2F%2Fevil.example",
    "/http:x",
    "/a:b",
    "/a@b",
    "/%252f%252fevil.example",
    "/%25252f/x.y",
    "/%5c%5cevil",
    "/%5Cevil.example",
    "/%09/x.example",
    "//localhost",
    "//a:1",
    "/a//2130706433",
    "//0x7f",
    "/%68ttps:x",
    "/%c3%a9//é",
    "//é",
    "///evil.example",
    "//[::1]",
];
const TAILS: [&str; 16] = [
    "",
    "",
    "",
    "",
    "",
    "?x=1",
    "?",
    "#",
    "#x",
    "?@evil.example",
    "#@evil.example",
    "?next=https://evil.example",
    "?é",
    "?a b",
    "?code=1",
    "#a?b@c",
];
const CHARACTERS: [&str; 42] = [
    "a",
    "Z",
    "0",
    "9",
    "-",
    "_",
    ".",
    ".",
    "*",
    "*",
    ":",
    ":",
    "/",
    "/",
    "//",
    "?",
    "#",
    "@",
    "\\",
    "%",
    "%2f",
    "%2F",
    "%5c",
    "%25",
    " ",
    "\t",
    "\r\n",
    "\0",
    "\u{7f}",
    "[",
    "]",
    "é",
    "\u{ff0f}",
    "\u{3002}",
    "\u{a0}",
    "😀",
    "xn--",
    ":443",
    ":80",
    "localhost",
    "https://",
    "x.y",
];

/// Returns a random URL, or an entry of the redirect URIs. The pieces at the start of each table are the common ones.
fn url(random: &mut Random) -> String {
    let mut url = String::new();
    let odd = random.below(4) == 0;
    for pieces in [&SCHEMES[..], &USERS, &HOSTS, &PORTS, &PATHS, &TAILS] {
        let count = if odd && random.below(3) == 0 { pieces.len() } else { pieces.len().div_ceil(4) };
        url.push_str(pieces.get(random.below(count)).copied().unwrap_or_default());
    }
    if random.below(5) == 0 { mutated(&url, random) } else { url }
}

/// Returns a random entry of the redirect domains.
fn domain(random: &mut Random) -> String {
    let piece = |pieces: &'static [&'static str], random: &mut Random| {
        let count = if random.below(3) == 0 { pieces.len() } else { pieces.len().div_ceil(4) };
        pieces.get(random.below(count)).copied().unwrap_or_default()
    };
    let scheme = if random.below(2) == 0 { "" } else { piece(&SCHEMES, random) };
    let entry = [scheme, piece(&HOSTS, random), piece(&PORTS, random)].concat();
    match random.below(12) {
        0 => mutated(&entry, random),
        1 => entry + "/",
        _ => entry,
    }
}

/// Returns a random URL on the domain of an entry, or near it.
fn on_domain(entry: &str, random: &mut Random) -> String {
    let schemes: &[&str] = if entry.contains("://") { &[""] } else { &["https://", "https://", "http://", "HTTPS://"] };
    let pieces = [schemes, &PATHS[..], &TAILS[..]].map(|pieces| *random.pick(pieces));
    let [scheme, path, tail] = pieces;
    let port = if random.below(4) == 0 { *random.pick(&PORTS) } else { "" };
    let url = [scheme, entry, port, path, tail].concat();
    if random.below(4) == 0 { mutated(&url, random) } else { url }
}

/// Fills in the wildcard of a text, or changes one of its characters.
fn mutated(text: &str, random: &mut Random) -> String {
    if text.contains('*') && random.below(2) == 0 {
        let part: &&str = random.pick(&["pr-7", "a", "A_b", "-", "", "a.b", "*", "é", "127"]);
        return text.replacen('*', part, 1);
    }
    let positions: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let at = *random.pick(&positions);
    let (before, after) = text.split_at(at);
    let character = random.pick(&CHARACTERS);
    let rest = after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
    match random.below(5) {
        0 => [before, rest].concat(),
        1 => [before, character, rest].concat(),
        2 => text.to_ascii_uppercase(),
        3 => text.to_ascii_lowercase(),
        _ => [before, character, after].concat(),
    }
}

/// Marsaglia's xorshift, which generates the same cases on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0).checked_rem(bound).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Reads a number from an environment variable.
fn variable(name: &str, default: u64) -> u64 {
    env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}
