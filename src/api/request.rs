//! A request to an endpoint of the service, without the network.

use super::Method;
use crate::value::Value;

/// A request before credentials and the host are added.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiRequest {
    /// The endpoint, which decides how the response is read.
    pub endpoint: Endpoint,
    /// The method.
    pub method: Method,
    /// The path below the base URL, with its leading slash.
    pub path: String,
    /// The JSON body, if there is one.
    pub body: Option<Value>,
}

/// An endpoint of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// Creates an app.
    Create,
    /// Returns an app.
    Get,
    /// Updates an app.
    Update,
    /// Deletes an app.
    Delete,
    /// Returns a page of apps.
    Query,
    /// Generates the secret of an app.
    GenerateSecret,
    /// Issues an access token for a client ID and secret (RFC 6749 §4.4).
    AccessToken,
    /// Issues an anonymous visitor's token, which shows whether a client ID still authenticates.
    VisitorToken,
}

impl Endpoint {
    /// Checks whether a request takes the manager's credential. The tokens are requested without it: an anonymous request
    /// proves something about a client ID only that way.
    pub fn needs_credential(self) -> bool {
        !matches!(self, Self::AccessToken | Self::VisitorToken)
    }
}
