//! The values of options that choose between behaviours.

use serde::Deserialize;

use super::Permission;

/// An access token that manages the OAuth apps of one site.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessToken {
    /// The token.
    pub token: String,
    /// Its site: one of [`Options::site_ids`], the first one unless given.
    #[serde(default)]
    pub site_id: Option<String>,
    /// What it may do: everything unless given.
    #[serde(default)]
    pub permissions: Option<Vec<Permission>>,
}

/// The effect of `path`, rather than `paths`, in an update's mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MaskPath {
    /// The path is masked.
    Apply,
    /// The member is ignored: without other members, the update changes nothing.
    Ignore,
}

/// The effect of a `wix-account-id` header beside the site that a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccountHeader {
    /// The call is for the site.
    Ignore,
    /// The call is refused with a 400.
    Refuse,
}

/// Whether one of the two domain lists is copied into the other.
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

/// Which of an app's lists allow the return URL of a logout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LogoutRedirects {
    /// `allowedRedirectUris` or `allowedRedirectDomains`.
    Either,
    /// `allowedRedirectDomains` alone.
    Domains,
}

/// What the URLs of redirect sessions begin with.
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

/// The treatment of a redirect entry that its list already holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Duplicates {
    /// It is stored again.
    Keep,
    /// It is left out.
    Drop,
    /// The request is refused.
    Refuse,
}
