//! Errors and warnings in the entries of apps.

use serde_json::{Map, Value, json};

use crate::error::{Fault, Path, Result};
use crate::library::{Address, List, Platform, allows_after_checkout, app_faults, is_read_only, rule};
use crate::site;

/// Returns `[{id, name, violations}]`, one for each app, of the service or of a configuration. `gone` are the hosts
/// that no longer exist.
///
/// # Errors
/// If a list of an app cannot be read.
pub fn lint(apps: &[Value], gone: &[String], platform: &Platform<'_>) -> Result<Value> {
    let mut results = Vec::with_capacity(apps.len());
    for app in apps {
        let mut found = faults_of_fields(app, platform);
        let [uris, domains] = [site::entries(app, List::RedirectUris)?, site::entries(app, List::RedirectDomains)?];
        found.extend(unpaired_hosts(&uris, &domains));
        for list in List::ALL {
            found.extend(gone_hosts(list, &site::entries(app, list)?, gone));
        }
        let id = app.get("id").cloned().unwrap_or_default();
        results.push(json!({ "id": id, "name": site::name(app), "violations": found }));
    }
    Ok(Value::Array(results))
}

/// Returns the violations of a draft's rules. An app of a configuration is not read as the service's: its cleared
/// fields and the keys that are no fields are left out.
fn faults_of_fields(app: &Value, platform: &Platform<'_>) -> Vec<Fault> {
    if app.get("id").is_some() && app.get("createdDate").is_some() {
        return app_faults(app, platform);
    }
    let members = app.as_object().into_iter().flatten();
    let fields = members.filter(|(name, value)| is_read_only(name) == Some(false) && !value.is_null());
    let fields: Map<String, Value> = fields.map(|(name, value)| (name.clone(), value.clone())).collect();
    let has_name = fields.contains_key("name");
    let found = app_faults(&Value::Object(fields), platform);
    // An app that the file knows by its ID needs no name there.
    found.into_iter().filter(|fault| has_name || fault.rule != rule::REQUIRED_FIELD).collect()
}

/// Warns of a login URI whose host is no redirect domain, and of a redirect domain without a login URI.
fn unpaired_hosts(uris: &[String], domains: &[String]) -> Vec<Fault> {
    let mut found = Vec::new();
    let addresses = |list: List, entries: &'_ [String]| -> Vec<(usize, String, bool)> {
        let address = |(at, entry): (usize, &String)| {
            let address = Address::of(list.kind(), entry).filter(|address| !address.is_loopback)?;
            Some((at, address.host.to_ascii_lowercase(), address.is_wildcard))
        };
        entries.iter().enumerate().filter_map(address).collect()
    };
    let (login, checkout) = (addresses(List::RedirectUris, uris), addresses(List::RedirectDomains, domains));
    let path = |list: List| Path::default().key(list.field());
    let mut seen = Vec::new();
    for (at, host, is_wildcard) in &login {
        // A list without any domain is a warning of its own.
        let is_stranded =
            !domains.is_empty() && !is_wildcard && !allows_after_checkout(domains, &format!("https://{host}/"));
        if is_stranded && !seen.contains(host) {
            let message = format!(
                "is on {host}, which is no redirect domain: buyers are stranded after the checkout and visitors after \
                 the logout; add {host} to allowedRedirectDomains"
            );
            found.push(Fault::warning(path(List::RedirectUris).index(*at), rule::NO_DOMAINS, message));
            seen.push(host.clone());
        }
    }
    for (at, host, _) in &checkout {
        let is_of_login = |(_, other, is_wildcard): &(usize, String, bool)| {
            other == host || (*is_wildcard && matches_wildcard(other, host))
        };
        if !login.iter().any(is_of_login) {
            let message = format!(
                "is {host}, and no redirect URI is on that host: nobody can log in there; add its callback to \
                 allowedRedirectUris, or remove the domain if nobody logs in there"
            );
            found.push(Fault::warning(path(List::RedirectDomains).index(*at), "NO_URIS", message));
        }
    }
    found
}

/// Checks whether a host is one that the host of a wildcard entry stands for.
fn matches_wildcard(pattern: &str, host: &str) -> bool {
    match (pattern.split_once('.'), host.split_once('.')) {
        (Some((pattern, parent)), Some((label, other))) => {
            parent == other && crate::glob::matches_label(pattern, label, false)
        }
        _ => false,
    }
}

fn gone_hosts(list: List, entries: &[String], gone: &[String]) -> Vec<Fault> {
    let fault = |(at, entry): (usize, &String)| {
        let host = Address::of(list.kind(), entry)?.host.to_ascii_lowercase();
        let is_gone = gone.iter().any(|gone| gone.eq_ignore_ascii_case(&host));
        let message = format!(
            "is on {host}, which no longer exists: anybody who claims that host receives the visitors that are sent \
             there, and their codes; remove the entry"
        );
        is_gone.then(|| Fault::new(Path::default().key(list.field()).index(at), "GONE_HOST", message))
    };
    entries.iter().enumerate().filter_map(fault).collect()
}

/// Returns the hosts of the apps' entries that the domain name system should know: no loopback hosts, no wildcards
/// and no IP addresses.
///
/// # Errors
/// If a list of an app cannot be read.
pub fn hosts(apps: &[Value]) -> Result<Vec<String>> {
    let mut hosts = Vec::new();
    for app in apps {
        for list in List::ALL {
            for entry in site::entries(app, list)? {
                let address = Address::of(list.kind(), &entry);
                let Some(address) = address.filter(|address| address.is_name && !address.is_loopback) else { continue };
                let host = address.host.to_ascii_lowercase();
                if !hosts.contains(&host) {
                    hosts.push(host);
                }
            }
        }
    }
    Ok(hosts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(app: &Value, gone: &[&str]) -> Vec<String> {
        let gone: Vec<String> = gone.iter().map(|host| (*host).to_owned()).collect();
        let found = lint(std::slice::from_ref(app), &gone, &Platform::PLAIN).unwrap();
        let list = found[0]["violations"].as_array().unwrap();
        list.iter()
            .map(|fault| {
                let part = |name: &str| fault[name].as_str().unwrap().to_owned();
                format!("{} {} {}", part("severity"), part("rule"), part("field"))
            })
            .collect()
    }

    fn app(uris: &Value, domains: &Value) -> Value {
        json!({
            "id": "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11", "createdDate": "2026-03-01T09:05:00Z", "name": "Shop",
            "allowedRedirectUris": uris, "allowedRedirectDomains": domains,
        })
    }

    #[test]
    fn login_uris_and_domains_come_in_pairs() {
        let uri = "https://shop.example.com/cb";
        for (uris, domains, expected) in [
            (json!([uri, "http://localhost:3000/cb"]), json!(["shop.example.com", "localhost:3000"]), vec![]),
            (json!([uri]), json!([]), vec!["warning NO_DOMAINS allowedRedirectDomains"]),
            (
                json!([uri]),
                json!(["other.example.com"]),
                vec!["warning NO_DOMAINS allowedRedirectUris[0]", "warning NO_URIS allowedRedirectDomains[0]"],
            ),
            (json!([]), json!(["shop.example.com"]), vec!["warning NO_URIS allowedRedirectDomains[0]"]),
            (
                json!(["https://*-shop.example.com/cb"]),
                json!(["x-shop.example.com"]),
                vec!["warning WILDCARD allowedRedirectUris[0]"],
            ),
            (json!(["http://localhost:3000/cb"]), json!([]), vec![]),
        ] {
            assert_eq!(violations(&app(&uris, &domains), &[]), expected, "{uris} {domains}");
        }
    }

    #[test]
    fn an_entry_on_a_host_that_is_gone_is_an_error() {
        let app = app(&json!(["https://old-team.vercel.app/cb"]), &json!(["old-team.vercel.app"]));
        assert_eq!(hosts(std::slice::from_ref(&app)).unwrap(), ["old-team.vercel.app"]);
        assert_eq!(
            violations(&app, &["OLD-team.vercel.app"]),
            ["error GONE_HOST allowedRedirectUris[0]", "error GONE_HOST allowedRedirectDomains[0]"]
        );
    }

    #[test]
    fn an_app_of_a_file_is_read_without_its_own_keys() {
        let app = json!({ "id": "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11", "redirects": "include", "ignore": [],
                          "description": null, "allowedRedirectUris": ["http://shop.example.com/cb"],
                          "allowedRedirectDomains": ["shop.example.com"] });
        assert_eq!(violations(&app, &[]), ["error PLAIN_HTTP allowedRedirectUris[0]"]);
        let hidden = json!([{ "allowedRedirectUris": ["https://1.2.3.4/cb", "http://[::1]/cb",
            "https://*-a.b.example/cb", "x"] }]);
        assert_eq!(hosts(hidden.as_array().unwrap()).unwrap(), [""; 0]);
        assert!(lint(&[json!({ "allowedRedirectUris": 5 })], &[], &Platform::PLAIN).is_err());
    }
}
