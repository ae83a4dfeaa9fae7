//! The token endpoint: an access token for a client's own ID and secret (RFC 6749 §4.4), and an anonymous one, which
//! tells whether a client ID still authenticates. Both as the service's OAuth reference has them.

use super::error::{Code, Error, Operation};
use super::failure;
use super::json::{Body, Json};
use super::{HttpRequest, HttpResponse, Method, is_success};
use crate::app::OAuthAppId;
use crate::concat::Concat as _;
use crate::value::Value;

const PATH: &str = "/oauth2/token";
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
    HttpRequest { method: Method::POST, path: PATH.to_owned(), body: Some(Value::from(body)) }
}

/// `POST /oauth2/token {"grantType": "anonymous", "clientId": …}`, as the vendor's SDK sends it.
pub fn anonymous_request(client_id: &OAuthAppId) -> HttpRequest {
    // A service that compares bytes must not report an ID in capitals as unknown.
    let client_id = client_id.as_str().to_ascii_lowercase();
    let body = vec![("grantType", Value::from("anonymous")), ("clientId", Value::from(client_id))];
    HttpRequest { method: Method::POST, path: PATH.to_owned(), body: Some(Value::from(body)) }
}

/// The answer, which holds an [`ACCESS_TOKEN`].
pub fn read<J: Json>(response: &HttpResponse<J>) -> Result<Option<J>, Box<Error<J>>> {
    let said = "the client ID and secret get no access token: ";
    read_token(response, said, "; was the app deleted, or its secret replaced?").map(Some)
}

/// `true` where a token comes, `false` where the service says that it does not know the client. The token is dropped.
pub fn read_is_active<J: Json>(response: &HttpResponse<J>) -> Result<Option<J>, Box<Error<J>>> {
    let is_active = match read_token(response, "the client ID gets no visitor token: ", "") {
        Ok(_) => true,
        Err(_) if is_unknown_client(response) => false,
        Err(error) => return Err(error),
    };
    Ok(Some(J::from_value(&Value::Bool(is_active))))
}

/// Whether the service itself says that there is no such client: `invalid_client` (RFC 6749 §5.2), or the API's own
/// form of an app that is not found. A status alone may come from a proxy, and another path's 404 is about the path.
fn is_unknown_client<J: Json>(response: &HttpResponse<J>) -> bool {
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

/// Whether a word of the text begins with `app` or `client`, in any case.
fn names_client(text: &str) -> bool {
    text.as_bytes().split(|byte| !byte.is_ascii_alphabetic()).any(|word| {
        let begins_with = |start: &[u8]| word.get(..start.len()).is_some_and(|word| word.eq_ignore_ascii_case(start));
        begins_with(b"app") || begins_with(b"client")
    })
}

/// An answer that holds an [`ACCESS_TOKEN`]; else the error that it stands for.
fn read_token<J: Json>(response: &HttpResponse<J>, said: &str, hint: &str) -> Result<J, Box<Error<J>>> {
    // The client puts in the operation that was called.
    let operation = Operation::Get;
    if !is_success(response.status) {
        return Err(refused(failure::read(operation, response), response, said, hint));
    }
    let body = match &response.body {
        Body::Json(body) if body.get(ACCESS_TOKEN).is_some_and(|token| token.is_string()) => Some(body.clone()),
        _ => None,
    };
    body.ok_or_else(|| failure::unexpected(operation, response, "the token endpoint", "a text `access_token`", ""))
}

/// The error of RFC 6749 §5.2: `{"error": …, "error_description": …}`. It is never `NOT_FOUND`, which is about the app of
/// a call. `prefix` begins the message, and `hint` ends it where the client is refused.
fn refused<J: Json>(mut error: Box<Error<J>>, response: &HttpResponse<J>, prefix: &str, hint: &str) -> Box<Error<J>> {
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
    let is_credential =
        response.status < 500 && ["invalid_client", "invalid_grant", "unauthorized_client"].contains(&reason.as_str());
    let said = text("error_description").map(|said| [": ", &said].concat()).unwrap_or_default();
    let status = u32::from(response.status).to_string();
    error.code = if is_credential { Code::Unauthenticated } else { failure::code_of_status(response.status) };
    let hint = if is_credential { hint } else { "" };
    error.message = [prefix, &reason, &said, " (HTTP ", &status, ")", hint].concat();
    error
}
