//! Parsing the destination of a URL: scheme and authority strictly, and the rest leniently.

use super::reader::Reader;
use super::reason::{Reason, Refusal};
use super::uri::Uri;
use crate::text::{after, split};

/// Parses a URL of which only the destination counts: scheme and authority as [`parse`](super::parse) does; a path, query
/// and fragment of any characters except those that some reader drops, or takes for the end of the host.
///
/// The URI's `query` is everything after the first `?` or `#`, with the fragment.
///
/// # Errors
/// If two readers could take the URL to two places.
pub fn parse_destination(text: &str) -> Result<Uri<'_>, Refusal> {
    let mut reader = Reader::new(text);
    let mut uri = reader.head().map_err(|reason| Refusal { reason, at: reader.at })?;
    let (path, query) = tail(after(text, reader.at), uri.is_web())
        .map_err(|Refusal { reason, at }| Refusal { reason, at: at.wrapping_add(reader.at) })?;
    (uri.path, uri.query) = (path, query);
    Ok(uri)
}

/// Splits what follows the authority of a URL into its path and, after the first `?` or `#`, the rest.
///
/// # Errors
/// If it has a character that some readers drop, cut the text at, or take for a slash; or an `@` directly after a web host.
pub fn tail(text: &str, is_web: bool) -> Result<(&str, Option<&str>), Refusal> {
    let (mut at, mut end, mut has_at) = (0_usize, text.len(), false);
    for byte in text.bytes() {
        let reason = match byte {
            b' ' => Reason::Space,
            b'\\' => Reason::Backslash,
            0..=0x1F | 0x7F => Reason::Control,
            _ => {
                match byte {
                    b'?' | b'#' => end = end.min(at),
                    b'@' => has_at = true,
                    _ => {}
                }
                at = at.wrapping_add(1);
                continue;
            }
        };
        return Err(Refusal { reason, at });
    }
    let (path, rest) = split(text, end);
    if is_web && path.is_empty() && has_at {
        return Err(Refusal { reason: Reason::AtSign, at: 0 });
    }
    Ok((path, (!rest.is_empty()).then(|| after(rest, 1))))
}
