//! The entry that comes nearest to a URL, and how the two differ.

use super::super::grammar::{self, HostKind, Uri};
use super::super::list;
use super::reason;

/// The nearest entry, and the byte of the URL at which they part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) entry: &'a str,
    pub(super) at: usize,
}

/// The redirect URI that comes nearest: one on the same host before one on a related host before one of the same scheme
/// before any other, and among those the one with the shortest differing middle.
pub(super) fn uri<'a>(uris: &[&'a str], url: &str, host: Option<&str>) -> Option<Found<'a>> {
    let distance = |entry: &&str| {
        let other_scheme = entry.split(':').next() != url.split(':').next();
        let kinship = kinship(host, host_of(entry));
        (kinship, kinship == UNRELATED && other_scheme, middle(entry, url))
    };
    let entry = uris.iter().copied().min_by_key(distance)?;
    Some(Found { entry, at: common_prefix(entry, url) })
}

/// The redirect domain that comes nearest to the URL's host.
pub(super) fn domain<'a>(domains: &[&'a str], url: &str, host: Option<&str>) -> Option<Found<'a>> {
    let host = host.or_else(|| host_of(url));
    let distance = |entry: &&str| {
        let entry_host = host_of(entry).unwrap_or(entry);
        let entry_host = without_port(entry_host);
        (kinship(host, Some(entry_host)), host.map_or(0, |host| middle(entry_host, host)))
    };
    let entry = domains.iter().copied().min_by_key(distance)?;
    Some(Found { entry, at: parting(entry, url) })
}

/// Where a URL parts from what a domain asks for.
fn parting(entry: &str, url: &str) -> usize {
    if entry.contains("://") {
        return common_prefix(entry, url);
    }
    // This machine is visited over plain http too.
    let local = is_local(entry) && url.starts_with("http://");
    let scheme = if local { "http://" } else { "https://" };
    match url.strip_prefix(scheme) {
        Some(rest) => scheme.len().saturating_add(common_prefix(entry, rest)),
        None => common_prefix(scheme, url),
    }
}

/// How two URIs differ, the first of which is not listed.
pub(super) fn compare_uri(uri: &Uri<'_>, nearest: Option<&str>) -> (&'static str, &'static str) {
    const NOT_LISTED: (&str, &str) = (reason::NOT_LISTED, "the URL is not listed");
    let Some(entry) = nearest else {
        return NOT_LISTED;
    };
    if uri.text.eq_ignore_ascii_case(entry) {
        return (reason::CASE_DIFFERS, "the URL differs from an entry in upper and lower case, which count");
    }
    let Ok(listed) = grammar::parse(entry) else {
        return if list::are_alike(uri.text, entry) {
            (reason::TRAILING_SLASH, "the URL differs from an entry in a slash at the end, which counts")
        } else {
            NOT_LISTED
        };
    };
    if list::are_alike(uri.text, entry) {
        return (reason::TRAILING_SLASH, "the URL differs from an entry in a slash at the end, which counts");
    }
    if uri.canonical() == listed.canonical() {
        return (reason::NOT_CANONICAL, "the URL means the same as an entry, but it is spelled otherwise");
    }
    if wildcard_matches(&listed, uri) {
        let what = "an entry with a wildcard matches, but the documentation says that entries are compared exactly";
        return (reason::WILDCARD, what);
    }
    let same_scheme = uri.scheme.eq_ignore_ascii_case(listed.scheme);
    let same_host = uri.host.is_some() == listed.host.is_some()
        && uri.host.unwrap_or_default().eq_ignore_ascii_case(listed.host.unwrap_or_default());
    let same_port = uri.port == listed.port;
    let same_path = uri.path == listed.path;
    let same_query = uri.query == listed.query;
    match (same_scheme, same_host, same_port, same_path, same_query) {
        (false, true, ..) => (reason::SCHEME_DIFFERS, "the scheme differs"),
        (_, false, ..) if are_related(uri.host, listed.host) => {
            (reason::SUBDOMAIN, "an entry holds for its host alone, not for hosts under or above it")
        }
        (true, false, true, true, true) => (reason::HOST_DIFFERS, "the host differs"),
        (_, false, ..) => NOT_LISTED,
        (true, true, false, ..) => (reason::PORT_DIFFERS, "the port differs"),
        (true, true, true, false, _) => (reason::PATH_DIFFERS, "the path differs"),
        (true, true, true, true, _) => (reason::QUERY_DIFFERS, "the query differs"),
    }
}

/// How a URL differs from the domain that comes nearest.
pub(super) fn compare_domain(uri: &Uri<'_>, nearest: Option<&str>) -> (&'static str, &'static str) {
    if !uri.is_web() {
        return (reason::SCHEME_DIFFERS, "a domain allows https URLs only");
    }
    let Some(entry) = nearest else {
        return (reason::NOT_LISTED, "the host is not listed");
    };
    let (scheme, authority) = entry.split_once("://").map_or((None, entry), |(scheme, rest)| (Some(scheme), rest));
    let entry_host = without_port(authority);
    let host = uri.host.unwrap_or_default();
    if host.eq_ignore_ascii_case(entry_host) {
        if scheme.is_some_and(|scheme| !scheme.eq_ignore_ascii_case(uri.scheme))
            || !(uri.is_secure() || uri.is_loopback())
        {
            return (reason::SCHEME_DIFFERS, "the scheme differs; plain http is for localhost only");
        }
        if host != entry_host {
            return (reason::CASE_DIFFERS, "the host differs from an entry in upper and lower case, which count");
        }
        if uri.has_default_port() || uri.has_upper_case() {
            return (reason::NOT_CANONICAL, "the scheme or the port is not spelled as browsers spell it");
        }
        return (reason::PORT_DIFFERS, "the port differs, and it counts for localhost and where an entry has one");
    }
    if are_related(Some(host), Some(entry_host)) {
        return (reason::SUBDOMAIN, "a domain holds for that host alone, not for hosts under or above it");
    }
    if middle(entry_host, host) <= NEAR {
        return (reason::HOST_DIFFERS, "the host differs");
    }
    (reason::NOT_LISTED, "the host is not listed")
}

/// How many characters a host may differ in to be called near: a slip of the keyboard.
const NEAR: usize = 3;

/// What a URL offers to be compared with domains.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    scheme: &'a str,
    host: &'a str,
    /// The host and port as spelled.
    authority: &'a str,
    /// Whether the host alone allows it: its port does not count, and is no default one that a browser would drop.
    is_any_port: bool,
}

impl<'a> Candidate<'a> {
    /// Of a web URL, its scheme in lower case as a browser would write it.
    pub(super) fn of(uri: &Uri<'a>) -> Option<Self> {
        let host = uri.host.filter(|_| matches!(uri.scheme, "http" | "https"))?;
        let start = uri.scheme.len().saturating_add("://".len());
        let rest = uri.text.get(start..)?;
        let authority = rest.get(..rest.find(['/', '?']).unwrap_or(rest.len()))?;
        Some(Self { scheme: uri.scheme, host, authority, is_any_port: !uri.is_loopback() && !uri.has_default_port() })
    }

    /// Whether the entry allows URLs such as this.
    pub(super) fn is_on(self, entry: &str) -> bool {
        if let Some(rest) = entry.strip_prefix(self.scheme)
            && let Some(authority) = rest.strip_prefix("://")
        {
            return authority == self.authority;
        }
        entry == self.authority || (entry == self.host && self.is_any_port)
    }
}

/// Whether an entry's wildcard would match the URI's host: one or more characters other than `.` and `/`, in the first
/// label. Everything else is equal.
fn wildcard_matches(entry: &Uri<'_>, uri: &Uri<'_>) -> bool {
    let (Some(pattern), Some(host)) = (entry.host.filter(|_| entry.host_kind == HostKind::Wildcard), uri.host) else {
        return false;
    };
    let Some((head, tail)) = pattern.split_once('*') else {
        return false;
    };
    let stands_for = host.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail));
    stands_for.is_some_and(|part| !part.is_empty() && !part.contains('.'))
        && (uri.scheme, uri.port, uri.path, uri.query) == (entry.scheme, entry.port, entry.path, entry.query)
}

const UNRELATED: u8 = 2;

/// How near two hosts are: 0 the same, 1 one under the other, 2 neither.
fn kinship(one: Option<&str>, other: Option<&str>) -> u8 {
    match (one, other) {
        (Some(one), Some(other)) if one.eq_ignore_ascii_case(other) => 0,
        _ if are_related(one, other) => 1,
        _ => UNRELATED,
    }
}

/// Whether one host is under the other.
fn are_related(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let Some((head, tail)) = long.split_at_checked(long.len().saturating_sub(short.len())) else {
        return false;
    };
    // A name without a dot has half the world under it.
    head.ends_with('.') && tail.eq_ignore_ascii_case(short) && short.contains('.')
}

/// The host of what may be a URL, for a rough comparison only.
fn host_of(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    rest.split(['/', '?', '#']).next().map(without_port)
}

/// A host without the port behind it.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn is_local(entry: &str) -> bool {
    matches!(without_port(entry), "localhost" | "127.0.0.1" | "[::1]")
}

/// How many bytes of the longer text lie between what both begin with and what both end with.
fn middle(one: &str, other: &str) -> usize {
    let same = |(a, b): &(u8, u8)| a.eq_ignore_ascii_case(b);
    let shorter = one.len().min(other.len());
    let start = one.bytes().zip(other.bytes()).take_while(same).count();
    let end = one.bytes().rev().zip(other.bytes().rev()).take(shorter.saturating_sub(start)).take_while(same).count();
    one.len().max(other.len()).saturating_sub(start).saturating_sub(end)
}

/// How many bytes both texts begin with, in whole characters.
fn common_prefix(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(char, _)| char.len_utf8()).sum()
}
