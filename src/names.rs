//! Which known name a misspelt one stands for.

/// Names that other APIs, or people, use for a field, before the field's own. Each is in lower case, without a plural `s`.
const ALIASES: &[&str] = &[
    "callback allowedRedirectUris",
    "callbackuri allowedRedirectUris",
    "callbackurl allowedRedirectUris",
    "redirect allowedRedirectUris",
    "redirecturi allowedRedirectUris",
    "redirecturl allowedRedirectUris",
    "returnurl allowedRedirectUris",
    "uri allowedRedirectUris",
    "allowedorigin allowedRedirectDomains",
    "domain allowedRedirectDomains",
    "redirectdomain allowedRedirectDomains",
    "title name",
    "url uris",
    "maxretry maxRetries",
    "retrie retry",
    "redirecturi uris",
    "allowedredirecturi uris",
    "allowedredirectdomain domains",
];

/// Returns the known name that is nearest to the last member of a path such as `retry.maxRetry`: the same but for case,
/// `_` and `-`; else the one that the given name is an alias of; else the one that is at most a typing error or two away.
pub fn nearest_name<'a>(path: &str, names: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let last = path.bytes().rposition(|byte| byte == b'.').map_or(0, |dot| dot.saturating_add(1));
    let given = folded(path.get(last..).unwrap_or(path));
    let singular = given.strip_suffix(b"s").unwrap_or(&given);
    let is_alias_of = |name: &str| {
        let rest = |alias: &'static str| alias.as_bytes().strip_prefix(singular)?.strip_prefix(b" ");
        ALIASES.iter().any(|alias| rest(alias) == Some(name.as_bytes()))
    };
    // Of two, the one with the smaller cost; of equal ones, the first.
    let mut nearest = None;
    for name in names {
        let known = folded(name);
        let most = known.len().max(given.len()).wrapping_shr(2).clamp(1, 3);
        let cost = match distance(&given, &known) {
            0 => 0,
            _ if is_alias_of(name) => 1,
            distance if distance <= most => distance.wrapping_add(1),
            _ => continue,
        };
        if nearest.is_none_or(|(least, _)| cost < least) {
            nearest = Some((cost, name));
        }
    }
    nearest.map(|(_, name)| name)
}

/// The letters and digits of a name, in lower case.
fn folded(name: &str) -> Vec<u8> {
    name.bytes().filter(|byte| *byte != b'_' && *byte != b'-').map(|byte| byte.to_ascii_lowercase()).collect()
}

/// The Levenshtein distance: how many bytes to insert, delete or replace to get from one name to the other.
fn distance(one: &[u8], other: &[u8]) -> usize {
    // A longer name is no typing error; comparing it would take time by its length.
    const LONGEST: usize = 64;
    if one.len() > LONGEST {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, byte) in one.iter().enumerate() {
        let mut diagonal = at;
        let mut left = at.wrapping_add(1);
        let (first, rest) = row.split_first_mut().unwrap_or((&mut diagonal, &mut []));
        let mut before = std::mem::replace(first, left);
        for (cell, known) in rest.iter_mut().zip(other) {
            let replaced = before.wrapping_add(usize::from(byte != known));
            before = *cell;
            left = replaced.min(before.min(left).wrapping_add(1));
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
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
