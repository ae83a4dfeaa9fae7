//! The log of requests, for a test to look at what was sent. It never holds a credential.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::Value;

use crate::http::outcome::{Failure, Outcome};
use crate::http::request::Request;
use crate::log::redact;

/// One request and how it was answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query's members, decoded; of a name that stands there twice, the last.
    pub query: BTreeMap<String, String>,
    /// The headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body: what it holds where it is JSON, else its text; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// The status of the answer; 0 where none was sent.
    pub status: u16,
    /// How it failed on its way, where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// Warnings about the redirect entries that the request has written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// The last so many requests, oldest first.
pub(crate) struct RequestLog {
    size: usize,
    entries: VecDeque<RecordedRequest>,
}

impl RequestLog {
    pub(crate) fn new(size: u32) -> Self {
        Self { size: usize::try_from(size).unwrap_or(usize::MAX), entries: VecDeque::new() }
    }

    pub(crate) fn add(&mut self, request: &Request, outcome: &Outcome, warnings: Vec<String>) {
        if self.size == 0 {
            return;
        }
        if self.entries.len() >= self.size {
            self.entries.pop_front();
        }
        self.entries.push_back(RecordedRequest {
            method: request.method.clone(),
            path: request.path().to_owned(),
            query: request.query().map(|(name, value)| (name.to_string(), redact::member(&name, &value))).collect(),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), redact::member(name, value)))
                .collect(),
            body: request.body.as_deref().map(redact::body),
            status: outcome.response.status,
            error: outcome.failure,
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
