//! The entry that comes nearest to a URL, and how the two differ.

use super::super::grammar::{self, Uri, is_upper};
use super::super::list::are_alike;
use super::super::text::{
    after, before, has, is_same, same_start, split, split_scheme, strip, trim_start, until, utf16_length,
};
use super::super::words::{Words, words};
use super::{NOT_LISTED, Nearest, reason};

/// The entry that comes nearest: one on the same host before one on a related host before one of the same scheme before
/// any other, and among those the one with the shortest differing middle.
pub(super) fn find<'a>(entries: &'a [String], url: &str, is_domain: bool) -> Option<Nearest<'a>> {
    let host = host_of(url);
    let scheme = until(url, ":").0;
    let mut best = (usize::MAX, usize::MAX, None);
    for entry in entries {
        let entry_host = host_of(entry);
        let mut distance = kinship(host, entry_host);
        if distance == UNRELATED && !is_domain && until(entry, ":").0 != scheme {
            distance = STRANGE;
        }
        if distance > best.0 {
            continue;
        }
        let middle = if is_domain { middle(entry_host, host) } else { middle(entry, url) };
        if distance < best.0 || middle < best.1 {
            best = (distance, middle, Some(entry.as_str()));
        }
    }
    let entry = best.2?;
    // A domain asks for `https://` and itself; this machine is visited over plain http too.
    let scheme = if !is_domain || split_scheme(entry).is_some() {
        ""
    } else if strip(url, "http:").is_some() && is_loopback_entry(entry) {
        "http://"
    } else {
        "https://"
    };
    let at = match strip(url, scheme) {
        Some(rest) => scheme.len().wrapping_add(common_prefix(entry, rest)),
        None => common_prefix(scheme, url),
    };
    Some(Nearest { entry, at: utf16_length(url, at) })
}

const CASE_DIFFERS: Words =
    words!(reason::CASE_DIFFERS, "it differs from an entry in upper and lower case, which count");
const TRAILING_SLASH: Words =
    words!(reason::TRAILING_SLASH, "it differs from an entry in a slash at the end, which counts");
const NOT_CANONICAL: Words = words!(
    reason::NOT_CANONICAL,
    "it means the same as an entry but is spelled otherwise than by browsers, which counts"
);
const SUBDOMAIN: Words =
    words!(reason::SUBDOMAIN, "an entry holds for its host alone, not for hosts under or above it");
const SCHEME_DIFFERS: Words = words!(reason::SCHEME_DIFFERS, "the scheme differs");
const HOST_DIFFERS: Words = words!(reason::HOST_DIFFERS, "the host differs");
const PORT_DIFFERS: Words = words!(reason::PORT_DIFFERS, "the port differs");
const PATH_DIFFERS: Words = words!(reason::PATH_DIFFERS, "the path differs");
const QUERY_DIFFERS: Words = words!(reason::QUERY_DIFFERS, "the query differs");
const PLAIN_HTTP: Words = words!(reason::SCHEME_DIFFERS, "plain http is for localhost alone");
const NO_DOMAIN: Words = words!(
    reason::NOT_LISTED,
    "an entry has its host, but is neither a host nor an origin, such as https://example.com"
);
/// For a URL that is neither http nor https.
pub(super) const NOT_WEB: Words = words!(reason::SCHEME_DIFFERS, "a domain allows http and https URLs alone");

/// How a URL that is not listed differs from an entry.
pub(super) fn compare_uri(uri: &Uri<'_>, entry: &str) -> Words {
    if is_same(uri.text, entry) {
        return CASE_DIFFERS;
    }
    if are_alike(uri.text, entry) {
        return TRAILING_SLASH;
    }
    let Ok(listed) = grammar::parse(entry) else {
        return NOT_LISTED;
    };
    if uri.canonical() == listed.canonical() {
        return NOT_CANONICAL;
    }
    let same_scheme = is_same(uri.scheme, listed.scheme);
    let (host, listed_host) = (uri.host.unwrap_or_default(), listed.host.unwrap_or_default());
    if !is_same(host, listed_host) {
        // All but the host is the same, byte for byte.
        let is_same_but_host = same_scheme && after_host(uri) == after_host(&listed);
        return if kinship(host, listed_host) == RELATED {
            SUBDOMAIN
        } else if is_same_but_host {
            HOST_DIFFERS
        } else if same_scheme && !uri.is_web() {
            PATH_DIFFERS
        } else {
            NOT_LISTED
        };
    }
    if !same_scheme {
        SCHEME_DIFFERS
    } else if uri.port != listed.port {
        PORT_DIFFERS
    } else if uri.path != listed.path {
        PATH_DIFFERS
    } else {
        QUERY_DIFFERS
    }
}

/// How a URL that is on no listed domain differs from a domain.
pub(super) fn compare_domain(uri: &Uri<'_>, entry: &str) -> Words {
    let (host, entry_host) = (uri.host.unwrap_or_default(), host_of(entry));
    if !is_same(host, entry_host) {
        return if kinship(host, entry_host) == RELATED {
            SUBDOMAIN
        } else if middle(entry_host, host) <= 3 {
            // A slip of the keyboard.
            HOST_DIFFERS
        } else {
            NOT_LISTED
        };
    }
    let entry_scheme = split_scheme(entry).map(|(scheme, _)| scheme);
    let entry_port = after(strip_scheme(entry), entry_host.len());
    if super::uri::is_plain_http(uri) {
        PLAIN_HTTP
    } else if entry_scheme.is_some_and(|scheme| !is_same(scheme, uri.scheme)) {
        SCHEME_DIFFERS
    } else if host != entry_host {
        CASE_DIFFERS
    } else if is_upper(uri.scheme) || (entry_port.is_empty() && uri.has_default_port()) {
        NOT_CANONICAL
    } else if !until(entry_port, "/?#").1.is_empty() || entry_scheme.is_some_and(is_upper) {
        NO_DOMAIN
    } else {
        PORT_DIFFERS
    }
}

/// What follows the host.
fn after_host<'a>(uri: &Uri<'a>) -> &'a str {
    let host = uri.host.map_or(0, |host| host.len().wrapping_add("//".len()));
    after(uri.text, uri.scheme.len().wrapping_add(":".len()).wrapping_add(host))
}

const SAME: usize = 0;
const RELATED: usize = 1;
const UNRELATED: usize = 2;
/// Not even the scheme is the same.
const STRANGE: usize = 3;

/// How near two hosts are: the same, one under the other, or neither.
fn kinship(one: &str, other: &str) -> usize {
    if is_same(one, other) {
        return SAME;
    }
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let (head, tail) = split(long, long.len().wrapping_sub(short.len()));
    // A name without a dot has half the world under it.
    if head.ends_with('.') && is_same(tail, short) && has(short, b'.') { RELATED } else { UNRELATED }
}

/// The text without its scheme and the slashes before a host.
fn strip_scheme(text: &str) -> &str {
    split_scheme(text).map_or_else(|| trim_start(text, b'/'), |(_, rest)| rest)
}

/// Whether an entry names a loopback host.
pub(super) fn is_loopback_entry(entry: &str) -> bool {
    let authority = until(strip_scheme(entry), "/?#").0;
    grammar::parse_authority(authority).is_ok_and(|it| grammar::is_loopback(it.host, it.host_kind))
}

/// The host of what may be a URL or a host and port, for a rough comparison.
fn host_of(text: &str) -> &str {
    let authority = until(strip_scheme(text), "/?#").0;
    let host = until(authority, ":").0;
    // The colons of an IPv6 address are within brackets.
    if authority.starts_with('[') { before(authority, until(authority, "]").0.len().wrapping_add(1)) } else { host }
}

/// How many bytes of the longer text lie between what both begin with and what both end with.
fn middle(one: &str, other: &str) -> usize {
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    let start = same_start(one, other);
    let tails = one.bytes().rev().zip(other.bytes().rev()).take(shorter.wrapping_sub(start));
    longer.wrapping_sub(start).wrapping_sub(tails.take_while(|(one, other)| one == other).count())
}

/// How many bytes both texts begin with, in whole characters.
fn common_prefix(one: &str, other: &str) -> usize {
    let mut at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    while !other.is_char_boundary(at) {
        at = at.wrapping_sub(1);
    }
    at
}
