//! Redirect URIs: the entries of `allowedRedirectUris`.
//!
//! Errors are texts that the [grammar] refuses or that are not one URI, schemes that
//! [act](super::scheme), plain `http` to a host that is not loopback (RFC 8252 §7.3, RFC 9700 §2.6), and a wildcard for
//! every host under a domain where anyone can register one. Warnings are entries that work and are likely not meant.

use super::finding::Finding;
use super::grammar::{self, HostKind, Reason, Refusal, Uri};
use super::mistake::report_mistake;
use super::repair::repair;
use super::report::{Report, is_valid as is_valid_by};
use super::{ToAscii, escapes, host, list, scheme, suffix};
use crate::concat::Concat as _;
use crate::text::{after, before, has, has_word, percent_decode, split, strip, until};
use crate::violation::{Violation, rule};

/// Reports on a list of redirect URIs at a path such as `allowedRedirectUris`. `None` is an entry that is not text, which
/// the caller reports.
pub fn list(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate(path, entries, violations, to_ascii, judge);
}

/// Reports on redirect URIs that are to be added to a list.
pub fn entries(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate_each(path, entries, violations, to_ascii, judge);
}

/// Returns whether a redirect URI has no error, as far as can be decided without the platform's URL parser.
pub fn is_valid(text: &str) -> bool {
    is_valid_by(text, judge)
}

/// The fault of a field that takes only `http` and `https`.
pub(super) static NOT_WEB: Finding = Finding::new(rule::SCHEME, "has the scheme {}; use http or https");
/// The fault of a field that must name exactly one host.
pub(super) static NO_WILDCARD: Finding = Finding::new(rule::WILDCARD, "must name one host, without a * ({})");
pub(super) static MISSPELT: Finding = Finding::new(rule::SCHEME, "has a misspelt scheme ({}); write http or https");

static PLAIN_REMOTE: Finding = Finding::new(
    rule::PLAIN_HTTP,
    "is plain http to {}, so others can read the code; only localhost, 127.0.0.0/8 and [::1] may have it",
);
static NO_PATH: Finding = Finding::new(rule::NO_PATH, "has no path ({}); browsers add a slash, which counts");
static NOT_CANONICAL: Finding =
    Finding::new(rule::NOT_CANONICAL, "has a spelling that browsers change ({}), which counts");
static OPEN_WILDCARD: Finding = Finding::new(
    rule::OPEN_WILDCARD,
    "sends login codes to strangers: anyone can register a host under {}; list each host",
);
static PARTLY_OPEN_WILDCARD: Finding = Finding::new(
    rule::OPEN_WILDCARD,
    "can send login codes to strangers: anyone can register a host under {}; list each host",
);
static WILDCARD: Finding = Finding::new(
    rule::WILDCARD,
    "has a wildcard ({}), which Wix's tools use but its documentation does not mention; list each host to be sure",
);
static LITERAL_STAR: Finding = Finding::new(
    rule::WILDCARD,
    "has a * that is no wildcard ({}): only the first label of an https host can have one; list each URI",
);
static SHARED_SCHEME: Finding =
    Finding::new(rule::SCHEME, "has the scheme {}, by which other apps can receive the code too; use your own");
static SCHEME_WITHOUT_DOT: Finding = Finding::new(
    rule::SCHEME_WITHOUT_DOT,
    "has the scheme {}, which another app can claim; use your domain in reverse (RFC 8252 §7.1)",
);
static RESERVED_PARAMETER: Finding =
    Finding::new(rule::RESERVED_PARAMETER, "has the parameter {}, which the authorization response uses; remove it");

/// Reports on one redirect URI.
fn judge(text: &str, to_ascii: ToAscii<'_>, report: &mut Report<'_>) {
    if report_mistake(text, report) {
        return;
    }
    let uri = match grammar::parse(text) {
        Ok(uri) => uri,
        Err(refusal) => {
            let Some(plain) = without_literal_star(text, refusal).filter(|plain| grammar::parse(plain).is_ok()) else {
                return report.refuse(text, refusal, repair(text, to_ascii));
            };
            report.warn(&LITERAL_STAR, text);
            // The other violations apply to the text too; their suggestions would lack the `*`.
            return report.without_suggestions(|report| judge(&plain, to_ascii, report));
        }
    };
    if scheme::is_misspelt(uri.scheme) {
        return report.error(&MISSPELT, uri.scheme);
    }
    let host = uri.host.unwrap_or_default();
    if let Some(finding) = host::error(host, to_ascii).filter(|_| uri.is_web()) {
        return report.error_suggesting(finding, host, with_localhost(&uri));
    }
    if is_plain_http(&uri) {
        return report.error_suggesting(&PLAIN_REMOTE, host, Some(secure(&uri.canonical())));
    }
    if uri.lacks_path() {
        report.warn_suggesting(&NO_PATH, text, Some(uri.canonical()));
    }
    if uri.has_upper_case() || uri.has_default_port() {
        report.warn_suggesting(&NOT_CANONICAL, uri.split_origin().0, Some(uri.canonical()));
    }
    host::warn(host, uri.host_kind, report);
    match uri.host_kind {
        HostKind::Wildcard => judge_wildcard(host, report),
        HostKind::Absent | HostKind::Opaque if scheme::is_shared(uri.scheme) => {
            report.warn(&SHARED_SCHEME, uri.scheme);
        }
        HostKind::Absent | HostKind::Opaque if !has(uri.scheme, b'.') => {
            report.warn_suggesting(&SCHEME_WITHOUT_DOT, uri.scheme, Some(["com.example.", text].concat()));
        }
        _ => {}
    }
    let tail = uri.split_origin().1;
    if has(tail, b'*') {
        report.warn(&LITERAL_STAR, tail);
    }
    escapes::warn(tail, report);
    if let Some(query) = uri.query {
        judge_query(&uri, query, report);
    }
}

/// Returns the text without a `*` that the grammar refuses and that stands for itself: as a port, and in any label but the
/// first.
fn without_literal_star(text: &str, Refusal { reason, at }: Refusal) -> Option<String> {
    let (start, rest) = split(text, at);
    match reason {
        Reason::Port => {
            let rest = strip(rest, "*")?;
            Some([before(start, start.len().wrapping_sub(1)), rest].concat())
        }
        Reason::Wildcard => {
            let (label, rest) = until(rest, "./?#:");
            // A second `*`, in the first label, would be an unknown pattern. `x` stands for the label because the top
            // level must not be a number.
            (!start.ends_with('/') && !has(start, b'*') && !label.is_empty()).then(|| [start, "x", rest].concat())
        }
        _ => None,
    }
}

fn judge_wildcard(host: &str, report: &mut Report<'_>) {
    let (first, rest) = until(host, ".");
    let parent = after(rest, 1);
    // Under `vercel.app`, and under `com`, anyone can register the names that `*` stands for.
    let is_open = suffix::is_shared(parent) || !has(parent, b'.');
    if grammar::is_loopback(parent, HostKind::Name) || !is_open {
        report.warn(&WILDCARD, host);
    } else if first == "*" {
        report.error(&OPEN_WILDCARD, parent);
    } else {
        report.warn(&PARTLY_OPEN_WILDCARD, parent);
    }
}

/// Warns of parameters of the authorization response (RFC 6749 §4.1.2, RFC 9207), percent-encoded or not.
fn judge_query(uri: &Uri<'_>, query: &str, report: &mut Report<'_>) {
    let mut meant = before(uri.text, uri.text.len().wrapping_sub(query.len()).wrapping_sub(1)).to_owned();
    let (mut mark, mut reserved, mut rest) = ("?", "", query);
    while !rest.is_empty() {
        let (parameter, tail) = until(rest, "&");
        let name = until(parameter, "=").0;
        if has_word("code state error error_description error_uri iss", &percent_decode(name.as_bytes())) {
            reserved = name;
        } else {
            meant.push_str(mark);
            meant.push_str(parameter);
            mark = "&";
        }
        rest = after(tail, 1);
    }
    if !reserved.is_empty() {
        report.warn_suggesting(&RESERVED_PARAMETER, reserved, Some(meant));
    }
}

/// Returns whether a URI is plain `http` to a host that is not loopback.
pub(super) fn is_plain_http(uri: &Uri<'_>) -> bool {
    uri.is_web() && !uri.is_secure() && !uri.is_loopback()
}

/// Returns an `http` URL as `https`.
pub(super) fn secure(text: &str) -> String {
    ["https", after(text, 4)].concat()
}

/// Returns the URI with `localhost` in place of an address to listen on, if it has one.
pub(super) fn with_localhost(uri: &Uri<'_>) -> Option<String> {
    let host = uri.host.filter(|host| host::is_unspecified(host))?;
    let (before, rest) = split(uri.text, uri.scheme.len().wrapping_add("://".len()));
    Some([before, "localhost", after(rest, host.len())].concat())
}
