//! Preview deployments of an app: their callback among the redirect URIs, and their host among the domains.
//!
//! Each function returns the entries to add and to remove; the client library's `allowRedirects` and
//! `disallowRedirects` send them, without losing what other jobs write meanwhile.

use serde_json::Value;

use crate::entry::Entries;
use crate::error::{Code, Error, Fault, Path, Result};
use crate::library::{Address, List, MAX_REDIRECTS, Platform, Storage, entry_faults, is_same_entry, rule};
use crate::pattern::Pattern;
use crate::site;

/// The callback of a preview unless another is given.
pub const DEFAULT_CALLBACK: &str = "/api/auth/callback";

/// The entries that a preview command adds and removes. Removals go first.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct PreviewChange {
    /// The entries to add.
    pub add: Entries,
    /// The entries to remove.
    pub remove: Entries,
    /// After a removal: the redirect URIs of that host which stay, because their path is not the callback.
    pub left: Vec<String>,
}

/// Returns the entries of a preview: its callback, and its host. `url` is the deployment's URL or host.
///
/// # Errors
/// If the URL or the callback cannot be used.
pub fn entries(url: &str, callback: &str, platform: &Platform<'_>) -> Result<Entries> {
    let refuse = |message: String| Error::new(Code::InvalidArgument, message);
    let text = url.trim();
    // Hosting providers name a deployment by its host alone, as in VERCEL_URL.
    let full = match Address::of_host(text) {
        Some(host) => format!("{}://{text}", host.scheme()),
        None => text.to_owned(),
    };
    let address = Address::of_url(&full).filter(|address| !address.is_wildcard).ok_or_else(|| {
        refuse(format!("{text} is no URL of a deployment, such as https://shop-git-main-team.vercel.app"))
    })?;
    if !matches!(address.tail, "" | "/") {
        return Err(refuse(format!(
            "{text} has a path; give the deployment's URL without one, and the path of its callback with --callback"
        )));
    }
    if !callback.starts_with('/') || callback.starts_with("//") {
        return Err(refuse(format!(
            "--callback {callback} must be a path that begins with a slash, such as {DEFAULT_CALLBACK}"
        )));
    }
    let domain = address.domain();
    let uri = format!("{}{callback}", full.strip_suffix('/').unwrap_or(&full));
    let faults: Vec<Fault> = entry_faults(std::slice::from_ref(&uri), std::slice::from_ref(&domain), platform)
        .into_iter()
        .filter(|fault| !fault.is_warning)
        .collect();
    if !faults.is_empty() {
        return Err(Error::of_faults(Code::InvalidArgument, faults));
    }
    Ok(Entries { uris: vec![uri], domains: vec![domain] })
}

/// Returns the changes that register a preview. With `evict`, the oldest previews of that pattern make room in a full
/// list: lists are in the order in which entries were added.
///
/// # Errors
/// If a list is full and no preview can be evicted.
pub fn add(
    app: &Value,
    url: &str,
    callback: &str,
    evict: Option<&Pattern>,
    platform: &Platform<'_>,
) -> Result<PreviewChange> {
    let wanted = entries(url, callback, platform)?;
    let mut change = PreviewChange::default();
    for list in List::REDIRECTS {
        let held = site::entries(app, list)?;
        for entry in wanted.of(list) {
            if !held.iter().any(|other| is_same_entry(list.kind(), Storage::Unknown, entry, other)) {
                change.add.add(list, entry.clone());
            }
        }
    }
    let own_hosts: Vec<String> = wanted.domains.clone();
    for list in List::REDIRECTS {
        loop {
            let held = site::entries(app, list)?;
            let left = held.iter().filter(|entry| !change.remove.of(list).contains(entry)).count();
            let wants = change.add.of(list).len();
            if wants == 0 || left.saturating_add(wants) <= MAX_REDIRECTS {
                break;
            }
            let is_preview = |entry: &&String| {
                evict.is_some_and(|pattern| pattern.covers(list.kind(), entry))
                    && !change.remove.of(list).contains(entry)
                    && host_of(list, entry).is_some_and(|host| !own_hosts.contains(&host))
            };
            let oldest = held.iter().find(is_preview).and_then(|entry| host_of(list, entry));
            let (Some(host), Some(pattern)) = (oldest, evict) else { return Err(full(list, &held, evict)) };
            remove_host(app, &host, pattern, &mut change.remove)?;
        }
    }
    Ok(change)
}

/// Adds every entry of a preview's host to those that are removed.
fn remove_host(app: &Value, host: &str, pattern: &Pattern, remove: &mut Entries) -> Result<()> {
    for list in List::REDIRECTS {
        for entry in site::entries(app, list)? {
            if pattern.covers(list.kind(), &entry) && host_of(list, &entry).as_deref() == Some(host) {
                remove.add(list, entry);
            }
        }
    }
    Ok(())
}

/// Returns the host of an entry, as the domain entry that allows it.
fn host_of(list: List, entry: &str) -> Option<String> {
    Address::of(list.kind(), entry).map(|address| address.domain())
}

fn full(list: List, held: &[String], evict: Option<&Pattern>) -> Error {
    let remedy = match evict {
        Some(pattern) => format!(
            "none of the entries is a preview of {}, so none can make room; remove one with `disallow`, or give \
             another --pattern",
            pattern.as_str()
        ),
        None => "make room with `preview prune --pattern PATTERN`, with `--evict-oldest --pattern PATTERN`, or with \
                 `disallow`"
            .to_owned(),
    };
    let message =
        format!("takes at most {MAX_REDIRECTS} entries and has {}: {}; {remedy}", held.len(), held.join(", "));
    let fault = Fault::new(Path::default().key(list.field()), rule::OUT_OF_RANGE, message);
    Error::of_faults(Code::Conflict, vec![fault])
}

/// Returns the changes that remove a preview: its callback and its host.
///
/// # Errors
/// The errors of [`entries`].
pub fn remove(app: &Value, url: &str, callback: &str, platform: &Platform<'_>) -> Result<PreviewChange> {
    let unwanted = entries(url, callback, platform)?;
    let mut change = PreviewChange::default();
    for list in List::REDIRECTS {
        for held in site::entries(app, list)? {
            let is_unwanted = |entry: &String| is_same_entry(list.kind(), Storage::NormalForm, entry, &held);
            if unwanted.of(list).iter().any(is_unwanted) {
                change.remove.add(list, held);
            } else if list == List::RedirectUris
                && host_of(list, &held).is_some_and(|host| unwanted.domains.contains(&host))
            {
                change.left.push(held);
            }
        }
    }
    Ok(change)
}

/// Returns the hosts of the entries that a pattern covers, without ports, for a look-up of those that are gone.
///
/// # Errors
/// If a list of the app cannot be read.
pub fn hosts(app: &Value, pattern: &Pattern) -> Result<Vec<String>> {
    let mut hosts = Vec::new();
    for list in List::REDIRECTS {
        for entry in site::entries(app, list)? {
            if let Some(host) = bare_host(list, &entry).filter(|_| pattern.covers(list.kind(), &entry))
                && !hosts.contains(&host)
            {
                hosts.push(host);
            }
        }
    }
    Ok(hosts)
}

fn bare_host(list: List, entry: &str) -> Option<String> {
    Address::of(list.kind(), entry).map(|address| address.host.to_ascii_lowercase())
}

/// The previews that stay.
#[derive(Debug, Clone, Copy)]
pub enum Kept<'a> {
    /// The previews of these hosts.
    Hosts(&'a [String]),
    /// All previews except those of these hosts, which are gone.
    AllBut(&'a [String]),
}

/// Returns the changes that remove previews: the entries that the pattern covers and whose host does not stay. An entry
/// outside the pattern is never among them.
///
/// # Errors
/// If a list of the app cannot be read.
pub fn prune(app: &Value, pattern: &Pattern, kept: Kept<'_>) -> Result<PreviewChange> {
    let mut change = PreviewChange::default();
    for list in List::REDIRECTS {
        for entry in site::entries(app, list)? {
            let Some(host) = bare_host(list, &entry).filter(|_| pattern.covers(list.kind(), &entry)) else { continue };
            let is_in = |hosts: &[String]| hosts.iter().any(|other| other.eq_ignore_ascii_case(&host));
            let stays = match kept {
                Kept::Hosts(hosts) => is_in(hosts),
                Kept::AllBut(hosts) => !is_in(hosts),
            };
            if !stays {
                change.remove.add(list, entry);
            }
        }
    }
    Ok(change)
}

/// Returns the hosts of a keep list: one URL or host a line. Empty lines and lines that begin with `#` do not count.
///
/// # Errors
/// If one cannot be used: a fault for each other line.
pub fn keep_list(text: &str) -> Result<Vec<String>> {
    let (mut hosts, mut faults) = (Vec::new(), Vec::new());
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(address) = Address::of_url(line).or_else(|| Address::of_host(line)) {
            hosts.push(address.host.to_ascii_lowercase());
        } else {
            let message = format!("({line}) is neither a URL nor a host; the keep list has one a line");
            let fault = Fault::new(Path::default(), rule::FORMAT, message);
            faults.push(Fault { line: Some(at.saturating_add(1)), ..fault });
        }
    }
    if faults.is_empty() { Ok(hosts) } else { Err(Error::of_faults(Code::Config, faults)) }
}

#[cfg(test)]
mod tests;
