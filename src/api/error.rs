//! The one error of the client.

use serde::Serialize;

use crate::violation::Violation;

/// What an operation is called, here and in JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operation {
    #[serde(rename = "createClient")]
    CreateClient,
    #[serde(rename = "createOAuthApp")]
    Create,
    #[serde(rename = "getOAuthApp")]
    Get,
    #[serde(rename = "updateOAuthApp")]
    Update,
    #[serde(rename = "deleteOAuthApp")]
    Delete,
    #[serde(rename = "queryOAuthApps")]
    Query,
    #[serde(rename = "generateOAuthAppSecret")]
    GenerateSecret,
}

/// What went wrong, for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// A field of what was given is wrong; the violations say which. Nothing was changed.
    InvalidArgument,
    /// The credential is missing, wrong or expired.
    Unauthenticated,
    /// The credential is right and does not cover this.
    PermissionDenied,
    /// No app has this ID on this site.
    NotFound,
    /// It contradicts what is there.
    Conflict,
    /// Too many requests in too short a time.
    RateLimited,
    /// The service, or a gateway before it, failed.
    ServerError,
    /// No answer: the connection failed.
    Network,
    /// No whole answer in the given time.
    Timeout,
    /// The caller's signal ended it.
    Aborted,
    /// An answer that is not what the API gives.
    BadResponse,
    /// It may have taken effect, or not.
    OutcomeUnknown,
    /// The client's or the call's options are wrong.
    Config,
}

/// Why an operation failed. `C` is the host's own error type, carried as the cause.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Error<C> {
    /// What went wrong, for a program.
    pub code: Code,
    /// What was attempted.
    pub operation: Operation,
    /// What went wrong and what to do, for a person. Never holds a credential.
    pub message: String,
    /// The status of the answer, where one came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The service's name for the request, where it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The faults of single fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
    /// How often a request was sent; 0 where it was refused before.
    pub attempts: u32,
    /// The host's error that led to this one.
    #[serde(skip)]
    pub cause: Option<C>,
}

impl<C> Error<C> {
    /// An error before or without an answer.
    pub fn new(code: Code, operation: Operation, message: impl Into<String>) -> Self {
        Self {
            code,
            operation,
            message: message.into(),
            status: None,
            request_id: None,
            violations: Vec::new(),
            attempts: 0,
            cause: None,
        }
    }

    /// An error that lists what is wrong with single fields; the message says it too.
    pub fn refused(code: Code, operation: Operation, violations: Vec<Violation>) -> Self {
        Self { message: summary(&violations), violations, ..Self::new(code, operation, "") }
    }
}

/// The faults in one line: every field with its message.
pub(crate) fn summary(violations: &[Violation]) -> String {
    let mut line = String::new();
    for violation in violations.iter().filter(|violation| violation.is_error()) {
        if !line.is_empty() {
            line.push_str("; ");
        }
        if !violation.field.is_empty() {
            line.push_str(&violation.field);
            line.push(' ');
        }
        line.push_str(&violation.message);
    }
    line
}
