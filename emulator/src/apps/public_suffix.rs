//! Warnings about redirect entries that match hosts which anyone can register. The service is not known to refuse such
//! entries, so the emulator stores them and warns in its log only.
//!
//! The rules are those of the [Public Suffix List](https://publicsuffix.org/), including the private section.

use serde_json::Value;
use wix_oauth_apps::app::{LEGACY_DOMAINS, REDIRECT_DOMAINS, REDIRECT_URIS};

use crate::apps::schema::ROOT;
use crate::http::json::Object;

/// Domains of the vendor's own hosting, which the list does not contain. Anyone can get a host under them.
const UNLISTED: [&str; 1] = ["wix-site-host.com"];

/// Returns a warning for each entry of the written lists that is a public suffix or has a wildcard directly under one.
pub(crate) fn warnings(entity: &Object, is_written: impl Fn(&str) -> bool) -> Vec<String> {
    let lists = [REDIRECT_URIS, REDIRECT_DOMAINS, LEGACY_DOMAINS].into_iter().filter(|list| is_written(list));
    let entries = lists.flat_map(|list| {
        let entries = entity.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        entries.iter().filter_map(Value::as_str).enumerate().map(move |(at, entry)| (list, at, entry))
    });
    entries.filter_map(|(list, at, entry)| Some(format!("{ROOT}.{list}[{at}] {}", warning(list, entry)?))).collect()
}

/// Returns the warning about an entry, without its path.
fn warning(list: &str, entry: &str) -> Option<String> {
    let host = host(entry);
    match host.split_once('.') {
        Some((label, domain)) if label.contains('*') => is_public_suffix(domain).then(|| {
            format!(
                "({entry}) has a wildcard directly under {domain}, a public suffix: anyone can register a host that it \
                 matches, and get codes. List the hosts themselves."
            )
        }),
        // A redirect URI without a wildcard names one host only.
        _ if list == REDIRECT_URIS => None,
        _ => is_public_suffix(&host).then(|| {
            format!(
                "({entry}) is a public suffix: anyone can register a host under it. List the client's whole host, such \
                 as my-shop.{host}."
            )
        }),
    }
}

/// Returns the host of an entry in lower case, with each `.*` written as `*`. The entry is a host, an origin, a URI, or a
/// regular expression for one.
fn host(entry: &str) -> String {
    let after_scheme = entry.split_once("://").map_or(entry, |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, after_user)| after_user);
    let host = host_and_port.split(':').next().unwrap_or_default();
    let plain = host.replace("(.*)", "*").replace(".*", "*").replace("\\.", ".").to_ascii_lowercase();
    plain.strip_suffix('.').map(str::to_owned).unwrap_or(plain)
}

fn is_public_suffix(domain: &str) -> bool {
    let listed =
        || psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix == domain.as_bytes());
    UNLISTED.contains(&domain) || listed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_that_match_hosts_of_strangers_are_warned_about() {
        for (list, entry, warned) in [
            (REDIRECT_DOMAINS, "vercel.app", true),
            (REDIRECT_DOMAINS, "VERCEL.app.", true),
            (REDIRECT_DOMAINS, "https://github.io", true),
            (REDIRECT_DOMAINS, "wix-site-host.com", true),
            (REDIRECT_DOMAINS, "co.uk:443", true),
            (REDIRECT_DOMAINS, "kawasaki.jp", false),
            (REDIRECT_DOMAINS, "anything.kawasaki.jp", true),
            (REDIRECT_DOMAINS, "my-shop.vercel.app", false),
            (REDIRECT_DOMAINS, "shop.example.com", false),
            (REDIRECT_DOMAINS, "localhost:4321", false),
            (REDIRECT_DOMAINS, "*.netlify.app", true),
            (REDIRECT_DOMAINS, "", false),
            (LEGACY_DOMAINS, "https://(.*)-shop.wix-site-host.com", true),
            (LEGACY_DOMAINS, "https://(.*)-shop.example.com", false),
            (LEGACY_DOMAINS, "http://localhost:4321", false),
            (REDIRECT_URIS, "https://*-shop.vercel.app/callback", true),
            (REDIRECT_URIS, "https://*-shop.example.com/callback", false),
            (REDIRECT_URIS, "https://github.io/callback", false),
            (REDIRECT_URIS, "myapp://callback", false),
        ] {
            let entity = json!({ list: [entry] });
            let warnings = warnings(entity.as_object().unwrap(), |_| true);
            assert_eq!(!warnings.is_empty(), warned, "{list}: {entry}: {warnings:?}");
            let path = format!("oAuthApp.{list}[0]");
            assert!(warnings.iter().all(|warning| warning.starts_with(&path) && warning.contains(entry)));
        }
    }

    #[test]
    fn only_written_lists_are_warned_about() {
        let entity = json!({ REDIRECT_DOMAINS: ["vercel.app"], LEGACY_DOMAINS: ["github.io"] });
        let warnings = warnings(entity.as_object().unwrap(), |list| list == LEGACY_DOMAINS);
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("github.io"), "{warnings:?}");
    }
}
