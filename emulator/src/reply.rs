//! An answer of any kind, before the headers that every answer has.

use serde::Serialize;

use crate::error::Problem;
use crate::json;

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

    /// The same with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl From<Problem> for Reply {
    fn from(problem: Problem) -> Self {
        let (status, allow) = (problem.status, problem.allow);
        let reply = Self::json(status, &problem.body());
        match allow {
            Some(methods) => reply.with("allow", methods),
            None => reply,
        }
    }
}
