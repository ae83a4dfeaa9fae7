//! Redirect URIs: what may be in `allowedRedirectUris`, `loginUrl` and `logoutUrl`.
//!
//! Errors are what the [grammar](super::grammar) refuses and, for a redirect URI, plain `http` to another machine (RFC
//! 8252 §7.3 and RFC 9700 §2.6 allow it for loopback hosts only). Warnings are what works and is likely not what was
//! meant.

use super::grammar::{self, HostKind, Refusal, Uri};
use super::list::{self, Report};
use super::repair::repair;
use super::text::{after, before, has, is_one_of, split, trim_start, until};
use super::words::{Words, words};
use super::{ToAscii, suffix};
use crate::violation::{Violation, rule};

/// What is wrong with a list of redirect URIs, under the list's path, such as `allowedRedirectUris`. `None` is an entry
/// that is no text, on which someone else reports.
pub fn list(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate(path, entries, violations, to_ascii, judge);
}

/// What is wrong with each of some redirect URIs that go into a list.
pub fn entries(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate_each(path, entries, violations, to_ascii, judge);
}

/// Whether a redirect URI has no error.
pub fn is_valid(text: &str) -> bool {
    grammar::parse(text).is_ok_and(|uri| !is_plain_http(&uri))
}

/// What is wrong with a login or logout URL: absolute, `http` or `https` (the API's format `WEB_URL`). Nothing is
/// appended to it, so it may have a fragment; plain `http` is a warning.
pub fn web_url(path: &str, text: &str, to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    let mut report = Report { path, index: None, violations };
    let (head, fragment) = until(text, "#");
    let with_fragment = |head: String| head + fragment;
    let uri = match grammar::parse(head) {
        Ok(uri) => uri,
        Err(refusal) => return report.refuse(text, refusal, repair(head, to_ascii).map(with_fragment)),
    };
    // A fragment has the characters of a query (RFC 3986 §3.5), and readers agree on those of a custom scheme's.
    if let Some(Refusal { reason, at }) = grammar::query_refusal(after(fragment, 1)) {
        let at = at.wrapping_add(head.len()).wrapping_add(1);
        report.refuse(text, Refusal { reason, at }, None);
    } else if !uri.is_web() {
        report.error(NOT_WEB, None);
    } else if uri.host_kind == HostKind::Wildcard {
        report.error(NO_WILDCARD, None);
    } else if is_plain_http(&uri) {
        report.warn(PLAIN, Some(with_fragment(secure(&uri.canonical()))));
    }
}

/// Of a place that holds a URL or host of the web.
pub(super) const NOT_WEB: Words = words!(rule::SCHEME, "must be http or https");
/// Of a place that holds one host.
pub(super) const NO_WILDCARD: Words = words!(rule::WILDCARD, "must be one host, without a *");
/// Of an address that is not this machine's.
pub(super) const ADDRESS: Words =
    words!(rule::IP_ADDRESS, "names a machine by an address, which may come to be another's; use a domain name");
/// What stands for a name that its owner knows. It is reserved for examples (RFC 2606), so that nobody can take it.
pub(super) const SOME_HOST: &str = "app.example.com";

const PLAIN: Words = words!(rule::PLAIN_HTTP, "is plain http, so that anyone on the way can change what visitors see");
const PLAIN_REMOTE: Words = words!(
    rule::PLAIN_HTTP,
    "is plain http, which is for localhost, 127.0.0.1 and [::1]: elsewhere anyone on the way could read the code"
);
const NO_PATH: Words = words!(rule::NO_PATH, "has no path: browsers add a slash, which counts");
const NOT_CANONICAL: Words = words!(rule::NOT_CANONICAL, "is spelled otherwise by browsers, which counts");
const OPEN_WILDCARD: Words = words!(
    rule::OPEN_WILDCARD,
    "stands for hosts that anyone can get, and with them the codes of your visitors; list each host"
);
const WILDCARD: Words =
    words!(rule::WILDCARD, "may match nothing but itself: entries are said to be compared exactly; list each host");
const SCHEME_WITHOUT_DOT: Words = words!(
    rule::SCHEME_WITHOUT_DOT,
    "has a scheme that another app can claim too; use a domain name of yours in reverse (RFC 8252 §7.1)"
);
const RESERVED_PARAMETER: Words = words!(
    rule::RESERVED_PARAMETER,
    "has a parameter that the answer to an authorization request has: code, state or error"
);

/// What is wrong with one redirect URI.
fn judge(text: &str, to_ascii: ToAscii<'_>, report: &mut Report<'_>) {
    let uri = match grammar::parse(text) {
        Ok(uri) => uri,
        Err(refusal) => {
            let meant = repair(text, to_ascii).map(|meant| if is_valid(&meant) { meant } else { secure(&meant) });
            return report.refuse(text, refusal, meant);
        }
    };
    if is_plain_http(&uri) {
        return report.error(PLAIN_REMOTE, Some(secure(&uri.canonical())));
    }
    if uri.lacks_path() {
        report.warn(NO_PATH, Some(uri.canonical()));
    }
    if uri.has_upper_case() || uri.has_default_port() {
        report.warn(NOT_CANONICAL, Some(uri.canonical()));
    }
    match uri.host_kind {
        HostKind::Ipv4 | HostKind::Ipv6 if !uri.is_loopback() => {
            warn(report, ADDRESS, &with_host(&uri, [SOME_HOST, "", ""]));
        }
        HostKind::Wildcard => judge_wildcard(&uri, report),
        HostKind::Absent | HostKind::Opaque if !has(uri.scheme, b'.') => {
            warn(report, SCHEME_WITHOUT_DOT, &["com.example.", text]);
        }
        _ => {}
    }
    if let Some(query) = uri.query {
        judge_query(&uri, query, report);
    }
}

/// Adds a warning with a suggestion in parts, where those make up a good entry.
fn warn(report: &mut Report<'_>, words: Words, suggestion: &[&str]) {
    report.warn(words, Some(suggestion.concat()).filter(|suggestion| is_valid(suggestion)));
}

fn judge_wildcard(uri: &Uri<'_>, report: &mut Report<'_>) {
    let (first, rest) = until(uri.host.unwrap_or_default(), ".");
    let (start, end) = until(first, "*");
    let end = after(end, 1);
    let end = if start.is_empty() { trim_start(end, b'-') } else { end };
    let parent = after(rest, 1);
    // Under `vercel.app`, and under `com`, everyone can have the name that `*` stands for.
    let is_open = suffix::is_shared(parent) || !has(parent, b'.');
    let words = if is_open { OPEN_WILDCARD } else { WILDCARD };
    if first != "*" {
        warn(report, words, &with_host(uri, [start, end, rest]));
    } else if is_open {
        // The whole of such a domain is nobody's to suggest.
        report.warn(words, None);
    } else {
        warn(report, words, &with_host(uri, [parent, "", ""]));
    }
}

/// Whether a query has a parameter that the answer to an authorization request has (RFC 6749 §4.1.2).
fn judge_query(uri: &Uri<'_>, query: &str, report: &mut Report<'_>) {
    let mut meant = before(uri.text, uri.text.len().wrapping_sub(query.len()).wrapping_sub(1)).to_owned();
    let (mut mark, mut is_reserved, mut rest) = ("?", false, query);
    while !rest.is_empty() {
        let (parameter, tail) = until(rest, "&");
        if is_one_of("code state error", until(parameter, "=").0) {
            is_reserved = true;
        } else {
            meant.push_str(mark);
            meant.push_str(parameter);
            mark = "&";
        }
        rest = after(tail, 1);
    }
    if is_reserved {
        warn(report, RESERVED_PARAMETER, &[&meant]);
    }
}

/// Plain `http` to another machine.
pub(super) fn is_plain_http(uri: &Uri<'_>) -> bool {
    uri.is_web() && !uri.is_secure() && !uri.is_loopback()
}

/// An `http` URL as `https`.
fn secure(text: &str) -> String {
    ["https", after(text, 4)].concat()
}

/// The URI with another host, both in parts.
fn with_host<'a>(uri: &Uri<'a>, [one, two, three]: [&'a str; 3]) -> [&'a str; 5] {
    let (before, rest) = split(uri.text, uri.scheme.len().wrapping_add("://".len()));
    [before, one, two, three, after(rest, uri.host.map_or(0, str::len))]
}
