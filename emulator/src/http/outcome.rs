//! What becomes of a request: the answer, or the failure that stands in its place, and when.

use serde::{Deserialize, Serialize};

use crate::http::request::Response;

/// What the host does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How many milliseconds the host waits before it acts.
    pub delay: u64,
    /// How the request fails on its way, if it does.
    pub failure: Option<Failure>,
    /// The answer. Of a failure that sends none, the status is 0 and the rest is empty.
    pub response: Response,
}

/// A request that fails where no answer can say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Failure {
    /// Nobody listens.
    Refused,
    /// The connection closes before the first byte of an answer.
    Reset,
    /// The connection closes within the body: status, headers and the first half of the body arrive.
    ResetInBody,
    /// No answer ever comes, and the connection stays open.
    Hang,
    /// Status, headers and the first half of the body arrive, then nothing more, and the connection stays open.
    Stall,
}

impl Failure {
    /// Whether an answer is begun and broken off.
    pub fn breaks_off(self) -> bool {
        matches!(self, Failure::ResetInBody | Failure::Stall)
    }
}

impl Outcome {
    /// What the host does, in one word: `answer`, or the failure's name as JavaScript has it.
    pub fn kind(&self) -> &'static str {
        match self.failure {
            None => "answer",
            Some(Failure::Refused) => "refused",
            Some(Failure::Reset) => "reset",
            Some(Failure::ResetInBody) => "resetInBody",
            Some(Failure::Hang) => "hang",
            Some(Failure::Stall) => "stall",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_failure_has_one_name() {
        for name in ["refused", "reset", "resetInBody", "hang", "stall"] {
            let failure: Failure = serde_json::from_value(json!(name)).unwrap();
            assert_eq!(Outcome { delay: 0, failure: Some(failure), response: Response::none() }.kind(), name);
            assert_eq!(json!(failure), name);
        }
        assert_eq!(Outcome { delay: 0, failure: None, response: Response::none() }.kind(), "answer");
    }
}
