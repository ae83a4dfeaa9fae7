//! What an answer that is no success means.
//!
//! The service answers `{"message": …, "details": {…}}`, where the details hold an `applicationError` or a
//! `validationError`; some answers hold a message alone, and gateways in front of it answer with HTML or nothing.

use std::borrow::Cow;

use super::error::{Code, Error, Operation, summary};
use super::json::{Body, Json};
use super::{HttpResponse, REQUEST_ID};
use crate::value::Value;
use crate::violation::{Severity, Violation};

/// The error that an answer stands for. Its status must not be a success.
pub(super) fn read<J: Json>(operation: Operation, response: &HttpResponse<J>) -> Error<J> {
    let body = match &response.body {
        Body::Json(body) => body.to_value(),
        _ => Value::Null,
    };
    let details = body.get("details");
    let application = details.and_then(|details| details.get("applicationError"));
    let violations = details.and_then(|details| details.get("validationError")).map(violations).unwrap_or_default();

    let said = text(&body, "message")
        .or_else(|| application.and_then(|error| text(error, "description")))
        .map(str::to_owned)
        .or_else(|| Some(summary(&violations)).filter(|line| !line.is_empty()))
        .or_else(|| is_redirect(response.status).then(|| REDIRECTED.to_owned()))
        .unwrap_or_else(|| ["the service answered with ", response.body.describe()].concat());
    let code = application
        .and_then(|error| text(error, "code"))
        .and_then(code_of_application_error)
        .unwrap_or_else(|| code_of_status(response.status));
    let message = [said.as_str(), " (HTTP ", &response.status.to_string(), ")"].concat();

    with_answer(Error { violations, ..Error::new(code, operation.as_str(), message) }, response)
}

/// The error with what every answer tells: its status and its request ID.
pub(super) fn with_answer<J>(error: Error<J>, response: &HttpResponse<J>) -> Error<J> {
    Error { status: Some(response.status), request_id: response.header(REQUEST_ID).map(str::to_owned), ..error }
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

/// RFC 9110 §15.
fn code_of_status(status: u16) -> Code {
    match status {
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 | 410 => Code::NotFound,
        409 | 412 => Code::Conflict,
        429 => Code::RateLimited,
        408 | 425 | 500..=599 => Code::ServerError,
        400..=499 => Code::InvalidArgument,
        // A redirect is never followed: it would carry the credential to a place nobody named.
        _ => Code::BadResponse,
    }
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
