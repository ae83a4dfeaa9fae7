//! Errors from responses.
//!
//! The service answers a failure with `{"message": …, "details": {…}}`, where the details hold an `applicationError` or
//! a `validationError`. Proxies and gateways in front of it answer with HTML, text, JSON of their own or nothing: such a
//! response says nothing about the app, whatever its status.

use std::borrow::Cow;

use super::error::{Code, Error, Operation, summary};
use super::json::{Body, Json};
use super::{HttpResponse, REQUEST_ID};
use crate::concat::Concat as _;
use crate::value::Value;
use crate::violation::{Severity, Violation};

/// Reads the error from a response whose status is not a success.
pub(super) fn read<J: Json>(operation: Operation, response: &HttpResponse<J>) -> Box<Error<J>> {
    let body = match &response.body {
        Body::Json(body) => body.to_value(),
        _ => Value::Null,
    };
    let status = response.status;
    let details = body.get("details");
    let application = details.and_then(|details| details.get("applicationError"));
    let validation = details.and_then(|details| details.get("validationError"));
    let violations = validation.map(violations).unwrap_or_default();
    let is_object = |value: Option<&Value>| matches!(value, Some(Value::Object(_)));
    // Text that is not well-formed Unicode has no `Value` of its own.
    let has_message = match &response.body {
        Body::Json(body) => body.get("message").is_some_and(|message| message.is_string()),
        _ => false,
    };
    let is_from_service = has_message || is_object(application) || is_object(validation);

    let intermediary = intermediary(status);
    let described = || response.body.describe();
    let said = text(&body, "message")
        .or_else(|| application.and_then(|error| text(error, "description")))
        .map(str::to_owned)
        .or_else(|| Some(summary(&violations)).filter(|line| !line.is_empty()));
    let said = match (intermediary, said) {
        (Some(intermediary), said) => [intermediary, ": ", said.as_deref().unwrap_or(described())].concat(),
        (None, Some(said)) => said,
        (None, None) if is_redirect(status) => REDIRECTED.to_owned(),
        (None, None) if is_from_service => "the service gave no reason".to_owned(),
        (None, None) if is_sent_by_gateways(status) => {
            ["the service, or a gateway before it, answered with ", described()].concat()
        }
        (None, None) => {
            ["a proxy or gateway answered in place of the service, or `baseUrl` is wrong; it gave ", described()]
                .concat()
        }
    };
    let code = application
        .and_then(|error| text(error, "code"))
        .and_then(code_of_application_error)
        .unwrap_or_else(|| if is_from_service { code_of_status(status) } else { code_of_gateway(status) });
    let mut message = [said.as_str(), " (HTTP ", &u32::from(status).to_string(), ")"].concat();
    if !is_from_service && !is_redirect(status) {
        response.body.append_excerpt(&mut message);
    }
    let mut error = with_answer(operation, code, message, response);
    error.violations = violations;
    error
}

/// The error of a success whose body is not what was expected; `who` answered, and `hint` says what to do.
pub(super) fn unexpected<J: Json>(
    operation: Operation,
    response: &HttpResponse<J>,
    who: &str,
    wanted: &str,
    hint: &str,
) -> Box<Error<J>> {
    let mut message =
        [who, " answered with ", response.body.describe(), " where ", wanted, " was expected", hint].concat();
    // Other text may be the answer, cut short, with a secret in it.
    if response.body.is_html() {
        response.body.append_excerpt(&mut message);
    }
    with_answer(operation, Code::BadResponse, message, response)
}

/// Whether the response says that a rate limit kept the request from being processed.
pub fn names_rate_limit<J: Json>(response: &HttpResponse<J>) -> bool {
    if !is_sent_by_gateways(response.status) {
        return false;
    }
    match &response.body {
        Body::Json(body) => contains(&body.to_value().to_json(), "RESOURCE_EXHAUSTED"),
        Body::Other(text) => contains(text, "RESOURCE_EXHAUSTED"),
        _ => false,
    }
}

/// Not `str::contains`: it brings in a search for substrings that costs 5 KB.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// An error with what every answer tells: its status and its request ID.
fn with_answer<J>(operation: Operation, code: Code, message: String, response: &HttpResponse<J>) -> Box<Error<J>> {
    let mut error = Box::new(Error::new(code, operation.as_str(), message));
    error.status = Some(response.status);
    error.request_id = response.header(REQUEST_ID).map(str::to_owned);
    error
}

fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

const REDIRECTED: &str =
    "the answer is a redirect, which is not followed, as it would carry the credential along; is `baseUrl` right?";

/// A browser shows the redirect that it did not follow as status 0.
fn is_redirect(status: u16) -> bool {
    matches!(status, 0 | 300..=399)
}

/// The statuses that only a proxy or a network sends: RFC 9110 §15.5.8 and RFC 6585 §6.
fn intermediary(status: u16) -> Option<&'static str> {
    match status {
        407 => Some("a proxy asks for a login before it passes the request on"),
        511 => Some("the network asks for a login in a browser before it passes anything on (a captive portal)"),
        _ => None,
    }
}

/// The service's own codes say more than its statuses.
fn code_of_application_error(code: &str) -> Option<Code> {
    Some(match code {
        "UNAUTHENTICATED" => Code::Unauthenticated,
        "PERMISSION_DENIED" => Code::PermissionDenied,
        "NOT_FOUND" => Code::NotFound,
        "ALREADY_EXISTS" | "ABORTED" => Code::Conflict,
        "RESOURCE_EXHAUSTED" => Code::RateLimited,
        _ => return None,
    })
}

/// The code of a status that the service sent (RFC 9110 §15).
pub(super) fn code_of_status(status: u16) -> Code {
    match status {
        407 => Code::BadResponse,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 | 410 => Code::NotFound,
        409 | 412 => Code::Conflict,
        400..=499 if !is_sent_by_gateways(status) => Code::InvalidArgument,
        _ => code_of_gateway(status),
    }
}

/// The code of a status that somebody else sent.
fn code_of_gateway(status: u16) -> Code {
    match status {
        429 => Code::RateLimited,
        status if is_sent_by_gateways(status) => Code::ServerError,
        // A redirect is never followed: it would carry the credential to a place nobody named.
        _ => Code::BadResponse,
    }
}

/// Statuses that mean the same from a gateway in front of the service: come back later.
fn is_sent_by_gateways(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}

/// The service's field violations in the form of our own, rooted in the app rather than in the request.
fn violations(validation_error: &Value) -> Vec<Violation> {
    let listed = validation_error.get("fieldViolations").map(Value::elements).unwrap_or_default();
    listed.iter().map(violation).collect()
}

fn violation(served: &Value) -> Violation {
    let field = text(served, "field").unwrap_or_default();
    Violation {
        field: if field == "oAuthApp" { "" } else { field.strip_prefix("oAuthApp.").unwrap_or(field) }.to_owned(),
        rule: Cow::Owned(text(served, "violatedRule").unwrap_or("REFUSED").to_owned()),
        severity: Severity::Error,
        message: text(served, "description").unwrap_or("was refused by the service").to_owned(),
        suggestion: None,
    }
}
