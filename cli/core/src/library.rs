//! The adapter to the client's core: the only module that names its types and functions.

use serde_json::{Map, Value};
use wix_oauth_apps::app::{self, Kind};
use wix_oauth_apps::redirect::ToAscii;
use wix_oauth_apps::redirect::check::{After, RedirectChecker};
use wix_oauth_apps::redirect::grammar::{self, HostKind};
use wix_oauth_apps::violation::Severity;
use wix_oauth_apps::{app_name, names, validate, value, violation};

use crate::error::Fault;

pub(crate) use wix_oauth_apps::app::{MAX_REDIRECTS, is_guid};
pub(crate) use wix_oauth_apps::redirect::same::{EntryKind, Storage, is_loopback, is_same_entry, normal_form};
pub(crate) use wix_oauth_apps::violation::rule;

/// The functions of the host platform that the rules need.
#[derive(Clone, Copy)]
pub struct Platform<'a> {
    /// Converts a host name as the platform's URL parser does (`new URL` in JavaScript).
    pub to_ascii: ToAscii<'a>,
    /// Converts text to Unicode's normalization form C (`String.prototype.normalize`).
    pub normalize: &'a dyn Fn(&str) -> String,
}

impl Platform<'_> {
    /// A platform without a URL parser and without Unicode tables.
    pub const PLAIN: Platform<'static> = Platform { to_ascii: None, normalize: &str::to_owned };

    /// Checks whether two app names are the same but for white space at their ends and Unicode composition.
    pub(crate) fn is_same_name(&self, one: &str, other: &str) -> bool {
        app_name::is_same(one, other, self.normalize)
    }
}

/// A list of redirect entries of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum List {
    RedirectUris,
    RedirectDomains,
    LegacyDomains,
}

impl List {
    pub(crate) const ALL: [List; 3] = [List::RedirectUris, List::RedirectDomains, List::LegacyDomains];
    /// The two lists that `allowRedirects` changes.
    pub(crate) const REDIRECTS: [List; 2] = [List::RedirectUris, List::RedirectDomains];

    /// Returns the list of that field.
    pub(crate) fn named(field: &str) -> Option<List> {
        List::ALL.into_iter().find(|list| list.field() == field)
    }

    /// Returns the name of the field.
    pub(crate) fn field(self) -> &'static str {
        match self {
            List::RedirectUris => app::REDIRECT_URIS,
            List::RedirectDomains => app::REDIRECT_DOMAINS,
            List::LegacyDomains => app::LEGACY_DOMAINS,
        }
    }

    /// Returns how the entries are compared.
    pub(crate) fn kind(self) -> EntryKind {
        match self {
            List::RedirectUris => EntryKind::Uri,
            List::RedirectDomains | List::LegacyDomains => EntryKind::Domain,
        }
    }
}

/// Returns the names of the fields that a caller can write, in the order of the API reference.
pub(crate) fn writable_fields() -> impl Iterator<Item = &'static str> {
    app::FIELDS.iter().filter(|field| !field.read_only).map(|field| field.name)
}

/// Returns whether only the service sets the field of that name; `None` if there is no such field.
pub(crate) fn is_read_only(name: &str) -> Option<bool> {
    app::field(name).map(|field| field.read_only)
}

/// Returns whether the field is a list.
pub(crate) fn is_list(name: &str) -> bool {
    app::field(name).is_some_and(|field| field.kind == Kind::DomainMappings) || List::named(name).is_some()
}

/// Returns the known name that is nearest to a misspelt one.
pub(crate) fn nearest_name<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names::nearest_name(given, &mut { names })
}

/// Returns the faults of the fields of an app that may be there already; `null` clears a field.
pub(crate) fn patch_faults(fields: &Map<String, Value>, platform: &Platform<'_>) -> Vec<Fault> {
    let given = to_core(&Value::Object(fields.clone()));
    let found = validate::violations_of_patch(&given, platform.to_ascii).0;
    // An app that names nothing but itself changes nothing.
    found.iter().filter(|fault| fault.rule != rule::EMPTY_PATCH).map(to_fault).collect()
}

/// Returns the faults of an app that is created, or that the service gave.
pub(crate) fn app_faults(app: &Value, platform: &Platform<'_>) -> Vec<Fault> {
    validate::violations_of_draft(&to_core(app), platform.to_ascii).0.iter().map(to_fault).collect()
}

/// Returns the faults of entries that are to go into a list. A fault's field is `uris[0]` or `domains[0]`.
pub(crate) fn entry_faults(uris: &[String], domains: &[String], platform: &Platform<'_>) -> Vec<Fault> {
    let given = to_core(&serde_json::json!({ "uris": uris, "domains": domains }));
    let found = match validate::redirects(&given, Some(platform.to_ascii)) {
        Ok((_, warnings)) => warnings,
        Err(faults) => faults,
    };
    found.iter().map(to_fault).collect()
}

/// Checks whether Wix would send a visitor to the URL after a login.
pub(crate) fn allows_after_login(uris: &[String], url: &str) -> bool {
    is_allowed(uris, &[], url, After::Authentication)
}

/// Checks whether Wix would send a visitor to the URL after a checkout or a logout.
pub(crate) fn allows_after_checkout(domains: &[String], url: &str) -> bool {
    is_allowed(&[], domains, url, After::Other)
}

fn is_allowed(uris: &[String], domains: &[String], url: &str, after: After) -> bool {
    let uris: Vec<&str> = uris.iter().map(String::as_str).collect();
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    RedirectChecker::from_lists(&uris, &domains).check(url, after, None).allowed
}

/// The parts of a redirect entry that every reader reads alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    /// `http` or `https` in any case; `None` for a domain without one.
    pub(crate) scheme: Option<&'a str>,
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
    /// The path, the query and the fragment, as spelled.
    pub(crate) tail: &'a str,
    pub(crate) is_wildcard: bool,
    pub(crate) is_loopback: bool,
    /// Set for a name, rather than an IP address.
    pub(crate) is_name: bool,
}

impl<'a> Address<'a> {
    /// Reads an entry of a list; `None` for one that two readers could take to two hosts, and for a custom scheme.
    pub(crate) fn of(kind: EntryKind, entry: &'a str) -> Option<Self> {
        match kind {
            EntryKind::Uri => Self::of_url(entry),
            EntryKind::Domain if entry.contains("://") => {
                Self::of_url(entry).filter(|address| matches!(address.tail, "" | "/"))
            }
            EntryKind::Domain => Self::of_host(entry),
        }
    }

    /// Reads an `http` or `https` URL.
    pub(crate) fn of_url(text: &'a str) -> Option<Self> {
        let uri = grammar::parse_destination(text).ok()?;
        let host = uri.host.filter(|_| uri.is_web())?;
        let query = uri.query.map_or(0, |query| query.len().saturating_add(1));
        let tail = text.get(text.len().saturating_sub(query).saturating_sub(uri.path.len())..).unwrap_or_default();
        Some(Self { scheme: Some(uri.scheme), tail, ..Self::new(host, uri.host_kind, uri.port) })
    }

    /// Reads a host, with or without a port.
    pub(crate) fn of_host(text: &'a str) -> Option<Self> {
        let found = grammar::parse_authority(text).ok()?;
        Some(Self::new(found.host, found.host_kind, found.port))
    }

    fn new(host: &'a str, kind: HostKind, port: Option<u16>) -> Self {
        Self {
            scheme: None,
            host,
            port,
            tail: "",
            is_wildcard: kind == HostKind::Wildcard,
            is_loopback: grammar::is_loopback(host, kind),
            is_name: kind == HostKind::Name,
        }
    }

    /// Returns the scheme in lower case. The default is `https`, and `http` for this machine.
    pub(crate) fn scheme(&self) -> String {
        let default = if self.is_loopback { "http" } else { "https" };
        self.scheme.unwrap_or(default).to_ascii_lowercase()
    }

    /// Returns the port, the scheme's own where none is spelled out.
    pub(crate) fn port(&self) -> u16 {
        self.port.unwrap_or(if self.scheme() == "http" { 80 } else { 443 })
    }

    /// Returns the domain entry that allows this host: the host in lower case, with the port for this machine.
    pub(crate) fn domain(&self) -> String {
        let host = self.host.to_ascii_lowercase();
        match self.port.filter(|_| self.is_loopback) {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    }
}

/// Checks whether a text is a URI with a custom scheme, such as `com.example.app:/cb`.
pub(crate) fn is_custom_scheme(text: &str) -> bool {
    grammar::parse(text).is_ok_and(|uri| !uri.is_web())
}

fn to_fault(found: &violation::Violation) -> Fault {
    let mut fault = Fault::new(crate::error::Path::parse(&found.field), &found.rule, found.message.clone());
    fault.is_warning = found.severity == Severity::Warning;
    fault.suggestion.clone_from(&found.suggestion);
    fault
}

fn to_core(value: &Value) -> value::Value {
    match value {
        Value::Null => value::Value::Null,
        Value::Bool(flag) => value::Value::Bool(*flag),
        Value::Number(number) => value::Value::Number(number.as_f64().unwrap_or_default()),
        Value::String(text) => value::Value::from(text.as_str()),
        Value::Array(elements) => value::Value::Array(elements.iter().map(to_core).collect()),
        Value::Object(members) => {
            value::Value::Object(members.iter().map(|(name, value)| (name.clone(), to_core(value))).collect())
        }
    }
}
