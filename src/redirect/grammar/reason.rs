//! Why the strict grammar refuses a text.

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub reason: Reason,
    /// The byte at which it shows; the text's length where something is missing at its end.
    pub at: usize,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No scheme: a relative reference (RFC 3986 §4.2), or a host and port that would read as a scheme and a path.
    NotAbsolute,
    /// A scheme that no redirect may have: it runs code, reads local data, opens a mail or telephone program, or is
    /// none that a browser can be redirected to.
    Scheme,
    /// `http` or `https` without `//` (browsers add it, RFC 3986 reads a path).
    Slashes,
    /// Nothing where the host should be.
    NoHost,
    /// A user name or password before the host (RFC 3986 §3.2.1), the classic disguise of another host.
    Userinfo,
    /// A control character. Browsers drop tabs and line breaks wherever they stand.
    Control,
    /// A space. Browsers drop those at the ends.
    Space,
    /// A backslash, which browsers read as `/`.
    Backslash,
    /// A character beyond ASCII in the path or the query (RFC 3986 §2).
    NonAscii,
    /// An ASCII character that RFC 3986 does not allow where it stands.
    Character,
    /// `'` in the query of an `http` or `https` URL: browsers rewrite it to `%27`.
    Apostrophe,
    /// `%` without two hexadecimal digits (RFC 3986 §2.1).
    Escape,
    /// A fragment, even an empty one (RFC 6749 §3.1.2).
    Fragment,
    /// A character beyond ASCII in the host.
    HostNonAscii,
    /// A percent escape in the host: browsers decode it, others look the escape up.
    HostEscape,
    /// A host name with a character or a hyphen where none may be, a broken `xn--` label, or over 253 characters.
    Host,
    /// A label of a host name is empty or over 63 characters.
    Label,
    /// Numbers that a browser reads as an IPv4 address and others as a name (WHATWG "ends in a number").
    Ipv4,
    /// No IPv6 address in the brackets, or one in another notation than hexadecimal groups.
    Ipv6,
    /// A zone in an IPv6 address (RFC 6874), which browsers refuse.
    Zone,
    /// A port that is empty, 0, over 65535, or has leading zeros.
    Port,
    /// `*` elsewhere than once in the first label of an `https` host.
    Wildcard,
    /// `.` or `..` as a path segment, plain or escaped: readers that resolve them and readers that do not differ.
    DotSegment,
    /// `@` in a query that follows the host directly: readers that end the authority at the first `/` take what
    /// follows it for the host.
    AtSign,
}

impl Refusal {
    /// The same refusal of a longer text, in which this one begins `at` bytes in.
    pub(super) fn after(self, at: usize) -> Self {
        Self { at: self.at.saturating_add(at), ..self }
    }
}

impl Reason {
    /// What is wrong and what to do, for a person; what is meant by the text goes before it.
    pub fn message(self) -> &'static str {
        match self {
            Reason::NotAbsolute => "must be absolute, with its scheme, such as https://",
            Reason::Scheme => "has a scheme that no visitor may be redirected to",
            Reason::Slashes => "must have // after the scheme",
            Reason::NoHost => "must have a host",
            Reason::Userinfo => "must not have a user name or password before the host, which is what follows @",
            Reason::Control => "must not have control characters, such as a tab or a line break",
            Reason::Space => "must not have spaces; write %20",
            Reason::Backslash => "must not have a backslash, which browsers take for a slash",
            Reason::NonAscii => "must not have characters beyond ASCII; write them percent-encoded",
            Reason::Character => "has a character that no URI may have there; write it percent-encoded",
            Reason::Apostrophe => "has an apostrophe in the query, which browsers rewrite; write %27",
            Reason::Escape => "must have two hexadecimal digits after %; a percent sign itself is %25",
            Reason::Fragment => "must not have a fragment, not even an empty one (RFC 6749 §3.1.2)",
            Reason::HostNonAscii => "must have a host in ASCII; write an international name in its xn-- form",
            Reason::HostEscape => "must not have percent escapes in the host",
            Reason::Host => "must have a host of letters, digits, dots and inner hyphens, 253 characters at most",
            Reason::Label => "must have 1 to 63 characters between the dots of its host, and no dot at the end",
            Reason::Ipv4 => "must have an IPv4 address as four decimal numbers up to 255, or a host name",
            Reason::Ipv6 => "must have an IPv6 address in hexadecimal groups between the brackets",
            Reason::Zone => "must not have a zone in its IPv6 address",
            Reason::Port => "must have a port from 1 to 65535 without leading zeros, or no colon",
            Reason::Wildcard => "may have one *, in the first label of the host of an https URL",
            Reason::DotSegment => "must not have . or .. as a path segment, plain or encoded",
            Reason::AtSign => "must have a slash before a query with @, which could be taken for the host's",
        }
    }
}
