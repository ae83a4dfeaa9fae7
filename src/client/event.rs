//! Events: what happens during a call, for a caller that listens. Never contains a credential.

use crate::api::{Code, Field, Operation, object_of};
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
        let violations;
        let fields: &[(&str, Field<'_>)] = match self.kind {
            Kind::Warning(warnings) => {
                violations = Violation::list_to_value(warnings);
                &[("type", "warning".into()), ("violations", Field::Value(&violations))]
            }
            Kind::Request { attempt, method, path } => &[
                ("type", "request".into()),
                ("attempt", attempt.into()),
                ("method", method.into()),
                ("path", path.into()),
            ],
            Kind::Response { attempt, duration, status, request_id, code } => &[
                ("type", "response".into()),
                ("attempt", attempt.into()),
                ("duration", Field::Number(duration)),
                ("status", status.map(u32::from).into()),
                ("requestId", request_id.into()),
                ("code", code.map(Code::as_str).into()),
            ],
            Kind::Retry { attempt, delay, code } => &[
                ("type", "retry".into()),
                ("attempt", attempt.into()),
                ("delay", delay.into()),
                ("code", code.as_str().into()),
            ],
            Kind::Wait { attempt, delay } => {
                &[("type", "wait".into()), ("attempt", attempt.into()), ("delay", delay.into())]
            }
            Kind::Token { expires_in } => &[("type", "token".into()), ("expiresIn", expires_in.into())],
        };
        let mut event = object_of(fields);
        if let Value::Object(members) = &mut event {
            members.push(("operation".to_owned(), Value::from(self.operation.as_str())));
        }
        event
    }
}
