//! The token endpoint: an access token for a client ID and secret (RFC 6749 §4.4), and a visitor's token, which shows
//! whether a client ID still authenticates. Source: the service's OAuth reference.

use super::code::{Code, Operation};
use super::error::Error;
use super::failure;
use super::json::{Body, Json, ObjectBuilder};
use super::request::{ApiRequest, Endpoint};
use super::{HttpResponse, Method};
use crate::app::OAuthAppId;
use crate::concat::Concat as _;
use crate::value::Value;

const PATH: &str = "/oauth2/token";
/// The member of a response that is the token.
pub const ACCESS_TOKEN: &str = "access_token";
/// The member of a response that says for how many seconds the token is valid.
pub const EXPIRES_IN: &str = "expires_in";

impl ApiRequest {
    /// Returns the request `POST /oauth2/token {"grant_type": "client_credentials", …}`.
    pub fn access_token(client_id: &str, client_secret: &str, instance_id: Option<&str>) -> Self {
        let mut body = ObjectBuilder::default();
        body.text("grant_type", Some("client_credentials"));
        body.text("client_id", Some(client_id));
        body.text("client_secret", Some(client_secret));
        body.text("instance_id", instance_id);
        Self::token(Endpoint::AccessToken, body)
    }

    /// Returns the request `POST /oauth2/token {"grantType": "anonymous", "clientId": …}`, as the vendor's SDK sends it.
    pub fn visitor_token(client_id: &OAuthAppId) -> Self {
        // A service that compares bytes must not report an ID in capitals as unknown.
        let client_id = client_id.as_str().to_ascii_lowercase();
        let mut body = ObjectBuilder::default();
        body.text("grantType", Some("anonymous"));
        body.text("clientId", Some(&client_id));
        Self::token(Endpoint::VisitorToken, body)
    }

    fn token(endpoint: Endpoint, body: ObjectBuilder) -> Self {
        Self { endpoint, method: Method::POST, path: PATH.to_owned(), body: Some(body.build()) }
    }
}

/// Checks whether the service itself says that the client does not exist: `invalid_client` (RFC 6749 §5.2), or the API's
/// own form of an app that is not found. A status alone may come from a proxy, and another path's 404 is about the path.
pub(super) fn is_unknown_client<J: Json>(response: &HttpResponse<J>) -> bool {
    let Body::Json(body) = &response.body else { return false };
    if !matches!(response.status, 400 | 401 | 404) {
        return false;
    }
    let body = body.to_value();
    if text(Some(&body), "error") == "invalid_client" {
        return true;
    }
    let message = text(Some(&body), "message");
    let application = body.get("details").and_then(|details| details.get("applicationError"));
    (text(application, "code").ends_with("NOT_FOUND") || message.starts_with("appId was not found"))
        && (names_client(message) || names_client(text(application, "description")))
}

fn text<'a>(object: Option<&'a Value>, name: &str) -> &'a str {
    object.and_then(|object| object.get(name)).and_then(Value::as_str).unwrap_or_default()
}

/// Checks whether a word of the text begins with `app` or `client`, in any case.
fn names_client(text: &str) -> bool {
    text.as_bytes().split(|byte| !byte.is_ascii_alphabetic()).any(|word| {
        let begins_with = |start: &[u8]| word.get(..start.len()).is_some_and(|word| word.eq_ignore_ascii_case(start));
        begins_with(b"app") || begins_with(b"client")
    })
}

/// Reads the error of RFC 6749 §5.2, `{"error": …, "error_description": …}`. It is never `NOT_FOUND`, which is about the
/// app of a call.
pub(super) fn refused<J: Json>(endpoint: Endpoint, operation: Operation, response: &HttpResponse<J>) -> Box<Error<J>> {
    let mut error = failure::read(operation, response);
    if error.code == Code::NotFound {
        error.code = Code::Unauthenticated;
    }
    let Body::Json(body) = &response.body else { return error };
    let reason = body.text("error").unwrap_or_default();
    // A gateway's 404 may have an `error` too.
    if reason.is_empty() || !matches!(response.status, 400..=403 | 429 | 500..=510) {
        return error;
    }
    let (fault, mut hint) = match endpoint {
        Endpoint::VisitorToken => ("the client ID gets no visitor token: ", ""),
        _ => ("the client ID and secret get no access token: ", "; was the app deleted, or its secret replaced?"),
    };
    if response.status < 500 && ["invalid_client", "invalid_grant", "unauthorized_client"].contains(&reason.as_str()) {
        error.code = Code::Unauthenticated;
    } else {
        error.code = failure::code_of_status(response.status);
        hint = "";
    }
    let description = body.text("error_description").unwrap_or_default();
    let colon = if description.is_empty() { "" } else { ": " };
    let status = u32::from(response.status).to_string();
    error.message = [fault, &reason, colon, &description, " (HTTP ", &status, ")", hint].concat();
    error
}
