//! Redirect domains: what may be in `allowedRedirectDomains`.
//!
//! An entry is a bare host, and `localhost` has its port beside it. An origin such as `https://shop.example.com` occurs
//! in the wild: it passes with a warning, and without one for this machine, where neither form is better. A domain under which anyone can get a host would let anyone receive visitors,
//! where the service takes sub-domains with it; such a one is an error, a site of one's own under it is fine.

use super::grammar::{self, Authority, HostKind, Reason, Refusal};
use super::list::{self, Report};
use super::mistake::is_mistaken;
use super::repair::repair;
use super::text::{after, has, split_scheme, strip, trim, until};
use super::uri::{MISSPELT, NO_WILDCARD, NOT_WEB};
use super::words::{Words, words};
use super::{ToAscii, host, scheme, suffix};
use crate::concat::Concat as _;
use crate::violation::{Violation, rule};

/// Reports on a list of redirect domains under the list's path, such as `allowedRedirectDomains`. `None` is an entry that
/// is no text, on which the caller reports.
pub fn list(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate(path, entries, violations, to_ascii, judge);
}

/// Reports on each of some redirect domains that go into a list.
pub fn entries(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate_each(path, entries, violations, to_ascii, judge);
}

/// Returns whether a redirect domain has no error, as far as can be told without the platform's URL parser.
pub fn is_valid(text: &str) -> bool {
    list::is_valid(text, judge)
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
const PORT: Words = words!(rule::PORT, "should have no port, except with localhost");
const PATH: Words = words!(rule::PATH, "must be a host alone, without path and query");
const WHOLE_URL: Words = words!(rule::PATH, "must be a host alone, not a whole URL");
const SHARED: Words = words!(rule::SHARED_DOMAIN, "is a domain under which anyone can get a host; list your own");
const NO_DOT: Words = words!(rule::HOST, "must be a full domain name, such as shop.example.com");

/// Reports on one redirect domain.
fn judge(text: &str, to_ascii: ToAscii<'_>, report: &mut Report<'_>) {
    if is_mistaken(text, report) {
        return;
    }
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
    let Authority { host, host_kind, port } = authority;
    if let Some(words) = host::error(host, to_ascii) {
        let localhost = Authority { host: "localhost", host_kind: HostKind::Name, port };
        return report.error(words, host::is_unspecified(host).then(|| bare(localhost)));
    }
    let is_loopback = grammar::is_loopback(host, host_kind);
    let mut warn = |is_so: bool, words: Words| {
        if is_so {
            report.warn(words, Some(bare(authority)));
        }
    };
    // For this machine, an origin is as good as a host.
    warn(split_scheme(text).is_some() && !is_loopback, ORIGIN);
    warn(grammar::is_upper(host), NOT_CANONICAL);
    warn(port.is_some() && !is_loopback, PORT);
    host::warn(host, host_kind, report);
}

/// Reads a host with or without port, or an origin, that is well-formed and not everyone's.
fn read(text: &str) -> Result<Authority<'_>, Fault> {
    let has_scheme = split_scheme(text).is_some();
    // A `*` as a port: the only place in which the grammar does not see that it is one.
    let fault = |refusal: Refusal| {
        let is_star = refusal.reason == Reason::Port && strip(after(text, refusal.at), "*").is_some();
        if is_star { Fault::Rule(NO_WILDCARD) } else { Fault::Grammar(refusal) }
    };
    let authority = if has_scheme {
        let uri = grammar::parse(text).map_err(fault)?;
        if !uri.is_web() {
            return Err(Fault::Rule(if scheme::is_misspelt(uri.scheme) { MISSPELT } else { NOT_WEB }));
        }
        if !uri.path.is_empty() || uri.query.is_some() {
            return Err(Fault::Rule(WHOLE_URL));
        }
        Authority { host: uri.host.unwrap_or_default(), host_kind: uri.host_kind, port: uri.port }
    } else {
        grammar::parse_authority(text).map_err(|refusal| {
            let is_path = refusal.reason > Reason::Zone && !until(text, "/?#").1.is_empty();
            if is_path { Fault::Rule(PATH) } else { fault(refusal) }
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
    Some(bare(Authority { host, host_kind: uri.host_kind, port: uri.port }))
}

/// The host in lower case, with the port where the host is this machine.
fn bare(Authority { host, host_kind, port }: Authority<'_>) -> String {
    let mut entry = host.to_ascii_lowercase();
    if let Some(port) = port.filter(|_| grammar::is_loopback(host, host_kind)) {
        entry.push(':');
        entry.push_str(&u32::from(port).to_string());
    }
    entry
}
