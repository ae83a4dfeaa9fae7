//! What the lists of an app allow. A redirect URI is compared byte for byte; a domain with the host of the URL, which is
//! read strictly: what two readers could read differently is allowed by nothing. It shares no code with the client's
//! `checkRedirect` on purpose: each would hide the other's faults.

use serde_json::Value;

use crate::options::{DomainPorts, Options};
use crate::store::App;

/// Whether visitors may be sent there after they logged in.
pub(crate) fn allows_uri(app: &App, uri: &str, options: &Options) -> bool {
    entries(app, "allowedRedirectUris")
        .any(|entry| entry == uri || (options.wildcard_redirects && matches_wildcard(entry, uri)))
}

/// Whether visitors may be sent there after anything else.
pub(crate) fn allows_domain(app: &App, url: &str, options: &Options) -> bool {
    let Some(place) = Place::of(url) else { return false };
    // Plain `http` leads to this machine only, whatever is listed.
    let secure = place.scheme == "https" || place.is_local();
    secure && entries(app, "allowedRedirectDomains").any(|entry| place.is_on(entry, options))
}

/// The origins of an app's lists, for a message to whoever frames the authorize page.
pub(crate) fn origins(app: &App) -> Vec<String> {
    let of_uris = entries(app, "allowedRedirectUris").filter_map(origin);
    let of_domains = entries(app, "allowedRedirectDomains").flat_map(|domain| {
        let bare = !domain.contains("://");
        let local = bare && Place::of(&format!("http://{domain}")).is_some_and(|place| place.is_local());
        let written = if bare { format!("https://{domain}") } else { domain.to_owned() };
        [Some(written), local.then(|| format!("http://{domain}"))].into_iter().flatten().filter_map(|url| origin(&url))
    });
    let mut origins: Vec<_> = of_uris.chain(of_domains).collect();
    origins.sort_unstable();
    origins.dedup();
    origins
}

/// The origin of a web URL.
pub(crate) fn origin(url: &str) -> Option<String> {
    let Place { scheme, host, port } = Place::of(url)?;
    Some(format!("{scheme}://{host}{}", port.map(|port| format!(":{port}")).unwrap_or_default()))
}

fn entries<'a>(app: &'a App, list: &str) -> impl Iterator<Item = &'a str> {
    app.entity().get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Whether the URI is one of those that an entry with a wildcard stands for. Each `*` in the first label of the host is one
/// or more characters of that label.
fn matches_wildcard(entry: &str, uri: &str) -> bool {
    let Some((scheme, rest)) = entry.split_once("://") else { return false };
    let Some(uri) = uri.strip_prefix(scheme).and_then(|uri| uri.strip_prefix("://")) else { return false };
    let (pattern, entry_rest) = first_label(rest);
    let (label, uri_rest) = first_label(uri);
    let in_label = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    pattern.contains('*') && entry_rest == uri_rest && in_label(label) && matches_label(pattern, label)
}

/// The text up to the first dot or whatever ends a host, and the rest.
fn first_label(text: &str) -> (&str, &str) {
    let end = text.find(['.', ':', '/', '?', '#', '@', '\\']).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Whether a label fits a pattern, in which each `*` is one or more characters.
fn matches_label(pattern: &str, label: &str) -> bool {
    let Some((literal, rest)) = pattern.split_once('*') else { return pattern == label };
    let Some(label) = label.strip_prefix(literal) else { return false };
    let ends = label.char_indices().skip(1).map(|(at, _)| at).chain([label.len()]);
    ends.filter(|end| *end > 0).any(|end| label.get(end..).is_some_and(|label| matches_label(rest, label)))
}

/// Where a web URL leads, as it is written.
struct Place<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// The place of a URL that every reader reads alike; nothing for any other.
    fn of(url: &'a str) -> Option<Self> {
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
        let (scheme, rest) = url.split_once("://")?;
        if !["http", "https"].contains(&scheme) || url.contains(odd) {
            return None;
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, after) = rest.split_at_checked(end)?;
        // Without a slash before it, old readers take what stands before an `@` for a user.
        if !after.starts_with('/') && after.contains('@') {
            return None;
        }
        let (host, port) = split_port(authority);
        let in_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        let in_address = |byte: u8| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.';
        let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let well_formed = match address {
            Some(address) => !address.is_empty() && address.bytes().all(in_address),
            None => !host.is_empty() && host.bytes().all(in_host),
        };
        let port_is_number = port.is_none_or(|port| port.parse::<u16>().is_ok() && !port.starts_with('+'));
        (well_formed && port_is_number).then_some(Self { scheme, host, port })
    }

    fn is_local(&self) -> bool {
        ["localhost", "127.0.0.1", "[::1]"].contains(&self.host)
    }

    /// Whether the place is on the domain that an entry lists: a host, a host with a port, or an origin.
    fn is_on(&self, entry: &str, options: &Options) -> bool {
        let (scheme, authority) = match entry.split_once("://") {
            Some((scheme, authority)) => (Some(scheme), authority),
            None => (None, entry),
        };
        let (host, port) = split_port(authority);
        let below = || self.host.strip_suffix(host).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'));
        let host_fits = self.host == host || (options.subdomain_redirects && !self.is_local() && below());
        // This machine's servers differ by their ports alone; elsewhere a host without a port is the whole host.
        let port_fits = if self.is_local() {
            self.port == port
        } else {
            port.is_none() || options.domain_ports == DomainPorts::Ignored || self.port == port
        };
        !host.is_empty() && host_fits && port_fits && scheme.is_none_or(|scheme| scheme == self.scheme)
    }
}

/// A host and its port.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        // Colons within brackets are an address's own.
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests;
