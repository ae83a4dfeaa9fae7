//! The strict grammar: the one place that reads a URL.
//!
//! It accepts a text only if [RFC 3986] and the [WHATWG URL standard] both parse it, to the same scheme, host, port,
//! path and query. "The same" leaves room for what a browser spells otherwise without meaning otherwise: an upper-case
//! scheme or host, a default port, an empty path before a query or the end (`/` to a browser). [`Uri::canonical`] is the
//! browser's spelling, and [`Uri::is_canonical`] says whether the text has it.
//!
//! What it refuses, it refuses with a [`Reason`] and the byte at which the reason shows. Where a text has several
//! faults, one is named.
//!
//! Linear in the length of the text; accepting allocates nothing.
//!
//! # The language
//!
//! ```text
//! web      = ( "http" / "https" ) "://" host [ ":" port ] *( "/" segment ) [ "?" query ]     ; scheme in any case
//! custom   = scheme ":" ( "//" opaque [ ":" port ] *( "/" segment )  /  path ) [ "?" query ]
//! host     = name / four-decimal IPv4 / "[" IPv6 in its shortest form "]"
//! ```
//!
//! `segment`, `path` and `query` are RFC 3986's, less dot segments (plain, escaped, or beside an escaped slash) and,
//! in the query of a web URL, less `'`, which browsers rewrite to `%27` there. `opaque` is a custom scheme's host: RFC
//! 3986's unreserved characters, or nothing.
//!
//! A name's labels hold letters, digits, `-` (not at an end) and `_`, 1 to 63 of them, 253 in all. An `xn--` label must
//! be Punycode (RFC 3492) of something that is not ASCII. Whether IDNA's tables allow what it decodes to is not asked:
//! the standard as it is now does not ask either, and an older browser refuses such a host rather than reading another.
//!
//! [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986
//! [WHATWG URL standard]: https://url.spec.whatwg.org/

mod destination;
mod host;
mod reason;
#[cfg(test)]
mod tests;

pub(super) use destination::misread;
pub use destination::parse_destination;
pub use reason::{Reason, Refusal};

use super::scheme;
use super::text::{has, is_same, split, until_last};
use crate::concat::Concat as _;

/// A text that every reader reads alike, in its parts. They are slices of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uri<'a> {
    /// The whole.
    pub text: &'a str,
    /// The scheme, as spelled.
    pub scheme: &'a str,
    /// The host, as spelled, an IPv6 address with its brackets; `None` where there is no `//`.
    pub host: Option<&'a str>,
    /// What the host is.
    pub host_kind: HostKind,
    /// The port, where one is spelled out, the default one included.
    pub port: Option<u16>,
    /// The path, as spelled.
    pub path: &'a str,
    /// What follows the `?`; `None` where there is none.
    pub query: Option<&'a str>,
}

/// What a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKind {
    /// There is none.
    Absent,
    /// A domain name, or a machine's.
    Name,
    /// A name with one `*` in its first label. No browser goes there; as an entry it may stand for many hosts.
    Wildcard,
    /// Four decimal numbers.
    Ipv4,
    /// An IPv6 address in brackets.
    Ipv6,
    /// The host of a custom scheme, which only the app that owns the scheme reads.
    Opaque,
}

/// Reads a text.
///
/// # Errors
/// With the reason and its place, where two readers could disagree on the text or one would refuse it.
pub fn parse(text: &str) -> Result<Uri<'_>, Refusal> {
    let mut reader = Reader { text, at: 0 };
    reader.uri().map_err(|reason| Refusal { reason, at: reader.at })
}

/// A host and port alone, as they stand in an `https` URL; a `*` in the first label is let pass.
///
/// # Errors
/// As [`parse`].
pub fn parse_authority(text: &str) -> Result<Authority<'_>, Refusal> {
    let mut reader = Reader { text, at: 0 };
    let authority = reader.authority(true, true);
    let authority = authority.and_then(|authority| reader.end().map(|()| authority));
    authority.map_err(|reason| Refusal { reason, at: reader.at })
}

/// The place and the reason of what a query of a custom scheme, or any fragment (RFC 3986 §3.5), may not hold.
pub(super) fn query_refusal(text: &str) -> Option<Refusal> {
    let mut reader = Reader { text, at: 0 };
    reader.skip_escaped(QUERY);
    let reason = reader.end().err()?;
    Some(Refusal { reason, at: reader.at })
}

/// A host and port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority<'a> {
    /// The host, as spelled.
    pub host: &'a str,
    /// What it is.
    pub host_kind: HostKind,
    /// The port, where one is spelled out.
    pub port: Option<u16>,
}

impl<'a> Uri<'a> {
    /// Whether the scheme is `http` or `https`.
    pub fn is_web(&self) -> bool {
        !matches!(self.host_kind, HostKind::Absent | HostKind::Opaque)
    }

    /// Whether the scheme is `https`.
    pub fn is_secure(&self) -> bool {
        is_same(self.scheme, "https")
    }

    /// Whether the host is this machine, as [`is_loopback`] has it.
    pub fn is_loopback(&self) -> bool {
        self.host.is_some_and(|host| is_loopback(host, self.host_kind))
    }

    /// Whether the scheme or the host has an upper-case letter (RFC 3986 §6.2.2.1: both mean the same in any case).
    pub fn has_upper_case(&self) -> bool {
        is_upper(self.scheme) || self.host.is_some_and(is_upper)
    }

    /// Whether the port is the scheme's own, which goes without saying (RFC 3986 §6.2.3).
    pub fn has_default_port(&self) -> bool {
        self.is_web() && self.port == Some(if self.is_secure() { 443 } else { 80 })
    }

    /// Whether a path is missing that a browser would add.
    pub fn lacks_path(&self) -> bool {
        self.is_web() && self.path.is_empty()
    }

    /// Whether the text is spelled as a browser would spell it.
    pub fn is_canonical(&self) -> bool {
        !self.has_upper_case() && !self.has_default_port() && !self.lacks_path()
    }

    /// The text as a browser would spell it; a custom scheme's host in lower case too, as RFC 3986 §6.2.2.1 has it.
    pub fn canonical(&self) -> String {
        let (origin, tail) = self.split_origin();
        // A default port is what stands behind the last colon of the origin.
        let origin = if self.has_default_port() { until_last(origin, b':').0 } else { origin };
        let mut text = [origin, if self.lacks_path() { "/" } else { "" }].concat();
        text.make_ascii_lowercase();
        text.push_str(tail);
        text
    }

    /// The text up to the path, and from there.
    pub(super) fn split_origin(&self) -> (&'a str, &'a str) {
        let query = self.query.map_or(0, |query| query.len().wrapping_add(1));
        split(self.text, self.text.len().wrapping_sub(query).wrapping_sub(self.path.len()))
    }
}

/// Whether a text has an upper-case letter.
pub(super) fn is_upper(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Returns whether a host is this machine: `localhost` and every name under it (RFC 6761 §6.3), `127.0.0.0/8` and `[::1]`
/// (RFC 8252 §7.3).
pub fn is_loopback(host: &str, kind: HostKind) -> bool {
    match kind {
        HostKind::Name => {
            let (start, name) = split(host, host.len().saturating_sub("localhost".len()));
            is_same(name, "localhost") && (start.is_empty() || start.ends_with('.'))
        }
        HostKind::Ipv4 => host.starts_with("127."),
        HostKind::Ipv6 => host == "[::1]",
        _ => false,
    }
}

/// A text and how far it is read. Where reading fails, that is the place of the fault.
#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a str,
    at: usize,
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

    /// The scheme and the authority, which decide where a URL leads.
    fn head(&mut self) -> Result<Uri<'a>, Reason> {
        let text = self.text;
        self.skip(SCHEME);
        let scheme = self.since(0);
        if !scheme.starts_with(|first: char| first.is_ascii_alphabetic()) || !self.eat(b':') {
            // A character that is wrong anywhere deserves to be named first.
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
            // `localhost:3000/cb` and `example.com:8080` are a host and a port to who wrote them.
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

    /// The host and port, up to the path, the query or the end.
    fn authority(&mut self, is_web: bool, is_secure: bool) -> Result<Authority<'a>, Reason> {
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

    /// What, of an authority that is refused, deserves to be named before anything else: a character that some reader
    /// drops or rewrites, or a user name that poses as the host. The worst in the order of [`Reason`].
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

    /// A port: what every reader takes for one (RFC 3986 §3.2.3 has more).
    fn port(&mut self) -> Result<u16, Reason> {
        let from = self.at;
        self.skip(DIGIT);
        match host::decimal(self.since(from)).and_then(|port| u16::try_from(port).ok()) {
            Some(port) if port > 0 && self.is_at_end_of_authority() => Ok(port),
            _ => self.fail(from, Reason::Port),
        }
    }

    /// Whether here is where an authority ends (RFC 3986 §3.2); a NUL is refused after it.
    fn is_at_end_of_authority(&self) -> bool {
        matches!(self.peek(), 0 | b'/' | b'?' | b'#')
    }

    /// The byte here; 0, which no class has, at the end.
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Reads that byte, if it is here.
    fn eat(&mut self, byte: u8) -> bool {
        let is_here = self.peek() == byte;
        self.at = self.at.wrapping_add(usize::from(is_here));
        is_here
    }

    /// Reads the bytes of the class.
    fn skip(&mut self, class: u16) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at = self.at.wrapping_add(rest.iter().take_while(|byte| is(**byte, class)).count());
    }

    /// Reads the bytes of the class and whole percent escapes (RFC 3986 §2.1).
    fn skip_escaped(&mut self, class: u16) {
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

    fn since(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    fn fail<T>(&mut self, at: usize, reason: Reason) -> Result<T, Reason> {
        self.at = at;
        Err(reason)
    }

    /// That nothing is left; else what is wrong with the character here.
    fn end(&self) -> Result<(), Reason> {
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

/// The place of the first segment that is `.` or `..` to some reader.
///
/// Browsers resolve `.`, `..` and their forms with `%2e`; RFC 3986 resolves the escapes after decoding (§6.2.2.2). A
/// server that decodes `%2f` or `%5c`, or cuts a segment at `;`, resolves more: `..%2fcb`, `..;/cb`.
fn dot_segment(path: &str) -> Option<usize> {
    if !path.bytes().any(|byte| matches!(byte, b'.' | b'%')) {
        return None;
    }
    let mut start = 0;
    // The dots of the segment, while it holds nothing else.
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
            // After `;` come parameters, not a segment.
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

/// RFC 3986 `scheme`, beyond its first character.
const SCHEME: u16 = 1;
/// RFC 3986 `pchar` and `/`, less percent escapes.
const PATH: u16 = 1 << 1;
/// RFC 3986 `query`, less percent escapes.
const QUERY: u16 = 1 << 2;
/// The same, less what the URL standard's "special-query percent-encode set" adds.
const WEB_QUERY: u16 = 1 << 3;
/// The letters of a host name's label, and `*`, on which [`host`] looks again.
const LABEL: u16 = 1 << 4;
/// RFC 3986 `unreserved`.
const UNRESERVED: u16 = 1 << 5;
/// What may stand somewhere in a URI (RFC 3986 §2).
const ANYWHERE: u16 = 1 << 6;
/// RFC 5234 `DIGIT`.
const DIGIT: u16 = 1 << 7;
/// RFC 5234 `HEXDIG`, in any case.
const HEXADECIMAL: u16 = 1 << 8;

/// How long the scheme is that a text begins with (RFC 3986 §3.1); 0 where it begins with none.
pub(super) fn scheme_length(text: &str) -> usize {
    let mut reader = Reader { text, at: 0 };
    reader.skip(SCHEME);
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) { reader.at } else { 0 }
}

/// Whether a byte may stand in any URI, in a place of its own at least.
pub(super) fn is_uri_byte(byte: u8) -> bool {
    is(byte, ANYWHERE)
}

fn is(byte: u8, class: u16) -> bool {
    CLASSES.get(usize::from(byte)).is_some_and(|classes| classes & class != 0)
}

/// The classes of every ASCII byte; others have none.
static CLASSES: [u16; 128] = {
    let mut table = [0; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            table[byte as usize] = classes_of(byte);
        }
        byte = byte.saturating_add(1);
    }
    table
};

const fn classes_of(byte: u8) -> u16 {
    match byte {
        b'0'..=b'9' => SCHEME | PATH | QUERY | WEB_QUERY | LABEL | UNRESERVED | ANYWHERE | DIGIT | HEXADECIMAL,
        b'a'..=b'f' | b'A'..=b'F' => SCHEME | PATH | QUERY | WEB_QUERY | LABEL | UNRESERVED | ANYWHERE | HEXADECIMAL,
        b'g'..=b'z' | b'G'..=b'Z' | b'-' => SCHEME | PATH | QUERY | WEB_QUERY | LABEL | UNRESERVED | ANYWHERE,
        b'.' => SCHEME | PATH | QUERY | WEB_QUERY | UNRESERVED | ANYWHERE,
        b'_' => PATH | QUERY | WEB_QUERY | LABEL | UNRESERVED | ANYWHERE,
        b'~' => PATH | QUERY | WEB_QUERY | UNRESERVED | ANYWHERE,
        b'+' => SCHEME | PATH | QUERY | WEB_QUERY | ANYWHERE,
        b'*' => PATH | QUERY | WEB_QUERY | LABEL | ANYWHERE,
        b'!' | b'$' | b'&' | b'(' | b')' | b',' | b';' | b'=' | b':' | b'@' | b'/' => {
            PATH | QUERY | WEB_QUERY | ANYWHERE
        }
        b'?' => QUERY | WEB_QUERY | ANYWHERE,
        b'\'' => PATH | QUERY | ANYWHERE,
        b'#' | b'[' | b']' | b'%' => ANYWHERE,
        _ => 0,
    }
}
