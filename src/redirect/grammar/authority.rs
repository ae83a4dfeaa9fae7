//! Reading a host and port.

use super::class::DIGIT;
use super::host::{HostKind, decimal};
use super::reader::Reader;
use super::reason::{Reason, Refusal};

/// A host and port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority<'a> {
    /// The host, as spelled.
    pub host: &'a str,
    /// The kind of the host.
    pub host_kind: HostKind,
    /// The port, if one is spelled out.
    pub port: Option<u16>,
}

/// Reads a host and port alone, as in an `https` URL; a `*` in the first label is accepted.
///
/// # Errors
/// The errors of [`parse`](super::parse).
pub fn parse_authority(text: &str) -> Result<Authority<'_>, Refusal> {
    let mut reader = Reader::new(text);
    let authority = reader.authority(true, true);
    let authority = authority.and_then(|authority| reader.end().map(|()| authority));
    authority.map_err(|reason| Refusal { reason, at: reader.at })
}

impl<'a> Reader<'a> {
    /// Reads a host and port, up to the path, the query or the end.
    pub(super) fn authority(&mut self, is_web: bool, is_secure: bool) -> Result<Authority<'a>, Reason> {
        let from = self.at;
        let authority = self.host(is_web, is_secure).and_then(|host_kind| {
            let host = self.since(from);
            let port = if self.eat(b':') { Some(self.port()?) } else { None };
            if self.is_at_end_of_authority() { Ok(Authority { host, host_kind, port }) } else { Err(Reason::Host) }
        });
        authority.map_err(|reason| {
            let found = self.at;
            self.at = from;
            self.disguise().unwrap_or_else(|| {
                self.at = found;
                reason
            })
        })
    }

    /// Finds the worst fault of a refused authority, in the order of [`Reason`]: a character that some reader drops or
    /// rewrites, or a user name that poses as the host.
    fn disguise(&mut self) -> Option<Reason> {
        let in_brackets = self.peek() == b'[';
        let mut worst = None;
        let mut at = self.at;
        for byte in self.text.bytes().skip(self.at).take_while(|byte| !matches!(byte, b'/' | b'?' | b'#')) {
            let reason = match byte {
                b' ' => Reason::Space,
                b'\\' => Reason::Backslash,
                b'@' => Reason::Userinfo,
                0x80.. => Reason::HostNonAscii,
                b'%' if in_brackets => Reason::Zone,
                b'%' => Reason::HostEscape,
                0..=0x1F | 0x7F => Reason::Control,
                _ => Reason::AtSign,
            };
            if reason < worst.unwrap_or(Reason::NotAbsolute) {
                (worst, self.at) = (Some(reason), at);
            }
            at = at.wrapping_add(1);
        }
        worst
    }

    /// Reads a port that every reader accepts. RFC 3986 §3.2.3 allows more.
    fn port(&mut self) -> Result<u16, Reason> {
        let from = self.at;
        self.skip(DIGIT);
        match decimal(self.since(from)).and_then(|port| u16::try_from(port).ok()) {
            Some(port) if port > 0 && self.is_at_end_of_authority() => Ok(port),
            _ => self.fail(from, Reason::Port),
        }
    }
}
