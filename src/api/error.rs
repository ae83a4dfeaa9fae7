//! The client's error type.

use super::code::Code;
use super::json::ObjectBuilder;
use crate::value::Value;
use crate::violation::Violation;

/// An error of an operation. `C` is the host's own error type, which is carried as the cause.
///
/// It is large and passes through many futures, so a call keeps it in a box.
#[derive(Debug, Clone)]
pub struct Error<C> {
    /// The kind of the error, for a program.
    pub code: Code,
    /// The function that was called, as JavaScript names it.
    pub operation: &'static str,
    /// The fault and the remedy, for a person. Never contains a credential.
    pub message: String,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// The service's ID of the request, if the response had one.
    pub request_id: Option<String>,
    /// The faults of single fields.
    pub violations: Vec<Violation>,
    /// How many milliseconds the service asks to wait before the next request.
    pub retry_after: Option<u32>,
    /// How many times the request was sent; 0 if it was refused before.
    pub attempts: u32,
    /// The host's error that led to this one.
    pub cause: Option<C>,
}

impl<C> Error<C> {
    /// Creates an error with nothing but a code and a message.
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

    /// Creates the error of a call whose request of a Worker has ended, so that other calls no longer wait for it.
    pub fn of_ended_request() -> Self {
        let message = "the Worker's request did nothing for 3 s, so other calls no longer wait for this one; await it before \
                       the response, or pass it to waitUntil()";
        Self::new(Code::Aborted, "call", message)
    }

    /// Sets the number of times that the request was sent.
    #[must_use]
    pub fn after(mut self: Box<Self>, attempts: u32) -> Box<Self> {
        self.attempts = attempts;
        self
    }

    /// Appends to the message.
    #[must_use]
    pub fn with_context(mut self: Box<Self>, context: &str) -> Box<Self> {
        self.message.push_str(context);
        self
    }

    /// Creates an error from violations; the message lists them.
    pub fn refused(code: Code, operation: &'static str, violations: Vec<Violation>) -> Box<Self> {
        let mut error = Box::new(Self::new(code, operation, summary(&violations)));
        error.violations = violations;
        error
    }

    /// Returns the error as it goes to JavaScript, without its cause and without the members that are absent.
    pub fn to_value(&self) -> Value {
        let mut error = ObjectBuilder::default();
        error.text("code", Some(self.code.as_str()));
        error.text("operation", Some(self.operation));
        error.text("message", Some(&self.message));
        error.number("attempts", Some(self.attempts.into()));
        error.number("status", self.status.map(u64::from));
        error.text("requestId", self.request_id.as_deref());
        if !self.violations.is_empty() {
            error.value("violations", Violation::list_to_value(&self.violations));
        }
        error.number("retryAfter", self.retry_after.map(u64::from));
        error.build()
    }
}

/// Returns the faults in one line, each with its field.
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
