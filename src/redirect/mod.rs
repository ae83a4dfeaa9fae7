//! What a redirect entry is, and whether a URL is allowed by one.
//!
//! - [`grammar`]: the one place that reads a URL, and only such as every reader reads alike
//! - [`uri`]: what may be in `allowedRedirectUris`, `loginUrl` and `logoutUrl`
//! - [`domain`]: what may be in `allowedRedirectDomains`
//! - [`same`]: whether two entries are the same entry
//! - [`check`]: would Wix send a visitor to this URL, and if not, why

pub mod check;
pub mod domain;
pub mod grammar;
mod list;
mod repair;
pub mod same;
mod suffix;
mod text;
pub mod uri;
mod words;

/// How a host language turns a host that is not plain ASCII into the one a browser would ask for (`new URL` in
/// JavaScript): IDNA needs tables that the core does not carry. `None` where it has no such function.
pub type ToAscii<'a> = Option<&'a dyn Fn(&str) -> Option<String>>;
