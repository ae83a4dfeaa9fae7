//! The entry that comes nearest to a URL, and how the two differ.

use super::super::finding::Finding;
use super::super::grammar::{self, Uri, is_upper};
use super::super::list::are_alike;
use super::super::same::{EntryKind, is_loopback};
use super::super::uri::is_plain_http;
use super::matching::Entry;
use super::reason;
use crate::text::{
    after, before, has, is_same, same_start, split, split_scheme, strip, trim_start, until, utf16_length,
};

/// The entry that comes nearest to a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest<'a> {
    /// The entry.
    pub entry: &'a str,
    /// The index of the first character of the URL that differs from the entry, in UTF-16 code units; the URL's length if
    /// the URL ends too early. Never inside a surrogate pair. A domain stands for `https://` and itself.
    pub at: usize,
}

/// Finds the entry that comes nearest: one on the same host, else on a related host, else of the same scheme, else any;
/// among those the one with the shortest part that differs.
pub(super) fn find<'a>(entries: &'a [Entry], url: &str, is_domain: bool) -> Option<Nearest<'a>> {
    let host = host_of(url);
    let scheme = until(url, ":").0;
    let mut best = (usize::MAX, usize::MAX, None);
    for listed in entries {
        let entry = listed.text.as_str();
        let (start, end) = listed.host.get().unwrap_or_else(|| {
            let start = entry.len().wrapping_sub(strip_scheme(entry).len());
            (start, start.wrapping_add(host_of(entry).len()))
        });
        listed.host.set(Some((start, end)));
        let entry_host = entry.get(start..end).unwrap_or_default();
        let mut distance = kinship(host, entry_host);
        let has_scheme = |rest: &str| rest.is_empty() || rest.starts_with(':');
        if distance == UNRELATED && !is_domain && !strip(entry, scheme).is_some_and(has_scheme) {
            distance = STRANGE;
        }
        if distance > best.0 {
            continue;
        }
        let middle = if is_domain { middle(entry_host, host) } else { middle(entry, url) };
        if distance < best.0 || middle < best.1 {
            best = (distance, middle, Some(entry));
        }
    }
    let entry = best.2?;
    // A domain stands for `https://` and itself; loopback hosts are visited over plain http too.
    let scheme = if !is_domain || split_scheme(entry).is_some() {
        ""
    } else if strip(url, "http:").is_some() && is_loopback(EntryKind::Domain, entry) {
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

pub(super) static NOT_LISTED: Finding = Finding::new(reason::NOT_LISTED, "is not listed");
/// The finding for a URL that is neither http nor https.
pub(super) static NOT_WEB: Finding =
    Finding::new(reason::SCHEME_DIFFERS, "is neither http nor https, and domains allow only those");
static CASE_DIFFERS: Finding =
    Finding::new(reason::CASE_DIFFERS, "differs from an entry only in upper and lower case, which count");
static TRAILING_SLASH: Finding =
    Finding::new(reason::TRAILING_SLASH, "differs from an entry only in a slash at the end, which counts");
static NOT_CANONICAL: Finding = Finding::new(
    reason::NOT_CANONICAL,
    "means the same as an entry to a browser, but is spelled differently, which counts",
);
static SUBDOMAIN: Finding =
    Finding::new(reason::SUBDOMAIN, "is on a host under or above an entry's; an entry allows its own host only");
static SCHEME_DIFFERS: Finding = Finding::new(reason::SCHEME_DIFFERS, "has another scheme");
static HOST_DIFFERS: Finding = Finding::new(reason::HOST_DIFFERS, "has another host");
static PORT_DIFFERS: Finding = Finding::new(reason::PORT_DIFFERS, "has another port");
static PATH_DIFFERS: Finding = Finding::new(reason::PATH_DIFFERS, "has another path");
static QUERY_DIFFERS: Finding = Finding::new(reason::QUERY_DIFFERS, "has another query");
static PLAIN_HTTP: Finding = Finding::new(reason::SCHEME_DIFFERS, "is plain http");
static NO_DOMAIN: Finding = Finding::new(
    reason::NOT_LISTED,
    "has the host of an entry that is neither a host nor an origin, such as https://example.com",
);

/// Returns how a URL that is not listed differs from an entry.
pub(super) fn compare_uri(uri: &Uri<'_>, entry: &str) -> &'static Finding {
    if is_same(uri.text, entry) {
        return &CASE_DIFFERS;
    }
    if are_alike(uri.text, entry) {
        return &TRAILING_SLASH;
    }
    let Ok(listed) = grammar::parse(entry) else {
        return &NOT_LISTED;
    };
    if uri.canonical() == listed.canonical() {
        return &NOT_CANONICAL;
    }
    let same_scheme = is_same(uri.scheme, listed.scheme);
    let (host, listed_host) = (uri.host.unwrap_or_default(), listed.host.unwrap_or_default());
    if !is_same(host, listed_host) {
        // Everything except the host is equal.
        let is_same_but_host = same_scheme && after_host(uri) == after_host(&listed);
        return if kinship(host, listed_host) == RELATED {
            &SUBDOMAIN
        } else if is_same_but_host {
            &HOST_DIFFERS
        } else if same_scheme && !uri.is_web() {
            &PATH_DIFFERS
        } else {
            &NOT_LISTED
        };
    }
    if !same_scheme {
        &SCHEME_DIFFERS
    } else if uri.port != listed.port {
        &PORT_DIFFERS
    } else if uri.path != listed.path {
        &PATH_DIFFERS
    } else {
        &QUERY_DIFFERS
    }
}

/// Returns how a URL that is on no listed domain differs from a domain.
pub(super) fn compare_domain(uri: &Uri<'_>, entry: &str) -> &'static Finding {
    let (host, entry_host) = (uri.host.unwrap_or_default(), host_of(entry));
    if !is_same(host, entry_host) {
        return if kinship(host, entry_host) == RELATED {
            &SUBDOMAIN
        } else if middle(entry_host, host) <= 3 {
            &HOST_DIFFERS
        } else {
            &NOT_LISTED
        };
    }
    let entry_scheme = split_scheme(entry).map(|(scheme, _)| scheme);
    let entry_port = after(strip_scheme(entry), entry_host.len());
    if is_plain_http(uri) {
        &PLAIN_HTTP
    } else if entry_scheme.is_some_and(|scheme| !is_same(scheme, uri.scheme)) {
        &SCHEME_DIFFERS
    } else if host != entry_host {
        &CASE_DIFFERS
    } else if is_upper(uri.scheme) || (entry_port.is_empty() && uri.has_default_port()) {
        &NOT_CANONICAL
    } else if !until(entry_port, "/?#").1.is_empty() || entry_scheme.is_some_and(is_upper) {
        &NO_DOMAIN
    } else {
        &PORT_DIFFERS
    }
}

/// Returns the text after the host.
fn after_host<'a>(uri: &Uri<'a>) -> &'a str {
    let host = uri.host.map_or(0, |host| host.len().wrapping_add("//".len()));
    after(uri.text, uri.scheme.len().wrapping_add(":".len()).wrapping_add(host))
}

const SAME: usize = 0;
const RELATED: usize = 1;
const UNRELATED: usize = 2;
/// The scheme differs too.
const STRANGE: usize = 3;

/// Returns whether two hosts are the same, one under the other, or neither.
fn kinship(one: &str, other: &str) -> usize {
    if is_same(one, other) {
        return SAME;
    }
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let (head, tail) = split(long, long.len().wrapping_sub(short.len()));
    // Too many names are under a name without a dot.
    if head.ends_with('.') && is_same(tail, short) && has(short, b'.') { RELATED } else { UNRELATED }
}

/// Returns the text without its scheme and the slashes before a host.
fn strip_scheme(text: &str) -> &str {
    split_scheme(text).map_or_else(|| trim_start(text, b'/'), |(_, rest)| rest)
}

/// Returns the host of a URL, or of a host and port, for a rough comparison.
fn host_of(text: &str) -> &str {
    let authority = until(strip_scheme(text), "/?#").0;
    let host = until(authority, ":").0;
    // The colons of an IPv6 address are in brackets.
    if authority.starts_with('[') { before(authority, until(authority, "]").0.len().wrapping_add(1)) } else { host }
}

/// Returns the length of the part of the longer text between the common beginning and the common end.
fn middle(one: &str, other: &str) -> usize {
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    let start = same_start(one, other);
    let tails = one.bytes().rev().zip(other.bytes().rev()).take(shorter.wrapping_sub(start));
    longer.wrapping_sub(start).wrapping_sub(tails.take_while(|(one, other)| one == other).count())
}

/// Returns how many leading bytes two texts have in common, in whole characters.
fn common_prefix(one: &str, other: &str) -> usize {
    let mut at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    while !other.is_char_boundary(at) {
        at = at.wrapping_sub(1);
    }
    at
}
