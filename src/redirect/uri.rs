//! Redirect URIs: what may be in `allowedRedirectUris`.
//!
//! Errors are what the [grammar](super::grammar) refuses, what is not one URI at all, a scheme that [acts](super::scheme),
//! plain `http` to another machine (RFC 8252 §7.3 and RFC 9700 §2.6 allow it for loopback hosts only), and a wildcard for
//! every host under a domain where anyone can get one. Warnings are what works and is likely not what was meant.

use super::escapes;
use super::grammar::{self, HostKind, Reason, Refusal, Uri};
use super::host;
use super::list::{self, Report};
use super::mistake::is_mistaken;
use super::repair::repair;
use super::scheme;
use super::text::{after, before, has, has_word, percent_decode, split, strip, until};
use super::words::{Words, words};
use super::{ToAscii, suffix};
use crate::concat::Concat as _;
use crate::violation::{Violation, rule};

/// Reports on a list of redirect URIs under the list's path, such as `allowedRedirectUris`. `None` is an entry that is no
/// text, on which the caller reports.
pub fn list(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate(path, entries, violations, to_ascii, judge);
}

/// Reports on each of some redirect URIs that go into a list.
pub fn entries(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate_each(path, entries, violations, to_ascii, judge);
}

/// Returns whether a redirect URI has no error, as far as can be told without the platform's URL parser.
pub fn is_valid(text: &str) -> bool {
    list::is_valid(text, judge)
}

/// For fields that hold a URL or host of the web.
pub(super) const NOT_WEB: Words = words!(rule::SCHEME, "must be http or https");
/// For fields that name exactly one host.
pub(super) const NO_WILDCARD: Words = words!(rule::WILDCARD, "must be one host, without a *");
pub(super) const MISSPELT: Words = words!(rule::SCHEME, "has a scheme with a typing error; write http or https");

const PLAIN_REMOTE: Words = words!(
    rule::PLAIN_HTTP,
    "is plain http, with which anyone on the way can read the code; only localhost, 127.0.0.0/8 and [::1] may have it"
);
const NO_PATH: Words = words!(rule::NO_PATH, "has no path: browsers add a slash, which counts");
const NOT_CANONICAL: Words = words!(rule::NOT_CANONICAL, "is spelled otherwise by browsers, which counts");
const OPEN_WILDCARD: Words = words!(
    rule::OPEN_WILDCARD,
    "sends the codes of your visitors to strangers; list each host. Anyone can get a host under "
);
const PARTLY_OPEN_WILDCARD: Words = words!(
    rule::OPEN_WILDCARD,
    "can send the codes of your visitors to strangers; list each host. Anyone can get a host under "
);
const WILDCARD: Words = words!(
    rule::WILDCARD,
    "has a wildcard, which Wix's own tools use, but its documentation does not have; list each host to be sure"
);
const LITERAL_STAR: Words = words!(
    rule::WILDCARD,
    "has a * that stands for itself: only the first label of an https host can have a wildcard; list each URI"
);
const SHARED_SCHEME: Words =
    words!(rule::SCHEME, "has a scheme of other apps too, which can receive the code; use one of your own");
const SCHEME_WITHOUT_DOT: Words = words!(
    rule::SCHEME_WITHOUT_DOT,
    "has a scheme that another app can claim; use your domain name in reverse (RFC 8252 §7.1)"
);
const RESERVED_PARAMETER: Words = words!(
    rule::RESERVED_PARAMETER,
    "has a parameter that the authorization response has (code, state, error, iss); remove it"
);

/// Reports on one redirect URI.
fn judge(text: &str, to_ascii: ToAscii<'_>, report: &mut Report<'_>) {
    if is_mistaken(text, report) {
        return;
    }
    let uri = match grammar::parse(text) {
        Ok(uri) => uri,
        Err(refusal) => {
            let Some(plain) = without_literal_star(text, refusal).filter(|plain| grammar::parse(plain).is_ok()) else {
                return report.refuse(text, refusal, repair(text, to_ascii));
            };
            report.add_warning(LITERAL_STAR, "");
            // What is said of the rest goes for the text; what would be suggested lacks the `*`.
            return report.without_suggestions(|report| judge(&plain, to_ascii, report));
        }
    };
    if scheme::is_misspelt(uri.scheme) {
        return report.add_error(MISSPELT, "");
    }
    let host = uri.host.unwrap_or_default();
    if let Some(words) = host::error(host, to_ascii).filter(|_| uri.is_web()) {
        return report.error(words, with_localhost(&uri));
    }
    if is_plain_http(&uri) {
        return report.error(PLAIN_REMOTE, Some(secure(&uri.canonical())));
    }
    if uri.lacks_path() {
        report.warn(NO_PATH, Some(uri.canonical()));
    }
    if uri.has_upper_case() || uri.has_default_port() {
        report.warn(NOT_CANONICAL, Some(uri.canonical()));
    }
    host::warn(host, uri.host_kind, report);
    match uri.host_kind {
        HostKind::Wildcard => judge_wildcard(host, report),
        HostKind::Absent | HostKind::Opaque if scheme::is_shared(uri.scheme) => report.add_warning(SHARED_SCHEME, ""),
        HostKind::Absent | HostKind::Opaque if !has(uri.scheme, b'.') => {
            report.warn(SCHEME_WITHOUT_DOT, Some(["com.example.", text].concat()));
        }
        _ => {}
    }
    let tail = uri.split_origin().1;
    if has(tail, b'*') {
        report.add_warning(LITERAL_STAR, "");
    }
    escapes::warn(tail, report);
    if let Some(query) = uri.query {
        judge_query(&uri, query, report);
    }
}

/// The text without a `*` that the grammar refuses and that stands for itself: as a port, and in any label but the first.
fn without_literal_star(text: &str, Refusal { reason, at }: Refusal) -> Option<String> {
    let (start, rest) = split(text, at);
    match reason {
        Reason::Port => {
            let rest = strip(rest, "*")?;
            Some([before(start, start.len().wrapping_sub(1)), rest].concat())
        }
        Reason::Wildcard => {
            let (label, rest) = until(rest, "./?#:");
            // A `*` in the first label too is a pattern that nobody knows.
            // The name of the label plays no part but for the top level, which must be no number.
            (!start.ends_with('/') && !has(start, b'*') && !label.is_empty()).then(|| [start, "x", rest].concat())
        }
        _ => None,
    }
}

fn judge_wildcard(host: &str, report: &mut Report<'_>) {
    let (first, rest) = until(host, ".");
    let parent = after(rest, 1);
    // Under `vercel.app`, and under `com`, everyone can have the name that `*` stands for.
    let is_open = suffix::is_shared(parent) || !has(parent, b'.');
    if grammar::is_loopback(parent, HostKind::Name) || !is_open {
        report.add_warning(WILDCARD, "");
    } else if first == "*" {
        report.add_error(OPEN_WILDCARD, parent);
    } else {
        report.add_warning(PARTLY_OPEN_WILDCARD, parent);
    }
}

/// Reports parameters that the answer to an authorization request has (RFC 6749 §4.1.2, RFC 9207), encoded or not.
fn judge_query(uri: &Uri<'_>, query: &str, report: &mut Report<'_>) {
    let mut meant = before(uri.text, uri.text.len().wrapping_sub(query.len()).wrapping_sub(1)).to_owned();
    let (mut mark, mut is_reserved, mut rest) = ("?", false, query);
    while !rest.is_empty() {
        let (parameter, tail) = until(rest, "&");
        let name = percent_decode(until(parameter, "=").0.as_bytes());
        if has_word("code state error error_description error_uri iss", &name) {
            is_reserved = true;
        } else {
            meant.push_str(mark);
            meant.push_str(parameter);
            mark = "&";
        }
        rest = after(tail, 1);
    }
    if is_reserved {
        report.warn(RESERVED_PARAMETER, Some(meant));
    }
}

/// Whether a URI is plain `http` to another machine.
pub(super) fn is_plain_http(uri: &Uri<'_>) -> bool {
    uri.is_web() && !uri.is_secure() && !uri.is_loopback()
}

/// An `http` URL as `https`.
pub(super) fn secure(text: &str) -> String {
    ["https", after(text, 4)].concat()
}

/// The URI with `localhost` for an address to listen on; `None` for any other.
pub(super) fn with_localhost(uri: &Uri<'_>) -> Option<String> {
    let host = uri.host.filter(|host| host::is_unspecified(host))?;
    let (before, rest) = split(uri.text, uri.scheme.len().wrapping_add("://".len()));
    Some([before, "localhost", after(rest, host.len())].concat())
}
