//! Events: what happens during a call, for a caller that listens. Never contains a credential.

use crate::api::{Code, ObjectBuilder, Operation};
use crate::value::Value;
use crate::violation::Violation;

/// An event of an operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event<'a> {
    /// The operation that was called.
    pub operation: Operation,
    /// The kind of event, with its data.
    pub kind: Kind<'a>,
}

/// The kind of an event. Attempts count from 1 for each request; an operation may send several requests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind<'a> {
    /// A draft, a patch or an entry is about to be sent although something in it looks unintended.
    Warning(&'a [Violation]),
    /// A request is about to be sent.
    Request {
        /// The number of the attempt.
        attempt: u32,
        /// The method.
        method: &'a str,
        /// The path below the base URL.
        path: &'a str,
    },
    /// An attempt has ended, with or without a response.
    Response {
        /// The number of the attempt.
        attempt: u32,
        /// The milliseconds since the request was sent.
        duration: u64,
        /// The status of the response, if there was one.
        status: Option<u16>,
        /// The service's ID of the request, if the response had one.
        request_id: Option<&'a str>,
        /// The code of the error, if the attempt failed.
        code: Option<Code>,
    },
    /// An attempt failed, and the request will be sent again.
    Retry {
        /// The number of the attempt that failed.
        attempt: u32,
        /// The wait in milliseconds.
        delay: u32,
        /// The code of the error.
        code: Code,
    },
    /// The client's own rate limit delays a request.
    Wait {
        /// The number of the attempt.
        attempt: u32,
        /// The wait in milliseconds.
        delay: u32,
    },
    /// The client has received an access token.
    Token {
        /// The lifetime in seconds, if the service gave it.
        expires_in: Option<u32>,
    },
}

impl Event<'_> {
    /// Returns the event as it goes to JavaScript, without the members that are absent.
    pub fn to_value(&self) -> Value {
        let mut event = ObjectBuilder::default();
        let kind = match self.kind {
            Kind::Warning(violations) => {
                event.value("violations", Violation::list_to_value(violations));
                "warning"
            }
            Kind::Request { attempt, method, path } => {
                event.number("attempt", Some(attempt.into()));
                event.text("method", Some(method));
                event.text("path", Some(path));
                "request"
            }
            Kind::Response { attempt, duration, status, request_id, code } => {
                event.number("attempt", Some(attempt.into()));
                event.number("duration", Some(duration));
                event.number("status", status.map(u64::from));
                event.text("requestId", request_id);
                event.text("code", code.map(Code::as_str));
                "response"
            }
            Kind::Retry { attempt, delay, code } => {
                event.number("attempt", Some(attempt.into()));
                event.number("delay", Some(delay.into()));
                event.text("code", Some(code.as_str()));
                "retry"
            }
            Kind::Wait { attempt, delay } => {
                event.number("attempt", Some(attempt.into()));
                event.number("delay", Some(delay.into()));
                "wait"
            }
            Kind::Token { expires_in } => {
                event.number("expiresIn", expires_in.map(u64::from));
                "token"
            }
        };
        event.text("type", Some(kind));
        event.text("operation", Some(self.operation.as_str()));
        event.build()
    }
}
