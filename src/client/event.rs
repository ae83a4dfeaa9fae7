//! What happens during a call, for a caller who watches. Never holds a credential.

use crate::api::{Code, Operation};
use crate::value::Value;
use crate::violation::Violation;

/// One thing that happens during an operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event<'a> {
    /// What was called.
    pub operation: Operation,
    /// What happens.
    pub kind: Kind<'a>,
}

/// What happens. An attempt counts from 1, and is of one request: an operation may be made of several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind<'a> {
    /// A draft, a patch or an entry goes out although something in it is likely not meant.
    Warning(&'a [Violation]),
    /// A request goes out.
    Request {
        /// Which attempt it is.
        attempt: u32,
        /// The method.
        method: &'a str,
        /// The path below the base URL.
        path: &'a str,
    },
    /// It was answered, or no answer came.
    Response {
        /// Which attempt it was.
        attempt: u32,
        /// Milliseconds since the request went out.
        duration: u64,
        /// The status of the answer, where one came.
        status: Option<u16>,
        /// The service's name for the request, where it gave one.
        request_id: Option<&'a str>,
        /// What went wrong, where something did.
        code: Option<Code>,
    },
    /// It failed, and goes out once more after so many milliseconds.
    Retry {
        /// Which attempt failed.
        attempt: u32,
        /// How long it waits, in milliseconds.
        delay: u32,
        /// What went wrong.
        code: Code,
    },
    /// The client's own rate limit holds a request back, for so many milliseconds.
    Wait {
        /// Which attempt it is.
        attempt: u32,
        /// How long it waits, in milliseconds.
        delay: u32,
    },
    /// The client has got itself an access token, good for so many seconds where the service said so.
    Token {
        /// Seconds.
        expires_in: Option<u32>,
    },
}

impl Event<'_> {
    /// The event as it crosses to JavaScript; what it has nothing to say on is left out.
    pub fn to_value(&self) -> Value {
        let mut members = vec![("type", Value::from("")), ("operation", Value::from(self.operation.as_str()))];
        let mut number = |name, value: Option<u64>| {
            #[expect(clippy::cast_precision_loss, reason = "far below what a number holds exactly")]
            members.extend(value.map(|value| (name, Value::Number(value as f64))));
        };
        let kind = match self.kind {
            Kind::Warning(violations) => {
                members.push(("violations", Violation::list_to_value(violations)));
                "warning"
            }
            Kind::Request { attempt, method, path } => {
                number("attempt", Some(attempt.into()));
                members.push(("method", Value::from(method)));
                members.push(("path", Value::from(path)));
                "request"
            }
            Kind::Response { attempt, duration, status, request_id, code } => {
                number("attempt", Some(attempt.into()));
                number("duration", Some(duration));
                number("status", status.map(u64::from));
                members.extend(request_id.map(|id| ("requestId", Value::from(id))));
                members.extend(code.map(|code| ("code", Value::from(code.as_str()))));
                "response"
            }
            Kind::Retry { attempt, delay, code } => {
                number("attempt", Some(attempt.into()));
                number("delay", Some(delay.into()));
                members.push(("code", Value::from(code.as_str())));
                "retry"
            }
            Kind::Wait { attempt, delay } => {
                number("attempt", Some(attempt.into()));
                number("delay", Some(delay.into()));
                "wait"
            }
            Kind::Token { expires_in } => {
                number("expiresIn", expires_in.map(u64::from));
                "token"
            }
        };
        if let Some((_, first)) = members.first_mut() {
            *first = Value::from(kind);
        }
        Value::from(members)
    }
}
