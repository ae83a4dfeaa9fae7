//! Errors and warnings about a host that the grammar accepts, in a URL or alone.

use super::ToAscii;
use super::finding::Finding;
use super::grammar::{HostKind, is_loopback};
use super::mistake::is_stand_in;
use super::report::Report;
use crate::text::{after, find, has, is_one_of, is_same, until, until_last};
use crate::violation::rule;

static UNSPECIFIED: Finding =
    Finding::new(rule::IP_ADDRESS, "has an address that no visitor can open ({}); use localhost");
static UNREADABLE: Finding =
    Finding::new(rule::HOST, "has an xn-- label that the URL parser refuses ({}); check the name");
static ADDRESS: Finding =
    Finding::new(rule::IP_ADDRESS, "has an IP address ({}), which can become another's; use a domain name");
static STAND_IN: Finding = Finding::new(rule::PLACEHOLDER, "has the placeholder {} in its host; is a variable unset?");
static NO_DOT: Finding =
    Finding::new(rule::PLACEHOLDER, "has a host that only its own network can reach ({}); use the full domain name");
static ODD_NAME: Finding = Finding::new(
    rule::HOST,
    "has a host that some programs refuse ({}): a label has _, or the last one begins with a digit",
);

/// Returns whether a host is an address to listen on: `0.0.0.0` or `[::]`.
pub(super) fn is_unspecified(host: &str) -> bool {
    is_one_of("0.0.0.0 [::]", host)
}

/// Returns the error of a host that the grammar accepts, if it has one.
pub(super) fn error(host: &str, to_ascii: ToAscii<'_>) -> Option<&'static Finding> {
    if is_unspecified(host) {
        return Some(&UNSPECIFIED);
    }
    // Engines differ on these labels only (the URL standard accepts any since 2026); they accept all other names.
    let to_ascii = to_ascii.filter(|_| find(host, "xn--").is_some())?;
    let is_read = to_ascii(host).is_some_and(|read| is_same(&read, host));
    (!is_read).then_some(&UNREADABLE)
}

/// Warns of a doubtful host.
pub(super) fn warn(host: &str, kind: HostKind, report: &mut Report<'_>) {
    if is_loopback(host, kind) {
        return;
    }
    match kind {
        HostKind::Ipv4 | HostKind::Ipv6 => report.warn(&ADDRESS, host),
        HostKind::Name | HostKind::Wildcard => {
            let mut rest = host;
            while !rest.is_empty() {
                let (label, next) = until(rest, ".");
                if is_stand_in(label) {
                    return report.warn(&STAND_IN, label);
                }
                rest = after(next, 1);
            }
            let starts_with_digit = matches!(until_last(host, b'.').1.as_bytes(), [b'.', b'0'..=b'9', ..]);
            if !has(host, b'.') {
                report.warn(&NO_DOT, host);
            } else if has(host, b'_') || starts_with_digit {
                report.warn(&ODD_NAME, host);
            }
        }
        HostKind::Absent | HostKind::Opaque => {}
    }
}
