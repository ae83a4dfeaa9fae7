//! Redirect domains: the entries of `allowedRedirectDomains`.
//!
//! An entry is a bare host, and `localhost` may have a port. An origin such as `https://shop.example.com` occurs in real
//! apps: it is accepted with a warning, and for loopback hosts without one, as neither form is better there. A domain
//! under which anyone can register a host is an error, because the service accepts its subdomains with it; a host of one's
//! own under such a domain is valid.

use super::finding::Finding;
use super::grammar::{self, Authority, HostKind, Reason, Refusal};
use super::mistake::report_mistake;
use super::repair::repair;
use super::report::{Report, is_valid as is_valid_by};
use super::uri::{MISSPELT, NO_WILDCARD, NOT_WEB};
use super::{ToAscii, host, list, scheme, suffix};
use crate::concat::Concat as _;
use crate::text::{after, has, split_scheme, strip, trim, until};
use crate::violation::{Violation, rule};

/// Reports on a list of redirect domains at a path such as `allowedRedirectDomains`. `None` is an entry that is not text,
/// which the caller reports.
pub fn list(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate(path, entries, violations, to_ascii, judge);
}

/// Reports on redirect domains that are to be added to a list.
pub fn entries(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate_each(path, entries, violations, to_ascii, judge);
}

/// Returns whether a redirect domain has no error, as far as can be decided without the platform's URL parser.
pub fn is_valid(text: &str) -> bool {
    is_valid_by(text, judge)
}

/// The reason why an entry is refused.
enum Fault {
    /// The grammar refuses the host, or the URL that the entry is.
    Grammar(Refusal),
    /// The entry breaks a rule of redirect domains.
    Rule(&'static Finding),
}

static ORIGIN: Finding = Finding::new(rule::ORIGIN, "has a scheme ({}); give the host alone");
static NOT_CANONICAL: Finding = Finding::new(rule::NOT_CANONICAL, "has upper-case letters ({}), which browsers change");
static PORT: Finding = Finding::new(rule::PORT, "has a port ({}), which only loopback hosts should have");
static PATH: Finding = Finding::new(rule::PATH, "has a path or query ({}); give the host alone");
static WHOLE_URL: Finding = Finding::new(rule::PATH, "is a whole URL ({}); give the host alone");
static SHARED: Finding =
    Finding::new(rule::SHARED_DOMAIN, "is a domain under which anyone can register a host ({}); list your own host");
static NO_DOT: Finding = Finding::new(rule::HOST, "is not a full domain name ({}); give one such as shop.example.com");

/// Reports on one redirect domain.
fn judge(text: &str, to_ascii: ToAscii<'_>, report: &mut Report<'_>) {
    if report_mistake(text, report) {
        return;
    }
    let authority = match read(text) {
        Ok(authority) => authority,
        Err(fault) => {
            let meant = meant(text, to_ascii);
            return match fault {
                Fault::Grammar(refusal) => report.refuse(text, refusal, meant),
                Fault::Rule(finding) => report.error_suggesting(finding, text, meant),
            };
        }
    };
    let Authority { host, host_kind, port } = authority;
    if let Some(finding) = host::error(host, to_ascii) {
        let localhost = Authority { host: "localhost", host_kind: HostKind::Name, port };
        return report.error_suggesting(finding, host, host::is_unspecified(host).then(|| bare(localhost)));
    }
    let is_loopback = grammar::is_loopback(host, host_kind);
    for (is_found, finding) in [
        (split_scheme(text).is_some() && !is_loopback, &ORIGIN),
        (grammar::is_upper(host), &NOT_CANONICAL),
        (port.is_some() && !is_loopback, &PORT),
    ] {
        if is_found {
            report.warn_suggesting(finding, text, Some(bare(authority)));
        }
    }
    host::warn(host, host_kind, report);
}

/// Reads a host with or without a port, or an origin, that is well-formed and not shared.
fn read(text: &str) -> Result<Authority<'_>, Fault> {
    let has_scheme = split_scheme(text).is_some();
    // The grammar does not recognise a `*` as a port.
    let fault = |refusal: Refusal| {
        let is_star = refusal.reason == Reason::Port && strip(after(text, refusal.at), "*").is_some();
        if is_star { Fault::Rule(&NO_WILDCARD) } else { Fault::Grammar(refusal) }
    };
    let authority = if has_scheme {
        let uri = grammar::parse(text).map_err(fault)?;
        if !uri.is_web() {
            return Err(Fault::Rule(if scheme::is_misspelt(uri.scheme) { &MISSPELT } else { &NOT_WEB }));
        }
        if !uri.path.is_empty() || uri.query.is_some() {
            return Err(Fault::Rule(&WHOLE_URL));
        }
        Authority { host: uri.host.unwrap_or_default(), host_kind: uri.host_kind, port: uri.port }
    } else {
        grammar::parse_authority(text).map_err(|refusal| {
            let is_path = refusal.reason > Reason::Zone && !until(text, "/?#").1.is_empty();
            if is_path { Fault::Rule(&PATH) } else { fault(refusal) }
        })?
    };
    let Authority { host, host_kind, .. } = authority;
    match host_kind {
        HostKind::Wildcard => Err(Fault::Rule(&NO_WILDCARD)),
        HostKind::Name if suffix::is_shared(host) => Err(Fault::Rule(&SHARED)),
        HostKind::Name if !has(host, b'.') && !grammar::is_loopback(host, host_kind) => Err(Fault::Rule(&NO_DOT)),
        _ => Ok(authority),
    }
}

/// Returns the entry that was meant by a refused one.
fn meant(text: &str, to_ascii: ToAscii<'_>) -> Option<String> {
    let text = trim(text);
    let scheme = if split_scheme(text).is_some() { "" } else { "https://" };
    let url = repair(&[scheme, text].concat(), to_ascii)?;
    let uri = grammar::parse(&url).ok()?;
    let host = uri.host.filter(|_| uri.is_web())?;
    Some(bare(Authority { host, host_kind: uri.host_kind, port: uri.port }))
}

/// Returns the host in lower case, and the port of a loopback host.
fn bare(Authority { host, host_kind, port }: Authority<'_>) -> String {
    let mut entry = host.to_ascii_lowercase();
    if let Some(port) = port.filter(|_| grammar::is_loopback(host, host_kind)) {
        entry.push(':');
        entry.push_str(&u32::from(port).to_string());
    }
    entry
}
