//! The outcome of a request: a response or a connection error, at once or after a delay.

use serde::{Deserialize, Serialize};

use crate::http::response::Response;

/// The longest delay, in milliseconds. Timers of JavaScript take no more.
pub(crate) const MAX_DELAY: u32 = i32::MAX.unsigned_abs();

/// The outcome of a request, which the host carries out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The time that the host waits before it acts, in milliseconds.
    pub delay: u64,
    /// The connection error that the host simulates, if any.
    pub error: Option<ConnectionError>,
    /// The response. Where a connection error prevents any response, the status is 0 and the rest is empty.
    pub response: Response,
}

/// An error of the connection, which prevents or interrupts the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ConnectionError {
    /// The connection is refused.
    Refused,
    /// The connection closes before the first byte of a response.
    Reset,
    /// The connection closes within the body: status, headers and the first half of the body arrive.
    ResetInBody,
    /// No response arrives, and the connection stays open.
    Hang,
    /// Status, headers and the first half of the body arrive, then nothing more, and the connection stays open.
    Stall,
}

impl ConnectionError {
    /// Returns the name in JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            ConnectionError::Refused => "refused",
            ConnectionError::Reset => "reset",
            ConnectionError::ResetInBody => "resetInBody",
            ConnectionError::Hang => "hang",
            ConnectionError::Stall => "stall",
        }
    }

    /// Checks whether a part of the response arrives before the error.
    pub fn interrupts_response(self) -> bool {
        matches!(self, ConnectionError::ResetInBody | ConnectionError::Stall)
    }
}

impl Outcome {
    /// Returns `answer`, or the name of the connection error in JavaScript.
    pub fn kind(&self) -> &'static str {
        self.error.map_or("answer", ConnectionError::name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_kind_of_an_outcome_is_the_name_of_its_error() {
        for name in ["refused", "reset", "resetInBody", "hang", "stall"] {
            let error: ConnectionError = serde_json::from_value(json!(name)).unwrap();
            assert_eq!(Outcome { delay: 0, error: Some(error), response: Response::none() }.kind(), name);
            assert_eq!(json!(error), name);
        }
        assert_eq!(Outcome { delay: 0, error: None, response: Response::none() }.kind(), "answer");
    }
}
