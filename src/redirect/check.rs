//! Checks whether Wix would send a visitor to a URL, and explains a refusal.
//!
//! [`RedirectChecker::check`] is the only place that decides. `checkRedirect` and `createRedirectChecker` in JavaScript,
//! the tests and the fuzz target all call it.
//!
//! - After **authentication** the URL must be an entry of `allowedRedirectUris`, byte for byte, or match an entry with a
//!   wildcard (see [`matches_wildcard`]).
//! - After **other** processes, such as a checkout, an entry of `allowedRedirectDomains` must name the URL's host, and
//!   its port and scheme where the entry has them.
//!
//! Comparison is on bytes. Scheme and authority are read by the strict grammar, so a URL that two readers could take to
//! two hosts is never allowed. What follows the authority does not move the host and is read leniently.
//!
//! # Choices where the service's behaviour is unknown
//! The emulator makes the same ones; its README lists them, and its test `redirects/rules/agreement.rs` compares the two.
//! - A listed URL is refused when two readers could take it to two places: user names, backslashes, spaces and control
//!   characters, schemes that run code, malformed hosts and ports.
//! - After other processes plain `http` is for loopback hosts only, whatever is listed: the service answers 403.
//! - After other processes an upper-case scheme, or a host in another case than the entry's, is refused. A port is
//!   compared as text; an entry without one allows every port, except for loopback hosts.
//! - After other processes a URL whose path carries another URL (`https://shop.example.com/https://evil.example`) is
//!   refused: it has the shape of a misused redirector.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::embedded::embeds_url;
use super::grammar::{self, HostKind, Refusal, Uri, is_upper};
use super::text::{split, split_scheme, strip, until};
use super::words::{self, Words, words};
use super::{ToAscii, uri};
use crate::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::validate;
use crate::value::Value;
use crate::violation::{Violation, Violations};

mod fix;
mod nearest;
#[cfg(test)]
mod tests;

use fix::Remarks;

/// The process after which Wix redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Logging in.
    Authentication,
    /// Anything else, such as a checkout or logging out.
    Other,
}

impl After {
    /// The names of the processes in JavaScript.
    pub const NAMES: [&str; 2] = ["authentication", "other"];

    /// Returns the process of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "authentication" => Some(After::Authentication),
            "other" => Some(After::Other),
            _ => None,
        }
    }
}

/// Whether Wix would send a visitor to a URL, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectVerdict<'a> {
    /// Whether Wix would send a visitor there.
    pub allowed: bool,
    /// The entry that allows it.
    pub matched: Option<&'a str>,
    /// Why it is refused: a code of [`reason`].
    pub reason: Option<&'static str>,
    /// The verdict in a sentence, with the remedy.
    pub message: Cow<'static, str>,
    /// The entry that comes nearest.
    pub nearest: Option<Nearest<'a>>,
    /// The entry to add, where adding it is accepted and allows the URL. Never to be applied to a URL that came from a
    /// request.
    pub fix: Option<Fix<'a>>,
}

/// The entry that comes nearest to a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest<'a> {
    /// The entry.
    pub entry: &'a str,
    /// The position of the first character of the URL that differs from what the entry asks for, in UTF-16 code units;
    /// the URL's length if the URL ends too early. Never inside a surrogate pair. A domain asks for `https://` and
    /// itself.
    pub at: usize,
}

/// An argument for `allowRedirects`: `{ uris: [entry] }` or `{ domains: [entry] }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fix<'a> {
    /// The name of the list: `uris` or `domains`.
    pub list: &'static str,
    /// The entry to add.
    pub entry: &'a str,
}

impl Fix<'_> {
    /// Returns the argument for `allowRedirects`.
    pub fn to_value(&self) -> Value {
        Value::from(vec![(self.list, Value::Array(vec![Value::from(self.entry)]))])
    }
}

impl RedirectVerdict<'_> {
    /// Returns the verdict as JavaScript sees it, without the members that do not apply.
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
        members.extend(self.fix.map(|fix| ("fix", fix.to_value())));
        Value::from(members)
    }
}

/// Why a URL is not allowed. The codes are stable; new ones may be added.
pub mod reason {
    /// No entry comes near it.
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
    /// The URL's host is a subdomain of the nearest entry's, or the reverse.
    pub const SUBDOMAIN: &str = "SUBDOMAIN";
    /// The nearest entry means the same to a browser and is spelled differently.
    pub const NOT_CANONICAL: &str = "NOT_CANONICAL";
    /// The path carries another URL.
    pub const EMBEDDED_URL: &str = "EMBEDDED_URL";
    /// Readers could take the URL to different places, or it is no absolute URL.
    pub const INVALID: &str = "INVALID";
}

/// An app's redirect lists, read once, for verdicts on many URLs.
#[derive(Debug, Clone, Default)]
pub struct RedirectChecker {
    uris: List,
    domains: List,
}

/// One list of an app, with what does not depend on the URL and only a refusal needs.
#[derive(Debug, Clone, Default)]
struct List {
    entries: Vec<String>,
    remarks: OnceCell<Remarks>,
}

impl RedirectChecker {
    /// Reads both lists of an app. A list that is missing is empty.
    ///
    /// # Errors
    /// With a violation for the app, a list or an entry of another type.
    pub fn new(app: &Value) -> Result<Self, Vec<Violation>> {
        let mut violations = Violations::default();
        validate::object("app", app, &mut violations);
        let [uris, domains] = [REDIRECT_URIS, REDIRECT_DOMAINS].map(|name| match app.get(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(list) => {
                validate::entries(name, list, &mut violations).into_iter().flatten().map(str::to_owned).collect()
            }
        });
        if violations.0.is_empty() { Ok(Self::of([uris, domains])) } else { Err(violations.0) }
    }

    /// Makes a checker of lists that are known to be texts.
    pub fn from_lists(uris: &[&str], domains: &[&str]) -> Self {
        Self::of([uris, domains].map(|list| list.iter().map(|entry| (*entry).to_owned()).collect()))
    }

    fn of(lists: [Vec<String>; 2]) -> Self {
        let [uris, domains] = lists.map(|entries| List { entries, remarks: OnceCell::new() });
        Self { uris, domains }
    }

    /// Returns the entries of the list that decides after a process.
    pub fn entries(&self, after: After) -> &[String] {
        &self.list(after).entries
    }

    fn list(&self, after: After) -> &List {
        match after {
            After::Authentication => &self.uris,
            After::Other => &self.domains,
        }
    }

    /// Checks whether Wix would send a visitor to the URL. `to_ascii` judges the entry of a fix as `allowRedirects`
    /// would.
    pub fn check<'a>(&'a self, url: &'a str, after: After, to_ascii: ToAscii<'_>) -> RedirectVerdict<'a> {
        let destination = &grammar::parse_destination(url);
        let matched = match after {
            After::Authentication => matching_uri(self.entries(after), url, destination),
            After::Other => matching_domain(self.entries(after), destination),
        };
        match matched {
            Some(Match { entry, message }) => RedirectVerdict {
                allowed: true,
                matched: Some(entry),
                reason: None,
                message: Cow::Borrowed(message),
                nearest: None,
                fix: None,
            },
            None => explain(self.list(after), url, after, destination, to_ascii),
        }
    }

    /// Checks a URL and a process as a caller gave them.
    ///
    /// # Errors
    /// With a violation for a URL or a process of another type, or an unknown process.
    pub fn check_values<'a>(
        &'a self,
        url: &'a Value,
        after: &Value,
        to_ascii: ToAscii<'_>,
    ) -> Result<RedirectVerdict<'a>, Vec<Violation>> {
        let mut violations = Violations::default();
        let url = validate::string("url", url, &mut violations);
        validate::one_of("after", after, &After::NAMES, &mut violations);
        match (url, after.as_str().and_then(After::named)) {
            (Some(url), Some(after)) => Ok(self.check(url, after, to_ascii)),
            _ => Err(violations.0),
        }
    }
}

/// Checks one URL: `checkRedirect` on its arguments as a caller gave them.
///
/// # Errors
/// With every violation of the arguments.
pub fn check_redirect(app: &Value, url: &Value, after: &Value, to_ascii: ToAscii<'_>) -> Result<Value, Vec<Violation>> {
    let (checker, mut violations) = match RedirectChecker::new(app) {
        Ok(checker) => (checker, Vec::new()),
        Err(violations) => (RedirectChecker::default(), violations),
    };
    match checker.check_values(url, after, to_ascii) {
        Ok(verdict) if violations.is_empty() => return Ok(verdict.to_value()),
        Ok(_) => {}
        Err(more) => violations.extend(more),
    }
    Err(violations)
}

/// An entry that allows a URL, and the message that says so.
struct Match<'a> {
    entry: &'a str,
    message: &'static str,
}

/// Finds the entry that allows a URL after authentication.
fn matching_uri<'a>(entries: &'a [String], url: &str, destination: &Result<Uri<'_>, Refusal>) -> Option<Match<'a>> {
    if destination.is_err() && !is_own_path(url) {
        return None;
    }
    if let Some(entry) = entries.iter().find(|entry| *entry == url) {
        return Some(Match { entry, message: "allowed: the URL is in allowedRedirectUris, byte for byte" });
    }
    let is_name = destination.as_ref().is_ok_and(|uri| uri.host_kind == HostKind::Name);
    let entry = entries.iter().find(|entry| is_name && matches_wildcard(entry, url))?;
    let message = "allowed: an entry with a wildcard in allowedRedirectUris matches the URL. Wix's own tools rely on this \
                   form, but the documentation promises exact matches only";
    Some(Match { entry, message })
}

/// Whether an entry such as `https://*-shop.example.com/cb` stands for a URL: one `*` in the first label of an `https`
/// host is one or more letters, digits, `-` and `_` of that label. Everything else is compared byte for byte.
fn matches_wildcard(entry: &str, url: &str) -> bool {
    let (Some(entry), Some(url)) = (strip(entry, "https://"), strip(url, "https://")) else {
        return false;
    };
    let ((pattern, entry_rest), (label, rest)) = (until(entry, "./?#:@"), until(url, "./?#:@"));
    let (head, star) = until(pattern, "*");
    let Some(tail) = strip(star, "*") else { return false };
    let part = strip(label, head).and_then(|rest| rest.strip_suffix(tail)).unwrap_or_default();
    let in_label = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    entry_rest.starts_with('.') && entry_rest == rest && !part.is_empty() && part.bytes().all(in_label)
}

/// Whether the URL is a path on the service's own host, which old apps list for the device flow.
fn is_own_path(url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//") && grammar::misread(url).is_none()
}

/// Finds the entry that allows a URL after other processes.
fn matching_domain<'a>(entries: &'a [String], destination: &Result<Uri<'_>, Refusal>) -> Option<Match<'a>> {
    let uri = destination.as_ref().ok()?;
    let forms = matching_entries(uri);
    let entry = entries.iter().find(|entry| forms.contains(&Some(entry.as_str())))?;
    if embeds_url(uri.path) {
        return None;
    }
    Some(Match { entry, message: "allowed: the URL's host is in allowedRedirectDomains" })
}

/// The entries that allow a URL after other processes: its host and its origin, each with and without its port.
fn matching_entries<'a>(uri: &Uri<'a>) -> [Option<&'a str>; 4] {
    // A wildcard stands for hosts but is none, and browsers do not write an upper-case scheme.
    if !uri.is_web() || is_upper(uri.scheme) || uri.host_kind == HostKind::Wildcard || uri::is_plain_http(uri) {
        return [None; 4];
    }
    let origin = uri.split_origin().0;
    let authority = split_scheme(origin).map(|(_, authority)| authority);
    // The servers of one machine differ by their ports alone.
    let host = uri.host.filter(|_| uri.port.is_none() || !uri.is_loopback());
    let port = authority.map_or(0, str::len).wrapping_sub(uri.host.map_or(0, str::len));
    let origin_without_port = host.map(|_| split(origin, origin.len().wrapping_sub(port)).0);
    [host, authority, origin_without_port, Some(origin)]
}

const NOT_LISTED: Words = words!(reason::NOT_LISTED, "the URL is not listed");
const EMBEDDED_URL: Words =
    words!(reason::EMBEDDED_URL, "its path carries another URL, as when a redirector is misused");

/// The verdict on a URL that is not allowed.
fn explain<'a>(
    list: &'a List,
    url: &'a str,
    after: After,
    destination: &Result<Uri<'a>, Refusal>,
    to_ascii: ToAscii<'_>,
) -> RedirectVerdict<'a> {
    let is_domain = after == After::Other;
    // An entry of redirect URIs is the whole URL, so every part of it must be well-formed.
    let parsed = if is_domain { *destination } else { grammar::parse(url) };
    let nearest = nearest::find(&list.entries, url, is_domain);
    let difference = match (&parsed, &nearest) {
        (Err(refusal), _) => refusal.reason.words(),
        (Ok(uri), _) if is_domain && embeds_url(uri.path) => EMBEDDED_URL,
        (Ok(uri), _) if is_domain && !uri.is_web() => nearest::NOT_WEB,
        (Ok(_), None) => NOT_LISTED,
        (Ok(uri), Some(nearest)) if is_domain => nearest::compare_domain(uri, nearest.entry),
        (Ok(uri), Some(nearest)) => nearest::compare_uri(uri, nearest.entry),
    };
    let (code, text) = words::split(difference);

    let mut message = String::from("not allowed: ");
    let mut say = |text: &str| message.push_str(text);
    say(if parsed.is_err() { "the URL " } else { "" });
    say(text);
    if let Some(nearest) = &nearest {
        say("; the nearest entry is ");
        say(nearest.entry);
        say(", from which the URL differs at character ");
        say(&nearest.at.wrapping_add(1).to_string());
    } else {
        say("; the list is empty");
    }
    let fix = if let Ok(uri) = &parsed {
        fix::find(list, uri, is_domain, to_ascii, &mut message)
    } else {
        fix::name_bad_entry(&list.entries, url, &mut message);
        None
    };
    RedirectVerdict {
        allowed: false,
        matched: None,
        // The grammar's codes are those of violations; a verdict has one for all of them.
        reason: Some(if parsed.is_err() { reason::INVALID } else { code }),
        message: Cow::Owned(message),
        nearest,
        fix: fix.map(|entry| Fix { list: if is_domain { "domains" } else { "uris" }, entry }),
    }
}
