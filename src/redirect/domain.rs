//! Redirect domains: what may be in `allowedRedirectDomains`.
//!
//! An entry is a bare host, and `localhost` has its port beside it. An origin such as `https://shop.example.com` occurs
//! in the wild: it passes with a warning. A domain under which anyone can get a host would let anyone receive visitors,
//! where the service takes sub-domains with it; such a one is an error, a site of one's own under it is fine.

use super::grammar::{self, Authority, HostKind, Reason, Refusal};
use super::list::{self, Report};
use super::repair::repair;
use super::text::{has, split_scheme, trim, until};
use super::uri::{ADDRESS, NO_WILDCARD, NOT_WEB, SOME_HOST};
use super::words::{Words, words};
use super::{ToAscii, suffix};
use crate::violation::{Violation, rule};

/// What is wrong with a list of redirect domains, under the list's path, such as `allowedRedirectDomains`. `None` is an
/// entry that is no text, on which someone else reports.
pub fn list(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate(path, entries, violations, to_ascii, judge);
}

/// What is wrong with each of some redirect domains that go into a list.
pub fn entries(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate_each(path, entries, violations, to_ascii, judge);
}

/// Whether a redirect domain has no error.
pub fn is_valid(text: &str) -> bool {
    read(text).is_ok()
}

/// Why an entry is refused.
enum Fault {
    /// The grammar refuses the host, or the URL that the entry is.
    Grammar(Refusal),
    /// It breaks a rule of its own.
    Rule(Words),
}

const ORIGIN: Words = words!(rule::ORIGIN, "should be the host alone, without a scheme");
const NOT_CANONICAL: Words = words!(rule::NOT_CANONICAL, "should be in lower case, as browsers write it");
const PORT: Words = words!(rule::PORT, "should have no port, which may be understood for localhost alone");
const PATH: Words = words!(rule::PATH, "must be a host alone, without path and query");
const SHARED: Words =
    words!(rule::SHARED_DOMAIN, "is a domain under which anyone can get a host; list your site's own");
const NO_DOT: Words = words!(rule::HOST, "must be a full domain name, such as shop.example.com");

/// What is wrong with one redirect domain.
fn judge(text: &str, to_ascii: ToAscii<'_>, report: &mut Report<'_>) {
    let authority = match read(text) {
        Ok(authority) => authority,
        Err(fault) => {
            let meant = meant(text, to_ascii);
            return match fault {
                Fault::Grammar(refusal) => report.refuse(text, refusal, meant),
                Fault::Rule(words) => report.error(words, meant),
            };
        }
    };
    let is_loopback = grammar::is_loopback(authority.host, authority.host_kind);
    let mut warn = |is_so: bool, words: Words| {
        if is_so {
            report.warn(words, Some(bare(authority)));
        }
    };
    warn(split_scheme(text).is_some(), ORIGIN);
    warn(grammar::is_upper(authority.host), NOT_CANONICAL);
    warn(authority.port.is_some() && !is_loopback, PORT);
    if matches!(authority.host_kind, HostKind::Ipv4 | HostKind::Ipv6) && !is_loopback {
        report.warn(ADDRESS, Some(SOME_HOST.to_owned()));
    }
}

/// Reads a host with or without port, or an origin, that is well-formed and not everyone's.
fn read(text: &str) -> Result<Authority<'_>, Fault> {
    let authority = if split_scheme(text).is_some() {
        let uri = grammar::parse(text).map_err(Fault::Grammar)?;
        if !uri.is_web() {
            return Err(Fault::Rule(NOT_WEB));
        }
        if !uri.path.is_empty() || uri.query.is_some() {
            return Err(Fault::Rule(PATH));
        }
        Authority { host: uri.host.unwrap_or_default(), host_kind: uri.host_kind, port: uri.port }
    } else {
        grammar::parse_authority(text).map_err(|refusal| {
            let is_path = refusal.reason > Reason::Zone && !until(text, "/?#").1.is_empty();
            if is_path { Fault::Rule(PATH) } else { Fault::Grammar(refusal) }
        })?
    };
    let Authority { host, host_kind, .. } = authority;
    match host_kind {
        HostKind::Wildcard => Err(Fault::Rule(NO_WILDCARD)),
        HostKind::Name if suffix::is_shared(host) => Err(Fault::Rule(SHARED)),
        HostKind::Name if !has(host, b'.') && !grammar::is_loopback(host, host_kind) => Err(Fault::Rule(NO_DOT)),
        _ => Ok(authority),
    }
}

/// The entry that was meant by one that is refused.
fn meant(text: &str, to_ascii: ToAscii<'_>) -> Option<String> {
    let text = trim(text);
    let scheme = if split_scheme(text).is_some() { "" } else { "https://" };
    let url = repair(&[scheme, text].concat(), to_ascii)?;
    let uri = grammar::parse(&url).ok()?;
    let host = uri.host.filter(|_| uri.is_web())?;
    let entry = bare(Authority { host, host_kind: uri.host_kind, port: uri.port });
    is_valid(&entry).then_some(entry)
}

/// The host in lower case, with the port where the host is this machine.
fn bare(Authority { host, host_kind, port }: Authority<'_>) -> String {
    let mut entry = host.to_ascii_lowercase();
    if let Some(port) = port.filter(|_| grammar::is_loopback(host, host_kind)) {
        entry.push(':');
        entry.push_str(&port.to_string());
    }
    entry
}
