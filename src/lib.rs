//! The client's core: everything about an OAuth app that can be decided without the network.
//!
//! Data flows one way, and so do the imports: [`value`] → [`violation`] → [`app`], [`redirect`] → [`validate`],
//! [`query`] → [`api`] → [`client`] → `wasm`.
//!
//! - [`value`]: what a caller gave, before anything is known of it
//! - [`violation`]: what is wrong with a field
//! - [`app`]: the OAuth app's fields and what each may hold
//! - [`app_name`]: its name, and whether two are the same
//! - [`redirect`]: what a redirect entry is, and whether a URL is allowed by one
//! - [`names`]: the known name that a misspelt one stands for
//! - [`validate`]: a draft or a patch, checked
//! - [`query`]: a query, checked
//! - [`api`]: an operation as an HTTP request, an HTTP answer as a result
//! - [`client`]: the operations over a transport
//! - `wasm`: JavaScript's values and `fetch`; holds no decision

pub mod api;
pub mod app;
pub mod app_name;
pub mod client;
mod concat;
pub mod names;
pub mod query;
pub mod redirect;
pub mod validate;
pub mod value;
pub mod violation;

#[cfg(all(target_arch = "wasm32", feature = "bindings"))]
mod wasm;
