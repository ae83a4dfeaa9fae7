//! Parsing a URI.

use super::super::scheme;
use super::authority::Authority;
use super::class::{ANYWHERE, DIGIT, PATH, QUERY, SCHEME, WEB_QUERY};
use super::host::{HostKind, is_loopback};
use super::normal::normal_form;
use super::reader::Reader;
use super::reason::{Reason, Refusal};
use crate::text::{all, has, is_same, split};

/// A URI that every reader parses alike. Its parts are slices of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uri<'a> {
    /// The whole text.
    pub text: &'a str,
    /// The scheme, as spelled.
    pub scheme: &'a str,
    /// The host, as spelled, an IPv6 address with its brackets; `None` without `//`.
    pub host: Option<&'a str>,
    /// The kind of the host.
    pub host_kind: HostKind,
    /// The port, if one is spelled out, even if it is the default.
    pub port: Option<u16>,
    /// The path, as spelled.
    pub path: &'a str,
    /// The text after the `?`; `None` without one.
    pub query: Option<&'a str>,
}

/// Parses a URI.
///
/// # Errors
/// If two readers could parse the text differently, or one would refuse it.
pub fn parse(text: &str) -> Result<Uri<'_>, Refusal> {
    let mut reader = Reader::new(text);
    reader.uri().map_err(|reason| Refusal { reason, at: reader.at })
}

impl<'a> Uri<'a> {
    /// Returns whether the scheme is `http` or `https`.
    pub fn is_web(&self) -> bool {
        !matches!(self.host_kind, HostKind::Absent | HostKind::Opaque)
    }

    /// Returns whether the scheme is `https`.
    pub fn is_secure(&self) -> bool {
        is_same(self.scheme, "https")
    }

    /// Returns whether the host is loopback; see [`is_loopback`].
    pub fn is_loopback(&self) -> bool {
        self.host.is_some_and(|host| is_loopback(host, self.host_kind))
    }

    /// Returns whether the scheme or the host has an upper-case letter. Both mean the same in any case (RFC 3986
    /// §6.2.2.1).
    pub fn has_upper_case(&self) -> bool {
        is_upper(self.scheme) || self.host.is_some_and(is_upper)
    }

    /// Returns whether the port is the default of the scheme (RFC 3986 §6.2.3).
    pub fn has_default_port(&self) -> bool {
        self.is_web() && self.port == Some(if self.is_secure() { 443 } else { 80 })
    }

    /// Returns whether a path is missing that a browser would add.
    pub fn lacks_path(&self) -> bool {
        self.is_web() && self.path.is_empty()
    }

    /// Returns whether the text is spelled as a browser spells it.
    pub fn is_canonical(&self) -> bool {
        !self.has_upper_case() && !self.has_default_port() && !self.lacks_path()
    }

    /// Returns the text as a browser spells it, with the host of a custom scheme in lower case (RFC 3986 §6.2.2.1).
    pub fn canonical(&self) -> String {
        normal_form(self.text)
    }

    /// Splits the text before the path.
    pub(in crate::redirect) fn split_origin(&self) -> (&'a str, &'a str) {
        let query = self.query.map_or(0, |query| query.len().wrapping_add(1));
        split(self.text, self.text.len().wrapping_sub(query).wrapping_sub(self.path.len()))
    }
}

/// Returns whether a text has an upper-case letter.
pub(in crate::redirect) fn is_upper(text: &str) -> bool {
    !all(text, |byte| !byte.is_ascii_uppercase())
}

impl<'a> Reader<'a> {
    fn uri(&mut self) -> Result<Uri<'a>, Reason> {
        let mut uri = self.head()?;
        let from = self.at;
        self.skip_escaped(PATH);
        uri.path = self.since(from);
        if let Some(place) = dot_segment(uri.path) {
            return self.fail(from.wrapping_add(place), Reason::DotSegment);
        }
        if self.eat(b'?') {
            let from = self.at;
            self.skip_escaped(if uri.is_web() { WEB_QUERY } else { QUERY });
            uri.query = Some(self.since(from));
            if uri.is_web() && uri.path.is_empty() && has(self.since(from), b'@') {
                return self.fail(from, Reason::AtSign);
            }
        }
        self.end()?;
        Ok(uri)
    }

    /// Reads the scheme and the authority, which determine the destination of a URL.
    pub(super) fn head(&mut self) -> Result<Uri<'a>, Reason> {
        let text = self.text;
        self.skip(SCHEME);
        let scheme = self.since(0);
        if !scheme.starts_with(|first: char| first.is_ascii_alphabetic()) || !self.eat(b':') {
            // A character that no URI may have is the more helpful fault.
            self.at = 0;
            self.skip(ANYWHERE);
            self.end()?;
            return self.fail(0, Reason::NotAbsolute);
        }
        let is_secure = is_same(scheme, "https");
        let is_web = is_secure || is_same(scheme, "http");
        if !is_web && scheme::acts(scheme) {
            return self.fail(0, Reason::Scheme);
        }

        let mut authority = Authority { host: "", host_kind: HostKind::Absent, port: None };
        let from = self.at;
        if self.eat(b'/') && self.eat(b'/') {
            authority = self.authority(is_web, is_secure)?;
        } else if is_web {
            return if self.peek() == b'\\' { Err(Reason::Backslash) } else { self.fail(from, Reason::Slashes) };
        } else {
            self.at = from;
            // Authors of `localhost:3000/cb` and `example.com:8080` mean a host and a port.
            self.skip(DIGIT);
            if self.is_at_end_of_authority() && (self.at > from || self.at == text.len()) {
                return self.fail(0, Reason::NotAbsolute);
            }
            self.at = from;
        }

        let Authority { host, host_kind, port } = authority;
        let host = (host_kind != HostKind::Absent).then_some(host);
        Ok(Uri { text, scheme, host, host_kind, port, path: "", query: None })
    }
}

/// Returns the byte index of the first segment that is `.` or `..` to some reader.
///
/// Browsers resolve `.`, `..` and their forms with `%2e`; RFC 3986 resolves the escapes after decoding (§6.2.2.2). A
/// server that decodes `%2f` or `%5c`, or cuts a segment at `;`, resolves more: `..%2fcb`, `..;/cb`.
fn dot_segment(path: &str) -> Option<usize> {
    if !path.bytes().any(|byte| matches!(byte, b'.' | b'%')) {
        return None;
    }
    let mut start = 0;
    // The number of dots in the segment, as long as it holds nothing else.
    let mut dots = Some(0_u8);
    let mut rest = path.as_bytes();
    loop {
        let (is_end, is_dot, tail) = match rest {
            [] => (true, false, rest),
            [b'/' | b';', tail @ ..] | [b'%', b'2', b'f' | b'F', tail @ ..] | [b'%', b'5', b'c' | b'C', tail @ ..] => {
                (true, false, tail)
            }
            [b'.', tail @ ..] | [b'%', b'2', b'e' | b'E', tail @ ..] => (false, true, tail),
            [_, tail @ ..] => (false, false, tail),
        };
        if is_end {
            if matches!(dots, Some(1 | 2)) {
                return Some(start);
            }
            // Parameters follow a `;`, not a segment.
            dots = (!rest.starts_with(b";")).then_some(0);
            start = path.len().saturating_sub(tail.len());
        } else {
            dots = dots.filter(|_| is_dot).map(|dots| dots.saturating_add(1));
        }
        if rest.is_empty() {
            return None;
        }
        rest = tail;
    }
}
