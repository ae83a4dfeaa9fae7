//! OAuth 2: tokens for visitors, members and the servers of apps.
//!
//! - `token`: the token endpoint, over `params`, `pkce` and `failure`; `info`: the token-info endpoint
//! - `authorize`: the authorize page; `visitor`: the login that a browser brings to a page
//! - `login_page`: the page that asks who logs in
//! - `login`: the login endpoints without a page; `members`: the members of a site

pub(crate) mod authorize;
pub(crate) mod failure;
pub(crate) mod info;
pub(crate) mod login;
pub(crate) mod login_page;
pub(crate) mod members;
pub(crate) mod params;
pub(crate) mod pkce;
pub(crate) mod token;
pub(crate) mod visitor;
