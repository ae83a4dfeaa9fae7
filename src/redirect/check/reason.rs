//! The reasons of a refusal. The codes are stable; new ones may be added.

/// No entry comes near the URL.
pub const NOT_LISTED: &str = "NOT_LISTED";
/// The nearest entry has another scheme.
pub const SCHEME_DIFFERS: &str = "SCHEME_DIFFERS";
/// The nearest entry has another host.
pub const HOST_DIFFERS: &str = "HOST_DIFFERS";
/// The nearest entry has another port.
pub const PORT_DIFFERS: &str = "PORT_DIFFERS";
/// The nearest entry has another path.
pub const PATH_DIFFERS: &str = "PATH_DIFFERS";
/// The nearest entry differs only in a slash at the end of the path.
pub const TRAILING_SLASH: &str = "TRAILING_SLASH";
/// The nearest entry has another query.
pub const QUERY_DIFFERS: &str = "QUERY_DIFFERS";
/// The nearest entry differs only in upper and lower case.
pub const CASE_DIFFERS: &str = "CASE_DIFFERS";
/// The URL's host is a subdomain of the nearest entry's, or the reverse.
pub const SUBDOMAIN: &str = "SUBDOMAIN";
/// The nearest entry means the same to a browser and is spelled differently.
pub const NOT_CANONICAL: &str = "NOT_CANONICAL";
/// The path carries another URL.
pub const EMBEDDED_URL: &str = "EMBEDDED_URL";
/// Readers could take the URL to different places, or it is not an absolute URL.
pub const INVALID: &str = "INVALID";
