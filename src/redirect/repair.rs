//! The form that was meant, where a text that the grammar refuses has one.

use super::ToAscii;
use super::grammar::{self, Reason, Refusal};
use super::text::{after, has, hexadecimal, is_one_of, split, split_scheme, strip, trim, trim_start, until};
use crate::concat::Concat as _;

/// A URI that the grammar takes and that a browser would make of the text, or its author meant; nothing where that is
/// a guess, as with a user name before a host.
pub(super) fn repair(text: &str, to_ascii: ToAscii<'_>) -> Option<String> {
    // A text may have several faults; one with more is not worth a suggestion.
    let mut candidate = text.to_owned();
    for _ in 0..4 {
        match grammar::parse(&candidate) {
            Ok(_) => return Some(candidate),
            Err(refusal) => candidate = step(&candidate, refusal, to_ascii)?,
        }
    }
    None
}

/// The text without the one fault.
fn step(text: &str, Refusal { reason, at }: Refusal, to_ascii: ToAscii<'_>) -> Option<String> {
    let (before, from) = split(text, at);
    let trimmed = trim(text);
    let encoded;
    let parts = match reason {
        _ if trimmed.len() < text.len() => [trimmed, "", ""],
        Reason::Fragment => [before, "", ""],
        // A browser drops a tab or a line break within, and others don't: who knows what was meant.
        Reason::Space | Reason::NonAscii | Reason::Character | Reason::Apostrophe if has(before, b'/') => {
            encoded = encode(from);
            [before, &encoded, ""]
        }
        Reason::Escape => [before, "%25", after(from, 1)],
        Reason::Slashes | Reason::NoHost => {
            let (scheme, rest) = until(text, ":");
            [scheme, "://", trim_start(after(rest, 1), b'/')]
        }
        Reason::NotAbsolute => {
            // The text begins with what is plainly a host.
            let text = strip(text, "//").unwrap_or(text);
            let host = until(text, "/?:").0;
            let is_local = is_one_of("localhost 127.0.0.1", host);
            if !is_local && !has(host, b'.') {
                return None;
            }
            [if is_local { "http" } else { "https" }, "://", text]
        }
        Reason::HostNonAscii | Reason::HostEscape | Reason::Host | Reason::Ipv4 | Reason::Label => {
            // The host that a browser would ask for, without a dot at its end.
            let (scheme, rest) = split_scheme(text)?;
            let (host, tail) = until(rest, "/?#:");
            encoded = match host.strip_suffix('.') {
                Some(host) => host.to_owned(),
                None => to_ascii?(host)?,
            };
            let is_good = is_one_of("http https", scheme) && grammar::parse_authority(&encoded).is_ok();
            return is_good.then(|| [scheme, "://", &encoded, tail].concat());
        }
        _ => return None,
    };
    Some(parts.concat())
}

/// With a percent escape for every byte that may not stand in a URI (RFC 3986 §2.1).
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if grammar::is_uri_byte(byte) && !matches!(byte, b'[' | b']' | b'\'') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&hexadecimal(u32::from(byte), 2));
        }
    }
    encoded
}
