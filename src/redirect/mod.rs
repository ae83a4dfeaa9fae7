//! Redirect entries: which ones are valid, and whether one allows a URL.
//!
//! - [`grammar`]: the only parser that accepts URLs
//! - [`uri`]: the entries of `allowedRedirectUris`
//! - [`domain`]: the entries of `allowedRedirectDomains`
//! - [`web_url`]: `loginUrl`, `logoutUrl` and the fields of Wix pages
//! - [`embedded`]: whether the path of a URL carries another URL
//! - [`same`]: whether two entries are the same
//! - [`check`]: whether Wix would send a visitor to a URL, and if not, why
//!
//! `finding` and `report` hold what is wrong; `mistake`, `host`, `scheme`, `suffix` and `escapes` are rules about parts of
//! an entry; `list` has the rules about a list, and `repair` makes suggestions.

pub mod check;
pub mod domain;
pub mod embedded;
mod escapes;
mod finding;
pub mod grammar;
mod host;
mod list;
mod mistake;
mod repair;
mod report;
pub mod same;
mod scheme;
mod suffix;
pub mod uri;
pub mod web_url;

pub use scheme::acts as is_acting_scheme;

/// The platform's function that turns a host which is not ASCII into the one that a browser asks for (`new URL` in
/// JavaScript): IDNA needs tables that the core does not have. `None` if there is none.
pub type ToAscii<'a> = Option<&'a dyn Fn(&str) -> Option<String>>;
