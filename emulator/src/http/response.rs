//! An answer of any kind, before the headers that every answer has.

use serde::Serialize;

use crate::host::port::hex;
use crate::http::error::{ApiError, Hint};
use crate::http::json;

/// Status, headers and body of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// The content type of JSON.
pub(crate) const JSON: &str = "application/json";

impl Reply {
    /// An answer of any type.
    pub(crate) fn new(status: u16, content_type: &str, body: String) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], body }
    }

    /// An answer in JSON.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        Self::new(status, JSON, json::write(body))
    }

    /// To another place. What a header cannot hold is percent-encoded, as browsers do.
    pub(crate) fn redirect(url: &str) -> Self {
        let location = url.bytes().fold(String::with_capacity(url.len()), |mut location, byte| {
            match byte {
                0x21..=0x7e => location.push(char::from(byte)),
                _ => location.extend(["%", &hex(&[byte])]),
            }
            location
        });
        let headers = vec![("location", location), ("cache-control", "no-store".to_owned())];
        Self { status: 302, headers, body: String::new() }
    }

    /// The same with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl From<ApiError> for Reply {
    fn from(problem: ApiError) -> Self {
        let hint = problem.hint.map(Hint::header);
        let mut reply = Self::json(problem.status, &problem.body());
        reply.headers.extend(hint);
        reply
    }
}
