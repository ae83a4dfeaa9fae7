//! What a redirect entry is, and whether a URL is allowed by one.
//!
//! - [`grammar`]: the one place that reads a URL, and only such as every reader reads alike
//! - [`uri`]: what may be in `allowedRedirectUris`
//! - [`web_url`]: what may be in `loginUrl`, `logoutUrl` and the fields of Wix pages
//! - [`domain`]: what may be in `allowedRedirectDomains`
//! - [`embedded`]: whether the path of a URL carries another URL
//! - [`same`]: whether two entries are the same entry
//! - [`check`]: would Wix send a visitor to this URL, and if not, why

pub mod check;
pub mod domain;
pub mod embedded;
mod escapes;
pub mod grammar;
mod host;
mod list;
mod mistake;
mod repair;
pub mod same;
mod scheme;
mod suffix;
mod text;
pub mod uri;
pub mod web_url;
mod words;

/// How a host language turns a host that is not plain ASCII into the one a browser would ask for (`new URL` in
/// JavaScript): IDNA needs tables that the core does not carry. `None` where it has no such function.
pub type ToAscii<'a> = Option<&'a dyn Fn(&str) -> Option<String>>;

/// Returns whether following the scheme makes something act, so that no redirect may have it.
pub fn is_acting_scheme(scheme: &str) -> bool {
    scheme::acts(scheme)
}
