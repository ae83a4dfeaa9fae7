//! Redirect entries as arguments of `allow`, `disallow` and `preview`.

use serde_json::{Value, json};

use crate::error::{Code, Error, Fault, Path, Result};
use crate::library::{Address, List, Platform, entry_faults, rule};

/// The list that the arguments belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The list for the form of the argument: a URL with a path is a redirect URI, a bare host or an origin is a domain.
    #[default]
    Auto,
    /// `allowedRedirectUris`
    Uri,
    /// `allowedRedirectDomains`
    Domain,
    /// The URL is a redirect URI, and its host is a domain.
    Both,
}

/// Entries of the two redirect lists.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct Entries {
    /// Entries of `allowedRedirectUris`.
    pub uris: Vec<String>,
    /// Entries of `allowedRedirectDomains`.
    pub domains: Vec<String>,
}

impl Entries {
    /// Checks whether there is none.
    pub fn is_empty(&self) -> bool {
        self.uris.is_empty() && self.domains.is_empty()
    }

    pub(crate) fn of(&self, list: List) -> &[String] {
        if list == List::RedirectUris { &self.uris } else { &self.domains }
    }

    /// Adds an entry that is not there yet.
    pub(crate) fn add(&mut self, list: List, entry: String) {
        let entries = if list == List::RedirectUris { &mut self.uris } else { &mut self.domains };
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
}

/// Reads arguments as entries. With `is_judged`, each must be one that may go into its list, as for `allow`;
/// `disallow` removes any. Returns `{uris, domains, warnings}`.
///
/// # Errors
/// If one cannot be used: a fault for each argument that cannot be used, at its position.
pub fn read(arguments: &[String], target: Target, is_judged: bool, platform: &Platform<'_>) -> Result<Value> {
    let (mut entries, mut faults) = (Entries::default(), Vec::new());
    let mut positions: [Vec<usize>; 2] = Default::default();
    if arguments.is_empty() {
        let message = "no URL and no domain is given; give one or more, such as https://shop.example.com/cb";
        return Err(Error::new(Code::InvalidArgument, message));
    }
    for (at, argument) in arguments.iter().enumerate() {
        let found = match classify(argument, target) {
            Ok(found) => found,
            Err(message) => {
                faults.push(Fault::new(Path::default().index(at), rule::FORMAT, format!("({argument}) {message}")));
                continue;
            }
        };
        for (list, entry) in found {
            if !entries.of(list).contains(&entry) {
                let [uris, domains] = &mut positions;
                if list == List::RedirectUris { uris } else { domains }.push(at);
                entries.add(list, entry);
            }
        }
    }
    let mut warnings = Vec::new();
    if is_judged {
        for fault in entry_faults(&entries.uris, &entries.domains, platform) {
            let fault = at_argument(fault, &positions, arguments);
            if fault.is_warning { warnings.push(fault) } else { faults.push(fault) }
        }
    }
    if !faults.is_empty() {
        return Err(Error::of_faults(Code::InvalidArgument, faults));
    }
    Ok(json!({ "uris": entries.uris, "domains": entries.domains, "warnings": warnings }))
}

/// Moves a fault at `uris[0]` or `domains[0]` to the argument from which the entry was made.
fn at_argument(mut fault: Fault, positions: &[Vec<usize>; 2], arguments: &[String]) -> Fault {
    use crate::error::Segment::{Index, Key};
    let [uris, domains] = positions;
    let position = match fault.path.0.as_slice() {
        [Key(list), Index(at), ..] => if list == "uris" { uris } else { domains }.get(*at).copied(),
        _ => None,
    };
    if let Some(at) = position {
        let argument = arguments.get(at).map(String::as_str).unwrap_or_default();
        fault.path = Path::default().index(at);
        fault.message = format!("({argument}) {}", fault.message);
    }
    fault
}

/// Returns the entries that an argument stands for. The error is the predicate of a message.
fn classify(argument: &str, target: Target) -> std::result::Result<Vec<(List, String)>, String> {
    let text = argument.trim();
    let uri = || vec![(List::RedirectUris, text.to_owned())];
    let domain = || vec![(List::RedirectDomains, text.to_owned())];
    match target {
        Target::Uri => return Ok(uri()),
        Target::Domain => return Ok(domain()),
        Target::Both => {
            let Some(address) = Address::of_url(text).filter(|address| !address.is_wildcard) else {
                return Err("must be an http or https URL of one host, such as https://shop.example.com/cb".to_owned());
            };
            return Ok(vec![(List::RedirectUris, text.to_owned()), (List::RedirectDomains, address.domain())]);
        }
        Target::Auto => {}
    }
    if let Some(address) = Address::of_url(text) {
        return Ok(if address.tail.is_empty() { domain() } else { uri() });
    }
    if Address::of_host(text).is_some() {
        return Ok(domain());
    }
    let has_scheme = text.split_once(':').is_some_and(|(scheme, rest)| {
        // `localhost:3000/cb` is a host and a port.
        !scheme.is_empty()
            && !scheme.contains(['/', '?', '#'])
            && !rest.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
    });
    if has_scheme {
        return Ok(uri());
    }
    match text.split_once('/') {
        None => Ok(domain()),
        Some((host, _)) if Address::of_host(host).is_some() => {
            Err(format!("has a path but no scheme; write https://{text}, or the host {host} alone"))
        }
        Some(_) => Ok(uri()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(arguments: &[&str], target: Target, is_judged: bool) -> Result<Value> {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        read(&arguments, target, is_judged, &Platform::PLAIN)
    }

    #[test]
    fn a_url_with_a_path_is_a_redirect_uri_and_a_host_is_a_domain() {
        for (argument, list) in [
            ("https://shop.example.com/cb", "uris"),
            ("https://shop.example.com/", "uris"),
            ("https://shop.example.com?x=1", "uris"),
            ("https://*-shop.example.com/cb", "uris"),
            ("http://localhost:3000/cb", "uris"),
            ("com.example.app:/cb", "uris"),
            ("com.example.app://callback", "uris"),
            ("shop.example.com", "domains"),
            ("https://shop.example.com", "domains"),
            ("http://localhost:3000", "domains"),
            ("localhost:3000", "domains"),
            ("localhost", "domains"),
            ("[::1]:3000", "domains"),
        ] {
            let found = entries(&[argument], Target::Auto, false).unwrap();
            let other = if list == "uris" { "domains" } else { "uris" };
            assert_eq!((&found[list], &found[other]), (&json!([argument]), &json!([])), "{argument}");
        }
    }

    #[test]
    fn the_list_can_be_said_explicitly() {
        let url = "https://Shop.example.com:8443/cb";
        assert_eq!(entries(&[url], Target::Domain, false).unwrap()["domains"], json!([url]));
        assert_eq!(entries(&["shop.example.com"], Target::Uri, false).unwrap()["uris"], json!(["shop.example.com"]));
        let both = entries(&[url, "http://localhost:3000/cb", url], Target::Both, false).unwrap();
        assert_eq!(both["uris"], json!([url, "http://localhost:3000/cb"]));
        assert_eq!(both["domains"], json!(["shop.example.com", "localhost:3000"]));
        for bad in ["shop.example.com", "com.example.app:/cb", "https://*-shop.example.com/cb", "https://a@b/c"] {
            let error = entries(&[bad], Target::Both, false).unwrap_err();
            assert!(error.message.contains("must be an http or https URL of one host"), "{error}");
        }
    }

    #[test]
    fn an_added_entry_must_be_allowed_in_its_list() {
        let error = entries(&["shop.example.com/cb"], Target::Auto, true).unwrap_err();
        assert!(error.message.contains("write https://shop.example.com/cb"), "{error}");
        let error = entries(
            &["https://ok.example.com/cb", "http://shop.example.com/cb", "vercel.app", "https://shop.example.com/cb#x"],
            Target::Auto,
            true,
        )
        .unwrap_err();
        let places: Vec<_> = error.violations.iter().map(|fault| fault.path.to_string()).collect();
        assert_eq!((error.code, places), (Code::InvalidArgument, vec!["[1]".into(), "[3]".into(), "[2]".to_owned()]));
        assert!(error.message.contains("(http://shop.example.com/cb)"), "{error}");
        // An entry that is against the rules can be removed.
        assert_eq!(
            entries(&["http://shop.example.com/cb"], Target::Auto, false).unwrap()["uris"].as_array().unwrap().len(),
            1
        );
        let found = entries(&["https://shop.example.com"], Target::Auto, true).unwrap();
        assert_eq!(found["warnings"][0]["rule"], "ORIGIN");
        assert!(entries(&[], Target::Auto, true).is_err());
    }
}
