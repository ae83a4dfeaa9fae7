//! The values of options that are not plain numbers, texts or switches.

use serde::Deserialize;

/// A permission of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Permission {
    /// Get and query OAuth apps.
    #[serde(rename = "SCOPE.OAUTH_APP.READ")]
    ReadOAuthApps,
    /// Create, update and delete OAuth apps, generate their secrets, and read them.
    #[serde(rename = "SCOPE.OAUTH_APP.MANAGE")]
    ManageOAuthApps,
    /// Everything.
    #[serde(rename = "SCOPE.HEADLESS.MANAGE")]
    ManageHeadless,
}

/// A rate limit. The default is the documented one, 200 requests in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RateLimit {
    /// The number of requests.
    pub requests: u32,
    /// The length of the time window, in milliseconds.
    pub per: u32,
    /// Adds a `Retry-After` header to each 429 (not documented).
    pub retry_after: bool,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { requests: 200, per: 60_000, retry_after: true }
    }
}

/// A member of every site, for tests.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestMember {
    /// The e-mail address, which is the login name.
    pub email: String,
    /// The password.
    pub password: String,
}

/// An access token that manages the OAuth apps of one site, for tests.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessToken {
    /// The token.
    pub token: String,
    /// The site, which must be one of [`crate::Options::site_ids`]. Default: the first one.
    #[serde(default)]
    pub site_id: Option<String>,
    /// The permissions. Default: everything.
    #[serde(default)]
    pub permissions: Option<Vec<Permission>>,
}

/// The effect of the member `path`, rather than `paths`, in the mask of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MaskPath {
    /// The mask names the field.
    Apply,
    /// The member is ignored. Without other members, the update changes nothing.
    Ignore,
}

/// The effect of a `wix-account-id` header beside the site of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccountHeader {
    /// The call is for the site.
    Ignore,
    /// The call is refused with status 400.
    Refuse,
}

/// The copying of one domain list to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CopyDomains {
    /// The lists are independent.
    Never,
    /// `allowedDomains` is copied into `allowedRedirectDomains`.
    ToAllowedRedirectDomains,
    /// `allowedRedirectDomains` is copied into `allowedDomains`.
    FromAllowedRedirectDomains,
}

/// The way in which a member logs in at a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Login {
    /// The first member logs in, unless the request names another.
    Automatic,
    /// The page asks who logs in.
    Interactive,
}

/// Other values of `violatedRule` than the documented ones, for each kind of violation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RuleNames {
    /// For a required field that is missing or empty, instead of `REQUIRED_FIELD`.
    pub name_missing: Option<String>,
    /// For a text that is too short, instead of `MIN_LENGTH`.
    pub name_too_short: Option<String>,
    /// For a text that is too long, instead of `MAX_LENGTH`.
    pub name_too_long: Option<String>,
    /// For a list with too many entries, instead of `MAX_SIZE`.
    pub too_many_uris: Option<String>,
    /// For a text of another format, instead of `FORMAT`.
    pub malformed_uri: Option<String>,
    /// For a number that is too large, instead of `MAX`.
    pub page_too_large: Option<String>,
    /// For an unknown value of an enumeration, instead of `INVALID_ENUM_VALUE`.
    pub unknown_enum_value: Option<String>,
    /// For a read-only field in a mask, instead of `FIELD_NOT_ALLOWED`.
    pub read_only_in_mask: Option<String>,
}

impl RuleNames {
    /// Returns the name that replaces a documented rule.
    pub(crate) fn replacement(&self, rule: &str) -> Option<&str> {
        let name = match rule {
            "REQUIRED_FIELD" => &self.name_missing,
            "MIN_LENGTH" => &self.name_too_short,
            "MAX_LENGTH" => &self.name_too_long,
            "MAX_SIZE" => &self.too_many_uris,
            "FORMAT" => &self.malformed_uri,
            "MAX" => &self.page_too_large,
            "INVALID_ENUM_VALUE" => &self.unknown_enum_value,
            "FIELD_NOT_ALLOWED" => &self.read_only_in_mask,
            _ => &None,
        };
        name.as_deref()
    }
}

/// The lists of an app that allow the return URL of a logout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LogoutRedirects {
    /// `allowedRedirectUris` or `allowedRedirectDomains`.
    Either,
    /// `allowedRedirectDomains` alone.
    Domains,
}

/// The base of the URLs of redirect sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WixPagesUrl {
    /// The address at which the emulator was called.
    Emulator,
    /// The app's `redirectUrlWixPages`, where it is set.
    App,
}

/// The meaning of the port of a redirect domain, such as `shop.example.com:8443`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DomainPorts {
    /// The URL must have that port.
    Exact,
    /// The URL may have any port, except on a loopback host.
    Ignored,
}

/// The treatment of a redirect entry that the list already contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Duplicates {
    /// The entry is stored again.
    Keep,
    /// The entry is left out.
    Drop,
    /// The request is refused.
    Refuse,
}
