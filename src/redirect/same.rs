//! Whether two redirect entries are the same entry: the one notion of it, for whatever adds, removes or compares entries.
//!
//! A **domain** is compared by what it allows: its host and port, and its scheme where that is not the default. The
//! default is `https`, and `http` for this machine, so that `https://shop.example.com` and `shop.example.com` are one
//! entry, and so are `http://localhost:3000` and `localhost:3000`. `shop.example.com:8443` and `http://shop.example.com`
//! are others. Case and a slash at the end mean nothing.
//!
//! A **redirect URI** is compared byte for byte, as the service compares it with the URI of a login, unless the service
//! stores the [normal form](normal_form) in place of what it was given.

use super::grammar;
use super::text::{is_same, split_scheme, strip, until};
use crate::concat::Concat as _;

/// Which list an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A redirect URI.
    Uri,
    /// A host, or an origin.
    Domain,
}

/// What is known about how the service stores a redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Storage {
    /// Nothing. A URI that differs only by case or by a default port is taken for the same: no client sends both. One
    /// without a path is not: clients send both, and a service that compares bytes tells them apart.
    #[default]
    Unknown,
    /// It stores what it was given.
    Verbatim,
    /// It stores the normal form.
    NormalForm,
}

/// Checks whether two entries of a list are the same entry.
pub fn is_same_entry(kind: EntryKind, storage: Storage, one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    match (kind, storage) {
        (EntryKind::Domain, _) => domain_key(one) == domain_key(other),
        (EntryKind::Uri, Storage::Verbatim) => false,
        (EntryKind::Uri, Storage::Unknown) => {
            lacks_path(one) == lacks_path(other) && normal_form(one) == normal_form(other)
        }
        (EntryKind::Uri, Storage::NormalForm) => normal_form(one) == normal_form(other),
    }
}

/// Returns the normal form of a URI (RFC 3986 §6.2): scheme and host in lower case, no default port, and `/` for the empty
/// path of a web URL. It reads any text, since a list may hold what the [grammar] refuses.
pub fn normal_form(text: &str) -> String {
    let Some((scheme, rest)) = split_scheme(text) else {
        let (scheme, rest) = until(text, ":");
        let scheme = if rest.is_empty() { scheme.to_owned() } else { scheme.to_ascii_lowercase() };
        return [&scheme, rest].concat();
    };
    let (authority, tail) = until(rest, "/?#");
    let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return [&scheme, "://", &authority, tail].concat(),
    };
    let slash = if tail.starts_with('/') { "" } else { "/" };
    [&scheme, "://", authority.strip_suffix(default_port).unwrap_or(&authority), slash, tail].concat()
}

/// Checks whether an entry names this machine.
pub fn is_loopback(kind: EntryKind, entry: &str) -> bool {
    let (authority, _) = until(origin(kind, entry).1, "/?#");
    grammar::parse_authority(authority).is_ok_and(|found| grammar::is_loopback(found.host, found.host_kind))
}

/// The scheme, where there is one, and the rest of an entry.
fn origin(kind: EntryKind, entry: &str) -> (&str, &str) {
    match split_scheme(entry) {
        Some(parts) => parts,
        None if kind == EntryKind::Domain => ("", entry),
        None => ("", ""),
    }
}

/// A web URL without a path, or with a query after its host.
fn lacks_path(text: &str) -> bool {
    split_scheme(text).is_some_and(|(_, rest)| !until(rest, "/?#").1.starts_with('/'))
}

/// What a domain entry allows: the scheme, where that is not the default one, with the host and port.
fn domain_key(entry: &str) -> (String, String) {
    let (scheme, rest) = origin(EntryKind::Domain, entry);
    let default = if is_loopback(EntryKind::Domain, entry) { "http" } else { "https" };
    let scheme = if is_same(scheme, default) { "" } else { scheme };
    let (authority, tail) = until(rest, "/");
    // A path is no part of an entry. A text that has one is the same as itself alone.
    let rest = if strip(tail, "/").is_none_or(str::is_empty) { authority } else { rest };
    (scheme.to_ascii_lowercase(), rest.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
