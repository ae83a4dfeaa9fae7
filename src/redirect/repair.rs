//! Repairing a text that the grammar refuses.

use super::ToAscii;
use super::grammar::{self, Reason, Refusal};
use crate::concat::Concat as _;
use crate::text::{after, has, hexadecimal, is_one_of, split, split_scheme, strip, trim, trim_start, until};

/// Returns the URI that a browser would make of the text or that its author meant, unless that would be a guess, as with
/// a user name before a host.
pub(super) fn repair(text: &str, to_ascii: ToAscii<'_>) -> Option<String> {
    // A text with more faults than that is not worth a suggestion.
    let mut candidate = text.to_owned();
    for _ in 0..4 {
        match grammar::parse(&candidate) {
            Ok(_) => return Some(candidate),
            Err(refusal) => candidate = step(&candidate, refusal, to_ascii)?,
        }
    }
    None
}

/// Returns the text without one fault.
fn step(text: &str, Refusal { reason, at }: Refusal, to_ascii: ToAscii<'_>) -> Option<String> {
    let (before, from) = split(text, at);
    let trimmed = trim(text);
    let encoded;
    let parts = match reason {
        _ if trimmed.len() < text.len() => [trimmed, "", ""],
        Reason::Fragment => [before, "", ""],
        // Browsers drop a tab or a line break inside a text, and other readers keep it, so neither is repaired.
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
            // Only a text that clearly begins with a host is repaired.
            let text = strip(text, "//").unwrap_or(text);
            let host = until(text, "/?:").0;
            let is_local = is_one_of("localhost 127.0.0.1", host);
            if !is_local && !has(host, b'.') {
                return None;
            }
            [if is_local { "http" } else { "https" }, "://", text]
        }
        Reason::HostNonAscii | Reason::HostEscape | Reason::Host | Reason::Ipv4 | Reason::Label => {
            // The host that a browser would ask for, without a trailing dot.
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

/// Percent-encodes every byte that a URI must not have (RFC 3986 §2.1).
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
