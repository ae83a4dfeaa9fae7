//! The options of the emulated service. An option for behaviour that the API's documentation does not define says so, and
//! its default is the one of `docs/api-contract.md`.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use wix_oauth_apps::app::is_guid;

use crate::faults::fault::MAX_LATENCY;
use crate::host::date;
use crate::http::uri::{is_host, is_web_url};
use crate::settings;
use crate::webhooks::EventKind;

pub use variants::{
    AccessToken, AccountHeader, CopyDomains, DomainPorts, Duplicates, LogoutRedirects, MaskPath, WixPagesUrl,
};

mod variants;

/// The options; in JSON, their names are in camel case and every one may be left out.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Options {
    /// The API key that is accepted; an obvious stand-in unless given.
    pub api_key: String,
    /// The sites that exist; each has its own OAuth apps. The first is the one in the credentials.
    pub site_ids: Vec<String>,
    /// The permissions of the API key; everything unless given.
    pub permissions: Vec<Permission>,
    /// The largest `query.paging.limit` (not documented).
    pub max_page_limit: u32,
    /// Whether the response to a create holds a secret, in the deprecated field `secret`. Generating another one stays
    /// possible.
    pub secret_on_create: bool,
    /// What the mask `{"path":"name"}` does; the documentation shows it in one example only.
    pub mask_path: MaskPath,
    /// What a `wix-account-id` beside a `wix-site-id` does; the documentation forbids it, and programs send it.
    pub account_header: AccountHeader,
    /// Access tokens that manage the apps of one site without `wix-site-id`, as the Wix CLI's site token does.
    pub access_tokens: Vec<AccessToken>,
    /// Whether a write that sets only one of `allowedDomains` and `allowedRedirectDomains` sets the other one too (not
    /// documented).
    pub copy_allowed_domains: CopyDomains,
    /// The most entries of `allowedDomains` (not documented).
    pub max_allowed_domains: u32,
    /// The most characters of `origin` (not documented).
    pub max_origin_length: u32,
    /// Whether redirect URIs may have a scheme other than `http` and `https` (not documented).
    pub custom_schemes: bool,
    /// Whether redirect entries are stored in their normal form, with host in lower case and so on, rather than byte for
    /// byte (not documented).
    pub normalize_redirects: bool,
    /// The treatment of an entry that its list already holds (not documented).
    pub duplicate_redirects: Duplicates,
    /// The rate limit of a caller; none unless given. In JSON also `false`.
    #[serde(deserialize_with = "rate_limit")]
    pub rate_limit: Option<RateLimit>,
    /// For how many milliseconds a new app is not found by its ID, while a query finds it (reported from real use, where it
    /// lasted minutes).
    pub stale_for: u32,
    /// How many of the last requests the log keeps.
    pub request_log_size: u32,
    /// The time at which the clock stands still, in milliseconds since 1970 or in JSON also as an ISO 8601 date in UTC; the
    /// host's clock unless given.
    #[serde(deserialize_with = "time")]
    pub now: Option<u64>,
    /// The seed of IDs, secrets and all other random values; in JSON a string or a number. The host's random bytes unless
    /// given. For tests only: whoever knows the seed knows the secrets.
    #[serde(deserialize_with = "seed")]
    pub seed: Option<String>,
    /// How many milliseconds the host waits before each answer.
    pub latency: u32,
    /// The status of a token request for an unknown or deleted client: 400, 401 or 404 (not documented).
    pub unknown_client_status: u16,
    /// The members who can log in, on every site. The first one does unless another is asked for.
    pub members: Vec<TestMember>,
    /// Whether a redirect URI with a `*` in the first label of its host stands for many (not documented): the `*` for one or
    /// more characters of that label.
    pub wildcard_redirects: bool,
    /// Whether a redirect domain allows the domains below it too (not documented).
    pub subdomain_redirects: bool,
    /// The meaning of the port of a redirect domain (not documented).
    pub domain_ports: DomainPorts,
    /// Which of an app's lists allow the return URL of a logout.
    pub logout_redirects: LogoutRedirects,
    /// Whether the login page sends visitors to the app's `loginUrl`.
    pub honor_login_url: bool,
    /// Whether the logout page sends visitors to the app's `logoutUrl`.
    pub honor_logout_url: bool,
    /// What the URLs of redirect sessions begin with (not documented).
    pub wix_pages_url: WixPagesUrl,
    /// Hosts that belong to no site. A checkout of an app whose `redirectUrlWixPages` is on one of them fails.
    pub dead_domains: Vec<String>,
    /// Receivers of webhooks.
    pub webhooks: Vec<Webhook>,
}

/// A receiver of webhooks.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Webhook {
    /// The URL to which webhooks are posted.
    pub url: String,
    /// The events that the receiver gets: all unless given.
    #[serde(default)]
    pub events: Option<Vec<EventKind>>,
}

/// A member of the site, for tests.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestMember {
    /// The e-mail address, by which they log in.
    pub email: String,
    /// The password.
    pub password: String,
}

/// A rate limit. Its default is the documented one, 200 requests in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RateLimit {
    /// The number of requests.
    pub requests: u32,
    /// The stretch of time in which they may be made, in milliseconds.
    pub per: u32,
    /// Whether a refusal has a `Retry-After` (not documented).
    pub retry_after: bool,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { requests: 200, per: 60_000, retry_after: true }
    }
}

/// A permission of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Permission {
    /// Get and query OAuth apps.
    #[serde(rename = "SCOPE.OAUTH_APP.READ")]
    ReadOAuthApps,
    /// Create, update and delete OAuth apps, and generate their secrets; reading them too.
    #[serde(rename = "SCOPE.OAUTH_APP.MANAGE")]
    ManageOAuthApps,
    /// All of it.
    #[serde(rename = "SCOPE.HEADLESS.MANAGE")]
    ManageHeadless,
}

/// An option that cannot be used; the text names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsError(String);

impl fmt::Display for OptionsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for OptionsError {}

impl Default for Options {
    fn default() -> Self {
        Self {
            api_key: "IST.emulator.not-a-real-api-key".to_owned(),
            site_ids: vec!["e3a1e3a1-0000-4000-8000-000000000001".to_owned()],
            permissions: vec![Permission::ManageHeadless],
            max_page_limit: 100,
            secret_on_create: true,
            mask_path: MaskPath::Apply,
            account_header: AccountHeader::Ignore,
            access_tokens: Vec::new(),
            copy_allowed_domains: CopyDomains::Never,
            max_allowed_domains: 20,
            max_origin_length: 256,
            custom_schemes: true,
            normalize_redirects: false,
            duplicate_redirects: Duplicates::Keep,
            rate_limit: None,
            stale_for: 0,
            request_log_size: 10_000,
            now: None,
            seed: None,
            latency: 0,
            unknown_client_status: 400,
            members: vec![TestMember {
                email: "member@example.com".to_owned(),
                password: "not-a-real-password".to_owned(),
            }],
            wildcard_redirects: true,
            subdomain_redirects: false,
            domain_ports: DomainPorts::Exact,
            logout_redirects: LogoutRedirects::Either,
            honor_login_url: true,
            honor_logout_url: true,
            wix_pages_url: WixPagesUrl::Emulator,
            dead_domains: Vec::new(),
            webhooks: Vec::new(),
        }
    }
}

impl Options {
    /// The options that a JSON value holds. A member that is `null` counts as left out, and so does the whole.
    pub fn from_json(value: Value) -> Result<Self, OptionsError> {
        let options: Self = settings::read(value, "options").map_err(OptionsError)?;
        options.check()?;
        Ok(options)
    }

    /// Whether the values can be used together.
    pub(crate) fn check(&self) -> Result<(), OptionsError> {
        let fault = |text: &str| Err(OptionsError(text.to_owned()));
        if self.api_key.is_empty() || !self.api_key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return fault("options.apiKey: must be text that a header can carry, without spaces");
        }
        if self.site_ids.is_empty() || !self.site_ids.iter().all(|id| is_guid(id)) {
            return fault("options.siteIds: must be one or more GUIDs");
        }
        if self.max_page_limit == 0 {
            return fault("options.maxPageLimit: must be at least 1");
        }
        if self.max_allowed_domains == 0 {
            return fault("options.maxAllowedDomains: must be at least 1");
        }
        if self.max_origin_length == 0 {
            return fault("options.maxOriginLength: must be at least 1");
        }
        self.check_access_tokens()?;
        if !self.dead_domains.iter().all(|domain| is_host(domain)) {
            return fault("options.deadDomains: each must be a host name, such as shop.example.com");
        }
        if self.rate_limit.is_some_and(|limit| limit.requests == 0 || limit.per == 0) {
            return fault("options.rateLimit: requests and per must be at least 1");
        }
        if self.now.is_some_and(|now| now > date::LATEST) {
            return fault("options.now: must be before the year 10000");
        }
        if self.latency > MAX_LATENCY {
            return fault("options.latency: must be at most 2147483647 milliseconds");
        }
        if ![400, 401, 404].contains(&self.unknown_client_status) {
            return fault("options.unknownClientStatus: must be 400, 401 or 404");
        }
        if !self.webhooks.iter().all(|hook| is_web_url(&hook.url)) {
            return fault("options.webhooks: each must have a url, of http or https");
        }
        let mut emails: Vec<_> = self.members.iter().map(|member| member.email.to_ascii_lowercase()).collect();
        emails.sort_unstable();
        if !emails.iter().all(|email| is_email(email)) || emails.windows(2).any(|pair| pair.first() == pair.get(1)) {
            return fault("options.members: each must have an e-mail address of their own");
        }
        Ok(())
    }
}

impl Options {
    fn check_access_tokens(&self) -> Result<(), OptionsError> {
        let mut tokens: Vec<_> = self.access_tokens.iter().map(|known| known.token.as_str()).collect();
        tokens.push(&self.api_key);
        tokens.sort_unstable();
        let usable = |token: &&str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        let problem = if !tokens.iter().all(usable) {
            "each must have a token that a header can carry, without spaces"
        } else if tokens.windows(2).any(|pair| pair.first() == pair.get(1)) {
            "each must have a token of its own, other than the API key"
        } else if !self.access_tokens.iter().flat_map(|known| &known.site_id).all(|id| self.site_ids.contains(id)) {
            "siteId must be one of siteIds"
        } else {
            return Ok(());
        };
        Err(OptionsError(format!("options.accessTokens: {problem}")))
    }

    /// The site-bound token of this text, with its site.
    pub(crate) fn access_token(&self, text: &str) -> Option<(&AccessToken, &str)> {
        let known = self.access_tokens.iter().find(|known| known.token == text)?;
        let site_id = known.site_id.as_ref().or(self.site_ids.first())?;
        Some((known, site_id))
    }
}

/// Whether the text could be an e-mail address.
pub(crate) fn is_email(text: &str) -> bool {
    let whole = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    whole
        && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    read_time(&Value::deserialize(deserializer)?).map(Some).map_err(D::Error::custom)
}

/// A time as JSON has it: milliseconds since 1970, or a date.
pub(crate) fn read_time(value: &Value) -> Result<u64, &'static str> {
    let time = value.as_str().map_or_else(|| value.as_u64(), date::parse);
    let time = time.filter(|time| *time <= date::LATEST);
    time.ok_or("must be milliseconds since 1970 or a date in UTC, such as 2026-03-01T09:05:00Z, before the year 10000")
}

fn rate_limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RateLimit>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Bool(false) => Ok(None),
        value @ Value::Object(_) => RateLimit::deserialize(value).map(Some).map_err(D::Error::custom),
        _ => Err(D::Error::custom("must be { requests, per, retryAfter } or false")),
    }
}

fn seed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(D::Error::custom("must be a text or a number")),
    }
}

#[cfg(test)]
mod tests;
