//! Redirect URIs: what may be in `allowedRedirectUris`, `loginUrl` and `logoutUrl`.
//!
//! Errors are what the [grammar](super::grammar) refuses and, for a redirect URI, plain `http` to another machine (RFC
//! 8252 §7.3 and RFC 9700 §2.6 allow it for loopback hosts only). Warnings are what works and is likely not what was
//! meant.

use super::grammar::{self, HostKind, Reason, Refusal, Uri};
use super::repair::repair;
use super::{ToAscii, list, suffix};
use crate::violation::{Violation, rule};

/// What is wrong with a list of redirect URIs, under the list's path, such as `allowedRedirectUris`. `None` is an entry
/// that is no text, on which someone else reports.
pub fn list(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate(path, entries, violations);
    for (index, entry) in entries.iter().enumerate() {
        if let Some(entry) = entry {
            judge(&|| list::path(path, index), entry, to_ascii, violations);
        }
    }
}

/// Whether a redirect URI has no error.
pub fn is_valid(text: &str) -> bool {
    grammar::parse(text).is_ok_and(|uri| !is_plain_http(&uri))
}

/// What is wrong with a login or logout URL: absolute, `http` or `https` (the API's format `WEB_URL`). Nothing is
/// appended to it, so it may have a fragment; plain `http` is a warning.
pub fn web_url(path: &str, text: &str, to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    // A fragment has the characters of a query (RFC 3986 §3.5), and readers agree on those of a custom scheme's.
    let (head, fragment) = text.split_at_checked(text.find('#').unwrap_or(text.len())).unwrap_or((text, ""));
    let parsed = grammar::parse(head).and_then(|uri| {
        match grammar::query_offence(fragment.strip_prefix('#').unwrap_or_default()) {
            Some((reason, at)) => Err(Refusal { reason, at: head.len().saturating_add(1).saturating_add(at) }),
            None => Ok(uri),
        }
    });
    let with_fragment = |head: String| [&head, fragment].concat();
    match parsed {
        Err(refusal) => {
            let meant = repair(head, to_ascii).filter(|_| refusal.at <= head.len()).map(with_fragment);
            violations.push(with_suggestion(refused(path.to_owned(), text, refusal), meant));
        }
        Ok(uri) if !uri.is_web() => {
            violations.push(Violation::error(path, rule::SCHEME, "must be an http or https URL"));
        }
        Ok(uri) if uri.host_kind == HostKind::Wildcard => {
            violations.push(Violation::error(path, rule::WILDCARD, "must name one host, without a *"));
        }
        Ok(uri) if is_plain_http(&uri) => {
            let message = "sends visitors over plain http, where anyone on the way can read and change what they see";
            let meant = with_fragment(secure(&uri.canonical()));
            violations.push(Violation::warning(path, rule::PLAIN_HTTP, message).suggest(meant));
        }
        Ok(_) => {}
    }
}

/// What is wrong with one redirect URI.
fn judge(path: &dyn Fn() -> String, text: &str, to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    let uri = match grammar::parse(text) {
        Ok(uri) => uri,
        Err(refusal) => {
            let meant = repair(text, to_ascii).map(|meant| {
                if grammar::parse(&meant).is_ok_and(|uri| is_plain_http(&uri)) { secure(&meant) } else { meant }
            });
            violations.push(with_suggestion(refused(path(), text, refusal), meant));
            return;
        }
    };
    if is_plain_http(&uri) {
        let message = "plain http is for localhost, 127.0.0.1 and [::1] only: anyone on the way could read the code";
        violations.push(Violation::error(path(), rule::PLAIN_HTTP, message).suggest(secure(&uri.canonical())));
        return;
    }
    let mut warn = |rule: &'static str, message: &str, suggestion: Option<String>| {
        let suggestion = suggestion.filter(|suggestion| is_valid(suggestion));
        violations.push(with_suggestion(Violation::warning(path(), rule, message), suggestion));
    };
    if uri.lacks_path() {
        let message = "has no path; browsers add a slash, and the comparison is byte for byte";
        warn(rule::NO_PATH, message, Some(uri.canonical()));
    }
    if !(Uri { path: "/", ..uri }).is_canonical() {
        let message = "browsers spell this otherwise (lower-case scheme and host, no default port, the shortest form of \
                       an IPv6 address), and the comparison is byte for byte";
        warn(rule::NOT_CANONICAL, message, Some(uri.canonical()));
    }
    match uri.host_kind {
        HostKind::Ipv4 | HostKind::Ipv6 if !uri.is_loopback() => {
            let message = "names a machine by its address, which may come to be someone else's; use a domain name";
            warn(rule::IP_ADDRESS, message, Some(with_host(&uri, "app.example.com")));
        }
        HostKind::Wildcard => {
            let (first, rest) = uri.host.and_then(|host| host.split_once('.')).unwrap_or_default();
            // Under `vercel.app`, and under `com`, everyone can have the name that `*` stands for.
            let (rule, message) = if suffix::is_shared(rest) || !rest.contains('.') {
                let message = "anyone can get a host that this stands for, and with it the codes of your visitors; \
                               list each host";
                (rule::OPEN_WILDCARD, message)
            } else {
                let message = "the documentation says that entries are compared exactly, so a * may match nothing but \
                               itself; list each host";
                (rule::WILDCARD, message)
            };
            let first = first.replace('*', "");
            let meant = match first.trim_matches('-') {
                // The whole of such a domain is nobody's to suggest.
                "" if rule == rule::OPEN_WILDCARD => None,
                "" => Some(with_host(&uri, rest)),
                first => Some(with_host(&uri, &[first, ".", rest].concat())),
            };
            warn(rule, message, meant);
        }
        HostKind::Name if uri.host.is_some_and(|host| host.contains('_')) => {
            let message = "has an underscore in its host, which no certificate may name and some readers refuse";
            let host = uri.host.unwrap_or_default();
            warn(rule::HOST, message, Some(with_host(&uri, &host.replace('_', "-"))));
        }
        HostKind::Absent | HostKind::Opaque if !uri.scheme.contains('.') => {
            let message = "another app can claim this scheme as well; use a domain name of yours in reverse (RFC 8252 \
                           §7.1)";
            warn(rule::SCHEME_WITHOUT_DOT, message, Some(["com.example.", text].concat()));
        }
        _ => {}
    }
    if let Some(query) = uri.query
        && query.split('&').any(is_reserved)
    {
        let message = "has a parameter that the answer to an authorization request uses (code, state or error): it \
                       would be there twice";
        warn(rule::RESERVED_PARAMETER, message, Some(without_reserved(&uri, query)));
    }
}

/// A refusal as a violation.
pub(super) fn refused(path: String, text: &str, refusal: Refusal) -> Violation {
    let character = text.get(..refusal.at).map_or(0, |before| before.chars().count()).saturating_add(1);
    let message = [refusal.reason.message(), " (character ", &character.to_string(), ")"];
    Violation::error(path, rule_of(refusal.reason), message.concat())
}

pub(super) fn with_suggestion(violation: Violation, suggestion: Option<String>) -> Violation {
    match suggestion {
        Some(suggestion) => violation.suggest(suggestion),
        None => violation,
    }
}

/// The rule that a refused text breaks.
fn rule_of(reason: Reason) -> &'static str {
    match reason {
        Reason::NotAbsolute | Reason::Slashes | Reason::NoHost => rule::NOT_ABSOLUTE,
        Reason::Scheme => rule::SCHEME,
        Reason::Userinfo => rule::USERINFO,
        Reason::Control
        | Reason::Space
        | Reason::Backslash
        | Reason::NonAscii
        | Reason::Character
        | Reason::Apostrophe
        | Reason::Escape => rule::CHARACTER,
        Reason::Fragment => rule::FRAGMENT,
        Reason::HostNonAscii | Reason::HostEscape | Reason::Host | Reason::Label => rule::HOST,
        Reason::Ipv4 | Reason::Ipv6 | Reason::Zone => rule::IP_ADDRESS,
        Reason::Port => rule::PORT,
        Reason::Wildcard => rule::WILDCARD,
        Reason::DotSegment => rule::DOT_SEGMENT,
        Reason::AtSign => rule::NO_PATH,
    }
}

/// Plain `http` to another machine.
pub(super) fn is_plain_http(uri: &Uri<'_>) -> bool {
    uri.is_web() && !uri.is_secure() && !uri.is_loopback()
}

/// An `http` URL as `https`.
fn secure(text: &str) -> String {
    ["https", text.get(4..).unwrap_or_default()].concat()
}

/// The URI with another host.
fn with_host(uri: &Uri<'_>, host: &str) -> String {
    let (scheme, rest) = uri.text.split_once("://").unwrap_or_default();
    [scheme, "://", host, rest.get(uri.host.map_or(0, str::len)..).unwrap_or_default()].concat()
}

/// Whether a query parameter is one of the authorization response's (RFC 6749 §4.1.2).
fn is_reserved(parameter: &str) -> bool {
    matches!(parameter.split('=').next(), Some("code" | "state" | "error"))
}

fn without_reserved(uri: &Uri<'_>, query: &str) -> String {
    let head = uri.text.strip_suffix(query).and_then(|head| head.strip_suffix('?')).unwrap_or_default();
    let mut text = head.to_owned();
    for parameter in query.split('&').filter(|parameter| !is_reserved(parameter)) {
        text.push(if text.len() == head.len() { '?' } else { '&' });
        text.push_str(parameter);
    }
    text
}
