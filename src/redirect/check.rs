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

use super::embedded::embeds_url;
use super::grammar::{self, HostKind, Reason, Refusal, Uri, is_upper};
use super::text::split_scheme;
use super::words::{self, Words, words};
use super::{domain, uri};
use crate::app::{MAX_REDIRECTS, REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::value::Value;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectVerdict<'a> {
    /// Whether Wix would send a visitor there.
    pub allowed: bool,
    /// The entry that allows it.
    pub matched: Option<&'a str>,
    /// Why not: a code of [`reason`].
    pub reason: Option<&'static str>,
    /// The answer in a sentence, and what to do.
    pub message: Cow<'static, str>,
    /// The entry that came nearest.
    pub nearest: Option<Nearest<'a>>,
    /// The patch that would allow it, where the URL itself is a good entry.
    pub fix: Option<Fix<'a>>,
}

/// The entry that came nearest to a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    pub present: &'a [&'a str],
    /// The one to add.
    pub added: &'a str,
}

impl Fix<'_> {
    /// All entries of the list that the patch sends.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.present.iter().copied().chain([self.added])
    }
}

impl RedirectVerdict<'_> {
    /// The verdict as it crosses to JavaScript; what it has nothing to say on is left out.
    pub fn to_value(&self) -> Value {
        let mut members = vec![("allowed", Value::Bool(self.allowed))];
        members.extend(self.matched.map(|entry| ("matched", Value::from(entry))));
        members.extend(self.reason.map(|reason| ("reason", Value::from(reason))));
        members.push(("message", Value::from(&*self.message)));
        members.extend(self.nearest.map(|Nearest { entry, at }| {
            #[expect(clippy::cast_precision_loss, reason = "numbers are JavaScript's")]
            let at = Value::Number(at as f64);
            ("nearest", Value::from(vec![("entry", Value::from(entry)), ("at", at)]))
        }));
        members.extend(self.fix.as_ref().map(|fix| {
            let entries = fix.entries().map(Value::from).collect();
            ("fix", Value::from(vec![(fix.field, Value::Array(entries))]))
        }));
        Value::from(members)
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

/// The texts of which one must be an entry, byte for byte, for the URL to be allowed. It is of the URL alone, so a host that
/// has its list at hand need not hand it over.
pub fn spellings(url: &str, after: After) -> [Option<&str>; 3] {
    match grammar::parse(url) {
        Ok(uri) if after == After::Other && embeds_url(uri.path) => [None; 3],
        parsed => entries_for(&parsed, url, after),
    }
}

/// Would Wix send a visitor to this URL? `uris` and `domains` are the app's lists.
pub fn check_redirect<'a>(
    uris: &'a [&'a str],
    domains: &'a [&'a str],
    url: &'a str,
    after: After,
) -> RedirectVerdict<'a> {
    let parsed = &grammar::parse(url);
    let is_domain = after == After::Other;
    let (field, entries) = if is_domain { (REDIRECT_DOMAINS, domains) } else { (REDIRECT_URIS, uris) };
    let entry = entries_for(parsed, url, after).into_iter().flatten().find(|text| entries.contains(text));
    let embeds_url = match parsed {
        Ok(uri) if is_domain => embeds_url(uri.path),
        _ => false,
    };
    if let Some(entry) = entry
        && !embeds_url
    {
        let message = Cow::Borrowed(match after {
            After::Authentication => "allowed: the URL is in allowedRedirectUris, byte for byte",
            After::Other => "allowed: the URL's host is in allowedRedirectDomains",
        });
        let matched = Some(entry);
        return RedirectVerdict { allowed: true, matched, reason: None, message, nearest: None, fix: None };
    }

    let nearest = nearest::find(entries, url, is_domain);
    let difference = match (parsed, &nearest) {
        (Err(refusal), _) => refusal.reason.words(),
        (Ok(_), _) if entry.is_some() => EMBEDDED_URL,
        (Ok(uri), _) if is_domain && !uri.is_web() => nearest::NOT_WEB,
        (Ok(_), None) => NOT_LISTED,
        (Ok(uri), Some(nearest)) if is_domain => nearest::compare_domain(uri, nearest.entry),
        (Ok(uri), Some(nearest)) => nearest::compare_uri(uri, nearest.entry),
    };
    let (reason, what) = words::split(difference);
    // Of the text's own fault there is but one code here.
    let reason = Some(if parsed.is_err() { reason::INVALID } else { reason });
    let added = match parsed {
        Ok(uri) if entries.len() < MAX_REDIRECTS && !embeds_url => needed(uri, is_domain),
        _ => None,
    };
    let fix = added.map(|added| Fix { field, present: entries, added });

    let mut message = String::from("not allowed: ");
    let mut say = |text: &str| message.push_str(text);
    say(if parsed.is_err() { "the URL " } else { "" });
    say(what);
    if let Some(nearest) = &nearest {
        say("; the nearest entry is ");
        say(nearest.entry);
        say(", from which the URL differs at character ");
        say(&nearest.at.wrapping_add(1).to_string());
    } else {
        say("; the list is empty");
    }
    say(if fix.is_some() { "; to allow it, update the app with `fix`" } else { "" });
    let message = Cow::Owned(message);
    RedirectVerdict { allowed: false, matched: None, reason, message, nearest, fix }
}

const NOT_LISTED: Words = words!(reason::NOT_LISTED, "the URL is not listed");
const EMBEDDED_URL: Words =
    words!(reason::EMBEDDED_URL, "its path carries another URL, as when a redirector is misused");

/// Whether a URL that is listed byte for byte leads to one place in spite of its fault.
fn is_harmless(url: &str, reason: Reason) -> bool {
    reason == Reason::Fragment || (reason == Reason::NotAbsolute && url.starts_with('/') && !url.starts_with("//"))
}

/// The entries that allow a URL, whatever its path carries.
fn entries_for<'a>(parsed: &Result<Uri<'a>, Refusal>, url: &'a str, after: After) -> [Option<&'a str>; 3] {
    match (parsed, after) {
        (Ok(uri), After::Other) => domains_for(uri),
        (Ok(_), After::Authentication) => [Some(url), None, None],
        (Err(refusal), After::Authentication) if is_harmless(url, refusal.reason) => [Some(url), None, None],
        (Err(_), _) => [None; 3],
    }
}

/// The domains that allow a URL: its host, its host and port, its origin.
fn domains_for<'a>(uri: &Uri<'a>) -> [Option<&'a str>; 3] {
    // What a visitor is sent to is a place, and a `*` is none. A browser would not write an upper-case scheme.
    if !uri.is_web() || is_upper(uri.scheme) || uri.host_kind == HostKind::Wildcard || uri::is_plain_http(uri) {
        return [None; 3];
    }
    let origin = uri.split_origin().0;
    let authority = split_scheme(origin).map(|(_, authority)| authority);
    // Nor would it write a default port.
    let host = uri.host.filter(|_| !uri.is_loopback() && !uri.has_default_port());
    [host, authority, Some(origin)]
}

/// The entry that would allow the URL, where it is a good one.
fn needed<'a>(uri: &Uri<'a>, is_domain: bool) -> Option<&'a str> {
    if !is_domain {
        return (uri.host_kind != HostKind::Wildcard && !uri::is_plain_http(uri)).then_some(uri.text);
    }
    let host = uri.host?;
    let needed = if uri.is_loopback() { split_scheme(uri.split_origin().0)?.1 } else { host };
    (domains_for(uri).contains(&Some(needed)) && domain::is_valid(needed)).then_some(needed)
}
