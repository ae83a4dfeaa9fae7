//! Comparing redirect entries: the one definition of "the same entry", for everything that adds, removes or compares them.
//!
//! **Domains** are compared by what they allow: host, port, and a scheme that is not the default. The default is `https`,
//! and `http` for loopback hosts, so that `https://shop.example.com` and `shop.example.com` are one
//! entry, and so are `http://localhost:3000` and `localhost:3000`. `shop.example.com:8443` and `http://shop.example.com`
//! are others. Case and a slash at the end mean nothing.
//!
//! **Redirect URIs** are compared byte for byte, as the service compares them with the URI of a login, unless the service
//! stores their [normal form](normal_form).

use super::grammar;
pub use super::grammar::normal_form;
use crate::concat::concat;
use crate::text::{is_same, split_scheme, strip, until};

/// The list that an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A redirect URI.
    Uri,
    /// A host, or an origin.
    Domain,
}

/// The form in which the service stores redirect URIs, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Storage {
    /// Not known. URIs that differ only in case or in a default port count as the same, because no client sends both. A URI
    /// without a path and one with `/` do not: clients send both, and a service that compares bytes distinguishes them.
    #[default]
    Unknown,
    /// The service stores what it was sent.
    Verbatim,
    /// The service stores the normal form.
    NormalForm,
}

/// Returns whether two entries of a list are the same entry.
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

/// Returns whether an entry has a loopback host.
pub fn is_loopback(kind: EntryKind, entry: &str) -> bool {
    let (authority, _) = until(origin(kind, entry).1, "/?#");
    grammar::parse_authority(authority).is_ok_and(|found| grammar::is_loopback(found.host, found.host_kind))
}

/// Splits an entry into its scheme, if it has one, and the rest.
fn origin(kind: EntryKind, entry: &str) -> (&str, &str) {
    match split_scheme(entry) {
        Some(parts) => parts,
        None if kind == EntryKind::Domain => ("", entry),
        None => ("", ""),
    }
}

/// Returns whether a web URL has no path.
fn lacks_path(text: &str) -> bool {
    split_scheme(text).is_some_and(|(_, rest)| !until(rest, "/?#").1.starts_with('/'))
}

/// Returns what a domain entry allows: the scheme, if it is not the default one, with the host and port.
fn domain_key(entry: &str) -> String {
    let (scheme, rest) = origin(EntryKind::Domain, entry);
    let default = if is_loopback(EntryKind::Domain, entry) { "http" } else { "https" };
    let scheme = if is_same(scheme, default) { "" } else { scheme };
    let (authority, tail) = until(rest, "/");
    // An entry with a path is not valid, and is the same only as itself.
    let rest = if strip(tail, "/").is_none_or(str::is_empty) { authority } else { rest };
    concat(&[scheme, "/", rest]).to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
