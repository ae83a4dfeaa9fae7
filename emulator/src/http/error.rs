//! The service's error shapes: a message alone, an application error, a list of field violations.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// Why a request is refused, and how the answer says so.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApiError {
    /// The status code.
    pub(crate) status: u16,
    /// The header that says what to do about it.
    pub(crate) hint: Option<Hint>,
    message: String,
    details: Option<Box<Value>>,
}

/// A header that belongs to a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// The methods that the path takes.
    Allow(&'static str),
    /// The seconds to wait.
    RetryAfter(u64),
    /// No encoding of bodies is taken (RFC 9110, section 15.5.16).
    AcceptEncoding,
}

impl Hint {
    /// The header's name and value.
    pub(crate) fn header(self) -> (&'static str, String) {
        match self {
            Hint::Allow(methods) => ("allow", methods.to_owned()),
            Hint::AcceptEncoding => ("accept-encoding", "identity".to_owned()),
            Hint::RetryAfter(seconds) => ("retry-after", seconds.to_string()),
        }
    }
}

/// A problem, or what was asked for.
pub(crate) type Result<T> = std::result::Result<T, ApiError>;

/// The rules of the service that need no data, or whose data is not a threshold.
pub(crate) mod rule {
    pub(crate) const FIELD_NOT_ALLOWED: &str = "FIELD_NOT_ALLOWED";
    pub(crate) const FORMAT: &str = "FORMAT";
    pub(crate) const INVALID_ENUM_VALUE: &str = "INVALID_ENUM_VALUE";
    pub(crate) const OTHER: &str = "OTHER";
    pub(crate) const REQUIRED_FIELD: &str = "REQUIRED_FIELD";
}

/// The rules that compare with a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// The least value of a number.
    Min,
    /// The largest value of a number.
    Max,
    /// The least number of characters.
    MinLength,
    /// The largest number of characters.
    MaxLength,
    /// The largest number of entries.
    MaxSize,
}

impl Bound {
    /// The name in `violatedRule`.
    fn rule(self) -> &'static str {
        match self {
            Bound::Min => "MIN",
            Bound::Max => "MAX",
            Bound::MinLength => "MIN_LENGTH",
            Bound::MaxLength => "MAX_LENGTH",
            Bound::MaxSize => "MAX_SIZE",
        }
    }

    /// The description of a violation.
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

/// One field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FieldViolation {
    field: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    violated_rule: Option<&'static str>,
    /// The name of a rule for which `violatedRule` has no value of its own; then that one is `OTHER`.
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

    /// A field that must be given and is missing or empty.
    pub(crate) fn required(field: impl Into<String>) -> Self {
        Self::new(field, rule::REQUIRED_FIELD, "must not be empty", json!({}))
    }

    /// Text that does not have the format that its field declares.
    pub(crate) fn format(field: impl Into<String>, format: &str) -> Self {
        Self::new(field, rule::FORMAT, format!("must be a valid {format}"), json!({ "type": format }))
    }

    /// A number, a length or a size beyond the threshold of its field.
    pub(crate) fn bound(field: impl Into<String>, bound: Bound, threshold: usize) -> Self {
        Self::new(field, bound.rule(), bound.describe(threshold), json!({ "threshold": threshold }))
    }

    /// A name that an enumeration does not have.
    pub(crate) fn enum_value(field: impl Into<String>, values: &[&str]) -> Self {
        let description = format!("must be one of {}", values.join(", "));
        Self::new(field, rule::INVALID_ENUM_VALUE, description, json!({}))
    }

    /// A field that must not be given here.
    pub(crate) fn not_allowed(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self::new(field, rule::FIELD_NOT_ALLOWED, description, json!({}))
    }

    /// A violation of a rule that has a name of its own only.
    pub(crate) fn other(field: impl Into<String>, rule_name: &'static str, description: impl Into<String>) -> Self {
        Self { rule_name: Some(rule_name), ..Self::new(field, rule::OTHER, description, json!({})) }
    }

    /// A query that the query language refuses. The violation names no rule, and no path within the query.
    pub(crate) fn of_query(description: String) -> Self {
        Self { field: "value".to_owned(), description, violated_rule: None, rule_name: None, data: None }
    }
}

impl ApiError {
    /// A message alone, as gateways and parsers answer.
    pub(crate) fn plain(status: u16, message: impl Into<String>) -> Self {
        Self { status, hint: None, message: message.into(), details: None }
    }

    /// What the service says with a status where nothing more is known.
    pub(crate) fn of_status(status: u16) -> Self {
        let code = match status {
            401 => Some("UNAUTHENTICATED"),
            403 => Some("PERMISSION_DENIED"),
            404 => Some("NOT_FOUND"),
            409 => Some("ABORTED"),
            429 => Some("RESOURCE_EXHAUSTED"),
            _ => None,
        };
        let message = format!("Status {status}, as a fault orders");
        match code {
            Some(code) => Self::application(status, code, message),
            None => Self::plain(status, message),
        }
    }

    /// Refused by what the service does, with a code.
    pub(crate) fn application(status: u16, code: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let details = json!({ "applicationError": { "code": code, "description": message, "data": {} } });
        Self { status, hint: None, message, details: Some(Box::new(details)) }
    }

    /// Fields that break rules: all of them at once.
    pub(crate) fn violations(violations: &[FieldViolation]) -> Self {
        let message: Vec<_> = violations.iter().map(|v| format!("{} {}", v.field, v.description)).collect();
        let details = json!({ "validationError": { "fieldViolations": violations } });
        Self { status: 400, hint: None, message: message.join(", "), details: Some(Box::new(details)) }
    }

    /// A path that exists, asked with a method that it does not take.
    pub(crate) fn method_not_allowed(allow: &'static str) -> Self {
        Self { hint: Some(Hint::Allow(allow)), ..Self::plain(405, "Method Not Allowed") }
    }

    /// A body with a `Content-Encoding`.
    pub(crate) fn encoded_body() -> Self {
        let problem = Self::plain(415, "Unsupported Media Type: send the body without Content-Encoding");
        Self { hint: Some(Hint::AcceptEncoding), ..problem }
    }

    /// Too many requests; after so many seconds, where they are told, there may be more.
    pub(crate) fn rate_limited(retry_after: Option<u64>) -> Self {
        let problem = Self::application(429, "RESOURCE_EXHAUSTED", "Too many requests");
        Self { hint: retry_after.map(Hint::RetryAfter), ..problem }
    }

    /// A path that the emulator does not serve, which is not the same as an app that does not exist.
    pub(crate) fn not_served(method: &str, path: &str) -> Self {
        let hint =
            if path.starts_with("/v1/oauth-apps") { "; the OAuth Apps API is at /oauth-app/v1/oauth-apps" } else { "" };
        Self::plain(404, format!("Not Member: this emulator does not serve {method} {path}{hint}"))
    }

    /// No OAuth app of the site has this ID.
    pub(crate) fn app_not_found(id: &str) -> Self {
        Self::application(404, "NOT_FOUND", format!("appId was not found {id}"))
    }

    /// The message alone.
    pub(crate) fn into_message(self) -> String {
        self.message
    }

    /// The answer's body.
    pub(crate) fn body(self) -> Value {
        let mut body = Map::new();
        body.insert("message".to_owned(), Value::String(self.message));
        if let Some(details) = self.details {
            body.insert("details".to_owned(), *details);
        }
        Value::Object(body)
    }
}

/// Nothing where no field breaks a rule.
pub(crate) fn none_of(violations: &[FieldViolation]) -> Result<()> {
    if violations.is_empty() { Ok(()) } else { Err(ApiError::violations(violations)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_shapes() {
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
