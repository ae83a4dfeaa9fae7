//! Finding the entry that allows a URL.

use std::cell::{Cell, OnceCell};

use super::super::embedded::embeds_url;
use super::super::grammar::{HostKind, Uri, is_upper, parse_destination, tail};
use super::super::uri;
use crate::text::{all, before, has, split_scheme, strip, until};

/// An entry of a list, with what does not depend on the URL.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) text: String,
    /// Comparing hashes first makes a verdict 1.15 to 1.3 times as fast (`node bench/redirect.mjs`): entries often have the
    /// same length and the same beginning.
    hash: u64,
    /// The hash of the text up to its port or path, without its scheme. A URL with another hash is on another host and need
    /// not be parsed, which makes its refusal 3 times as fast (`node bench/redirect.mjs`).
    host_hash: u64,
    has_wildcard: bool,
    /// The entry's host for a rough comparison, as a range of bytes, after the first refusal.
    pub(super) host: Cell<Option<(usize, usize)>>,
    /// True if every reader takes the entry, as a URL, to the same place; `None` before that was needed.
    is_readable: Cell<Option<bool>>,
    /// The origin of the first URL that the entry, as a domain, allowed. The next URL of that origin need not be parsed up
    /// to its path, which makes the verdict 3.9 times as fast (`node bench/redirect.mjs`).
    origin: OnceCell<String>,
}

impl Entry {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            hash: hash(text),
            host_hash: hash(host_start(text)),
            has_wildcard: has(text, b'*'),
            host: Cell::new(None),
            is_readable: Cell::new(None),
            origin: OnceCell::new(),
        }
    }
}

/// An entry that allows a URL, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// The URL equals a redirect URI.
    Equal(usize),
    /// The URL matches a redirect URI with a wildcard.
    Wildcard(usize),
    /// The URL is on a redirect domain.
    Domain(usize),
}

/// Finds the entry that allows a URL after authentication.
pub(super) fn match_uri(entries: &[Entry], url: &str) -> Option<Match> {
    let hash = hash(url);
    for (index, entry) in entries.iter().enumerate() {
        if entry.hash == hash && is_equal(&entry.text, url) {
            let is_readable =
                entry.is_readable.get().unwrap_or_else(|| is_own_path(url) || parse_destination(url).is_ok());
            entry.is_readable.set(Some(is_readable));
            return is_readable.then_some(Match::Equal(index));
        }
    }
    let index = entries.iter().position(|entry| entry.has_wildcard && matches_wildcard(&entry.text, url))?;
    let is_name = parse_destination(url).is_ok_and(|uri| uri.host_kind == HostKind::Name);
    is_name.then_some(Match::Wildcard(index))
}

/// Returns whether an entry such as `https://*-shop.example.com/cb` stands for a URL: one `*` in the first label of an
/// `https` host is one or more letters, digits, `-` and `_` of that label. Everything else is compared byte for byte.
fn matches_wildcard(entry: &str, url: &str) -> bool {
    let (Some(entry), Some(url)) = (strip(entry, "https://"), strip(url, "https://")) else {
        return false;
    };
    let ((pattern, entry_rest), (label, rest)) = (until(entry, "./?#:@"), until(url, "./?#:@"));
    let (head, star) = until(pattern, "*");
    let Some(tail) = strip(star, "*") else { return false };
    let part = strip(label, head).and_then(|rest| rest.strip_suffix(tail)).unwrap_or_default();
    let is_in_label = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    entry_rest.starts_with('.') && entry_rest == rest && !part.is_empty() && all(part, is_in_label)
}

/// Returns whether the URL is a path on the service's own host, which old apps list for the device flow.
fn is_own_path(url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//") && tail(url, false).is_ok()
}

/// Finds the entry that allows a URL after other processes.
pub(super) fn match_domain(entries: &[Entry], url: &str) -> Option<Match> {
    let host_hash = hash(host_start(url));
    let mut is_known_host = false;
    for (index, entry) in entries.iter().enumerate() {
        if entry.host_hash == host_hash {
            is_known_host = true;
            if let Some(rest) = entry.origin.get().and_then(|origin| strip(url, origin))
                && matches!(rest.as_bytes().first(), None | Some(b'/' | b'?' | b'#'))
            {
                return allowed_path(rest).then_some(Match::Domain(index));
            }
        }
    }
    if !is_known_host {
        return None;
    }
    let uri = parse_destination(url).ok()?;
    let forms = matching_entries(&uri);
    let is_match = |entry: &Entry| forms.iter().flatten().any(|form| *form == entry.text);
    let (index, entry) = entries.iter().enumerate().find(|(_, entry)| is_match(entry))?;
    // The origin that came first stays.
    let (origin, rest) = uri.split_origin();
    _ = entry.origin.set(origin.to_owned());
    allowed_path(rest).then_some(Match::Domain(index))
}

/// Returns what a URL has between its scheme and its port or path, or what a domain has before its port; a part of the
/// host for an IPv6 address.
fn host_start(text: &str) -> &str {
    let rest = strip(text, "https://").or_else(|| Some(split_scheme(text)?.1));
    until(rest.unwrap_or(text), ":/?#").0
}

/// Returns whether what follows the origin of a web URL lets the URL be allowed.
fn allowed_path(rest: &str) -> bool {
    tail(rest, true).is_ok_and(|(path, _)| !embeds_url(path))
}

/// Returns the entries that allow a URL after other processes: its host and its origin, each with and without its port.
pub(super) fn matching_entries<'a>(uri: &Uri<'a>) -> [Option<&'a str>; 4] {
    // A wildcard is not a host, and browsers do not write an upper-case scheme.
    if !uri.is_web() || is_upper(uri.scheme) || uri.host_kind == HostKind::Wildcard || uri::is_plain_http(uri) {
        return [None; 4];
    }
    let origin = uri.split_origin().0;
    let authority = split_scheme(origin).map(|(_, authority)| authority);
    // Servers on a loopback host differ only in their ports.
    let host = uri.host.filter(|_| uri.port.is_none() || !uri.is_loopback());
    let port = authority.map_or(0, str::len).wrapping_sub(uri.host.map_or(0, str::len));
    let origin_without_port = host.map(|_| before(origin, origin.len().wrapping_sub(port)));
    [host, authority, origin_without_port, Some(origin)]
}

/// Returns whether two texts are equal. It compares eight bytes at a time, and WebAssembly's `==` one: a verdict after
/// authentication is 1.1 times as fast (`node bench/redirect.mjs`).
pub(super) fn is_equal(one: &str, other: &str) -> bool {
    let ((words, rest), (other_words, other_rest)) =
        (one.as_bytes().as_chunks::<8>(), other.as_bytes().as_chunks::<8>());
    let mut is_equal = one.len() == other.len();
    for (word, other) in words.iter().zip(other_words) {
        is_equal &= u64::from_le_bytes(*word) == u64::from_le_bytes(*other);
    }
    is_equal && rest == other_rest
}

/// Returns a hash of a text: FNV-1a over words of eight bytes, and the bytes that are left.
fn hash(text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |value: u64| hash = (hash ^ value).wrapping_mul(0x0100_0000_01b3);
    let (words, rest) = text.as_bytes().as_chunks();
    for word in words {
        add(u64::from_le_bytes(*word));
    }
    for byte in rest {
        add(u64::from(*byte));
    }
    hash
}
