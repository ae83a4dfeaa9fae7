//! The reasons for which the strict grammar refuses a text.

use super::super::finding::Finding;
use crate::text::{after, name_character};
use crate::violation::rule;

/// The refusal of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The fault.
    pub reason: Reason,
    /// The byte index of the fault; the length of the text if something is missing at its end.
    pub at: usize,
}

impl Refusal {
    /// Returns the fault and its remedy in a sentence whose subject is the refused text.
    pub fn message(self, text: &str) -> String {
        let Self { reason, at } = self;
        let rest = after(text, at);
        let finding = reason.finding();
        match rest.chars().next() {
            Some(character) if reason == Reason::Control => finding.message(&name_character(text, at, character)),
            Some(_) => finding.message(rest),
            None => finding.message(text),
        }
    }
}

/// A fault of a text. Of several faults of a host, the first in this order is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A control character. Browsers drop tabs and line breaks anywhere.
    Control,
    /// A space. Browsers drop those at the ends.
    Space,
    /// A backslash, which browsers read as `/`.
    Backslash,
    /// A user name or password before the host (RFC 3986 §3.2.1), the usual disguise of another host.
    Userinfo,
    /// A character beyond ASCII in the host.
    HostNonAscii,
    /// A percent escape in the host: browsers decode it, and other readers do not.
    HostEscape,
    /// A zone in an IPv6 address (RFC 6874), which browsers refuse.
    Zone,
    /// No scheme: a relative reference (RFC 3986 §4.2), or a host and port that would parse as a scheme and a path.
    NotAbsolute,
    /// A scheme that no redirect may have: it runs code, reads local data, opens a mail or telephone program, or is one that
    /// a browser cannot be redirected to.
    Scheme,
    /// `http` or `https` without `//`: browsers add it, RFC 3986 parses a path.
    Slashes,
    /// No host.
    NoHost,
    /// A character beyond ASCII in the path or the query (RFC 3986 §2).
    NonAscii,
    /// An ASCII character that RFC 3986 does not allow there.
    Character,
    /// `'` in the query of an `http` or `https` URL: browsers change it to `%27`.
    Apostrophe,
    /// `%` without two hexadecimal digits (RFC 3986 §2.1).
    Escape,
    /// A fragment, even an empty one (RFC 6749 §3.1.2).
    Fragment,
    /// A host name with a character or a hyphen in the wrong place, an invalid `xn--` label, or over 253 characters.
    Host,
    /// A label of a host name is empty or over 63 characters.
    Label,
    /// Numbers that a browser reads as an IPv4 address and other readers as a name (WHATWG "ends in a number").
    Ipv4,
    /// Brackets without an IPv6 address in the form that browsers write.
    Ipv6,
    /// A port that is empty, 0, over 65535, or has leading zeros.
    Port,
    /// `*`, except once in the first label of an `https` host.
    Wildcard,
    /// `.` or `..` as a path segment, plain or escaped: some readers resolve them.
    DotSegment,
    /// `@` in a query directly after the host: readers that end the authority at the first `/` take the text after the `@`
    /// for the host.
    AtSign,
}

impl Reason {
    /// Returns the broken rule with its message.
    pub(in crate::redirect) fn finding(self) -> &'static Finding {
        match self {
            Reason::Control => &const { Finding::new(rule::CHARACTER, "has the control character {}; remove it") },
            Reason::Space => &const { Finding::new(rule::CHARACTER, "has a space ({}); write %20") },
            Reason::Backslash => &const { Finding::new(rule::CHARACTER, "has a backslash ({}); write / or %5C") },
            Reason::Userinfo => {
                &const {
                    Finding::new(
                        rule::USERINFO,
                        "has a user name or password, and its host is after the @ ({}); remove them",
                    )
                }
            }
            Reason::HostNonAscii => {
                &const { Finding::new(rule::HOST, "has a host that is not ASCII ({}); write its xn-- form") }
            }
            Reason::HostEscape => {
                &const { Finding::new(rule::HOST, "has a percent escape in its host ({}); remove it") }
            }
            Reason::Zone => &const { Finding::new(rule::IP_ADDRESS, "has a zone in its IPv6 address ({}); remove it") },
            Reason::NotAbsolute => {
                &const {
                    Finding::new(rule::NOT_ABSOLUTE, "is not absolute ({}); begin it with its scheme, such as https://")
                }
            }
            Reason::Scheme => &const { Finding::new(rule::SCHEME, "has a scheme that no visitor may be sent to ({})") },
            Reason::Slashes => &const { Finding::new(rule::NOT_ABSOLUTE, "has no // after its scheme ({})") },
            Reason::NoHost => &const { Finding::new(rule::NOT_ABSOLUTE, "has no host ({})") },
            Reason::NonAscii => {
                &const { Finding::new(rule::CHARACTER, "has a character that is not ASCII ({}); percent-encode it") }
            }
            Reason::Character => {
                &const { Finding::new(rule::CHARACTER, "has a character that is not allowed there ({}); percent-encode it") }
            }
            Reason::Apostrophe => {
                &const { Finding::new(rule::CHARACTER, "has an apostrophe in its query ({}); write %27") }
            }
            Reason::Escape => {
                &const {
                    Finding::new(
                        rule::CHARACTER,
                        "has a % without two hexadecimal digits ({}); write %25 for a percent sign",
                    )
                }
            }
            Reason::Fragment => {
                &const {
                    Finding::new(
                        rule::FRAGMENT,
                        "has a fragment ({}); redirect URIs must not have one (RFC 6749 §3.1.2)",
                    )
                }
            }
            Reason::Host => {
                &const { Finding::new(rule::HOST, "has an invalid host ({}); use letters, digits, dots and inner hyphens") }
            }
            Reason::Label => {
                &const { Finding::new(rule::HOST, "has a host with a label of 0 or over 63 characters ({})") }
            }
            Reason::Ipv4 => {
                &const {
                    Finding::new(
                        rule::IP_ADDRESS,
                        "has an invalid IPv4 address ({}); write four decimal numbers, or a name",
                    )
                }
            }
            Reason::Ipv6 => {
                &const { Finding::new(rule::IP_ADDRESS, "has an invalid IPv6 address ({}); write it in its shortest form") }
            }
            Reason::Port => {
                &const { Finding::new(rule::PORT, "has an invalid port ({}); use 1 to 65535 without leading zeros") }
            }
            Reason::Wildcard => {
                &const {
                    Finding::new(
                        rule::WILDCARD,
                        "has a * in the wrong place ({}); one is allowed, in the first label of an https host",
                    )
                }
            }
            Reason::DotSegment => {
                &const { Finding::new(rule::DOT_SEGMENT, "has . or .. as a path segment ({}); remove it") }
            }
            Reason::AtSign => {
                &const {
                    Finding::new(
                        rule::NO_PATH,
                        "has an @ in a query directly after its host ({}); put a slash before the query",
                    )
                }
            }
        }
    }
}
