//! The client's core: everything about an OAuth app that can be decided without the network.
//!
//! Data flows one way, and so do the imports: [`value`] → [`violation`] → `fields` → [`app`], [`redirect`] → [`validate`],
//! [`query`] → [`api`] → [`client`] → `wasm`.
//!
//! - [`value`]: untyped input
//! - [`violation`]: the faults of a field
//! - `fields`: reading typed fields from untyped input
//! - [`app`]: the OAuth app's fields and what each may hold
//! - `app_name`: the name of an app
//! - [`redirect`]: the rules of redirect entries, and whether an entry allows a URL
//! - [`validate`]: checking a draft or a patch
//! - [`query`]: checking a query
//! - [`api`]: an operation as an HTTP request, an HTTP response as a result
//! - [`webhook`]: what is wrong with a webhook
//! - [`client`]: the operations over a transport
//! - `wasm`: JavaScript values and `fetch`; makes no decisions
//! - `names`: the known name that a misspelt one stands for
//! - `text`, `concat`: cutting, comparing and joining texts

pub mod api;
pub mod app;
pub mod app_name;
pub mod client;
mod concat;
mod fields;
pub mod names;
pub mod query;
pub mod redirect;
mod text;
pub mod validate;
pub mod value;
pub mod violation;
pub mod webhook;

#[cfg(all(target_arch = "wasm32", feature = "bindings"))]
mod wasm;
