//! The strict grammar: the one place that reads a URL.
//!
//! It accepts a text only if [RFC 3986] and the [WHATWG URL standard] both parse it, to the same scheme, host, port,
//! path and query. "The same" leaves room for what a browser spells otherwise without meaning otherwise: an upper-case
//! scheme or host, a default port, an empty path before a query or the end (`/` to a browser), an IPv6 address that is
//! not in its shortest form. [`Uri::canonical`] is the browser's spelling, and [`Uri::is_canonical`] says whether the
//! text has it.
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
//! host     = name / four-decimal IPv4 / "[" IPv6 in hexadecimal groups "]"
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

mod host;
mod reason;
#[cfg(test)]
mod tests;

pub use reason::{Reason, Refusal};

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
    let (scheme, rest) = split(text, run(text, SCHEME));
    let Some(rest) = rest.strip_prefix(':').filter(|_| scheme.starts_with(|first: char| first.is_ascii_alphabetic()))
    else {
        return Err(no_scheme(text));
    };
    let at = |rest: &str| text.len().saturating_sub(rest.len());

    let uri = Uri { text, scheme, host: None, host_kind: HostKind::Absent, port: None, path: "", query: None };
    let secure = scheme.eq_ignore_ascii_case("https");
    if secure || scheme.eq_ignore_ascii_case("http") {
        let Some(tail) = rest.strip_prefix("//") else {
            let slash = rest.strip_prefix('/').unwrap_or(rest);
            let reason = if slash.starts_with('\\') { Reason::Backslash } else { Reason::Slashes };
            return Err(Refusal { reason, at: at(if reason == Reason::Backslash { slash } else { rest }) });
        };
        let (authority, tail) = split_authority(tail);
        let from = at(tail).saturating_sub(authority.len());
        let Authority { host, host_kind, port } =
            host::web(authority, secure).map_err(|refusal| refusal.after(from))?;
        return path_and_query(Uri { host: Some(host), host_kind, port, ..uri }, tail, WEB_QUERY);
    }
    if REFUSED_SCHEMES.iter().any(|refused| scheme.eq_ignore_ascii_case(refused)) {
        return Err(Refusal { reason: Reason::Scheme, at: 0 });
    }
    if let Some(tail) = rest.strip_prefix("//") {
        let (authority, tail) = split_authority(tail);
        let from = at(tail).saturating_sub(authority.len());
        let Authority { host, host_kind, port } = host::opaque(authority).map_err(|refusal| refusal.after(from))?;
        return path_and_query(Uri { host: Some(host), host_kind, port, ..uri }, tail, QUERY);
    }
    // `localhost:3000/cb` and `example.com:8080` are a host and a port to who wrote them.
    let (_, after_digits) = split(rest, run(rest, DIGIT));
    if after_digits.is_empty() || (after_digits.len() < rest.len() && after_digits.starts_with(['/', '?', '#'])) {
        return Err(Refusal { reason: Reason::NotAbsolute, at: 0 });
    }
    path_and_query(uri, rest, QUERY)
}

/// A host and port alone, as they stand in an `https` URL; a `*` in the first label is let pass.
///
/// # Errors
/// As [`parse`].
pub fn parse_authority(text: &str) -> Result<Authority<'_>, Refusal> {
    host::web(text, true)
}

/// The first character of a text that a query of a custom scheme, or any fragment (RFC 3986 §3.5), may not hold.
pub fn query_offence(text: &str) -> Option<(Reason, usize)> {
    let (query, rest) = split(text, run_escaped(text, QUERY));
    (!rest.is_empty()).then(|| (offence(rest), query.len()))
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

/// The path and the query of a URI whose other parts are known. `rest` is what follows them.
fn path_and_query<'a>(uri: Uri<'a>, rest: &'a str, query_class: u8) -> Result<Uri<'a>, Refusal> {
    let refuse = |reason: Reason, rest: &str| Refusal { reason, at: uri.text.len().saturating_sub(rest.len()) };
    let web = query_class == WEB_QUERY;

    let (path, tail) = split(rest, run_escaped(rest, PATH));
    if let Some(place) = dot_segment(path) {
        return Err(refuse(Reason::DotSegment, split(rest, place).1));
    }
    if tail.is_empty() {
        return Ok(Uri { path, ..uri });
    }
    let Some(after_mark) = tail.strip_prefix('?') else {
        return Err(refuse(offence(tail), tail));
    };
    let (query, tail) = split(after_mark, run_escaped(after_mark, query_class));
    if !tail.is_empty() {
        return Err(refuse(offence(tail), tail));
    }
    if web && path.is_empty() && query.contains('@') {
        return Err(refuse(Reason::AtSign, after_mark.trim_start_matches(|c| c != '@')));
    }
    Ok(Uri { path, query: Some(query), ..uri })
}

impl Uri<'_> {
    /// Whether the scheme is `http` or `https`.
    pub fn is_web(&self) -> bool {
        !matches!(self.host_kind, HostKind::Absent | HostKind::Opaque)
    }

    /// Whether the scheme is `https`.
    pub fn is_secure(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("https")
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.1` or `[::1]` (RFC 8252 §7.3).
    pub fn is_loopback(&self) -> bool {
        self.host.is_some_and(|host| is_loopback(host, self.host_kind))
    }

    /// Whether the scheme or the host has an upper-case letter (RFC 3986 §6.2.2.1: both mean the same in any case).
    pub fn has_upper_case(&self) -> bool {
        let upper = |text: &str| text.bytes().any(|byte| byte.is_ascii_uppercase());
        upper(self.scheme) || self.host.is_some_and(upper)
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
        !self.has_upper_case()
            && !self.has_default_port()
            && !self.lacks_path()
            && (self.host_kind != HostKind::Ipv6 || self.host.and_then(canonical_ipv6).as_deref() == self.host)
    }

    /// The text as a browser would spell it; a custom scheme's host in lower case too, as RFC 3986 §6.2.2.1 has it.
    pub fn canonical(&self) -> String {
        let mut text = String::with_capacity(self.text.len().saturating_add(1));
        text.push_str(self.scheme);
        text.push(':');
        if let Some(host) = self.host {
            text.push_str("//");
            match canonical_ipv6(host) {
                Some(address) => text.push_str(&address),
                None => text.push_str(host),
            }
        }
        text.make_ascii_lowercase();
        if let Some(port) = self.port.filter(|_| !self.has_default_port()) {
            text.push(':');
            text.push_str(&port.to_string());
        }
        text.push_str(if self.lacks_path() { "/" } else { self.path });
        if let Some(query) = self.query {
            text.push('?');
            text.push_str(query);
        }
        text
    }
}

/// Whether a host is this machine.
pub fn is_loopback(host: &str, kind: HostKind) -> bool {
    match kind {
        HostKind::Name => host.eq_ignore_ascii_case("localhost"),
        HostKind::Ipv4 => host == "127.0.0.1",
        HostKind::Ipv6 => host::ipv6(host) == Some([0, 0, 0, 0, 0, 0, 0, 1]),
        _ => false,
    }
}

/// An IPv6 address in brackets as the URL standard writes it (its "IPv6 serializer", RFC 5952 §4); `None` for what is
/// no such address.
pub fn canonical_ipv6(host: &str) -> Option<String> {
    host::ipv6(host).map(|groups| host::write_ipv6(&groups))
}

/// Schemes that no redirect may have. The last two are "special" to browsers beside `http` and `https`.
#[rustfmt::skip]
const REFUSED_SCHEMES: [&str; 14] = [
    "javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source", "ftp", "mailto", "tel", "sms",
    "ws", "wss",
];

/// The refusal of a text that does not begin with a scheme: a character that is wrong anywhere, else the missing scheme.
fn no_scheme(text: &str) -> Refusal {
    let (_, rest) = split(text, run(text, ANYWHERE));
    if rest.is_empty() {
        return Refusal { reason: Reason::NotAbsolute, at: 0 };
    }
    Refusal { reason: offence(rest), at: text.len().saturating_sub(rest.len()) }
}

/// What is wrong with the first character of a text that the grammar stopped at.
fn offence(rest: &str) -> Reason {
    match rest.bytes().next() {
        Some(b' ') => Reason::Space,
        Some(b'#') => Reason::Fragment,
        Some(b'%') => Reason::Escape,
        Some(b'\'') => Reason::Apostrophe,
        Some(b'\\') => Reason::Backslash,
        Some(0x80..) => Reason::NonAscii,
        Some(byte) if byte.is_ascii_control() => Reason::Control,
        _ => Reason::Character,
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

/// The authority at the start of a text, and what follows it (RFC 3986 §3.2).
fn split_authority(text: &str) -> (&str, &str) {
    split(text, text.find(['/', '?', '#']).unwrap_or(text.len()))
}

fn split(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// How many bytes at the start of the text are of the class.
fn run(text: &str, class: u8) -> usize {
    text.bytes().position(|byte| !is(byte, class)).unwrap_or(text.len())
}

/// How many bytes at the start of the text are of the class or whole percent escapes.
fn run_escaped(text: &str, class: u8) -> usize {
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [byte, tail @ ..] if is(*byte, class) => tail,
            [b'%', high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => tail,
            _ => return text.len().saturating_sub(rest.len()),
        };
    }
}

/// RFC 3986 `scheme`, beyond its first character.
const SCHEME: u8 = 1;
/// RFC 3986 `pchar` and `/`, less percent escapes.
const PATH: u8 = 1 << 1;
/// RFC 3986 `query`, less percent escapes.
const QUERY: u8 = 1 << 2;
/// The same, less what the URL standard's "special-query percent-encode set" adds.
const WEB_QUERY: u8 = 1 << 3;
/// The letters of a host name's label, and `*`, on which [`host`] looks again.
const LABEL: u8 = 1 << 4;
/// RFC 3986 `unreserved`.
const UNRESERVED: u8 = 1 << 5;
/// What may stand somewhere in a URI (RFC 3986 §2).
const ANYWHERE: u8 = 1 << 6;
const DIGIT: u8 = 1 << 7;

fn is(byte: u8, class: u8) -> bool {
    CLASSES.get(usize::from(byte)).is_some_and(|classes| classes & class != 0)
}

/// The classes of every byte.
static CLASSES: [u8; 256] = {
    let mut table = [0; 256];
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

const fn classes_of(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => SCHEME | PATH | QUERY | WEB_QUERY | LABEL | UNRESERVED | ANYWHERE | DIGIT,
        b'a'..=b'z' | b'A'..=b'Z' | b'-' => SCHEME | PATH | QUERY | WEB_QUERY | LABEL | UNRESERVED | ANYWHERE,
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
