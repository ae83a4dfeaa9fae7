//! The API without the network: an operation becomes an [`HttpRequest`], an [`HttpResponse`] becomes a result.
//!
//! Source of paths, methods and shapes: the OAuth Apps API reference and the vendor's SDK.

mod endpoints;
mod error;
mod excerpt;
mod failure;
mod json;
pub mod token;

pub use endpoints::{create, delete, generate_secret, get, query, update};
pub use error::{Code, Error, Operation};
pub(crate) use failure::contains;
pub use failure::names_rate_limit;
pub use json::{Body, Json};

pub use http::Method;

use crate::value::Value;

/// What an operation sends, before credentials and the host are added.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The path below the base URL, with its leading slash.
    pub path: String,
    /// The JSON body, where there is one.
    pub body: Option<Value>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct HttpResponse<J> {
    /// The status code.
    pub status: u16,
    /// Those of [`HEADERS`], as far as the answer has them.
    pub headers: Vec<(&'static str, String)>,
    /// The body, parsed where it is JSON.
    pub body: Body<J>,
}

/// The header under which the service names a request in its logs.
pub const REQUEST_ID: &str = "x-wix-request-id";
/// RFC 9110 §10.2.3: when to try again.
pub const RETRY_AFTER: &str = "retry-after";

/// What a request sends along to read what an earlier one wrote: the same header of that one's answer.
pub const CONSISTENT: &str = "x-wix-consistent";

/// The headers that the core reads of an answer.
pub const HEADERS: [&str; 3] = [REQUEST_ID, CONSISTENT, RETRY_AFTER];

impl<J> HttpResponse<J> {
    /// The header of that name, one of [`HEADERS`].
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}

/// Whether a status says that the request succeeded. The service answers 200; any other 2xx is taken alike.
pub fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

#[cfg(test)]
mod tests;
