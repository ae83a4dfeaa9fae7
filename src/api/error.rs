//! The one error of the client.

use crate::value::Value;
use crate::violation::Violation;

/// What a caller can ask for: one of the API's six operations, or what is made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operation {
    Create,
    Get,
    Update,
    Delete,
    Query,
    GenerateSecret,
    List,
    AllowRedirects,
    DisallowRedirects,
    Ensure,
    IsClientActive,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Operation; 11] = [
        Self::Create,
        Self::Get,
        Self::Update,
        Self::Delete,
        Self::Query,
        Self::GenerateSecret,
        Self::List,
        Self::AllowRedirects,
        Self::DisallowRedirects,
        Self::Ensure,
        Self::IsClientActive,
    ];

    /// The operation that a function of that name performs.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.as_str() == name)
    }

    /// The name of the function that JavaScript calls.
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::Create => "createOAuthApp",
            Operation::Get => "getOAuthApp",
            Operation::Update => "updateOAuthApp",
            Operation::Delete => "deleteOAuthApp",
            Operation::Query => "queryOAuthApps",
            Operation::GenerateSecret => "generateOAuthAppSecret",
            Operation::List => "listOAuthApps",
            Operation::AllowRedirects => "allowRedirects",
            Operation::DisallowRedirects => "disallowRedirects",
            Operation::Ensure => "ensureOAuthApp",
            Operation::IsClientActive => "isClientActive",
        }
    }
}

/// What went wrong, for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Code {
    /// The code as JavaScript sees it.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::InvalidArgument => "INVALID_ARGUMENT",
            Code::Unauthenticated => "UNAUTHENTICATED",
            Code::PermissionDenied => "PERMISSION_DENIED",
            Code::NotFound => "NOT_FOUND",
            Code::Conflict => "CONFLICT",
            Code::RateLimited => "RATE_LIMITED",
            Code::ServerError => "SERVER_ERROR",
            Code::Network => "NETWORK",
            Code::Timeout => "TIMEOUT",
            Code::Aborted => "ABORTED",
            Code::BadResponse => "BAD_RESPONSE",
            Code::OutcomeUnknown => "OUTCOME_UNKNOWN",
            Code::Config => "CONFIG",
        }
    }
}

/// Why an operation failed. `C` is the host's own error type, carried as the cause.
///
/// It is large, and goes through many futures, so within a call it is in a box.
#[derive(Debug, Clone)]
pub struct Error<C> {
    /// What went wrong, for a program.
    pub code: Code,
    /// The function that was called, as JavaScript names it.
    pub operation: &'static str,
    /// What went wrong and what to do, for a person. Never holds a credential.
    pub message: String,
    /// The status of the answer, where one came.
    pub status: Option<u16>,
    /// The service's name for the request, where it gave one.
    pub request_id: Option<String>,
    /// The faults of single fields.
    pub violations: Vec<Violation>,
    /// In how many milliseconds the service wants to be asked again, where it said so.
    pub retry_after: Option<u32>,
    /// How often the request was sent; 0 where it was refused before.
    pub attempts: u32,
    /// The host's error that led to this one.
    pub cause: Option<C>,
}

impl<C> Error<C> {
    /// An error before or without an answer.
    pub fn new(code: Code, operation: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            operation,
            message: message.into(),
            status: None,
            request_id: None,
            violations: Vec::new(),
            retry_after: None,
            attempts: 0,
            cause: None,
        }
    }

    /// The same error, after the request was sent so many times.
    #[must_use]
    pub fn after(mut self: Box<Self>, attempts: u32) -> Box<Self> {
        self.attempts = attempts;
        self
    }

    /// An error that lists what is wrong with single fields; the message says it too.
    pub fn refused(code: Code, operation: &'static str, violations: Vec<Violation>) -> Self {
        Self { message: summary(&violations), violations, ..Self::new(code, operation, "") }
    }

    /// The error as it crosses to JavaScript, without its cause; what it has nothing to say on is left out.
    pub fn to_value(&self) -> Value {
        let mut members = vec![
            ("code", Value::from(self.code.as_str())),
            ("operation", Value::from(self.operation)),
            ("message", Value::from(self.message.as_str())),
            ("attempts", Value::Number(self.attempts.into())),
        ];
        members.extend(self.status.map(|status| ("status", Value::Number(status.into()))));
        members.extend(self.request_id.as_deref().map(|id| ("requestId", Value::from(id))));
        if !self.violations.is_empty() {
            members.push(("violations", Violation::list_to_value(&self.violations)));
        }
        members.extend(self.retry_after.map(|delay| ("retryAfter", Value::Number(delay.into()))));
        Value::from(members)
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
