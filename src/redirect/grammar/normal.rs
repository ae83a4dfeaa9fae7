//! The normal form of a URI.

use crate::text::{has, split, split_scheme, until};

/// Returns the normal form of a URI (RFC 3986 §6.2): scheme and host in lower case, no default port, and `/` for the empty
/// path of a web URL. For a URI that the grammar accepts, this is the spelling of browsers, except that a custom scheme's
/// host is in lower case too. It reads any text, because a list may hold entries that the grammar refuses.
pub fn normal_form(text: &str) -> String {
    let length = match split_scheme(text) {
        Some((_, rest)) => text.len().wrapping_sub(until(rest, "/?#").1.len()),
        None if has(text, b':') => until(text, ":").0.len(),
        None => 0,
    };
    let (origin, tail) = split(text, length);
    let mut origin = origin.to_ascii_lowercase();
    for (scheme, port) in [("https://", ":443"), ("http://", ":80")] {
        if origin.starts_with(scheme) {
            if origin.ends_with(port) {
                origin.truncate(origin.len().wrapping_sub(port.len()));
            }
            if !tail.starts_with('/') {
                origin.push('/');
            }
        }
    }
    origin.push_str(tail);
    origin
}
