//! Finding the known name that a misspelt one stands for.

use crate::text::{is_one_of, trim_start, until_last};

/// Known names, each with the names that other APIs and people use for it. Those have no plural `s`, `_` or `-`.
const ALIASES: &[(&str, &str)] = &[
    ("allowedRedirectUris", "callback callbackuri callbackurl redirect redirecturi redirecturl returnurl uri"),
    ("allowedRedirectDomains", "allowedorigin domain redirectdomain"),
    ("name", "title"),
    ("maxRetries", "maxretry"),
    ("retry", "retrie"),
    ("uris", "url redirecturi allowedredirecturi"),
    ("domains", "allowedredirectdomain"),
];

/// The longest name that is compared. Comparing takes time by the length, and a longer name is not a typing error.
const LONGEST: usize = 64;

/// Returns the known name that is nearest to the last member of a path such as `retry.maxRetry`: the name that differs
/// only in case, `_` and `-`, else the name that has it as an alias, else the name with the fewest typing errors.
pub fn nearest_name<'a>(path: &str, names: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let given = folded(trim_start(until_last(path, b'.').1, b'.'));
    if given.len() > LONGEST {
        return None;
    }
    let singular = given.strip_suffix('s').unwrap_or(&given);
    let mut nearest = None;
    for name in names {
        let known = folded(name);
        let most = known.len().max(given.len()).wrapping_shr(2).clamp(1, 3);
        let cost = match distance(given.as_bytes(), known.as_bytes()) {
            0 => 0,
            _ if ALIASES.iter().any(|(of, aliases)| *of == name && is_one_of(aliases, singular)) => 1,
            distance if distance <= most => distance.wrapping_add(1),
            _ => continue,
        };
        if nearest.is_none_or(|(least, _)| cost < least) {
            nearest = Some((cost, name));
        }
    }
    nearest.map(|(_, name)| name)
}

/// Returns a name in lower case without `_` and `-`.
fn folded(name: &str) -> String {
    let mut folded = String::new();
    for character in name.chars() {
        if !matches!(character, '_' | '-') {
            folded.push(character.to_ascii_lowercase());
        }
    }
    folded
}

/// Returns the Levenshtein distance: how many bytes to insert, delete or replace to turn one name into the other.
fn distance(one: &[u8], other: &[u8]) -> usize {
    // The distances between the part of one name that was read and every beginning of the other.
    let mut row = [0_usize; LONGEST];
    let mut result = other.len();
    for (at, cell) in row.iter_mut().enumerate() {
        *cell = at.wrapping_add(1);
    }
    for (at, byte) in one.iter().enumerate() {
        let (mut diagonal, mut left) = (at, at.wrapping_add(1));
        for (cell, known) in row.iter_mut().zip(other) {
            let replaced = diagonal.wrapping_add(usize::from(byte != known));
            diagonal = *cell;
            left = replaced.min(diagonal.min(left).wrapping_add(1));
            *cell = left;
        }
        result = left;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::FIELDS;

    fn field(given: &str) -> Option<&'static str> {
        nearest_name(given, &mut FIELDS.iter().filter(|field| !field.read_only).map(|field| field.name))
    }

    #[test]
    fn a_misspelt_field_has_a_nearest_one() {
        for (given, expected) in [
            ("redirectUris", "allowedRedirectUris"),
            ("redirectURIs", "allowedRedirectUris"),
            ("redirect_uris", "allowedRedirectUris"),
            ("redirectUri", "allowedRedirectUris"),
            ("redirect_uri", "allowedRedirectUris"),
            ("redirectUrls", "allowedRedirectUris"),
            ("allowedRedirectURIs", "allowedRedirectUris"),
            ("allowedRedirectUri", "allowedRedirectUris"),
            ("allowedRedirectUrls", "allowedRedirectUris"),
            ("allowed_redirect_uris", "allowedRedirectUris"),
            ("alowedRedirectUris", "allowedRedirectUris"),
            ("callbackUrl", "allowedRedirectUris"),
            ("callbackUrls", "allowedRedirectUris"),
            ("callbacks", "allowedRedirectUris"),
            ("uris", "allowedRedirectUris"),
            ("domains", "allowedRedirectDomains"),
            ("redirectDomains", "allowedRedirectDomains"),
            ("allowedRedirectDomain", "allowedRedirectDomains"),
            ("allowedOrigins", "allowedRedirectDomains"),
            ("allowedDomain", "allowedDomains"),
            ("title", "name"),
            ("nme", "name"),
            ("NAME", "name"),
            ("Description", "description"),
            ("descritpion", "description"),
            ("desription", "description"),
            ("loginURL", "loginUrl"),
            ("login_url", "loginUrl"),
            ("loginUri", "loginUrl"),
            ("logoutURL", "logoutUrl"),
            ("logutUrl", "logoutUrl"),
            ("applicationtype", "applicationType"),
            ("tecnology", "technology"),
            ("redirectUrlWixPage", "redirectUrlWixPages"),
            ("wixPagesDomainMappings", "wixPagesDomainsMappings"),
            ("Origin", "origin"),
        ] {
            assert_eq!(field(given), Some(expected), "{given}");
        }
    }

    #[test]
    fn another_name_has_none() {
        for given in [
            "",
            ".",
            "x",
            "__proto__",
            "constructor",
            "logo",
            "status",
            "revision",
            "updatedDate",
            "appId",
            "owner",
            "tags",
        ] {
            assert_eq!(field(given), None, "{given}");
        }
        assert_eq!(field(&"allowedRedirectUris".repeat(10_000)), None);
    }

    #[test]
    fn an_option_is_found_by_the_last_member_of_its_path() {
        let options = ["auth", "siteId", "accountId", "baseUrl", "timeout", "retry"];
        for (given, expected) in [
            ("siteID", Some("siteId")),
            ("site_id", Some("siteId")),
            ("siteid", Some("siteId")),
            ("baseURL", Some("baseUrl")),
            ("timeOut", Some("timeout")),
            ("retrys", Some("retry")),
            ("retries", Some("retry")),
            ("domains", None),
        ] {
            assert_eq!(nearest_name(given, &mut options.into_iter()), expected, "{given}");
        }
        assert_eq!(nearest_name("retry.maxRetry", &mut ["maxRetries", "maxDelay"].into_iter()), Some("maxRetries"));
        assert_eq!(nearest_name("urls", &mut ["uris", "domains"].into_iter()), Some("uris"));
        assert_eq!(nearest_name("uri", &mut ["uris", "domains"].into_iter()), Some("uris"));
        assert_eq!(nearest_name("allowedRedirectUris", &mut ["uris", "domains"].into_iter()), Some("uris"));
        assert_eq!(nearest_name("domain", &mut ["uris", "domains"].into_iter()), Some("domains"));
    }
}
