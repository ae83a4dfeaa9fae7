//! The options of the emulator. An option for behaviour that the API's documentation does not define is marked "not
//! documented"; its default is the one of `docs/api-contract.md`.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use wix_oauth_apps::app::is_guid;

use crate::host::date;
use crate::http::outcome::MAX_DELAY;
use crate::http::uri::{is_host, is_web_url};
use crate::settings::{self, InputError};
use crate::webhooks::subscription::Subscription;

pub use choices::{
    AccessToken, AccountHeader, CopyDomains, DomainPorts, Duplicates, Login, LogoutRedirects, MaskPath, Permission,
    RateLimit, RuleNames, TestMember, WixPagesUrl,
};

mod choices;

/// The options of an emulator. In JSON, the names are in camel case, and each option has a default.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "the switches are independent")]
pub struct Options {
    /// The API key that is accepted. Default: an obvious stand-in.
    pub api_key: String,
    /// The sites. Each has its own OAuth apps. The first one is in [`crate::Credentials`].
    pub site_ids: Vec<String>,
    /// The permissions of the API key. Default: everything.
    pub permissions: Vec<Permission>,
    /// The largest `query.paging.limit` (not documented).
    pub max_page_limit: u32,
    /// Adds a secret to the response of a create, in the deprecated field `secret`. Another one can still be generated.
    pub secret_on_create: bool,
    /// The effect of the mask `{"path":"name"}`, which the documentation shows in one example only.
    pub mask_path: MaskPath,
    /// The effect of a `wix-account-id` beside a `wix-site-id`. The documentation forbids both, but programs send them.
    pub account_header: AccountHeader,
    /// Access tokens that manage the apps of one site without `wix-site-id`, like the site token of the Wix CLI.
    pub access_tokens: Vec<AccessToken>,
    /// The effect of a write that sets only one of `allowedDomains` and `allowedRedirectDomains` on the other one (not
    /// documented).
    pub copy_allowed_domains: CopyDomains,
    /// The largest number of entries in `allowedDomains` (not documented).
    pub max_allowed_domains: u32,
    /// The largest number of characters in `origin` (not documented).
    pub max_origin_length: u32,
    /// Allows redirect URIs with a scheme other than `http` and `https` (not documented).
    pub custom_schemes: bool,
    /// Stores redirect entries in normal form (with the host in lower case, for example) rather than byte for byte (not
    /// documented).
    pub normalize_redirects: bool,
    /// The treatment of an entry that the list already contains (not documented).
    pub duplicate_redirects: Duplicates,
    /// The rate limit of a caller. Default: none, which is `false` in JSON.
    #[serde(deserialize_with = "rate_limit")]
    pub rate_limit: Option<RateLimit>,
    /// The time in milliseconds for which a new app is not found by its ID, although a query finds it. In real use, several
    /// minutes were reported.
    pub stale_for: u32,
    /// The number of requests that the log keeps.
    pub request_log_size: u32,
    /// The time at which the clock stands still, in milliseconds since 1970, or in JSON as an ISO 8601 date in UTC. Default:
    /// the clock runs with the host's.
    #[serde(deserialize_with = "time")]
    pub now: Option<u64>,
    /// The seed of IDs, secrets and all other random values; in JSON a string or a number. Default: the host's random bytes.
    /// For tests only, because the secrets can be computed from the seed.
    #[serde(deserialize_with = "seed")]
    pub seed: Option<String>,
    /// The delay of each response, in milliseconds.
    pub latency: u32,
    /// The status of a token request for an unknown or deleted client: 400, 401 or 404 (not documented).
    pub unknown_client_status: u16,
    /// The members who can log in, on every site. The first one is logged in unless the request names another.
    pub members: Vec<TestMember>,
    /// Lets a `*` in the first label of a redirect URI's host match one or more characters of that label (not documented).
    pub wildcard_redirects: bool,
    /// Lets a redirect domain allow its sub-domains too (not documented).
    pub subdomain_redirects: bool,
    /// The meaning of the port in a redirect domain (not documented).
    pub domain_ports: DomainPorts,
    /// The lists of an app that allow the return URL of a logout.
    pub logout_redirects: LogoutRedirects,
    /// Lets the login page redirect visitors to the app's `loginUrl`.
    pub honor_login_url: bool,
    /// Lets the logout page redirect visitors to the app's `logoutUrl`.
    pub honor_logout_url: bool,
    /// The base of the URLs of redirect sessions (not documented).
    pub wix_pages_url: WixPagesUrl,
    /// Hosts that belong to no site. A checkout of an app whose `redirectUrlWixPages` is on one of them fails.
    pub dead_domains: Vec<String>,
    /// The receivers of webhooks.
    pub webhooks: Vec<Subscription>,
    /// The way in which a member logs in at the authorize page and the login page.
    pub login: Login,
    /// Other values of `violatedRule` than the documented ones (not documented).
    pub rule_names: RuleNames,
    /// The apps that exist from the start, at the first site: their fields in JSON, with a `name`. The `id` can be given. By
    /// default it depends on the name alone, so that it is the same at each start.
    pub apps: Vec<Map<String, Value>>,
}

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
            login: Login::Automatic,
            rule_names: RuleNames::default(),
            apps: Vec::new(),
        }
    }
}

impl Options {
    /// Reads the options from JSON. A member that is `null` counts as absent, and so does the whole object.
    pub fn from_json(value: Value) -> Result<Self, InputError> {
        let options: Self = settings::read(value, "options")?;
        options.check()?;
        Ok(options)
    }

    /// Checks the values that their types alone do not make valid.
    pub(crate) fn check(&self) -> Result<(), InputError> {
        let require = |holds: bool, option: &str, reason: &str| {
            if holds { Ok(()) } else { Err(InputError::new(format!("options.{option}"), reason)) }
        };
        require(is_credential(&self.api_key), "apiKey", "must be text that a header can carry, without spaces")?;
        require(!self.site_ids.is_empty(), "siteIds", "must be one or more GUIDs")?;
        for (at, id) in self.site_ids.iter().enumerate() {
            require(is_guid(id), &format!("siteIds[{at}]"), &format!("must be a GUID, is {id:?}"))?;
        }
        require(self.max_page_limit > 0, "maxPageLimit", "must be at least 1")?;
        require(self.max_allowed_domains > 0, "maxAllowedDomains", "must be at least 1")?;
        require(self.max_origin_length > 0, "maxOriginLength", "must be at least 1")?;
        for (at, token) in self.access_tokens.iter().enumerate() {
            let path = format!("accessTokens[{at}]");
            let is_repeated = self.access_tokens.iter().take(at).any(|other| other.token == token.token)
                || token.token == self.api_key;
            let is_site = token.site_id.as_ref().is_none_or(|id| self.site_ids.contains(id));
            require(
                is_credential(&token.token),
                &format!("{path}.token"),
                "must be text that a header can carry, without spaces",
            )?;
            require(!is_repeated, &format!("{path}.token"), "must differ from the API key and from every other token")?;
            let reason = format!("must be one of siteIds, is {:?}", token.site_id.as_deref().unwrap_or_default());
            require(is_site, &format!("{path}.siteId"), &reason)?;
        }
        for (at, domain) in self.dead_domains.iter().enumerate() {
            let reason = format!("must be a host name, such as shop.example.com, is {domain:?}");
            require(is_host(domain), &format!("deadDomains[{at}]"), &reason)?;
        }
        let has_window = self.rate_limit.is_none_or(|limit| limit.requests > 0 && limit.per > 0);
        require(has_window, "rateLimit", "requests and per must be at least 1")?;
        require(self.now.is_none_or(|now| now <= date::LATEST), "now", "must be before the year 10000")?;
        let latency = self.latency;
        let reason = format!("must be at most {MAX_DELAY} milliseconds, is {latency}");
        require(latency <= MAX_DELAY, "latency", &reason)?;
        let status = self.unknown_client_status;
        let reason = format!("must be 400, 401 or 404, is {status}");
        require([400, 401, 404].contains(&status), "unknownClientStatus", &reason)?;
        for (at, subscription) in self.webhooks.iter().enumerate() {
            let url = &subscription.url;
            let reason = format!("must be a URL with http or https, is {url:?}");
            require(is_web_url(url), &format!("webhooks[{at}].url"), &reason)?;
        }
        for (at, TestMember { email, .. }) in self.members.iter().enumerate() {
            let path = format!("members[{at}].email");
            let is_repeated = self.members.iter().take(at).any(|other| other.email.eq_ignore_ascii_case(email));
            require(is_email(email), &path, &format!("must be an e-mail address, is {email:?}"))?;
            require(!is_repeated, &path, &format!("must differ from every other member's, is {email:?}"))?;
        }
        Ok(())
    }

    /// Finds a token of `access_tokens`, and its site.
    pub(crate) fn access_token(&self, text: &str) -> Option<(&AccessToken, &str)> {
        let token = self.access_tokens.iter().find(|token| token.token == text)?;
        let site_id = token.site_id.as_ref().or(self.site_ids.first())?;
        Some((token, site_id))
    }
}

/// Checks whether the header `Authorization` can carry the text.
fn is_credential(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Checks whether the text could be an e-mail address.
pub(crate) fn is_email(text: &str) -> bool {
    let has_gap = text.chars().any(|c| c.is_whitespace() || c.is_control());
    let parts = text.split_once('@');
    !has_gap && parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    read_time(&Value::deserialize(deserializer)?).map(Some).map_err(D::Error::custom)
}

/// Reads a time in JSON: milliseconds since 1970, or a date. The error says what is allowed.
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
        _ => Err(D::Error::custom("must be a string or a number")),
    }
}

#[cfg(test)]
mod tests;
