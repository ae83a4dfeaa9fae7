//! The OAuth Apps API.
//!
//! - `endpoints`: create, get, update, delete, query and generate-secret
//! - `schema`: the fields of an app, checked; `mask`: the fields that an update sets
//! - `query`: a query, checked; `paging`: the page of apps that it selects
//! - `initial`: the apps that exist from the start
//! - `public_suffix`: warnings about redirect entries that match hosts of strangers

pub(crate) mod endpoints;
pub(crate) mod initial;
pub(crate) mod mask;
pub(crate) mod paging;
pub(crate) mod public_suffix;
pub(crate) mod query;
pub(crate) mod schema;
