//! URLs and hosts of the web that are not compared with anything: `loginUrl`, `logoutUrl`, `redirectUrlWixPages` and both
//! members of `wixPagesDomainsMappings`.

use super::finding::Finding;
use super::grammar::{self, HostKind, Reason, Refusal, scheme_length};
use super::mistake::report_mistake;
use super::repair::repair;
use super::report::{Report, validate_one};
use super::uri::{MISSPELT, NO_WILDCARD, NOT_WEB, is_plain_http, secure, with_localhost};
use super::{ToAscii, escapes, host, scheme};
use crate::text::{after, all, strip, until};
use crate::violation::{Violation, rule};

/// Reports on a URL that must be absolute, `http` or `https` (the API's format `WEB_URL`). It may have a fragment, because
/// nothing is appended to it; plain `http` is a warning.
pub fn web_url(path: &str, text: &str, to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    validate_one(path, text, violations, to_ascii, judge);
}

/// Reports on a value that may be a URL of the web, a host, or another text without a scheme, which is accepted.
pub fn url_or_host(path: &str, text: &str, to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    validate_one(path, text, violations, to_ascii, judge_url_or_host);
}

static PLAIN: Finding = Finding::new(rule::PLAIN_HTTP, "is plain http to {}, so others can change the page; use https");

fn judge(text: &str, to_ascii: ToAscii<'_>, report: &mut Report<'_>) {
    if report_mistake(text, report) {
        return;
    }
    let (head, fragment) = until(text, "#");
    let with_fragment = |head: String| head + fragment;
    let uri = match grammar::parse(head) {
        Ok(uri) => uri,
        Err(refusal) => return report.refuse(text, refusal, repair(head, to_ascii).map(with_fragment)),
    };
    // A fragment has the characters of a query (RFC 3986 §3.5), and readers agree on those of a custom scheme's.
    if let Some(Refusal { reason, at }) = grammar::query_refusal(after(fragment, 1)) {
        let at = at.wrapping_add(head.len()).wrapping_add(1);
        return report.refuse(text, Refusal { reason, at }, None);
    }
    if !uri.is_web() {
        return report.error(if scheme::is_misspelt(uri.scheme) { &MISSPELT } else { &NOT_WEB }, uri.scheme);
    }
    let name = uri.host.unwrap_or_default();
    if uri.host_kind == HostKind::Wildcard {
        return report.error(&NO_WILDCARD, name);
    }
    if let Some(finding) = host::error(name, to_ascii) {
        return report.error_suggesting(finding, name, with_localhost(&uri).map(with_fragment));
    }
    if is_plain_http(&uri) {
        report.warn_suggesting(&PLAIN, name, Some(with_fragment(secure(&uri.canonical()))));
    }
    host::warn(name, uri.host_kind, report);
    escapes::warn(uri.split_origin().1, report);
}

fn judge_url_or_host(text: &str, to_ascii: ToAscii<'_>, report: &mut Report<'_>) {
    // The API's documentation does not say what a text without a scheme means there, and no reader acts on it. Browsers
    // drop control characters.
    let has_scheme = strip(after(text, scheme_length(text)), ":").is_some();
    let is_plain = !has_scheme && all(text, |byte| byte >= b' ');
    if !is_plain && !matches!(grammar::parse(text), Err(Refusal { reason: Reason::NotAbsolute, .. })) {
        judge(text, to_ascii, report);
    }
}
