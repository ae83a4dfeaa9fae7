//! The form that was meant, where a text that the grammar refuses has one.

use super::ToAscii;
use super::grammar::{self, Reason, Refusal};

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
    let (before, from) = text.split_at_checked(at)?;
    match reason {
        Reason::Fragment => Some(before.to_owned()),
        Reason::Control | Reason::Space => {
            let trimmed = text.trim_matches(|char: char| char <= ' ');
            if trimmed.len() < text.len() {
                return Some(trimmed.to_owned());
            }
            // A browser drops a tab or a line break, and others don't: who knows what was meant.
            (reason == Reason::Space && before.contains('/')).then(|| [before, &encode(from)].concat())
        }
        // What a browser makes of it; unless a user name hides in it.
        Reason::Backslash => (!text.contains('@')).then(|| text.replace('\\', "/")),
        Reason::NonAscii | Reason::Character | Reason::Apostrophe => {
            before.contains('/').then(|| [before, &encode(from)].concat())
        }
        Reason::Escape => Some([before, "%25", from.strip_prefix('%')?].concat()),
        Reason::Slashes | Reason::NoHost => {
            let (scheme, rest) = text.split_once(':')?;
            Some([scheme, "://", rest.trim_start_matches('/')].concat())
        }
        Reason::NotAbsolute => absolute(text),
        Reason::HostNonAscii | Reason::HostEscape | Reason::Host | Reason::Ipv4 | Reason::Label => {
            replace_host(text, to_ascii)
        }
        Reason::Port => {
            let (digits, tail) = from.split_at_checked(from.find(['/', '?']).unwrap_or(from.len()))?;
            match digits.trim_start_matches('0') {
                "" if digits.is_empty() => Some([before.strip_suffix(':')?, tail].concat()),
                "" => None,
                port => (port.len() < digits.len()).then(|| [before, port, tail].concat()),
            }
        }
        Reason::DotSegment => without_dots(text),
        Reason::AtSign => text.split_once('?').map(|(origin, query)| [origin, "/?", query].concat()),
        Reason::Scheme | Reason::Userinfo | Reason::Ipv6 | Reason::Zone | Reason::Wildcard => None,
    }
}

/// With a scheme, where the text begins with what is plainly a host.
fn absolute(text: &str) -> Option<String> {
    let text = text.strip_prefix("//").unwrap_or(text);
    let host = text.split(['/', '?', ':']).next()?;
    if host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" {
        return Some(["http://", text].concat());
    }
    let (_, top) = host.rsplit_once('.')?;
    (!host.starts_with('.') && !top.is_empty()).then(|| ["https://", text].concat())
}

/// With the host that a browser would ask for, without a dot at its end.
fn replace_host(text: &str, to_ascii: ToAscii<'_>) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let (host, tail) = rest.split_at_checked(rest.find(['/', '?', '#', ':']).unwrap_or(rest.len()))?;
    if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
        return None;
    }
    let ascii = match host.strip_suffix('.') {
        Some(host) => host.to_owned(),
        None => to_ascii?(host).filter(|host| grammar::parse_authority(host).is_ok())?,
    };
    (ascii != host && !ascii.is_empty()).then(|| [scheme, "://", &ascii, tail].concat())
}

/// With its dot segments resolved (RFC 3986 §5.2.4), as far as a browser does that.
fn without_dots(text: &str) -> Option<String> {
    let start = text.find("://").map_or(0, |colon| colon.saturating_add(3));
    let slash = text.get(start..)?.find('/')?.saturating_add(start);
    let (head, tail) = text.split_at_checked(slash)?;
    let (path, query) = tail.split_at_checked(tail.find(['?', '#']).unwrap_or(tail.len()))?;
    let mut segments: Vec<&str> = Vec::new();
    let mut ends_in_dots = false;
    for segment in path.split('/').skip(1) {
        let plain = segment.replace("%2e", ".").replace("%2E", ".");
        ends_in_dots = plain == "." || plain == "..";
        if plain == ".." {
            segments.pop();
        } else if plain != "." {
            segments.push(segment);
        }
    }
    if ends_in_dots {
        segments.push("");
    }
    let resolved = [head, "/", &segments.join("/"), query].concat();
    (resolved != text).then_some(resolved)
}

/// With a percent escape for every character that may not stand in a URI (RFC 3986 §2.1; of its UTF-8 bytes).
fn encode(text: &str) -> String {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let mut encoded = String::with_capacity(text.len().saturating_mul(2));
    for char in text.chars() {
        if matches!(char, '!' | '#'..='&' | '('..=';' | '=' | '?'..='Z' | '_' | 'a'..='z' | '~') {
            encoded.push(char);
            continue;
        }
        for byte in char.encode_utf8(&mut [0; 4]).bytes() {
            let digit = |value: u8| HEX.get(usize::from(value)).copied().unwrap_or('0');
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    encoded
}
