//! Would Wix send a visitor to this URL, and if not, why?
//!
//! After **authentication**, where the URL is in `allowedRedirectUris` byte for byte. After **other** processes, where
//! its host is a domain of `allowedRedirectDomains`. Both comparisons are of bytes, never of parsed values: what two
//! readers could read differently never gets as far as being allowed.
//!
//! # What is decided beyond the documentation
//! - A URL that is listed byte for byte and that the grammar refuses, since it was registered long ago, is allowed only
//!   where the fault cannot lead two readers to two places: a relative path of the service's own, or a fragment.
//! - After other processes, plain `http` is for this machine only, whatever is listed: the service answers 403.
//! - After other processes, an upper-case scheme or a default port spelled out is not taken for what it means.
//! - A URL whose path carries another URL (`https://shop.example.com/https://evil.example`) is not vouched for by a
//!   domain: that is the shape in which a site's own redirector is misused.
//! - An entry with a wildcard allows what equals it, as any other does. That it would match more, if the service
//!   honours it, is said in the message.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::grammar::{self, HostKind, Reason, Uri};
use super::{domain, uri};
use crate::app::{MAX_REDIRECTS, REDIRECT_DOMAINS, REDIRECT_URIS};

mod nearest;
#[cfg(test)]
mod tests;

/// After which process Wix redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Logging in.
    Authentication,
    /// Anything else, such as a checkout or logging out.
    Other,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RedirectVerdict<'a> {
    /// Whether Wix would send a visitor there.
    pub allowed: bool,
    /// The entry that allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<&'a str>,
    /// Why not: a code of [`reason`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The answer in a sentence, and what to do.
    pub message: Cow<'static, str>,
    /// The entry that came nearest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Nearest<'a>>,
    /// The patch that would allow it, where the URL itself is a good entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix<'a>>,
}

/// The entry that came nearest to a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Nearest<'a> {
    /// The entry.
    pub entry: &'a str,
    /// Where in the URL the first character stands that differs from what the entry asks for, in UTF-16 code units, as
    /// JavaScript indexes strings; the URL's length, where it ends too early. A character beyond the BMP is two units
    /// and one character: this is never the middle of one. A domain asks for `https://` and itself at the start.
    pub at: usize,
}

/// A patch: one list, whole, with what it lacks. An update replaces a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix<'a> {
    /// The list's name.
    pub field: &'static str,
    /// Its entries, as they are.
    pub present: Vec<&'a str>,
    /// The one to add.
    pub added: Cow<'a, str>,
}

impl Fix<'_> {
    /// All entries of the list that the patch sends.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.present.iter().copied().chain([self.added.as_ref()])
    }
}

impl Serialize for Fix<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut patch = serializer.serialize_map(Some(1))?;
        patch.serialize_entry(self.field, &self.entries().collect::<Vec<_>>())?;
        patch.end()
    }
}

/// Why a URL is not allowed. Codes are stable; new ones may be added.
pub mod reason {
    /// No entry is near it.
    pub const NOT_LISTED: &str = "NOT_LISTED";
    /// The nearest entry has another scheme.
    pub const SCHEME_DIFFERS: &str = "SCHEME_DIFFERS";
    /// The nearest entry has another host.
    pub const HOST_DIFFERS: &str = "HOST_DIFFERS";
    /// The nearest entry has another port.
    pub const PORT_DIFFERS: &str = "PORT_DIFFERS";
    /// The nearest entry has another path.
    pub const PATH_DIFFERS: &str = "PATH_DIFFERS";
    /// The nearest entry differs only in a slash at the end of the path.
    pub const TRAILING_SLASH: &str = "TRAILING_SLASH";
    /// The nearest entry has another query.
    pub const QUERY_DIFFERS: &str = "QUERY_DIFFERS";
    /// The nearest entry differs only in upper and lower case.
    pub const CASE_DIFFERS: &str = "CASE_DIFFERS";
    /// The URL's host is under the nearest entry's, or above it.
    pub const SUBDOMAIN: &str = "SUBDOMAIN";
    /// The nearest entry means the same to a browser and is spelled otherwise.
    pub const NOT_CANONICAL: &str = "NOT_CANONICAL";
    /// An entry with a wildcard would match, if the service honours it.
    pub const WILDCARD: &str = "WILDCARD";
    /// The path carries another URL.
    pub const EMBEDDED_URL: &str = "EMBEDDED_URL";
    /// The URL is one that readers could read differently, or no absolute URL.
    pub const INVALID: &str = "INVALID";
}

/// Would Wix send a visitor to this URL? `uris` and `domains` are the app's lists.
pub fn check_redirect<'a>(uris: &[&'a str], domains: &[&'a str], url: &'a str, after: After) -> RedirectVerdict<'a> {
    match after {
        After::Authentication => after_authentication(uris, url),
        After::Other => after_other(domains, url),
    }
}

fn allowed<'a>(entry: &'a str, message: &'static str) -> RedirectVerdict<'a> {
    let message = Cow::Borrowed(message);
    RedirectVerdict { allowed: true, matched: Some(entry), reason: None, message, nearest: None, fix: None }
}

fn after_authentication<'a>(uris: &[&'a str], url: &'a str) -> RedirectVerdict<'a> {
    let parsed = grammar::parse(url);
    if let Some(entry) = uris.iter().find(|entry| **entry == url) {
        let harmless = match parsed {
            Ok(_) => true,
            Err(refusal) => match refusal.reason {
                Reason::Fragment => true,
                Reason::NotAbsolute => url.starts_with('/') && !url.starts_with("//"),
                _ => false,
            },
        };
        if harmless {
            return allowed(entry, "allowed: the URL is in allowedRedirectUris, byte for byte");
        }
    }
    let (reason, nearest, what) = match &parsed {
        Err(refusal) => (reason::INVALID, nearest::uri(uris, url, None), refusal.reason.message()),
        Ok(parsed) => {
            let nearest = nearest::uri(uris, url, parsed.host);
            let (reason, what) = nearest::compare_uri(parsed, nearest.map(|nearest| nearest.entry));
            (reason, nearest, what)
        }
    };
    // What Wix is sent is a place, and a `*` is none.
    let fixable = parsed.is_ok_and(|parsed| parsed.host_kind != HostKind::Wildcard) && uri::is_valid(url);
    let fix = (fixable && uris.len() < MAX_REDIRECTS).then(|| Fix {
        field: REDIRECT_URIS,
        present: uris.to_vec(),
        added: Cow::Borrowed(url),
    });
    refused(REDIRECT_URIS, url, reason, what, nearest, fix)
}

fn after_other<'a>(domains: &[&'a str], url: &'a str) -> RedirectVerdict<'a> {
    let parsed = match grammar::parse(url) {
        Ok(parsed) => parsed,
        Err(refusal) => {
            let what = refusal.reason.message();
            return refused(REDIRECT_DOMAINS, url, reason::INVALID, what, nearest::domain(domains, url, None), None);
        }
    };
    let candidate = nearest::Candidate::of(&parsed);
    let entry = candidate.and_then(|candidate| domains.iter().find(|entry| candidate.is_on(entry)).copied());
    let embeds = parsed.path.contains("://");
    let is_place = parsed.host_kind != HostKind::Wildcard && !uri::is_plain_http(&parsed);
    if let Some(entry) = entry
        && is_place
        && !embeds
    {
        return allowed(entry, "allowed: the URL's host is in allowedRedirectDomains");
    }
    let nearest = nearest::domain(domains, url, parsed.host);
    let (reason, what) = match entry {
        Some(_) if embeds => (reason::EMBEDDED_URL, "its path carries another URL, as when a redirector is misused"),
        _ => nearest::compare_domain(&parsed, nearest.map(|nearest| nearest.entry)),
    };
    let fix = (is_place && !embeds && domains.len() < MAX_REDIRECTS)
        .then(|| needed_domain(&parsed))
        .flatten()
        .filter(|needed| candidate.is_some_and(|candidate| candidate.is_on(needed)))
        .map(|added| Fix { field: REDIRECT_DOMAINS, present: domains.to_vec(), added });
    refused(REDIRECT_DOMAINS, url, reason, what, nearest, fix)
}

/// The domain that would allow the URL, where it is a good entry.
fn needed_domain<'a>(parsed: &Uri<'a>) -> Option<Cow<'a, str>> {
    let host = parsed.host.filter(|_| parsed.is_web())?;
    let needed = match parsed.port.filter(|_| parsed.is_loopback()) {
        None => Cow::Borrowed(host),
        Some(port) => Cow::Owned([host, ":", &port.to_string()].concat()),
    };
    domain::is_valid(&needed).then_some(needed)
}

fn refused<'a>(
    field: &'static str,
    url: &str,
    reason: &'static str,
    what: &'static str,
    nearest: Option<nearest::Found<'a>>,
    fix: Option<Fix<'a>>,
) -> RedirectVerdict<'a> {
    // In UTF-16: most URLs are ASCII, and then it is the same.
    let before = |found: &nearest::Found<'_>| url.get(..found.at).unwrap_or(url).encode_utf16().count();
    let nearest = nearest.map(|found| Nearest { entry: found.entry, at: before(&found) });
    let mut message = String::from("not allowed: ");
    if reason == reason::INVALID {
        message.push_str("the URL ");
    }
    message.push_str(what);
    match &nearest {
        None => message.push_str(match field {
            REDIRECT_URIS => "; allowedRedirectUris is empty",
            _ => "; allowedRedirectDomains is empty",
        }),
        Some(Nearest { entry, at }) => {
            for part in [
                "; the nearest entry is ",
                *entry,
                ", and the URL differs from character ",
                &at.saturating_add(1).to_string(),
                " on",
            ] {
                message.push_str(part);
            }
        }
    }
    if fix.is_some() {
        message.push_str(match field {
            REDIRECT_URIS => ". Send the visitor to the entry as it is listed, or update the app with `fix`",
            _ => ". Send the visitor to a listed domain, or update the app with `fix`",
        });
    }
    RedirectVerdict { allowed: false, matched: None, reason: Some(reason), message: Cow::Owned(message), nearest, fix }
}
