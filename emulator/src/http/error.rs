//! The errors of the API. Their bodies have one of three shapes: a message alone, an application error, or field
//! violations.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// An error of the API, and the response that reports it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApiError {
    /// The status code.
    pub(crate) status: u16,
    /// A header that the status calls for.
    pub(crate) header: Option<ErrorHeader>,
    message: String,
    details: Option<Box<Value>>,
}

/// A header that tells the client how to correct the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorHeader {
    /// The methods that the path supports.
    Allow(&'static str),
    /// The seconds to wait before the next request.
    RetryAfter(u64),
    /// The content codings that are supported: none (RFC 9110 §15.5.16).
    AcceptEncoding,
}

impl ErrorHeader {
    /// Returns the header's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ErrorHeader::Allow(_) => "allow",
            ErrorHeader::AcceptEncoding => "accept-encoding",
            ErrorHeader::RetryAfter(_) => "retry-after",
        }
    }

    /// Returns the header's value.
    pub(crate) fn value(self) -> String {
        match self {
            ErrorHeader::Allow(methods) => methods.to_owned(),
            ErrorHeader::AcceptEncoding => "identity".to_owned(),
            ErrorHeader::RetryAfter(seconds) => seconds.to_string(),
        }
    }
}

/// A result whose error is an [`ApiError`].
pub(crate) type Result<T> = std::result::Result<T, ApiError>;

/// The values of `violatedRule` for rules without a threshold.
pub(crate) mod rule {
    pub(crate) const FIELD_NOT_ALLOWED: &str = "FIELD_NOT_ALLOWED";
    pub(crate) const FORMAT: &str = "FORMAT";
    pub(crate) const INVALID_ENUM_VALUE: &str = "INVALID_ENUM_VALUE";
    pub(crate) const OTHER: &str = "OTHER";
    pub(crate) const REQUIRED_FIELD: &str = "REQUIRED_FIELD";
}

/// A rule that compares with a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// The smallest value of a number.
    Min,
    /// The largest value of a number.
    Max,
    /// The smallest number of characters.
    MinLength,
    /// The largest number of characters.
    MaxLength,
    /// The largest number of entries.
    MaxSize,
}

impl Bound {
    /// Returns the value of `violatedRule`.
    fn rule(self) -> &'static str {
        match self {
            Bound::Min => "MIN",
            Bound::Max => "MAX",
            Bound::MinLength => "MIN_LENGTH",
            Bound::MaxLength => "MAX_LENGTH",
            Bound::MaxSize => "MAX_SIZE",
        }
    }

    /// Returns the description of a violation.
    fn describe(self, threshold: usize) -> String {
        match self {
            Bound::Min => format!("must be at least {threshold}"),
            Bound::Max => format!("must be at most {threshold}"),
            Bound::MinLength => format!("must have at least {threshold} characters"),
            Bound::MaxLength => format!("must have at most {threshold} characters"),
            Bound::MaxSize => format!("must have at most {threshold} entries"),
        }
    }
}

/// A field that violates a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FieldViolation {
    field: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    violated_rule: Option<&'static str>,
    /// The name of a rule that `violatedRule` has no value for. `violatedRule` is then `OTHER`.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
}

impl FieldViolation {
    fn new(field: impl Into<String>, rule: &'static str, description: impl Into<String>, data: Value) -> Self {
        let (field, description) = (field.into(), description.into());
        Self { field, description, violated_rule: Some(rule), rule_name: None, data: Some(data) }
    }

    /// Returns the violation of a required field that is missing or empty.
    pub(crate) fn required(field: impl Into<String>) -> Self {
        Self::new(field, rule::REQUIRED_FIELD, "must not be empty", json!({}))
    }

    /// Returns the violation of a field whose text does not have the declared format.
    pub(crate) fn format(field: impl Into<String>, format: &str) -> Self {
        Self::new(field, rule::FORMAT, format!("must be a valid {format}"), json!({ "type": format }))
    }

    /// Returns the violation of a number, a length or a size beyond its threshold.
    pub(crate) fn bound(field: impl Into<String>, bound: Bound, threshold: usize) -> Self {
        Self::new(field, bound.rule(), bound.describe(threshold), json!({ "threshold": threshold }))
    }

    /// Returns the violation of a field whose text is not a value of its enumeration.
    pub(crate) fn enum_value(field: impl Into<String>, values: &[&str]) -> Self {
        let description = format!("must be one of {}", values.join(", "));
        Self::new(field, rule::INVALID_ENUM_VALUE, description, json!({}))
    }

    /// Returns the violation of a field that must not be named here.
    pub(crate) fn not_allowed(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self::new(field, rule::FIELD_NOT_ALLOWED, description, json!({}))
    }

    /// Returns the violation of a rule that `violatedRule` has no value for.
    pub(crate) fn other(field: impl Into<String>, rule_name: &'static str, description: impl Into<String>) -> Self {
        Self { rule_name: Some(rule_name), ..Self::new(field, rule::OTHER, description, json!({})) }
    }

    /// Returns the violation of a query that the query language does not allow. It names no rule and no path.
    pub(crate) fn query(description: String) -> Self {
        Self { field: "value".to_owned(), description, violated_rule: None, rule_name: None, data: None }
    }
}

impl ApiError {
    /// Returns an error with a message alone, as gateways and parsers report it.
    pub(crate) fn plain(status: u16, message: impl Into<String>) -> Self {
        Self { status, header: None, message: message.into(), details: None }
    }

    /// Returns the error that an injected fault reports with a status.
    pub(crate) fn injected(status: u16) -> Self {
        let code = match status {
            401 => Some("UNAUTHENTICATED"),
            403 => Some("PERMISSION_DENIED"),
            404 => Some("NOT_FOUND"),
            409 => Some("ABORTED"),
            429 => Some("RESOURCE_EXHAUSTED"),
            _ => None,
        };
        let message = format!("Status {status}, from an injected fault");
        match code {
            Some(code) => Self::application(status, code, message),
            None => Self::plain(status, message),
        }
    }

    /// Returns an application error, which has a code.
    pub(crate) fn application(status: u16, code: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let details = json!({ "applicationError": { "code": code, "description": message, "data": {} } });
        Self { status, header: None, message, details: Some(Box::new(details)) }
    }

    /// Returns the error that reports every violation of a request.
    pub(crate) fn violations(violations: &[FieldViolation]) -> Self {
        let message: Vec<_> = violations.iter().map(|v| format!("{} {}", v.field, v.description)).collect();
        let details = json!({ "validationError": { "fieldViolations": violations } });
        Self { status: 400, header: None, message: message.join(", "), details: Some(Box::new(details)) }
    }

    /// Returns the error for a method that the path does not support.
    pub(crate) fn method_not_allowed(allow: &'static str) -> Self {
        Self { header: Some(ErrorHeader::Allow(allow)), ..Self::plain(405, "Method Not Allowed") }
    }

    /// Returns the error for a body with a `Content-Encoding`.
    pub(crate) fn encoded_body() -> Self {
        let error = Self::plain(415, "Unsupported Media Type: send the body without Content-Encoding");
        Self { header: Some(ErrorHeader::AcceptEncoding), ..error }
    }

    /// Returns the error for too many requests, with the seconds to wait where the service tells them.
    pub(crate) fn rate_limited(retry_after: Option<u64>) -> Self {
        let error = Self::application(429, "RESOURCE_EXHAUSTED", "Too many requests");
        Self { header: retry_after.map(ErrorHeader::RetryAfter), ..error }
    }

    /// Returns the error for a path that the emulator does not serve. Its message differs from that of a missing app.
    pub(crate) fn not_served(method: &str, path: &str) -> Self {
        let hint =
            if path.starts_with("/v1/oauth-apps") { "; the OAuth Apps API is at /oauth-app/v1/oauth-apps" } else { "" };
        Self::plain(404, format!("Not Found: this emulator does not serve {method} {path}{hint}"))
    }

    /// Returns the error for an ID that no OAuth app of the site has.
    pub(crate) fn app_not_found(id: &str) -> Self {
        Self::application(404, "NOT_FOUND", format!("appId was not found {id}"))
    }

    /// Replaces the violated rules for which there is another name.
    pub(crate) fn rename_rules<'a>(&mut self, replacement: impl Fn(&str) -> Option<&'a str>) {
        let violations = self
            .details
            .as_deref_mut()
            .and_then(|details| details.pointer_mut("/validationError/fieldViolations").and_then(Value::as_array_mut));
        for rule in violations.into_iter().flatten().filter_map(|violation| violation.get_mut("violatedRule")) {
            if let Some(name) = rule.as_str().and_then(&replacement) {
                *rule = Value::from(name);
            }
        }
    }

    /// Returns the message.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Returns the message.
    pub(crate) fn into_message(self) -> String {
        self.message
    }

    /// Returns the body of the response.
    pub(crate) fn body(self) -> Value {
        let mut body = Map::new();
        body.insert("message".to_owned(), Value::String(self.message));
        if let Some(details) = self.details {
            body.insert("details".to_owned(), *details);
        }
        Value::Object(body)
    }
}

/// Refuses a request with violations.
pub(crate) fn ensure_valid(violations: &[FieldViolation]) -> Result<()> {
    if violations.is_empty() { Ok(()) } else { Err(ApiError::violations(violations)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_one_of_three_shapes() {
        assert_eq!(ApiError::plain(400, "Expected an object").body(), json!({ "message": "Expected an object" }));
        assert_eq!(
            ApiError::app_not_found("x").body(),
            json!({
                "message": "appId was not found x",
                "details": { "applicationError": {
                    "code": "NOT_FOUND", "description": "appId was not found x", "data": {},
                } },
            })
        );
        let violations = [FieldViolation::required("a"), FieldViolation::format("b[3]", "WEB_URL")];
        assert_eq!(
            ApiError::violations(&violations).body(),
            json!({
                "message": "a must not be empty, b[3] must be a valid WEB_URL",
                "details": { "validationError": { "fieldViolations": [
                    { "field": "a", "description": "must not be empty", "violatedRule": "REQUIRED_FIELD", "data": {} },
                    { "field": "b[3]", "description": "must be a valid WEB_URL", "violatedRule": "FORMAT",
                      "data": { "type": "WEB_URL" } },
                ] } },
            })
        );
    }
}
