//! Checking the value of one field.

use crate::app::{Field, Kind, MAPPING_FIELDS, MAX_MAPPING_CHARACTERS, MAX_MAPPINGS, MAX_REDIRECTS};
use crate::fields::{element_path, flag, length, list, member_path, object, one_of, strings, unknown_field};
use crate::redirect::{ToAscii, domain, uri, web_url};
use crate::value::Value;
use crate::violation::{Violations, rule};

/// Reports what is wrong or doubtful with the value of a field.
pub(super) fn check(field: &Field, value: &Value, to_ascii: ToAscii<'_>, violations: &mut Violations) {
    let path = field.name;
    match field.kind {
        Kind::Text(least, most) => length(path, value, least, most, violations),
        // The service answers with an empty string for a URL that is not set.
        Kind::BaseUrl(_) | Kind::WebUrl if value.as_str() == Some("") => {}
        Kind::BaseUrl(_) | Kind::WebUrl => {
            length(path, value, 0, if let Kind::BaseUrl(most) = field.kind { most } else { usize::MAX }, violations);
            if let Some(url) = value.as_str() {
                web_url::web_url(path, url, to_ascii, &mut violations.0);
            }
        }
        Kind::Flag => flag(path, value, violations),
        Kind::OneOf(names) => one_of(path, value, names, violations),
        Kind::RedirectUris | Kind::RedirectDomains => {
            let entries = entries(path, value, violations);
            let judge = if field.kind == Kind::RedirectUris { uri::list } else { domain::list };
            judge(path, &entries, to_ascii, &mut violations.0);
        }
        Kind::LegacyDomains => {
            if !strings(path, value, MAX_REDIRECTS, violations).is_empty() {
                violations.warn(path, rule::DEPRECATED, &[DEPRECATED]);
            }
        }
        Kind::DomainMappings => mappings(path, value, to_ascii, violations),
        // Only the service sets these, and `members` has dealt with them.
        Kind::Guid | Kind::DateTime => {}
    }
}

const DEPRECATED: &str = "is the older list; use allowedRedirectUris for logins, and allowedRedirectDomains for checkouts and \
    logouts";

/// Returns the entries of a redirect list of any length, `None` for an entry that is not a string.
pub(super) fn entries<'a>(path: &str, value: &'a Value, violations: &mut Violations) -> Vec<Option<&'a str>> {
    strings(path, value, usize::MAX, violations)
}

fn mappings(path: &str, value: &Value, to_ascii: ToAscii<'_>, violations: &mut Violations) {
    for (at, element) in list(path, value, MAX_MAPPINGS, violations).unwrap_or_default().iter().enumerate() {
        let path = element_path(path, at);
        for (name, value) in object(&path, element, violations).unwrap_or_default() {
            let path = member_path(&path, name);
            if MAPPING_FIELDS.contains(&name.as_str()) {
                length(&path, value, 0, MAX_MAPPING_CHARACTERS, violations);
                if let Some(end) = value.as_str().filter(|end| !end.is_empty()) {
                    web_url::url_or_host(&path, end, to_ascii, &mut violations.0);
                }
            } else {
                unknown_field(&path, &mut MAPPING_FIELDS.into_iter(), violations);
            }
        }
    }
}
