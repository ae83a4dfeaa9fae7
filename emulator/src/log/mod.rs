//! The log of requests, without credentials.
//!
//! - `request_log`: the last requests, for tests to assert on
//! - `redact`: removes credentials from headers, queries and bodies

pub(crate) mod redact;
pub(crate) mod request_log;
