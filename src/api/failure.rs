//! Errors from responses that are not a success.
//!
//! The service answers a failure with `{"message": …, "details": {…}}`, where the details hold an `applicationError` or
//! a `validationError`. Proxies and gateways in front of it answer with HTML, text, JSON of their own or nothing: such a
//! response says nothing about the app, whatever its status.

use std::borrow::Cow;

use super::code::{Code, Operation};
use super::error::{Error, summary};
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
    let member = |name: &str| details.and_then(|details| details.get(name)).filter(|error| is_object(error));
    let (application, validation) = (member("applicationError"), member("validationError"));
    let violations = validation.map(violations).unwrap_or_default();
    // Text that is not well-formed Unicode is foreign to a `Value`.
    let has_message = matches!(body.get("message"), Some(Value::String(_) | Value::Foreign(_)));
    let is_from_service = has_message || application.is_some() || validation.is_some();

    let faults = summary(&violations);
    let reason = text(&body, "message")
        .or_else(|| application.and_then(|error| text(error, "description")))
        .unwrap_or(faults.as_str());
    let (before, mut shown) = match status {
        // Statuses that only a proxy or a network sends: RFC 9110 §15.5.8 and RFC 6585 §6.
        407 => ("a proxy requires a login: ", reason),
        511 => ("the network requires a login in a browser (a captive portal): ", reason),
        _ if !reason.is_empty() => ("", reason),
        _ if is_redirect(status) => {
            ("", "the response is a redirect, which is not followed, to protect the credential; is `baseUrl` right?")
        }
        _ if is_from_service => ("", "the service gave no reason"),
        _ if is_sent_by_gateways(status) => ("the service, or a gateway before it, answered with ", ""),
        _ => ("a proxy or gateway answered in place of the service, or `baseUrl` is wrong; it gave ", ""),
    };
    if shown.is_empty() {
        shown = response.body.describe();
    }
    let mut message = [before, shown, " (HTTP ", &u32::from(status).to_string(), ")"].concat();
    if !is_from_service && !is_redirect(status) {
        response.body.append_excerpt(&mut message);
    }
    let code = match application.and_then(|error| text(error, "code")) {
        // The service's own codes say more than its statuses.
        Some("UNAUTHENTICATED") => Code::Unauthenticated,
        Some("PERMISSION_DENIED") => Code::PermissionDenied,
        Some("NOT_FOUND") => Code::NotFound,
        Some("ALREADY_EXISTS" | "ABORTED") => Code::Conflict,
        Some("RESOURCE_EXHAUSTED") => Code::RateLimited,
        _ if is_from_service => code_of_status(status),
        _ => code_of_gateway(status),
    };
    let mut error = with_response(operation, code, message, response);
    error.violations = violations;
    error
}

/// Returns the error of a success whose body is not the `wanted` one.
pub(super) fn unexpected<J: Json>(
    operation: Operation,
    response: &HttpResponse<J>,
    is_token: bool,
    wanted: &str,
) -> Box<Error<J>> {
    let who = if is_token { "the token endpoint" } else { "the service" };
    let mut message = [who, " answered with ", response.body.describe(), " where ", wanted].concat();
    // Other text may be a truncated response with a secret in it.
    if response.body.is_html() {
        response.body.append_excerpt(&mut message);
    }
    with_response(operation, Code::BadResponse, message, response)
}

/// Checks whether the response says that a rate limit kept the request from being processed.
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

/// Checks whether a text contains another one. `str::contains` costs 5 KB of the package.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// Returns an error with the status and the request ID of a response.
fn with_response<J>(operation: Operation, code: Code, message: String, response: &HttpResponse<J>) -> Box<Error<J>> {
    let mut error = Box::new(Error::new(code, operation.as_str(), message));
    error.status = Some(response.status);
    error.request_id = response.header(REQUEST_ID).map(str::to_owned);
    error
}

fn is_object(value: &Value) -> bool {
    matches!(value, Value::Object(_))
}

fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Checks for a redirect. A browser shows the redirect that it did not follow as status 0.
fn is_redirect(status: u16) -> bool {
    matches!(status, 0 | 300..=399)
}

/// Returns the code of a status that the service sent (RFC 9110 §15).
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

/// Returns the code of a status that a gateway or a proxy sent.
fn code_of_gateway(status: u16) -> Code {
    match status {
        429 => Code::RateLimited,
        status if is_sent_by_gateways(status) => Code::ServerError,
        // A redirect is never followed: it would carry the credential to another host.
        _ => Code::BadResponse,
    }
}

/// Checks for a status that means the same from a gateway in front of the service: try again later.
fn is_sent_by_gateways(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}

/// Returns the service's field violations in the client's own form, with fields rooted in the app.
fn violations(validation_error: &Value) -> Vec<Violation> {
    let mut violations = Vec::new();
    for served in validation_error.get("fieldViolations").map(Value::elements).unwrap_or_default() {
        let field = text(served, "field").unwrap_or_default();
        violations.push(Violation {
            field: if field == "oAuthApp" { "" } else { field.strip_prefix("oAuthApp.").unwrap_or(field) }.to_owned(),
            rule: Cow::Owned(text(served, "violatedRule").unwrap_or("REFUSED").to_owned()),
            severity: Severity::Error,
            message: text(served, "description").unwrap_or("was refused by the service").to_owned(),
            suggestion: None,
        });
    }
    violations
}
