//! Why the strict grammar refuses a text.

use super::super::words::{self, Words, words};
use crate::violation::rule;

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub reason: Reason,
    /// The byte at which it shows; the text's length where something is missing at its end.
    pub at: usize,
}

/// What is wrong with a text. Of several faults of a host, the first in this order is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A control character. Browsers drop tabs and line breaks wherever they stand.
    Control,
    /// A space. Browsers drop those at the ends.
    Space,
    /// A backslash, which browsers read as `/`.
    Backslash,
    /// A user name or password before the host (RFC 3986 §3.2.1), the classic disguise of another host.
    Userinfo,
    /// A character beyond ASCII in the host.
    HostNonAscii,
    /// A percent escape in the host: browsers decode it, others look the escape up.
    HostEscape,
    /// A zone in an IPv6 address (RFC 6874), which browsers refuse.
    Zone,
    /// No scheme: a relative reference (RFC 3986 §4.2), or a host and port that would read as a scheme and a path.
    NotAbsolute,
    /// A scheme that no redirect may have: it runs code, reads local data, opens a mail or telephone program, or is
    /// none that a browser can be redirected to.
    Scheme,
    /// `http` or `https` without `//` (browsers add it, RFC 3986 reads a path).
    Slashes,
    /// Nothing where the host should be.
    NoHost,
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
    /// A host name with a character or a hyphen where none may be, a broken `xn--` label, or over 253 characters.
    Host,
    /// A label of a host name is empty or over 63 characters.
    Label,
    /// Numbers that a browser reads as an IPv4 address and others as a name (WHATWG "ends in a number").
    Ipv4,
    /// No IPv6 address in the brackets, or one in another form than browsers write.
    Ipv6,
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

impl Reason {
    /// What is wrong and what to do, for a person; what is meant by the text goes before it.
    pub fn message(self) -> &'static str {
        words::split(self.words()).1
    }

    /// The rule that is broken, and the message.
    pub(in crate::redirect) fn words(self) -> Words {
        match self {
            Reason::NotAbsolute => words!(rule::NOT_ABSOLUTE, "must be absolute, with its scheme, such as https://"),
            Reason::Scheme => words!(rule::SCHEME, "has a scheme that no visitor may be sent to"),
            Reason::Slashes => words!(rule::NOT_ABSOLUTE, "must have // after the scheme"),
            Reason::NoHost => words!(rule::NOT_ABSOLUTE, "must have a host"),
            Reason::Userinfo => {
                words!(rule::USERINFO, "must have no user name or password; the host is after the @")
            }
            Reason::Control => words!(rule::CHARACTER, "must have no tab, line break or other control character"),
            Reason::Space => words!(rule::CHARACTER, "must have no space; write %20"),
            Reason::Backslash => words!(rule::CHARACTER, "must have no backslash; write / or %5C"),
            Reason::NonAscii => words!(rule::CHARACTER, "must be ASCII; percent-encode other characters"),
            Reason::Character => words!(rule::CHARACTER, "has a character that must be percent-encoded"),
            Reason::Apostrophe => words!(rule::CHARACTER, "must have %27 for an apostrophe in the query"),
            Reason::Escape => {
                words!(rule::CHARACTER, "must have two hexadecimal digits after %; write %25 for a percent sign")
            }
            Reason::Fragment => words!(rule::FRAGMENT, "must have no fragment; remove it and its #"),
            Reason::HostNonAscii => {
                words!(rule::HOST, "must have a host in ASCII; write the name in its xn-- form")
            }
            Reason::HostEscape => words!(rule::HOST, "must have no percent escape in the host"),
            Reason::Host => words!(rule::HOST, "must have a host of letters, digits, dots and inner hyphens"),
            Reason::Label => words!(rule::HOST, "must have 1 to 63 characters between the dots of its host"),
            Reason::Ipv4 => {
                words!(rule::IP_ADDRESS, "must have an IPv4 address of four decimal numbers, or a name")
            }
            Reason::Ipv6 => words!(rule::IP_ADDRESS, "must have an IPv6 address in its shortest form"),
            Reason::Zone => words!(rule::IP_ADDRESS, "must have no zone in its IPv6 address"),
            Reason::Port => words!(rule::PORT, "must have a port from 1 to 65535 without leading zeros"),
            Reason::Wildcard => words!(rule::WILDCARD, "may have one *, in the first label of an https host"),
            Reason::DotSegment => words!(rule::DOT_SEGMENT, "must have no . or .. as a path segment, plain or encoded"),
            Reason::AtSign => words!(rule::NO_PATH, "must have a slash before a query with @"),
        }
    }
}
