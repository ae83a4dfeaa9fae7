//! URLs and hosts of the web that are not compared with anything: `loginUrl`, `logoutUrl`, `redirectUrlWixPages` and the
//! ends of `wixPagesDomainsMappings`.

use super::grammar::{self, HostKind, Reason, Refusal, scheme_length};
use super::list::{self, Report};
use super::mistake::is_mistaken;
use super::repair::repair;
use super::text::{after, strip, until};
use super::uri::{MISSPELT, NO_WILDCARD, NOT_WEB, is_plain_http, secure, with_localhost};
use super::words::{Words, words};
use super::{ToAscii, escapes, host, scheme};
use crate::violation::{Violation, rule};

/// Reports on a URL that must be absolute, `http` or `https` (the API's format `WEB_URL`). Nothing is appended to it, so it
/// may have a fragment; plain `http` is a warning.
pub fn web_url(path: &str, text: &str, to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate_one(path, text, violations, to_ascii, judge);
}

/// Reports on a value that may be a URL of the web, a host, or another text without a scheme, which passes.
pub fn url_or_host(path: &str, text: &str, to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate_one(path, text, violations, to_ascii, judge_url_or_host);
}

const PLAIN: Words =
    words!(rule::PLAIN_HTTP, "is plain http, with which anyone on the way can change what visitors see; use https");

fn judge(text: &str, to_ascii: ToAscii<'_>, report: &mut Report<'_>) {
    if is_mistaken(text, report) {
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
        return report.add_error(if scheme::is_misspelt(uri.scheme) { MISSPELT } else { NOT_WEB }, "");
    }
    if uri.host_kind == HostKind::Wildcard {
        return report.add_error(NO_WILDCARD, "");
    }
    let name = uri.host.unwrap_or_default();
    if let Some(words) = host::error(name, to_ascii) {
        return report.error(words, with_localhost(&uri).map(with_fragment));
    }
    if is_plain_http(&uri) {
        report.warn(PLAIN, Some(with_fragment(secure(&uri.canonical()))));
    }
    host::warn(name, uri.host_kind, report);
    escapes::warn(uri.split_origin().1, report);
}

fn judge_url_or_host(text: &str, to_ascii: ToAscii<'_>, report: &mut Report<'_>) {
    // Nobody documents what a text without a scheme means there; nothing acts on it. Browsers drop control characters.
    let has_scheme = strip(after(text, scheme_length(text)), ":").is_some();
    let is_plain = !has_scheme && !text.bytes().any(|byte| byte < b' ');
    if !is_plain && !matches!(grammar::parse(text), Err(Refusal { reason: Reason::NotAbsolute, .. })) {
        judge(text, to_ascii, report);
    }
}
