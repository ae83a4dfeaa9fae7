//! Where a URL leads: the part of the grammar that decides it, strictly, and the rest of the URL leniently.

use super::super::text::{after, has, until};
use super::{Reader, Reason, Refusal, Uri};

/// Reads a URL of which only the destination counts: scheme and authority as [`parse`](super::parse) does; a path, query
/// and fragment of any characters but those that some reader drops, or takes for the end of the host.
///
/// The URI's `query` is everything after the first `?` or `#`, the fragment included.
///
/// # Errors
/// As [`parse`](super::parse), for what two readers could take to two places.
pub fn parse_destination(text: &str) -> Result<Uri<'_>, Refusal> {
    let mut reader = Reader { text, at: 0 };
    reader.destination().map_err(|reason| Refusal { reason, at: reader.at })
}

impl<'a> Reader<'a> {
    fn destination(&mut self) -> Result<Uri<'a>, Reason> {
        let mut uri = self.head()?;
        let tail = after(self.text, self.at);
        if let Some((place, reason)) = misread(tail) {
            return self.fail(self.at.wrapping_add(place), reason);
        }
        let (path, rest) = until(tail, "?#");
        uri.path = path;
        if !rest.is_empty() {
            uri.query = Some(after(rest, 1));
            if uri.is_web() && path.is_empty() && has(rest, b'@') {
                return Err(Reason::AtSign);
            }
        }
        Ok(uri)
    }
}

/// The first character of a path, query or fragment that some readers drop, cut the text at, or take for a slash.
pub(in crate::redirect) fn misread(tail: &str) -> Option<(usize, Reason)> {
    let mut place = 0_usize;
    for byte in tail.bytes() {
        let reason = match byte {
            b' ' => Reason::Space,
            b'\\' => Reason::Backslash,
            0..=0x1F | 0x7F => Reason::Control,
            _ => {
                place = place.wrapping_add(1);
                continue;
            }
        };
        return Some((place, reason));
    }
    None
}
