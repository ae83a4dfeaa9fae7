//! A cursor over a text.

use super::class::{QUERY, SCHEME, is};
use super::reason::{Reason, Refusal};

/// A text and how far it is read. After a failure that is the byte index of the fault.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Returns whether an authority ends here (RFC 3986 §3.2); a NUL is refused after it.
    pub(super) fn is_at_end_of_authority(&self) -> bool {
        matches!(self.peek(), 0 | b'/' | b'?' | b'#')
    }

    /// Returns the byte here, or 0, which is in no class, at the end.
    pub(super) fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Reads the given byte, if it is here.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let is_here = self.peek() == byte;
        self.at = self.at.wrapping_add(usize::from(is_here));
        is_here
    }

    /// Reads bytes of a class.
    pub(super) fn skip(&mut self, class: u16) {
        let mut at = self.at;
        for byte in self.text.as_bytes().get(at..).unwrap_or_default() {
            if !is(*byte, class) {
                break;
            }
            at = at.wrapping_add(1);
        }
        self.at = at;
    }

    /// Reads bytes of a class, and percent escapes (RFC 3986 §2.1).
    pub(super) fn skip_escaped(&mut self, class: u16) {
        loop {
            self.skip(class);
            match self.text.as_bytes().get(self.at..) {
                Some([b'%', high, low, ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    self.at = self.at.wrapping_add(3);
                }
                _ => return,
            }
        }
    }

    /// Returns the text read since a byte index.
    pub(super) fn since(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    /// Fails at a byte index.
    pub(super) fn fail<T>(&mut self, at: usize, reason: Reason) -> Result<T, Reason> {
        self.at = at;
        Err(reason)
    }

    /// Succeeds at the end of the text.
    ///
    /// # Errors
    /// The fault of the character at this position.
    pub(super) fn end(&self) -> Result<(), Reason> {
        Err(match self.peek() {
            0 if self.at >= self.text.len() => return Ok(()),
            b' ' => Reason::Space,
            b'#' => Reason::Fragment,
            b'%' => Reason::Escape,
            b'\'' => Reason::Apostrophe,
            b'\\' => Reason::Backslash,
            0x80.. => Reason::NonAscii,
            0..=0x1F | 0x7F => Reason::Control,
            _ => Reason::Character,
        })
    }
}

/// Returns the refusal of a character that neither the query of a custom scheme nor a fragment (RFC 3986 §3.5) may have.
pub(in crate::redirect) fn query_refusal(text: &str) -> Option<Refusal> {
    let mut reader = Reader::new(text);
    reader.skip_escaped(QUERY);
    let reason = reader.end().err()?;
    Some(Refusal { reason, at: reader.at })
}

/// Returns the length of the scheme that a text begins with (RFC 3986 §3.1), or 0.
pub(in crate::redirect) fn scheme_length(text: &str) -> usize {
    let mut reader = Reader::new(text);
    reader.skip(SCHEME);
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) { reader.at } else { 0 }
}
