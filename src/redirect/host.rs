//! What is doubtful about a host that the grammar takes, as part of a URL or alone.

use super::ToAscii;
use super::grammar::{HostKind, is_loopback};
use super::list::Report;
use super::mistake::is_stand_in;
use super::text::{after, find, has, is_one_of, is_same, until, until_last};
use super::words::{Words, words};
use crate::violation::rule;

const UNSPECIFIED: Words = words!(rule::IP_ADDRESS, "is an address that no visitor can open; use localhost");
const UNREADABLE: Words =
    words!(rule::HOST, "has an xn-- label that this platform's URL parser refuses; check the name");
const ADDRESS: Words = words!(rule::IP_ADDRESS, "has an IP address, which can become another's; use a domain name");
const STAND_IN: Words = words!(rule::PLACEHOLDER, "has a placeholder in its host; is a variable missing? It is ");
const NO_DOT: Words =
    words!(rule::PLACEHOLDER, "has a host that only its own network can reach; use the full domain name");
const ODD_NAME: Words = words!(
    rule::HOST,
    "has a host that some programs refuse: a label with _, or a last label that begins with a digit"
);

/// Whether a host is an address to listen on: `0.0.0.0` or `[::]`.
pub(super) fn is_unspecified(host: &str) -> bool {
    is_one_of("0.0.0.0 [::]", host)
}

/// The error of a host that the grammar takes, if it has one.
pub(super) fn error(host: &str, to_ascii: ToAscii<'_>) -> Option<Words> {
    if is_unspecified(host) {
        return Some(UNSPECIFIED);
    }
    // Engines differ on these labels alone (the URL standard takes any since 2026); other names they all take.
    let to_ascii = to_ascii.filter(|_| find(host, "xn--").is_some())?;
    let is_read = to_ascii(host).is_some_and(|read| is_same(&read, host));
    (!is_read).then_some(UNREADABLE)
}

/// Reports what is doubtful about a host.
pub(super) fn warn(host: &str, kind: HostKind, report: &mut Report<'_>) {
    if is_loopback(host, kind) {
        return;
    }
    match kind {
        HostKind::Ipv4 | HostKind::Ipv6 => report.add_warning(ADDRESS, ""),
        HostKind::Name | HostKind::Wildcard => {
            let mut rest = host;
            while !rest.is_empty() {
                let (label, next) = until(rest, ".");
                if is_stand_in(label) {
                    return report.add_warning(STAND_IN, label);
                }
                rest = after(next, 1);
            }
            let starts_with_digit = matches!(until_last(host, b'.').1.as_bytes(), [b'.', b'0'..=b'9', ..]);
            if has(host, b'_') && has(host, b'.') || starts_with_digit {
                report.add_warning(ODD_NAME, "");
            } else if !has(host, b'.') {
                report.add_warning(NO_DOT, "");
            }
        }
        HostKind::Absent | HostKind::Opaque => {}
    }
}
