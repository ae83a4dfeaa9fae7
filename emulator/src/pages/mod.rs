//! The hosted pages of the service, and the redirect sessions that lead to them.
//!
//! - `session`: creates redirect sessions, each of which has the URL of a page
//! - `hosted`: checkout, login and logout, which redirect back to the client

pub(crate) mod hosted;
pub(crate) mod session;
