//! The API without the network: an operation becomes an [`ApiRequest`], an [`HttpResponse`] becomes a result or an
//! [`Error`].
//!
//! Source of paths, methods and shapes: the OAuth Apps API reference and the vendor's SDK.

mod code;
mod endpoint;
mod error;
mod excerpt;
mod failure;
mod json;
mod request;
mod token;

pub use code::{Code, Operation};
pub use error::Error;
pub(crate) use failure::contains;
pub use failure::names_rate_limit;
pub(crate) use json::ObjectBuilder;
pub use json::{Body, Json};
pub use request::{ApiRequest, Endpoint};
pub use token::{ACCESS_TOKEN, EXPIRES_IN};

pub use http::Method;

/// A response of the service, or of a gateway or proxy in front of it.
#[derive(Debug, Clone)]
pub struct HttpResponse<J> {
    /// The status code.
    pub status: u16,
    /// The headers that are named in [`HEADERS`] and present in the response.
    pub headers: Vec<(&'static str, String)>,
    /// The body, parsed if it is JSON.
    pub body: Body<J>,
}

/// The header that holds the service's ID of the request, for its logs.
pub const REQUEST_ID: &str = "x-wix-request-id";
/// The header that says when to send the request again (RFC 9110 §10.2.3).
pub const RETRY_AFTER: &str = "retry-after";
/// The header of a response that later requests send back to read their own writes.
pub const CONSISTENT: &str = "x-wix-consistent";

/// The headers of a response that the core reads. `host.js` reads them in this order.
pub const HEADERS: [&str; 3] = [REQUEST_ID, CONSISTENT, RETRY_AFTER];

impl<J> HttpResponse<J> {
    /// Returns the header of that name, one of [`HEADERS`].
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}

/// Checks whether a status means success. The service sends 200; every 2xx is accepted.
pub fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

#[cfg(test)]
mod tests;
