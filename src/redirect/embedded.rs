//! URLs inside the path of a URL, such as `https://shop.example.com/https://evil.example`.
//!
//! A site that redirects to a part of its own path can be misused with such a URL to send visitors anywhere. The
//! detector reads the path as a lenient server or browser would: it decodes percent escapes repeatedly, takes `\` for
//! `/`, and drops tabs and line breaks.

use crate::text::percent_decode;

/// The number of times that a percent-encoded path is decoded: `%25252f` becomes `/` in three rounds.
const MAX_DECODINGS: usize = 4;

/// Returns whether a path carries another URL, in any case and however often it is percent-encoded:
///
/// - `://`
/// - `http:` or `https:` at the start of a segment
/// - `//` before what can be a host: a name with a dot or a port, a user name, `localhost`, an IP address
///
/// Takes the path of any URL, whether or not the strict grammar accepts the URL.
pub fn embeds_url(path: &str) -> bool {
    let path = path.as_bytes();
    let (mut is_suspect, mut previous) = (false, 0);
    for byte in path {
        is_suspect |= matches!(byte, b':' | b'%' | b'\\') || (*byte == b'/' && previous == b'/');
        previous = *byte;
    }
    if !is_suspect {
        return false;
    }
    let mut bytes = percent_decode(path);
    for _ in 1..MAX_DECODINGS {
        bytes = percent_decode(&bytes);
    }
    let bytes = clean(&bytes);
    let mut rest = bytes.as_slice();
    while let [first, tail @ ..] = rest {
        if rest.starts_with(b"://") || (*first == b'/' && is_url_after_slash(tail)) {
            return true;
        }
        rest = tail;
    }
    false
}

/// Returns whether the text after a slash begins with `http:` or `https:`, or is another slash and a host.
fn is_url_after_slash(text: &[u8]) -> bool {
    match text {
        [b'/', b'/', ..] => false, // Judged at its last two slashes.
        [b'/', text @ ..] => {
            let end = text.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(text.len());
            text.get(..end).is_some_and(is_host)
        }
        [b'h', b't', b't', b'p', b':', ..] | [b'h', b't', b't', b'p', b's', b':', ..] => true,
        _ => false,
    }
}

/// Returns whether a browser that reads this segment after `//` can reach a host of the internet or a loopback host. Names
/// without a dot are ordinary segments after a doubled slash: `//cb`.
fn is_host(segment: &[u8]) -> bool {
    let is_ip_number = segment.len() > 7 && segment.iter().all(u8::is_ascii_digit) || segment.starts_with(b"0x");
    let is_name = |byte: &u8| matches!(byte, b'.' | b':' | b'@' | b'[' | 0x80..);
    is_ip_number || segment == b"localhost" || segment.iter().skip(1).any(is_name) || segment.starts_with(b"[")
}

/// Returns the path as a lenient reader sees it: with `/` for `\`, in lower case, without tabs and line breaks.
fn clean(path: &[u8]) -> Vec<u8> {
    let mut cleaned = Vec::with_capacity(path.len());
    for byte in path {
        match byte {
            b'\t' | b'\n' | b'\r' => {}
            b'\\' => cleaned.push(b'/'),
            byte => cleaned.push(byte.to_ascii_lowercase()),
        }
    }
    cleaned
}

#[cfg(test)]
mod tests;
