//! Refusals of the token endpoint, by RFC 6749, section 5.2.

use serde_json::json;

use crate::http::response::Reply;
use crate::options::Options;

/// Why a token request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    status: u16,
    error: &'static str,
    description: String,
    /// The value of `WWW-Authenticate`, which belongs to a 401.
    challenge: Option<&'static str>,
}

impl Failure {
    /// A parameter is missing, malformed or there twice.
    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }
    /// The code or the refresh token is not good, or not this client's.
    pub(crate) fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    /// The client is known and did not prove to be itself.
    pub(crate) fn invalid_client(description: impl Into<String>) -> Self {
        Self::new("invalid_client", description)
    }

    /// The client authenticated in the header, which the service does not read. RFC 6749, section 5.2, asks for a 401 with
    /// a challenge.
    pub(crate) fn basic_authentication() -> Self {
        let description = "Basic authentication is not supported: send client_id and client_secret in the body";
        let challenge = Some(r#"Basic realm="send client_id and client_secret in the body""#);
        Self { status: 401, challenge, ..Self::invalid_client(description) }
    }

    /// An unknown grant type.
    pub(crate) fn unsupported_grant_type(grant_type: &str) -> Self {
        Self::new("unsupported_grant_type", format!("There is no grant type {grant_type:?}"))
    }

    /// No app has this client ID, or none has it any more. The status is an option: the documentation does not say.
    pub(crate) fn unknown_client(client_id: &str, options: &Options) -> Self {
        let status = options.unknown_client_status;
        Self { status, ..Self::invalid_client(format!("There is no OAuth app {client_id:?}")) }
    }

    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: 400, error, description: description.into(), challenge: None }
    }
}

impl From<Failure> for Reply {
    fn from(failure: Failure) -> Self {
        let body = json!({ "error": failure.error, "error_description": failure.description });
        let reply = Reply::json(failure.status, &body).with("cache-control", "no-store");
        match failure.challenge {
            Some(challenge) => reply.with("www-authenticate", challenge),
            None => reply,
        }
    }
}
