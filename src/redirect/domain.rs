//! Redirect domains: what may be in `allowedRedirectDomains`.
//!
//! An entry is a bare host, and `localhost` has its port beside it. An origin such as `https://shop.example.com` occurs
//! in the wild: it passes with a warning. A domain under which anyone can get a host would let anyone receive visitors,
//! where the service takes sub-domains with it; such a one is an error, a site of one's own under it is fine.

use super::grammar::{self, Authority, HostKind, Reason, Refusal, Uri};
use super::uri::{refused, with_suggestion};
use super::{ToAscii, list, repair, suffix};
use crate::violation::{Violation, rule};

/// An entry that is well-formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Domain<'a> {
    /// The scheme, where the entry is an origin.
    pub scheme: Option<&'a str>,
    /// The host and port.
    pub authority: Authority<'a>,
}

/// Why an entry is refused.
enum Fault {
    /// The grammar refuses the host, or the URL that the entry is.
    Grammar(Refusal),
    /// It breaks a rule of its own.
    Rule(&'static str, &'static str),
}

/// What is wrong with a list of redirect domains, under the list's path, such as `allowedRedirectDomains`. `None` is an
/// entry that is no text, on which someone else reports.
pub fn list(path: &str, entries: &[Option<&str>], to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    list::validate(path, entries, violations);
    for (index, entry) in entries.iter().enumerate() {
        if let Some(entry) = entry {
            judge(&|| list::path(path, index), entry, to_ascii, violations);
        }
    }
}

/// Whether a redirect domain has no error.
pub fn is_valid(text: &str) -> bool {
    read(text).is_ok()
}

/// What is wrong with one redirect domain.
fn judge(path: &dyn Fn() -> String, text: &str, to_ascii: ToAscii<'_>, violations: &mut Vec<Violation>) {
    let domain = match read(text) {
        Ok(domain) => domain,
        Err(fault) => {
            let violation = match fault {
                Fault::Grammar(refusal) => refused(path(), text, refusal),
                Fault::Rule(rule, message) => Violation::error(path(), rule, message),
            };
            violations.push(with_suggestion(violation, meant(text, to_ascii)));
            return;
        }
    };
    let Authority { host, host_kind, port } = domain.authority;
    let is_loopback = grammar::is_loopback(host, host_kind);
    let mut warn = |rule: &'static str, message: &str, suggestion: String| {
        violations.push(Violation::warning(path(), rule, message).suggest(suggestion));
    };
    if domain.scheme.is_some() {
        warn(rule::ORIGIN, "should be the host alone, without a scheme", bare(&domain.authority));
    }
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        warn(rule::NOT_CANONICAL, "should be in lower case, as browsers write it", bare(&domain.authority));
    }
    if port.is_some() && !is_loopback {
        let message = "should have no port: it is not known to be understood for any host but localhost";
        warn(rule::PORT, message, bare(&domain.authority));
    }
    if matches!(host_kind, HostKind::Ipv4 | HostKind::Ipv6) && !is_loopback {
        let message = "names a machine by its address, which may come to be someone else's; use a domain name";
        warn(rule::IP_ADDRESS, message, "app.example.com".to_owned());
    }
}

/// Reads an entry that is well-formed and no domain of everyone's.
fn read(text: &str) -> Result<Domain<'_>, Fault> {
    let domain = parse(text)?;
    let Authority { host, host_kind, .. } = domain.authority;
    match host_kind {
        HostKind::Wildcard => Err(Fault::Rule(rule::WILDCARD, "must be one host, without a *")),
        HostKind::Name if suffix::is_shared(host) => {
            let message = "anyone can get a host under this domain; list your own site's host";
            Err(Fault::Rule(rule::SHARED_DOMAIN, message))
        }
        HostKind::Name if !host.contains('.') && !grammar::is_loopback(host, host_kind) => {
            let message = "must be a full domain name, such as shop.example.com; only localhost has no dot";
            Err(Fault::Rule(rule::HOST, message))
        }
        _ => Ok(domain),
    }
}

/// Reads a host with or without port, or an origin.
fn parse(text: &str) -> Result<Domain<'_>, Fault> {
    const PATH: &str = "must be a host alone, without path and query";
    if text.contains("://") {
        let uri = grammar::parse(text).map_err(Fault::Grammar)?;
        return match uri.host {
            Some(host) if uri.is_web() => {
                if !uri.path.is_empty() || uri.query.is_some() {
                    return Err(Fault::Rule(rule::PATH, PATH));
                }
                let authority = Authority { host, host_kind: uri.host_kind, port: uri.port };
                Ok(Domain { scheme: Some(uri.scheme), authority })
            }
            _ => Err(Fault::Rule(rule::SCHEME, "must be a host; visitors return to http and https URLs only")),
        };
    }
    let authority = grammar::parse_authority(text).map_err(|refusal| match refusal.reason {
        Reason::Host | Reason::Port if text.contains(['/', '?', '#']) => Fault::Rule(rule::PATH, PATH),
        _ => Fault::Grammar(refusal),
    })?;
    Ok(Domain { scheme: None, authority })
}

/// The entry that was meant by one that is refused.
fn meant(text: &str, to_ascii: ToAscii<'_>) -> Option<String> {
    let text = text.trim_matches(|char: char| char <= ' ');
    let url = if text.contains("://") { text.to_owned() } else { ["https://", text].concat() };
    let url = repair::repair(&url, to_ascii)?;
    let uri = grammar::parse(&url).ok().filter(Uri::is_web)?;
    let authority = Authority { host: uri.host?, host_kind: uri.host_kind, port: uri.port };
    let entry = bare(&authority);
    is_valid(&entry).then_some(entry)
}

/// The host in lower case, with the port where the host is this machine.
fn bare(authority: &Authority<'_>) -> String {
    let mut entry = grammar::canonical_ipv6(authority.host).unwrap_or_else(|| authority.host.to_ascii_lowercase());
    if let Some(port) = authority.port
        && grammar::is_loopback(authority.host, authority.host_kind)
    {
        entry.push(':');
        entry.push_str(&port.to_string());
    }
    entry
}
