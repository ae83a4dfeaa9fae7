//! The allowlist of an app: the URLs that visitors may be redirected to.
//!
//! A redirect URI is compared byte for byte, or matched by an entry with a wildcard. A domain is compared with the host of
//! the URL, and with its port and scheme if the entry has them. Both kinds of URL are read strictly up to the path: no entry
//! allows a URL that two parsers could send to two hosts.
//!
//! This is a second implementation of the rules of the client's `checkRedirect`, so that neither hides the other's faults.
//! The test in `agreement.rs` compares the two. The emulator's README lists the choices that both make where the service's
//! behaviour is unknown.

use std::net::{Ipv4Addr, Ipv6Addr};

use percent_encoding::percent_decode;
use serde_json::Value;
use wix_oauth_apps::redirect;

use crate::options::{DomainPorts, Options};
use crate::store::app::App;

/// Checks whether the authorize page may redirect to a URI.
pub(crate) fn allows_uri(app: &App, uri: &str, options: &Options) -> bool {
    is_unambiguous(uri)
        && entries(app, "allowedRedirectUris")
            .any(|entry| entry == uri || (options.wildcard_redirects && matches_wildcard(entry, uri)))
}

/// Checks whether the hosted pages may redirect to a URL.
pub(crate) fn allows_domain(app: &App, url: &str, options: &Options) -> bool {
    let Some(url) = WebUrl::parse(url) else { return false };
    // Plain `http` is allowed for loopback hosts only, whatever the entry.
    let is_usable = url.scheme == "https" || (url.scheme == "http" && url.is_loopback());
    is_usable
        && !url.host.contains('*')
        && !carries_url(url.path)
        && entries(app, "allowedRedirectDomains").any(|entry| url.matches_domain(entry, options))
}

/// Returns the origins of an app's lists, to which the authorize page may post a message.
pub(crate) fn origins(app: &App) -> Vec<String> {
    let uri_origins = entries(app, "allowedRedirectUris").filter_map(origin);
    let domain_origins = entries(app, "allowedRedirectDomains").flat_map(|domain| {
        let is_bare = !domain.contains("://");
        let is_loopback = is_bare && WebUrl::parse(&format!("http://{domain}")).is_some_and(|url| url.is_loopback());
        let as_origin = if is_bare { format!("https://{domain}") } else { domain.to_owned() };
        let plain_http = is_loopback.then(|| format!("http://{domain}"));
        [Some(as_origin), plain_http].into_iter().flatten().filter_map(|url| origin(&url))
    });
    let mut origins: Vec<_> = uri_origins.chain(domain_origins).collect();
    origins.sort_unstable();
    origins.dedup();
    origins
}

/// Returns the origin of a web URL that names one host.
pub(crate) fn origin(url: &str) -> Option<String> {
    let WebUrl { scheme, host, port, .. } = WebUrl::parse(url).filter(|url| !url.host.contains('*'))?;
    Some(format!("{scheme}://{host}{}", port.map(|port| format!(":{port}")).unwrap_or_default()))
}

/// Returns the entries of one of an app's lists.
fn entries<'a>(app: &'a App, list: &str) -> impl Iterator<Item = &'a str> {
    app.entity().get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Checks whether an entry such as `https://*-shop.example.com/cb` matches a URI. The `*` matches one or more letters, digits,
/// `-` and `_` within the first label of an `https` host.
fn matches_wildcard(entry: &str, uri: &str) -> bool {
    let Some((pattern, entry_rest)) = entry.strip_prefix("https://").and_then(|entry| entry.split_once('.')) else {
        return false;
    };
    let Some((label, rest)) = uri.strip_prefix("https://").and_then(|uri| uri.split_once('.')) else { return false };
    let is_name = WebUrl::parse(uri).is_some_and(|url| url.host.parse::<Ipv4Addr>().is_err());
    let in_label = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let Some((start, end)) = pattern.split_once('*') else { return false };
    let part = label.strip_prefix(start).and_then(|label| label.strip_suffix(end)).unwrap_or_default();
    is_name && entry_rest == rest && !part.is_empty() && in_label(label) && in_label(start) && in_label(end)
}

/// Checks whether every parser resolves a redirect URI alike: a web URL, a URI of an app's own scheme, or a path on the
/// service's own host.
fn is_unambiguous(uri: &str) -> bool {
    if uri.contains(is_misread) {
        return false;
    }
    if let Some(path) = uri.strip_prefix('/') {
        return !path.starts_with('/');
    }
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !is_scheme || redirect::is_acting_scheme(scheme) {
        return false;
    }
    if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        return WebUrl::parse(uri).is_some();
    }
    if let Some(rest) = rest.strip_prefix("//") {
        let (host, port) = split_port(split_authority(rest).0);
        let in_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        return host.bytes().all(in_host) && port.is_none_or(|port| !host.is_empty() && is_port(port));
    }
    // `localhost:3000/cb` was meant as a host and a port.
    let opaque = split_authority(rest).0;
    let is_number = !opaque.is_empty() && opaque.bytes().all(|byte| byte.is_ascii_digit());
    !rest.is_empty() && !is_number
}

/// Checks whether some parsers drop the character, end the URL at it, or read it as a slash.
fn is_misread(character: char) -> bool {
    character.is_ascii_control() || matches!(character, ' ' | '\\')
}

/// The parts of a web URL that decide where it leads, as they are written.
struct WebUrl<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<&'a str>,
    path: &'a str,
}

impl<'a> WebUrl<'a> {
    /// Parses a URL that every parser resolves to the same host.
    fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        if !(is_https || scheme.eq_ignore_ascii_case("http")) || url.contains(is_misread) {
            return None;
        }
        let (authority, tail) = split_authority(rest);
        // If there is no slash before an `@`, old parsers read the text before it as a user name.
        if !tail.starts_with('/') && tail.contains('@') {
            return None;
        }
        let (host, port) = split_port(authority);
        let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(address) => is_shortest_ipv6(address),
            None => is_name(host, is_https),
        };
        let path = tail.split(['?', '#']).next().unwrap_or_default();
        (is_host && port.is_none_or(is_port)).then_some(Self { scheme, host, port, path })
    }

    /// Checks whether the host is this machine: `localhost` and every name under it (RFC 6761 §6.3), 127.0.0.0/8 and `[::1]`.
    fn is_loopback(&self) -> bool {
        let name = self.host.to_ascii_lowercase();
        name == "localhost"
            || name.ends_with(".localhost")
            || name == "[::1]"
            || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
    }

    /// Checks whether an entry allows the URL. The entry is a host, a host with a port, or an origin.
    fn matches_domain(&self, entry: &str, options: &Options) -> bool {
        let (scheme, authority) = match entry.split_once("://") {
            Some((scheme, authority)) => (Some(scheme), authority),
            None => (None, entry),
        };
        let (host, port) = split_port(authority);
        let is_below = || self.host.strip_suffix(host).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'));
        let host_fits = self.host == host || (options.subdomain_redirects && !self.is_loopback() && is_below());
        // The servers of one machine differ only in their ports. Elsewhere an entry without a port covers the whole host.
        let port_fits = if self.is_loopback() {
            self.port == port
        } else {
            port.is_none() || options.domain_ports == DomainPorts::Ignored || self.port == port
        };
        !host.is_empty() && host_fits && port_fits && scheme.is_none_or(|scheme| scheme == self.scheme)
    }
}

/// Splits the text after `://` at the end of the authority (RFC 3986 §3.2).
fn split_authority(text: &str) -> (&str, &str) {
    text.split_at_checked(text.find(['/', '?', '#']).unwrap_or(text.len())).unwrap_or((text, ""))
}

/// Splits a host and its port.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        // Colons within brackets belong to an IPv6 address.
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// Checks whether the text is a port that every parser reads alike.
fn is_port(port: &str) -> bool {
    port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port)
}

/// Checks whether the text is a host name (RFC 1123 §2.1, and `_`) or an IPv4 address. The first label of an `https` host may
/// contain one `*`.
fn is_name(host: &str, is_https: bool) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let in_label = |byte: u8| byte.is_ascii_alphanumeric() || b"-_*".contains(&byte);
    let is_well_formed = |label: &&str| {
        let code = label.get(..4).filter(|prefix| prefix.eq_ignore_ascii_case("xn--")).and_then(|_| label.get(4..));
        (1..=63).contains(&label.len())
            && label.bytes().all(in_label)
            && !label.starts_with('-')
            && !label.ends_with('-')
            && code.is_none_or(is_punycode)
    };
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return false };
    let stars = host.matches('*').count();
    let star_fits = stars == 0 || (stars == 1 && first.contains('*') && labels.len() > 1 && is_https);
    // A browser reads a host whose last label is a number as an IPv4 address (WHATWG "ends in a number checker").
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    labels.iter().all(is_well_formed)
        && star_fits
        && if is_number { host.parse::<Ipv4Addr>().is_ok() } else { host.len() <= 253 }
}

/// Checks whether the text is the Punycode (RFC 3492) of a label with characters beyond ASCII, without control characters.
fn is_punycode(code: &str) -> bool {
    let Some(label) = idna::punycode::decode(code) else { return false };
    let beyond_ascii = || label.iter().filter(|character| !character.is_ascii());
    beyond_ascii().next().is_some() && beyond_ascii().all(|character| *character >= '\u{a0}')
}

/// Checks whether the text is an IPv6 address in the form that browsers write, in any case (RFC 5952 §4, without a dotted
/// IPv4 part).
fn is_shortest_ipv6(text: &str) -> bool {
    let Ok(address) = text.parse::<Ipv6Addr>() else { return false };
    let groups = address.segments();
    let run = |from: usize| groups.iter().skip(from).take_while(|group| **group == 0).count();
    let (mut gap, mut length) = (0, 1);
    for from in 0..groups.len() {
        if run(from) > length {
            (gap, length) = (from, run(from));
        }
    }
    let write = |groups: &[u16]| groups.iter().map(|group| format!("{group:x}")).collect::<Vec<_>>().join(":");
    let written = match (groups.get(..gap), groups.get(gap.saturating_add(length)..)) {
        (Some(before), Some(after)) if length > 1 => format!("{}::{}", write(before), write(after)),
        _ => write(&groups),
    };
    written == text.to_ascii_lowercase()
}

/// Checks whether a path contains another URL, for a lenient parser that decodes it up to four times: `://`, a segment that
/// begins with `http:` or `https:`, or `//` and a host. Such URLs are typical of open redirectors.
fn carries_url(path: &str) -> bool {
    let mut text = path.as_bytes().to_vec();
    for _ in 0..4 {
        text = percent_decode(&text).collect();
    }
    text.retain(|byte| !b"\t\n\r".contains(byte));
    for byte in &mut text {
        *byte = if *byte == b'\\' { b'/' } else { byte.to_ascii_lowercase() };
    }

    let has_scheme = text.windows(3).any(|part| part == b"://");
    let after_slashes = (0..text.len()).filter_map(|at| text.get(at..)?.strip_prefix(b"/"));
    has_scheme
        || after_slashes.into_iter().any(|rest| {
            let host = rest.strip_prefix(b"/").and_then(|rest| rest.split(|byte| b"/?#".contains(byte)).next());
            rest.starts_with(b"http:") || rest.starts_with(b"https:") || host.is_some_and(is_reachable)
        })
}

/// Checks whether the text after `//` is a host that a browser could reach, and not just a segment after a doubled slash.
fn is_reachable(host: &[u8]) -> bool {
    let is_part_of_host = |byte: &u8| b".:@[".contains(byte) || !byte.is_ascii();
    (host.len() > 7 && host.iter().all(u8::is_ascii_digit))
        || host.starts_with(b"0x")
        || host == b"localhost"
        || host.starts_with(b"[")
        || host.iter().skip(1).any(is_part_of_host)
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;
