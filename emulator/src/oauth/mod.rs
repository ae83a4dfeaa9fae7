//! What an OAuth app is for: tokens for visitors, members and the app's own server.
//!
//! - `grants`: what was issued, by its hash; `members`: who can log in
//! - `token`: the token endpoint and its grants, over `params`, `pkce` and `failure`; `info`: what a token is
//! - `authorize`: the page where a visitor becomes a member; `visitor` tells who comes
//! - `login`: the same without a page, by e-mail address and password

mod authorize;
mod failure;
mod info;
mod login;
pub(crate) mod members;
mod params;
mod pkce;
mod token;
mod visitor;

pub(crate) use authorize::AuthorizeCall;
pub(crate) use info::token_info;
pub(crate) use login::{LoginCall, LoginKind};
pub(crate) use token::TokenCall;
pub(crate) use visitor::Visitor;
