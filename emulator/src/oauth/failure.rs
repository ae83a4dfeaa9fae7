//! Errors of the token endpoint (RFC 6749 §5.2).

use serde_json::json;

use crate::http::response::Response;
use crate::options::Options;

/// An error of the token endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenError {
    status: u16,
    error: &'static str,
    description: String,
    /// The value of `WWW-Authenticate`, for a 401.
    challenge: Option<&'static str>,
}

impl TokenError {
    /// Returns the error for a parameter that is missing, malformed or repeated.
    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    /// Returns the error for a code or a refresh token that is invalid or belongs to another client.
    pub(crate) fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    /// Returns the error for a client that exists but failed to authenticate.
    pub(crate) fn invalid_client(description: impl Into<String>) -> Self {
        Self::new("invalid_client", description)
    }

    /// Returns the error for Basic authentication, which the service does not read. RFC 6749 §5.2 requires a 401 with a
    /// challenge.
    pub(crate) fn basic_authentication() -> Self {
        let description = "Basic authentication is not supported: send client_id and client_secret in the body";
        let challenge = Some(r#"Basic realm="send client_id and client_secret in the body""#);
        Self { status: 401, challenge, ..Self::invalid_client(description) }
    }

    /// Returns the error for an unknown grant type.
    pub(crate) fn unsupported_grant_type(grant_type: &str) -> Self {
        Self::new("unsupported_grant_type", format!("There is no grant type {grant_type:?}"))
    }

    /// Returns the error for an unknown or deleted client. Its status is an option, because it is not documented.
    pub(crate) fn unknown_client(client_id: &str, options: &Options) -> Self {
        let status = options.unknown_client_status;
        Self { status, ..Self::invalid_client(format!("There is no OAuth app {client_id:?}")) }
    }

    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: 400, error, description: description.into(), challenge: None }
    }
}

impl From<TokenError> for Response {
    fn from(error: TokenError) -> Self {
        let body = json!({ "error": error.error, "error_description": error.description });
        let reason = format!("{}: {}", error.error, error.description);
        let response = Self::json(error.status, &body).with_header("cache-control", "no-store").with_reason(reason);
        match error.challenge {
            Some(challenge) => response.with_header("www-authenticate", challenge),
            None => response,
        }
    }
}
