//! The log of requests, for tests to assert on. It contains no credential.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::Value;

use crate::http::body::Body;
use crate::http::outcome::{ConnectionError, Outcome};
use crate::http::request::Request;
use crate::log::redact;

/// A request and its response.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The decoded query. If a name is repeated, the last value counts.
    pub query: BTreeMap<String, String>,
    /// The headers, with names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body: the parsed value if it is JSON, else its text. Absent if the request had none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// The status of the response; 0 if there was none.
    pub status: u16,
    /// The connection error, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ConnectionError>,
    /// The reason of a refusal or of an injected fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Warnings about the redirect entries that the request has written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// The last requests, oldest first.
pub(crate) struct RequestLog {
    size: usize,
    entries: VecDeque<RecordedRequest>,
}

impl RequestLog {
    pub(crate) fn new(size: u32) -> Self {
        Self { size: usize::try_from(size).unwrap_or(usize::MAX), entries: VecDeque::new() }
    }

    /// Adds a request without its credentials.
    pub(crate) fn add(&mut self, request: &Request, body: Body<'_>, outcome: &Outcome, warnings: Vec<String>) {
        if self.size == 0 {
            return;
        }
        if self.entries.len() >= self.size {
            self.entries.pop_front();
        }
        self.entries.push_back(RecordedRequest {
            method: request.method.clone(),
            path: request.path().to_owned(),
            query: request.query().map(|(name, value)| (name.to_string(), redact::value(&name, &value))).collect(),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), redact::value(name, value)))
                .collect(),
            body: redact::body(body),
            status: outcome.response.status,
            error: outcome.error,
            reason: outcome.response.reason.clone(),
            warnings,
        });
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &RecordedRequest> {
        self.entries.iter()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
