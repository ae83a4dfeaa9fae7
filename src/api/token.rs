//! An access token for a client's own ID and secret: RFC 6749 §4.4, as the service's OAuth reference has it.

use super::error::{Code, Error, Operation};
use super::failure;
use super::json::{Body, Json};
use super::{HttpRequest, HttpResponse, Method, is_success};
use crate::value::Value;

/// The member of an answer that is the token.
pub const ACCESS_TOKEN: &str = "access_token";
/// The member of an answer that says for how many seconds the token is good.
pub const EXPIRES_IN: &str = "expires_in";

/// `POST /oauth2/token {"grant_type": "client_credentials", …}`
pub fn request(client_id: &str, client_secret: &str, instance_id: Option<&str>) -> HttpRequest {
    let mut body = vec![
        ("grant_type", Value::from("client_credentials")),
        ("client_id", Value::from(client_id)),
        ("client_secret", Value::from(client_secret)),
    ];
    body.extend(instance_id.map(|id| ("instance_id", Value::from(id))));
    HttpRequest { method: Method::POST, path: "/oauth2/token".to_owned(), body: Some(Value::from(body)) }
}

/// The answer, which holds an [`ACCESS_TOKEN`].
pub fn read<J: Json>(response: &HttpResponse<J>) -> Result<Option<J>, Error<J>> {
    // Who asked is told by the client.
    let operation = Operation::Get;
    if !is_success(response.status) {
        return Err(refused(failure::read(operation, response), response));
    }
    let body = match &response.body {
        Body::Json(body) if body.get(ACCESS_TOKEN).is_some_and(|token| token.is_string()) => Some(body.clone()),
        _ => None,
    };
    body.map(Some)
        .ok_or_else(|| failure::unexpected(operation, response, "the token endpoint", "a text `access_token`", ""))
}

/// RFC 6749 §5.2: `{"error": …, "error_description": …}`, of which these say that the client is not let in. It is never
/// `NOT_FOUND`, which is about the app of a call.
fn refused<J: Json>(mut error: Error<J>, response: &HttpResponse<J>) -> Error<J> {
    if error.code == Code::NotFound {
        error.code = Code::Unauthenticated;
    }
    let Body::Json(body) = &response.body else { return error };
    let text = |name: &str| body.get(name).and_then(|member| member.to_value().as_str().map(str::to_owned));
    let reason = text("error").unwrap_or_default();
    // A gateway's 404 may have an `error` too.
    if reason.is_empty() || !matches!(response.status, 400..=403 | 429 | 500..=510) {
        return error;
    }
    let is_credential = ["invalid_client", "invalid_grant", "unauthorized_client"].contains(&reason.as_str());
    let said = text("error_description").map(|said| [": ", &said].concat()).unwrap_or_default();
    let status = response.status.to_string();
    let hint = if is_credential { "; was the app deleted, or its secret replaced?" } else { "" };
    error.code = if is_credential { Code::Unauthenticated } else { failure::code_of_status(response.status) };
    error.message =
        ["the client ID and secret get no access token: ", &reason, &said, " (HTTP ", &status, ")", hint].concat();
    error
}
