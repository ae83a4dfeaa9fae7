//! What an OAuth app is for: tokens for visitors, members and the app's own server.
//!
//! - `vault`: what was issued, by its hash
//! - `params`: a token request's parameters, in JSON or as a form, in both name styles
//! - `failure`: refusals by RFC 6749
//! - `token`: the token endpoint and its grants

mod failure;
mod params;
mod token;
pub(crate) mod vault;

pub(crate) use token::TokenCall;
