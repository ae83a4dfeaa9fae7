//! The client's core: everything about an OAuth app that can be decided without the network.
//!
//! Data flows one way, and so do the imports: [`value`] → [`app`], [`violation`] → [`redirect`] → `validate`, `query` →
//! `api` → `client` → `wasm`.
//!
//! - [`value`]: what a caller gave, before anything is known of it
//! - [`app`]: the OAuth app's fields and what each may hold
//! - [`violation`]: what is wrong with a field
//! - [`redirect`]: what a redirect entry is, and whether a URL is allowed by one

pub mod app;
pub mod redirect;
pub mod value;
pub mod violation;
