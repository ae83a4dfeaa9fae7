//! The strict grammar against the `url` crate (WHATWG) and the `fluent-uri` crate (RFC 3986), on texts that are assembled
//! from pieces and then damaged.
//!
//! `REDIRECT_CASES` sets the number of cases and `REDIRECT_SEED` the seed; a failure prints the text.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test")]
#![expect(clippy::arithmetic_side_effects, reason = "a test")]

#[path = "redirect/oracle.rs"]
mod oracle;

use std::env;
use std::thread;

const THREADS: u64 = 2;

#[test]
fn accepted_texts_parse_alike() {
    let cases = variable("REDIRECT_CASES", 1_000_000) / THREADS;
    let seed = variable("REDIRECT_SEED", 0x5EED);
    let threads: Vec<_> = (0..THREADS).map(|thread| thread::spawn(move || run(seed + thread, cases))).collect();
    let accepted: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    println!("{accepted} of {} texts accepted", cases * THREADS);
    // A test with few accepted texts would check little.
    assert!(accepted * 4 >= cases * THREADS, "only {accepted} of {} texts were accepted", cases * THREADS);
}

/// Returns how many of a number of texts are accepted.
fn run(seed: u64, cases: u64) -> u64 {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut accepted = 0;
    for case in 0..cases {
        let text = text(&mut random);
        accepted += u64::from(oracle::accepted_alike(&text));
        // This is slower.
        if case % 64 == 0 {
            oracle::rules_hold(&text);
            oracle::rules_hold(&mistaken(&mut random));
        }
    }
    accepted
}

const SCHEMES: [&str; 16] = [
    "https",
    "https",
    "https",
    "http",
    "http",
    "HTTPS",
    "hTTp",
    "com.example.app",
    "myapp",
    "a+b-c.d",
    "X",
    "javascript",
    "file",
    "ws",
    "urn",
    "",
];
const MARKS: [&str; 12] = ["://", "://", "://", "://", "://", "://", "://", ":", ":/", ":///", ":\\\\", ""];
const HOSTS: [&str; 48] = [
    "example.com",
    "example.com",
    "example.com",
    "shop.example.co.uk",
    "localhost",
    "Example.COM",
    "a",
    "a-b.c--d.e",
    "r3---sn.example",
    "127.0.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "256.1.1.1",
    "127.1",
    "0x7f.1",
    "0177.0.0.1",
    "1.2.3.4.5",
    "1.2.3.4a",
    "4.example",
    "example.4",
    "example.0x",
    "[::1]",
    "[::]",
    "[1:2:3:4:5:6:7:8]",
    "[2001:DB8::1]",
    "[1:0:0:2::3]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:1.2.3.4]",
    "[::1%25eth0]",
    "[v1.x]",
    "[1::2::3]",
    "xn--fa-hia.de",
    "xn--80ak6aa92e.com",
    "XN--FA-HIA.de",
    "xn--a.com",
    "xn--",
    "faß.de",
    "ex%61mple.com",
    "example.com.",
    "a..b",
    ".a",
    "-a.example",
    "a_b.example",
    "*.example.com",
    "*-pr.example.com",
    "user@example.com",
    "user:pw@example.com",
    "",
];
const PORTS: [&str; 16] =
    ["", "", "", "", "", "", ":80", ":443", ":8080", ":65535", ":65536", ":0", ":", ":080", ":+80", ":80@evil.example"];
const PATHS: [&str; 32] = [
    "",
    "/",
    "/cb",
    "/cb",
    "/a/b/c",
    "/a//b",
    "//",
    "/cb/",
    "/a;b=c/d,e",
    "/%20",
    "/%2F",
    "/%00",
    "/%e9",
    "/..",
    "/.",
    "/a/../b",
    "/%2e%2E/",
    "/..;/a",
    "/..%2fa",
    "/.a/..b/c..",
    "/...",
    "/a\\b",
    "/a b",
    "/é",
    "/a|b",
    "/@",
    "/:80",
    "/(a)!$&'*+=~",
    "/%",
    "/%2",
    "/[a]",
    "/\"<>{}^`",
];
const QUERIES: [&str; 20] = [
    "",
    "",
    "",
    "?",
    "?a=b",
    "?a=b&c=d",
    "?next=https://example.com/",
    "?%41",
    "?a/b?c",
    "?'",
    "?a[]=1",
    "?é",
    "?%zz",
    "?@",
    "?code=1&state=2",
    "#",
    "#a",
    "?#",
    "?a b",
    "?a\tb",
];
/// Characters to insert.
const CHARACTERS: [&str; 64] = [
    "a", "b", "z", "A", "Z", "0", "1", "9", "-", "-", ".", ".", "_", "~", "!", "$", "&", "'", "(", ")", "*", "+", ",",
    ";", "=", ":", ":", "@", "/", "/", "?", "#", "%", "%", "%41", "%2e", "%2f", "%5C", "%00", "[", "]", "\\", "|", "^",
    "`", "{", "}", "<", ">", "\"", " ", "\t", "\n", "\r", "\0", "\u{7f}", "é", "\u{ad}", "\u{3002}", "\u{ff0f}",
    "\u{200d}", "😀", "xn--", "0x",
];

/// URLs as people register them, to insert mistakes into.
const REAL: [&str; 12] = [
    "https://shop.example.com/api/auth/callback",
    "https://shop.example.com/cb?tenant=7&code=1",
    "http://localhost:3000/cb",
    "http://127.0.0.1:8080/",
    "https://my-shop.vercel.app/callback",
    "https://*-shop.example.com/api/auth/callback",
    "https://münchen.example/cb",
    "https://0.0.0.0:4321/cb",
    "com.example.app:/oauth2redirect",
    "shop.example.com",
    "https://shop.example.com#/login",
    "http://SHOP.example.com:80",
];
/// Texts to insert into them, before them or after them.
const MISTAKES: [&str; 56] = [
    "https://",
    "http:",
    "https//",
    "//",
    "/",
    ":",
    ":*",
    "*",
    ".",
    "?",
    "#",
    "%",
    "@",
    " ",
    ",",
    ";",
    "|",
    "\n",
    "\"",
    "'",
    "<",
    ">",
    "https%3A%2F%2F",
    "%2F",
    "%63",
    "%00",
    "%c0%af",
    "%25",
    "\u{200B}",
    "\u{FEFF}",
    "\u{200D}",
    "\u{A0}",
    "\u{AD}",
    "\u{202E}",
    "\u{3002}",
    "é",
    "undefined",
    "null",
    "${HOST}",
    "{{host}}",
    "%HOST%",
    "<host>",
    "[object Object]",
    "your-",
    "_",
    "0",
    "s",
    "h",
    "xn--",
    "XN--A",
    "evil.example",
    ",https://evil.example",
    " evil.example/cb",
    "&state=",
    "localhost",
    "vercel.app",
];

/// Returns a real URL with one to three mistakes, sometimes percent-encoded as a whole.
fn mistaken(random: &mut Random) -> String {
    let mut text = REAL[random.below(REAL.len())].to_owned();
    for _ in 0..=random.below(3) {
        if random.below(3) == 0 {
            damage(&mut text, random);
            continue;
        }
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        text.insert_str(places[random.below(places.len())], MISTAKES[random.below(MISTAKES.len())]);
    }
    if random.below(16) == 0 {
        let all = random.below(2) == 0;
        let encode = |byte: u8| match byte {
            b'a'..=b'z' | b'.' if !all => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        text = text.bytes().map(encode).collect();
    }
    text
}

fn text(random: &mut Random) -> String {
    let mut text = String::new();
    for pieces in [&SCHEMES[..], &MARKS, &HOSTS, &PORTS, &PATHS, &QUERIES] {
        // The first pieces of a table are the ordinary ones.
        let some = if random.below(6) == 0 { pieces.len() } else { pieces.len().div_ceil(3) };
        text.push_str(pieces[random.below(some)]);
    }
    if random.below(8) == 0 {
        // A text of random characters.
        text = (0..random.below(12)).map(|_| CHARACTERS[random.below(CHARACTERS.len())]).collect();
    }
    for _ in 0..[0, 0, 0, 1, 1, 3][random.below(6)] {
        damage(&mut text, random);
    }
    text
}

fn damage(text: &mut String, random: &mut Random) {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let at = places[random.below(places.len())];
    let character = CHARACTERS[random.below(CHARACTERS.len())];
    match random.below(4) {
        0 if at < text.len() => _ = text.remove(at),
        1 if at < text.len() => {
            text.remove(at);
            text.insert_str(at, character);
        }
        2 => {
            let to = places[random.below(places.len())];
            let piece = text[at.min(to)..at.max(to)].to_owned();
            text.insert_str(to, &piece);
        }
        _ => text.insert_str(at, character),
    }
}

/// Marsaglia's xorshift: the same texts on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) as usize) % bound
    }
}

fn variable(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}
